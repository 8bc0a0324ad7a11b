import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { AlarmDesk } from '../../edge/gateway/alarm-desk.ts';
import { openStore } from '../../edge/store/store.ts';
import { catalogueOf, claim } from '../alarms/desk.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 15);
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-maintenance-'));
  endings.push(() => rm(dir, { recursive: true }));
  return dir;
}

/** A desk over a store on disk, as a gateway has it after its start. */
async function open(dir: string, clock: VirtualClock) {
  const store = await openStore({ dir, tags: new TagTable([]), clock, random: seededRandom(1), log: silentLog });
  const known = catalogueOf({ gas: { safety: true } });
  const desk = new AlarmDesk({
    ...{
      gateway: 'gw',
      journal: store.journal,
      snapshots: store.snapshots,
      clock,
      log: silentLog,
      follows: () => true,
    },
    catalogue: { ...known, subject: (id: string) => (id === 'nobody' ? undefined : known.subject(id)) },
    ...{ onChange: () => undefined, onFinding: () => undefined },
  });
  await desk.replay();
  const close = async () => {
    await desk.stop();
    await store.close();
  };
  const stateOf = (id: string) => desk.register.get(id)?.state;
  const events = async () => (await store.journal.read(0, 999)).map(({ type, subject }) => `${type} ${subject}`);
  return { desk, close, stateOf, events, journal: store.journal };
}

it('a maintenance tag takes alarms of asset or device out of service, safety excepted, over a restart, until its time is over', async () => {
  const dir = await folder();
  const clock = new VirtualClock(startMs);
  const first = await open(dir, clock);
  first.desk.take(claim('pump-1/flow-low', startMs));
  expect(await first.desk.hangTag('nobody', { by: '张工', reason: '换阀', forMs: hourMs })).toBe(false);
  await expect(
    first.desk.hangTag('pump-1', { by: '张工', reason: '换阀', forMs: 31 * 24 * hourMs }),
  ).rejects.toMatchObject({ code: 'LL-ALARM-TAG-TIME' });
  expect(await first.desk.hangTag('pump-1', { by: '张工', reason: '换阀', forMs: hourMs })).toBe(true);
  expect(await first.desk.hangTag('plc-7', { by: '李工', reason: '换模块', forMs: 3 * hourMs })).toBe(true);
  first.desk.take(claim('main-1/stuck', startMs, true, 'plc-7/p'));
  first.desk.take(claim('pump-1/gas', startMs));
  expect(['pump-1/flow-low', 'main-1/stuck', 'pump-1/gas'].map(first.stateOf)).toEqual([
    ...['out-of-service', 'out-of-service', 'active-unacknowledged'],
  ]);
  await first.close();

  const second = await open(dir, clock);
  expect(second.desk.maintenance.current()).toMatchObject([
    { subject: 'pump-1', by: '张工', reason: '换阀', until: startMs + hourMs },
    { subject: 'plc-7', by: '李工' },
  ]);
  await clock.advance(hourMs);
  second.desk.tick();
  expect(['pump-1/flow-low', 'main-1/stuck'].map(second.stateOf)).toEqual(['active-unacknowledged', 'out-of-service']);
  expect(await second.desk.takeTagOff('plc-7', '王工')).toBe(true);
  expect(await second.desk.takeTagOff('plc-7', '王工')).toBe(false);
  expect(second.stateOf('main-1/stuck')).toBe('active-unacknowledged');
  const events = await second.events();
  expect(events.filter((event) => event.startsWith('maintenance'))).toEqual([
    ...['maintenance.began pump-1', 'maintenance.began plc-7', 'maintenance.ended pump-1', 'maintenance.ended plc-7'],
  ]);
  expect((await second.journal.read(0, 999)).find(({ type }) => type === 'maintenance.began')?.data).toMatchObject({
    message: { zh: 'pump-1 挂牌检修：换阀（张工）', en: 'pump-1: under maintenance, 换阀 (张工)' },
  });
  expect(second.desk.verdictReport().maintenance).toEqual([
    { subject: 'pump-1', from: startMs, to: startMs + hourMs },
    { subject: 'plc-7', from: startMs, to: startMs + hourMs },
  ]);
  await second.close();
});

it('what people do with alarms is on disk with who and why when it is confirmed, and stands after a restart', async () => {
  const dir = await folder();
  const clock = new VirtualClock(startMs);
  const { desk, close, journal } = await open(dir, clock);
  const id = 'main-1/pressure-low';
  desk.take(claim(id, startMs));
  expect(await desk.acknowledge(id, '张工', '已派人')).toBe('done');
  expect((await journal.read(0, 99)).at(-1)).toMatchObject({
    ...{ type: 'alarm.acknowledged', data: { by: '张工', note: '已派人', acknowledgedBy: '张工' } },
  });
  const wish = { by: '张工', reason: '抢修中', forMs: hourMs, once: false };
  expect(await desk.shelve('main-1/none', wish)).toBe('unknown');
  await expect(desk.shelve(id, { ...wish, forMs: 9 * hourMs })).rejects.toMatchObject({ code: 'LL-ALARM-SHELVE-TIME' });
  expect(await desk.shelve(id, wish)).toBe('done');
  expect((await journal.read(0, 99)).findLast(({ type }) => type === 'alarm.shelved')?.data).toMatchObject({
    ...{ state: 'shelved', active: true, shelving: { by: '张工', reason: '抢修中', until: startMs + hourMs } },
  });
  await close();
  const again = await open(dir, clock);
  expect(again.stateOf(id)).toBe('shelved');
  expect(await again.desk.unshelve(id, '李工')).toBe('done');
  expect(await again.desk.unshelve(id, '李工')).toBe('already');
  expect((await again.journal.read(0, 99)).find(({ type }) => type === 'alarm.unshelved')?.data['by']).toBe('李工');
  expect(again.stateOf(id)).toBe('active-unacknowledged');
  expect(await again.desk.reset(id, 'op')).toBe('already');
  await again.close();
});

it('a flood is journaled when it begins and when it ends, and goes on over a restart', async () => {
  const dir = await folder();
  const clock = new VirtualClock(startMs);
  const first = await open(dir, clock);
  for (let asset = 0; asset < 12; asset++) first.desk.take(claim(`a-${asset}/low`, startMs));
  expect(first.desk.flood.current).toMatchObject({ since: startMs, alarms: 12 });
  await first.close();
  const second = await open(dir, clock);
  expect(second.desk.flood.current).toMatchObject({ since: startMs, alarms: 12 });
  await clock.advance(600_000);
  second.desk.tick();
  await second.close();
  const third = await open(dir, clock);
  const told = (await third.journal.read(0, 999)).filter(({ type }) => type.startsWith('gateway.flood'));
  expect(told.map(({ type, data }) => [type, data['alarms']])).toEqual([
    ...[['gateway.flood-began', 11]],
    ...[['gateway.flood-ended', 12]],
  ]);
  await third.close();
});
