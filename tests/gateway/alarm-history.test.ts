import { describe, expect, it } from 'vitest';
import type { HistoryLine, HistoryWish } from '../../edge/console/alarm-history-api.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { AlarmHistory } from '../../edge/gateway/alarm-history.ts';
import type { Journal } from '../../edge/store/api.ts';
import { newFolder, open } from '../store/fixture.ts';

const start = Date.UTC(2026, 0, 15);
const minuteMs = 60_000;
const everything: HistoryWish = {
  ...{ from: 0, to: Number.MAX_SAFE_INTEGER, asset: '', utility: '', kind: '', priority: '', type: '', words: '' },
  ...{ before: Number.MAX_SAFE_INTEGER, most: 500 },
};
const assets = Array.from({ length: 7 }, (_, at) => ({ id: `dma-${at}`, name: `${at}号分区` }));
const [utilities, kinds, priorities] = [
  ['water', 'gas'],
  ['burst', 'low'],
  ['critical', 'low'],
] as const;
const types = ['alarm.raised', 'alarm.acknowledged', 'incident.opened', 'maintenance.began'] as const;

/** One a minute; in the middle the clock is set back by half an hour. */
function events(count: number): readonly NewEvent[] {
  const random = seededRandom(7, 'history');
  const one = <T>(of: readonly T[]): T => of[Math.floor(random.next() * of.length)]!;
  return Array.from({ length: count }, (_, at) => {
    const [asset, kind, utility, type] = [one(assets).id, one(kinds), one(utilities), one(types)];
    const time = start + at * minuteMs - (at > count / 2 ? 30 * minuteMs : 0);
    const said = type === 'alarm.acknowledged' ? { by: one(['张工', 'Li Na']), note: one(['', 'crew sent']) } : {};
    const message = { zh: '压力低', en: 'Pressure low' };
    const data = { asset, kind, priority: one(priorities), safety: false, message, state: 'normal', ...said };
    return { type, time, subject: asset, utility, data };
  });
}

/** All pages of what is found, and how many answers it took. */
async function findAll(history: AlarmHistory, wish: HistoryWish) {
  const lines: HistoryLine[] = [];
  let [answers, next]: [number, number | null] = [0, wish.before];
  for (; next !== null; answers++) {
    const page = await history.find({ ...wish, before: next });
    lines.push(...page.lines);
    next = page.next;
  }
  return { lines, answers };
}

/** The same by a look at every event. */
function passes(wish: HistoryWish, { time, type, subject, utility, data }: Event): boolean {
  const name = assets.find(({ id }) => id === subject)?.name;
  const told = `${subject} ${name} pressure low ${data['by'] ?? ''} ${data['note'] ?? ''}`.toLowerCase();
  const same = (wanted: string, is: unknown) => wanted === '' || wanted === is;
  return (
    time >= wish.from &&
    time < wish.to &&
    (type.startsWith(wish.type) || wish.type === '') &&
    same(wish.asset, subject) &&
    same(wish.utility, utility) &&
    same(wish.kind, data['kind']) &&
    same(wish.priority, data['priority']) &&
    wish.words
      .toLowerCase()
      .split(' ')
      .every((word) => told.includes(word))
  );
}

describe('the history of alarms', () => {
  it('finds by span, asset, utility, kind, priority, type and words what a look at every event finds, newest first, over a clock that was set back', async () => {
    const store = await open(await newFolder(), { clock: new VirtualClock(start) });
    const told = await store.journal.append(events(3_000));
    const history = new AlarmHistory(store.journal, () => assets);
    const wishes: Partial<HistoryWish>[] = [
      { most: 77 },
      { from: start + 100 * minuteMs, to: start + 200 * minuteMs, most: 9 },
      { from: start + 1_450 * minuteMs, to: start + 1_520 * minuteMs },
      { asset: 'dma-3', type: 'alarm' },
      { utility: 'gas', kind: 'burst', priority: 'critical', type: 'incident.opened' },
      { words: '3号 LI crew', type: 'alarm', most: 3 },
      { words: 'pressure nothing' },
    ];
    const counts: number[] = [];
    for (const some of wishes) {
      const wish = { ...everything, ...some };
      const { lines } = await findAll(history, wish);
      const wanted = told.filter((event) => passes(wish, event));
      expect(lines.map(({ sequence }) => sequence)).toEqual(wanted.map(({ sequence }) => sequence).reverse());
      counts.push(lines.length);
    }
    const raised = told.find(({ type }) => type === 'alarm.raised')!;
    const id = `${raised.subject}/${raised.data['kind']}`;
    expect(await history.alarm(id, raised.sequence)).toMatchObject({ id, priority: raised.data['priority'] });
    expect(await history.alarm('dma-9/burst', raised.sequence)).toBe(undefined);
    expect(counts.map((count) => count > 0)).toEqual([true, true, true, true, true, true, false]);
    await store.close();
  });

  it('looks at a bounded part of the journal for one answer, says how far, and reaches a span of long ago at once', async () => {
    const store = await open(await newFolder(), { clock: new VirtualClock(start) });
    await store.journal.append([{ ...events(1)[0]!, subject: 'first' }, ...events(24_000)]);
    let read = 0;
    const counting = Object.create(store.journal, {
      read: {
        value: async (after: number, limit: number) => {
          const found = await store.journal.read(after, limit);
          read += found.length;
          return found;
        },
      },
    }) as Journal;
    const history = new AlarmHistory(counting, () => assets);
    const page = await history.find({ ...everything, words: 'first' });
    expect(page).toMatchObject({ lines: [], next: expect.any(Number) });
    expect(page.searchedTo).toBeGreaterThan(start + 10_000 * minuteMs);
    expect(read).toBeLessThan(10_100);
    const { lines, answers } = await findAll(history, { ...everything, words: 'first' });
    expect([lines.map(({ subject }) => subject), answers]).toEqual([['first'], 3]);
    read = 0;
    expect((await history.find({ ...everything, to: start + minuteMs, words: 'first' })).lines).toHaveLength(1);
    expect(read).toBeLessThan(600);
    await store.close();
  });
});
