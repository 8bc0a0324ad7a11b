import { afterEach, expect, it } from 'vitest';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Store } from '../../edge/store/api.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { type BeginFrom, Beginning } from '../../edge/upstream/beginning.ts';
import { Forwarder } from '../../edge/upstream/forwarder.ts';
import { newFolder } from '../store/fixture.ts';
import { eventOf, many, newStore, Watch } from './fixture.ts';

const hourMs = 3_600_000;
/** Event 50 was raised by an alarm that stands; the clock is an hour after event 60. */
const standing = 50;
const clock = new VirtualClock(eventOf(60).time + hourMs);

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function journalOf(count: number, dir?: string): Promise<Store> {
  const store = await newStore(dir);
  endings.push(() => store.close());
  if (count > 0) await store.journal.append(many(1, count));
  return store;
}

/** A sink as it starts; `takes` is whether the far end confirms. Its stop is by `end`. */
async function sinkOf(store: Store, from: BeginFrom, takes = true, newest = store.journal.last) {
  const { journal, cursors, snapshots } = store;
  const memory = {
    load: () => snapshots.load('sink/city'),
    save: (bodies: ReadonlyMap<string, string>) => snapshots.save('sink/city', bodies),
  };
  const beginning = new Beginning({
    ...{ from, newest, journal, memory, clock },
    standingSinceMs: () => eventOf(standing).time,
    stands: ({ data }) => data['number'] === standing,
  });
  const forwarder = new Forwarder({
    ...{ sink: 'city', journal, cursors, clock, log: silentLog, wants: () => true, beginning },
  });
  await forwarder.start();
  const numbers: number[] = [];
  const [watch, ended] = [new Watch(), new AbortController()];
  const running = forwarder.run(async ({ data }) => {
    numbers.push(Number(data['number']));
    watch.tell();
    if (!takes) await new Promise(() => undefined);
  }, ended.signal);
  const end = async () => {
    ended.abort();
    await running;
    await forwarder.stop();
  };
  return { numbers, until: (count: number) => watch.until(() => numbers.length >= count), end, forwarder };
}

const span = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

it('a new sink is told of alarms that stand and of what comes from now on, and of nothing that is over', async () => {
  const store = await journalOf(100);
  const sink = await sinkOf(store, 'now');
  await store.journal.append(many(101, 1));
  await sink.until(2);
  await sink.forwarder.drained();
  await sink.end();
  await store.journal.append(many(102, 1));
  const again = await sinkOf(store, 'now');
  await again.until(1);
  await again.end();
  expect([sink.numbers, again.numbers]).toEqual([[standing, 101], [102]]);
});

it('one whose far end took nothing yet begins where it began, however long it is away', async () => {
  const store = await journalOf(100);
  const sink = await sinkOf(store, 'now', false);
  await sink.until(1);
  await sink.end();
  await store.journal.append(many(101, 20));
  const again = await sinkOf(store, 'now');
  await again.until(21);
  await again.end();
  expect(again.numbers).toEqual([standing, ...span(101, 120)]);
});

it('one may have so many hours before, or all there is', async () => {
  const [some, all] = [await journalOf(100), await journalOf(100)];
  const hour = await sinkOf(some, 1);
  await hour.until(42);
  const whole = await sinkOf(all, 'beginning');
  await whole.until(100);
  expect(hour.numbers).toEqual([standing, ...span(60, 100)]);
  expect(whole.numbers).toEqual(span(1, 100));
  await hour.end();
  await whole.end();
});

it('one that was there before goes on where it stands, whatever is written of its beginning', async () => {
  const store = await journalOf(100);
  await store.cursors.set('city', 90);
  const sink = await sinkOf(store, 'now');
  await sink.until(10);
  expect(sink.numbers).toEqual(span(91, 100));
  await sink.end();
});

it('one whose cursor is damaged has all again, since nobody knows what it has', async () => {
  const dir = await newFolder();
  const store = await journalOf(100, dir);
  await store.cursors.set('city', 90);
  await store.close();
  const database = await openDatabase(`${dir}/journal.db`);
  await database.exec('UPDATE cursors SET sequence = 95');
  await database.close();
  const again = await journalOf(0, dir);
  const sink = await sinkOf(again, 'now');
  await sink.until(100);
  expect(sink.numbers).toEqual(span(1, 100));
  await sink.end();
});
