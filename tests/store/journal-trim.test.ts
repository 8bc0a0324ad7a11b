import { expect, it } from 'vitest';
import type { EventType, NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Store } from '../../edge/store/api.ts';
import { openStore } from '../../edge/store/store.ts';
import { newFolder, tagTable } from './fixture.ts';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 0, 1);

const eventAt = (time: number, priority: string, type: EventType = 'alarm.raised', padding = ''): NewEvent => ({
  ...{ type, time, subject: 'dma-1', utility: 'water' },
  data: { asset: 'dma-1', kind: 'burst', priority, safety: false, padding },
});

async function open(clock: VirtualClock, maxBytes = 1e9, dir?: string) {
  const journal = { keepMs: 30 * dayMs, keepAuditMs: 180 * dayMs, maxBytes };
  const folder = dir ?? (await newFolder());
  const store = await openStore({
    ...{ dir: folder, tags: tagTable(1), clock, random: seededRandom(1), log: silentLog, journal },
  });
  return { store, folder };
}

/** Lets so many looks of the journal at itself pass; each ends when what was asked after it is answered. */
async function looks(clock: VirtualClock, store: Store, count: number): Promise<void> {
  for (let look = 0; look < count; look++) {
    await clock.advance(60_000);
    for (let turn = 0; turn < 3; turn++) await store.journal.read(0, 1);
  }
  for (let turn = 0; turn < 30; turn++) await store.journal.read(0, 1);
}

const kinds = async (store: Store) =>
  (await store.journal.read(0, 100_000)).map(({ type, data }) => `${type} ${data['priority']}`);

it('removes events that are too old once every sink in use has them; audit, and alarms that stand, stay longer', async () => {
  const clock = new VirtualClock(startMs);
  const { store } = await open(clock);
  const oldMs = startMs - 40 * dayMs;
  await store.journal.append([
    eventAt(oldMs, 'low'),
    eventAt(oldMs, 'high'),
    eventAt(oldMs, 'high', 'alarm.acknowledged'),
    eventAt(startMs - 200 * dayMs, 'high', 'alarm.acknowledged'),
    eventAt(oldMs, 'critical', 'alarm.cleared'),
    eventAt(oldMs, 'medium'),
    eventAt(startMs, 'low'),
  ]);
  store.keepWhile(({ data }) => data['priority'] === 'critical');
  await store.cursors.get('city');
  await store.cursors.set('city', 5);
  await looks(clock, store, 62);
  const kept = ['alarm.acknowledged high', 'alarm.cleared critical', 'alarm.raised medium', 'alarm.raised low'];
  expect(await kinds(store)).toEqual(kept);
  expect(store.figures()).toMatchObject({ removedEvents: 3, lostEvents: 0 });
  store.cursors.release('city');
  await looks(clock, store, 62);
  expect(await kinds(store)).toEqual(kept.toSpliced(2, 1));
  await store.close();
});

it('over its size, lets the least go first and nothing that a sink has not got while there is anything else', async () => {
  const clock = new VirtualClock(startMs);
  const { store, folder } = await open(clock, 400_000);
  const priorities = ['low', 'medium', 'high', 'critical'];
  const padding = 'x'.repeat(900);
  await store.journal.append(
    Array.from({ length: 400 }, (_, index) => eventAt(startMs, priorities[index % 4] as string, undefined, padding)),
  );
  await store.journal.append([eventAt(startMs, 'low', 'command.accepted', padding)]);
  await store.cursors.get('city');
  await store.cursors.set('city', 300);
  await looks(clock, store, 8);
  const left = await store.journal.read(0, 1_000);
  const count = (priority: string, from: number, to: number) =>
    left.filter(({ sequence, data }) => data['priority'] === priority && sequence > from && sequence <= to).length;
  expect(count('low', 0, 300)).toBe(0);
  expect(count('critical', 0, 300)).toBeGreaterThan(0);
  expect(left.filter(({ sequence }) => sequence > 300)).toHaveLength(101);
  const { removedEvents, lostEvents } = store.figures();
  expect(removedEvents).toBe(401 - left.length);
  expect(lostEvents).toBe(0);
  expect((await store.journal.append([eventAt(startMs, 'low')]))[0]?.sequence).toBe(402);
  await store.close();

  const { store: smaller } = await open(clock, 120_000, folder);
  await smaller.cursors.get('city');
  await looks(clock, smaller, 8);
  const last = await smaller.journal.read(0, 1_000);
  const lost = 102 - last.filter(({ sequence }) => sequence > 300).length;
  expect(lost).toBeGreaterThan(0);
  expect(smaller.figures().lostEvents).toBe(lost);
  expect(last.map(({ type }) => type)).toContain('command.accepted');
  await smaller.close();
});

it('a clock ten years ahead for an hour costs no more than one helping of events', async () => {
  const clock = new VirtualClock(startMs + 3_650 * dayMs);
  const { store } = await open(clock);
  await store.journal.append(Array.from({ length: 5_000 }, () => eventAt(startMs, 'high')));
  await looks(clock, store, 62);
  expect(store.figures().removedEvents).toBe(2_000);
  await store.close();
});
