import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../../edge/core/batch.ts';
import { silentLog } from '../../edge/core/log.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Series, Store } from '../../edge/store/api.ts';
import { type OpenDatabase, openDatabase } from '../../edge/store/database.ts';
import { examineHistory } from '../../edge/store/examine-history.ts';
import { defaultRetention } from '../../edge/store/retention.ts';
import { batchOf, newFolder, open, tagTable, withFullDisk } from './fixture.ts';

const startMs = Date.UTC(2026, 0, 15);
const everything = [0, Number.MAX_SAFE_INTEGER, 10_000_000] as const;
const wave = (tag: number, second: number) => Math.round(100 * Math.sin(second / 50 + tag)) / 10;

/** Seconds `from`..`to` of a wave into all tags, one batch a second; the clock moves along. */
function feed(store: Store, tags: number, from: number, to: number): void {
  const all = Array.from({ length: tags }, (_, tag) => tag);
  for (let second = from; second < to; second++) {
    store.history.append(batchOf(all, startMs + second * 1000, (tag) => wave(tag, second)));
  }
}

function expectWave({ times, values }: Series, tag: number, from: number, to: number): void {
  expect(times.length).toBe(to - from);
  times.forEach((time, row) => {
    const second = from + row;
    if (time !== startMs + second * 1000 || !Object.is(values[row], wave(tag, second))) throw new Error(`row ${row}`);
  });
}

const count = (path: string, sql: string) =>
  new Promise<number>((resolve, reject) => {
    const database = new sqlite3.Database(path);
    database.get<{ n: number }>(sql, (error, row) => database.close(() => (error ? reject(error) : resolve(row!.n))));
  });

describe('history', () => {
  it('gives back what went in, before it is written, after, and after a restart', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs);
    const store = await open(dir, { clock, tags: tagTable(20) });
    feed(store, 20, 0, 3000);
    for (const tag of [0, 7, 19]) expectWave(await store.history.query(`d/t${tag}`, ...everything), tag, 0, 3000);
    await store.close();
    expect(await count(join(dir, 'history.db'), 'SELECT count(*) AS n FROM chunks')).toBeGreaterThan(40);
    const again = await open(dir, { clock, tags: tagTable(20) });
    feed(again, 20, 3000, 4000);
    for (const tag of [0, 7, 19]) expectWave(await again.history.query(`d/t${tag}`, ...everything), tag, 0, 4000);
    expectWave(await again.history.query('d/t3', startMs + 2_500_000, startMs + 3_500_000, 10_000), 3, 2500, 3501);
    expect((await again.history.query('d/unknown', ...everything)).times.length).toBe(0);
    await again.close();
  });

  it('keeps all but the last half minute when the process dies, tags that are gone from the config included', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs);
    const store = await open(dir, { clock, tags: tagTable(600) });
    let fed = 0;
    for (let minute = 0; minute < 25; minute++) {
      feed(store, 600, fed, fed + 60);
      fed += 60;
      await clock.advance(31_000);
      await store.history.query('d/t0', 0, 0, 2); // waits its turn behind the flush
    }
    feed(store, 600, fed, fed + 20);
    const copy = await newFolder();
    for (const name of await readdir(dir))
      if (name.startsWith('history')) await copyFile(join(dir, name), join(copy, name));
    await store.close();
    const again = await open(copy, { clock, tags: tagTable(500) });
    expect(again.gap?.tags).toBe(600);
    // beyond that only the mark where the gap begins
    const kept = [0, startMs + fed * 1000 - 1000, 1e6] as const;
    for (const tag of [0, 1, 250, 499, 599]) expectWave(await again.history.query(`d/t${tag}`, ...kept), tag, 0, fed);
    const segments = await count(join(copy, 'history.db'), 'SELECT count(*) AS n FROM tail');
    expect(segments).toBeGreaterThan(0);
    await again.close();
  });

  it('keeps the tail short: what is in a chunk, or older than half an hour, leaves it', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs);
    const store = await open(dir, { clock, tags: tagTable(3) });
    for (let round = 0; round < 200; round++) {
      store.history.append(batchOf([0, 1], clock.wallMs(), () => round));
      if (round === 0) store.history.append(batchOf([2], clock.wallMs(), () => 1));
      await clock.advance(30_000);
      await store.history.query('d/t0', 0, 0, 2);
    }
    await store.close();
    expect(await count(join(dir, 'history.db'), 'SELECT count(*) AS n FROM tail')).toBeLessThan(130);
    const again = await open(dir, { clock, tags: tagTable(3) });
    expect((await again.history.query('d/t1', ...everything)).times.length).toBe(200);
    expect((await again.history.query('d/t2', ...everything)).times.length).toBe(1);
    await again.close();
  });

  it('orders samples by source time whatever the order and jumps they come in, and keeps quality', async () => {
    const store = await open(await newFolder(), { tags: tagTable(1) });
    const random = seededRandom(3);
    const times = Array.from({ length: 3000 }, (_, row) => startMs + row * 1000 + (random.next() < 0.01 ? -4e9 : 0));
    for (const time of times) {
      const batch = createBatch('d', 1, time);
      batch.times[0] = time;
      batch.values[0] = time % 7 === 0 ? Number.NaN : time;
      batch.quality[0] = time % 7 === 0 ? Quality.comm : Quality.good;
      store.history.append(batch);
    }
    const { times: got, values, quality } = await store.history.query('d/t0', ...everything);
    expect(Array.from(got)).toEqual(times.toSorted((a, b) => a - b));
    got.forEach((time, row) => {
      expect(quality[row]).toBe(time % 7 === 0 ? Quality.comm : Quality.good);
      expect(Object.is(values[row], time % 7 === 0 ? Number.NaN : time)).toBe(true);
    });
    await store.close();
  });

  it('thins to the points asked for and keeps every bucket’s least and greatest value', async () => {
    const store = await open(await newFolder(), { tags: tagTable(1) });
    feed(store, 1, 0, 10_000);
    store.history.append(batchOf([0], startMs + 5_000_500, () => 99));
    const { times, values } = await store.history.query('d/t0', startMs, startMs + 10_000_000, 200);
    expect(times.length).toBeLessThanOrEqual(200);
    expect(times.length).toBeGreaterThan(150);
    expect(Math.max(...values)).toBe(99);
    expect(Math.min(...values)).toBe(-10);
    expect(Array.from(times)).toEqual(Array.from(times).toSorted((a, b) => a - b));
    await store.close();
  });

  it('skips and counts a chunk with a flipped bit once, whoever reads it, and gives the rest', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs);
    const store = await open(dir, { clock, tags: tagTable(1) });
    feed(store, 1, 0, 5000);
    await store.close();
    await new Promise<void>((resolve, reject) => {
      const database = new sqlite3.Database(join(dir, 'history.db'));
      database.exec(
        `UPDATE chunks SET bytes = CAST(substr(bytes, 1, 20) || x'00' || substr(bytes, 22) AS BLOB)
           WHERE tag > 0 AND samples = 972 AND bucket = (SELECT min(bucket) FROM chunks WHERE tag > 0 AND samples = 972)`,
        (error) => database.close(() => (error ? reject(error) : resolve())),
      );
    });
    const again = await open(dir, { clock, tags: tagTable(1) });
    const { times } = await again.history.query('d/t0', ...everything);
    expect(times.length).toBe(5000 - 972);
    expect(again.notices[0]?.code).toBe('LL-STORE-RECORD-DAMAGED');
    for (let reader = 0; reader < 4; reader++) {
      expect((await again.history.query('d/t0', ...everything)).times.length).toBe(5000 - 972);
    }
    expect(again.figures().damagedChunks, 'counted once').toBe(1);
    expect(again.notices).toHaveLength(1);
    await again.close();
    const later = await open(dir, { clock, tags: tagTable(1) });
    expect((await later.history.query('d/t0', ...everything)).times.length).toBe(5000 - 972);
    expect([later.figures().damagedChunks, later.notices], 'known over a restart').toEqual([0, []]);
    await later.close();
    const found = await examineHistory(dir, openDatabase, () => undefined);
    expect(found?.damaged, 'left for the doctor').toEqual([expect.stringMatching(/^chunk of d\/t0, /)]);
  });

  it('goes on with a new file when the old one cannot be opened, and keeps the old one', async () => {
    const dir = await newFolder();
    await writeFile(join(dir, 'history.db'), 'x'.repeat(9000));
    const store = await open(dir, { tags: tagTable(1) });
    expect(store.notices).toMatchObject([{ code: 'LL-STORE-SET-ASIDE' }]);
    const [aside] = (await readdir(dir)).filter((name) => name.startsWith('history.db.broken-'));
    expect((await readFile(join(dir, aside!))).length).toBe(9000);
    feed(store, 1, 0, 10);
    expectWave(await store.history.query('d/t0', ...everything), 0, 0, 10);
    await store.close();
  });

  it('keeps telemetry in memory while the disk is full and writes it once there is space', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs);
    const store = await open(dir, { clock, tags: tagTable(30) });
    await withFullDisk(async () => {
      for (let round = 0; round < 3; round++) {
        feed(store, 30, round * 1000, (round + 1) * 1000);
        await clock.advance(30_000);
        await store.history.query('d/t0', 0, 0, 2);
      }
      expectWave(await store.history.query('d/t4', ...everything), 4, 0, 3000);
    });
    await store.close();
    const again = await open(dir, { clock, tags: tagTable(30) });
    expectWave(await again.history.query('d/t4', ...everything), 4, 0, 3000);
    expect(again.figures().droppedSamples).toBe(0);
    await again.close();
  });

  describe('with many tags', () => {
    const tags = Array.from({ length: 200 }, (_, tag) => tag);
    /** Every sample is so far from the one before that it closes a chunk. */
    const closeChunks = (store: Store, rounds: number) => {
      for (let round = 0; round <= rounds; round++)
        store.history.append(batchOf(tags, startMs + round * 7_200_000, () => round));
    };
    const inChunks = (dir: string) =>
      count(join(dir, 'history.db'), 'SELECT sum(samples) AS n FROM chunks WHERE tag > 0');

    it('writes closed chunks when they fill pages, and not only with a tail', async () => {
      const dir = await newFolder();
      const clock = new VirtualClock(startMs);
      const store = await open(dir, { clock, tags: tagTable(tags.length) });
      closeChunks(store, 45);
      await store.history.begin();
      expect(await inChunks(dir)).toBe(200 * 45);
      await store.close();
    });

    it('gives up, counts and tells what waited longest when the disk is slower than what comes', async () => {
      const dir = await newFolder();
      const clock = new VirtualClock(startMs);
      const told: unknown[] = [];
      const log = { ...silentLog, warn: ({ code }: { readonly code?: unknown }) => told.push(code) };
      let release = () => {};
      const slow = new Promise<void>((resolve) => {
        release = resolve;
      });
      const openSlowly: OpenDatabase = async (path) => {
        const database = await openDatabase(path);
        return {
          ...database,
          run: (sql, ...values) =>
            (sql.includes('INTO chunks') ? slow : Promise.resolve()).then(() => database.run(sql, ...values)),
        };
      };
      const store = await open(dir, { clock, log, tags: tagTable(tags.length), openDatabase: openSlowly });
      closeChunks(store, 41); // 8,200: on their way
      await new Promise(setImmediate);
      closeChunks(store, 258);
      const given = 200 * (41 + 1 + 258) - 50_000;
      expect(store.figures()).toMatchObject({ droppedSamples: given, historyBehind: given });
      expect(told).toEqual(['LL-STORE-HISTORY-BEHIND']);
      release();
      await store.history.begin();
      await store.close();
      expect(store.figures()).toMatchObject({ droppedSamples: given, historyBehind: 0 });
      expect(await inChunks(dir)).toBe(50_000);
    });
  });

  it('drops the oldest chunks beyond the limits of size and age, and nothing of the journal', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs + 86_400_000);
    const random = seededRandom(1);
    const noisy = (from: number, to: number, store: Store) => {
      for (let second = from; second < to; second++) {
        store.history.append(batchOf([0, 1, 2, 3], startMs + second * 1000, () => random.next()));
      }
    };
    const first = await open(dir, { clock });
    await first.journal.append([{ type: 'gateway.started', time: 0, subject: 'g', utility: '', data: {} }]);
    noisy(0, 80_000, first);
    await first.close();
    const retention = { ...defaultRetention, raw: { measurement: 20 * 3_600_000 }, maxBytes: 1_000_000 };
    const second = await open(dir, { clock, retention });
    await clock.advance(30_000);
    const { times } = await second.history.query('d/t0', ...everything);
    expect(times.length).toBeGreaterThan(10_000);
    expect(times.length).toBeLessThan(60_000);
    expect(times.at(-1)).toBe(startMs + 79_999_000);
    expect(second.journal.last).toBe(1);
    await second.close();
  });
});
