import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { AlarmDesk } from '../../edge/gateway/alarm-desk.ts';
import { openStore } from '../../edge/store/store.ts';
import { catalogueOf, claim } from '../alarms/desk.ts';

const startMs = Date.UTC(2026, 0, 15);

it('of 10,000 activations in 10 s, 50 tags chattering, none is lost, and every safety alarm stands by itself', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-flood-'));
  const clock = new VirtualClock(startMs);
  const store = await openStore({ dir, tags: new TagTable([]), clock, random: seededRandom(1), log: silentLog });
  const desk = new AlarmDesk({
    ...{
      gateway: 'gw',
      journal: store.journal,
      snapshots: store.snapshots,
      clock,
      log: silentLog,
      follows: () => true,
    },
    ...{ catalogue: catalogueOf({ gas: { safety: true } }), onChange: () => undefined, onFinding: () => undefined },
  });
  let activations = 0;
  const activate = (id: string, time: number) => {
    desk.take(claim(id, time, true, `${id.split('/')[0]}-plc/p`));
    activations++;
  };
  for (let slot = 0; slot < 100; slot++) {
    const time = startMs + 100 * slot;
    for (let tag = 0; tag < 50; tag++) {
      activate(`chatters-${tag}/low`, time);
      desk.take(claim(`chatters-${tag}/low`, time + 40, false));
    }
    for (let asset = 0; asset < 48; asset++) activate(`a-${50 * slot + asset}/high`, time + 50);
    for (let asset = 0; asset < 2; asset++) activate(`a-${50 * slot + asset}/gas`, time + 60);
    await clock.advance(100);
    if (slot % 10 === 9) desk.tick();
  }
  expect(activations).toBe(10_000);
  await desk.stop();
  const events = [];
  for (let after = 0; ; ) {
    const page = await store.journal.read(after, 1000);
    events.push(...page);
    after += page.length;
    if (page.length === 0) break;
  }
  const alarms = events.filter(({ type }) => type.startsWith('alarm.'));
  expect(alarms.filter(({ data }) => data['active'] === true)).toHaveLength(10_000);
  expect(alarms.filter(({ data }) => data['active'] === false)).toHaveLength(5000);
  expect(desk.figures().waiting).toBe(0);
  const current = desk.register.current();
  expect(current).toHaveLength(50 + 5000);
  expect(current.filter(({ safety, state }) => safety && state === 'active-unacknowledged')).toHaveLength(200);
  expect(current.filter(({ activations: count }) => count === 100)).toHaveLength(50);
  expect(events.filter(({ type }) => type === 'gateway.flood-began')).toHaveLength(1);
  expect(desk.flood.current).toMatchObject({ since: startMs });
  await store.close();
  await rm(dir, { recursive: true });
}, 60_000);
