import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../../edge/core/batch.ts';
import { isBad, isGood, Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Series, Store } from '../../edge/store/api.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../edge/store/database.ts';
import { readRollup } from '../../edge/store/history-reading.ts';
import { type Rollup, richest, rollUp, stepMs, stretchMs, stretchOf } from '../../edge/store/rollup.ts';
import { decodeEnvelope, decodeRollup, encodeRollup } from '../../edge/store/rollup-chunk.ts';
import { newFolder, open, tagTable } from './fixture.ts';

const startMs = Date.UTC(2026, 0, 15);
const hourMs = 3_600_000;

/** One row of a roll-up by the book: a look at all samples for each step. */
function byTheBook({ times, values, quality }: Series, step: number) {
  const samples = Array.from(times, (time, row) => ({ time, value: values[row]!, code: quality[row]! }));
  return [...new Set(samples.map(({ time }) => Math.floor(time / step) * step))].map((begin) => {
    const all = samples.filter(({ time }) => time >= begin && time < begin + step);
    const valued = all.filter(({ value, code }) => !isBad(code) && !Number.isNaN(value));
    const numbers = valued.map(({ value }) => value);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const none = numbers.length === 0;
    return {
      time: begin,
      min: none ? Number.NaN : Math.min(...numbers),
      max: none ? Number.NaN : Math.max(...numbers),
      mean: Number.isFinite(Math.fround(mean)) ? Math.fround(mean) : mean,
      last: numbers.at(-1) ?? Number.NaN,
      good: all.filter(({ code }) => isGood(code)).length,
      total: all.length,
      quality: (none ? all : valued).at(-1)!.code,
    };
  });
}

const rowsOf = (rollup: Rollup) =>
  Array.from(rollup.times, (time, row) => ({
    ...{ time, min: rollup.min[row]!, max: rollup.max[row]!, mean: rollup.mean[row]!, last: rollup.last[row]! },
    ...{ good: rollup.good[row]!, total: rollup.total[row]!, quality: rollup.quality[row]! },
  }));

const samples = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 200_000 }),
      value: fc.oneof(
        fc.integer({ min: -5000, max: 5000 }).map((count) => count / 100),
        fc.double(),
        fc.constantFrom(-0, 0, Number.NaN, 1e300, -1e300),
      ),
      code: fc.constantFrom(Quality.good, Quality.uncertain, Quality.outOfRange, Quality.comm, Quality.bad),
    }),
    { maxLength: 150 },
  )
  .map((rows): Series => {
    let time = startMs;
    return {
      times: Float64Array.from(rows, ({ gap }) => (time += gap)),
      values: Float64Array.from(rows, ({ value }) => value),
      quality: Uint8Array.from(rows, ({ code }) => code),
    };
  });

/** What is stored of a tag, numbered from 1, in the stretch of a moment. */
async function stored(dir: string, tag: number, atMs: number) {
  return withDatabase(dir, async (database) => {
    const at = async (resolution: 'minute' | 'hour') =>
      rowsOf((await readRollup(database, resolution, tag, stretchOf(atMs))) ?? rollUp(nothing, 1));
    return { minute: await at('minute'), hour: await at('hour') };
  });
}

const nothing: Series = { times: new Float64Array(), values: new Float64Array(), quality: new Uint8Array() };

async function withDatabase<Result>(dir: string, run: (database: Database) => Promise<Result>): Promise<Result> {
  const database = await openDatabase(join(dir, 'history.db'));
  try {
    return await run(database);
  } finally {
    await database.close();
  }
}

const dueCount = (dir: string) =>
  withDatabase(dir, async (database) => {
    const [row] = await database.all<{ n: number }>('SELECT count(*) AS n FROM rollups_due');
    return row!.n;
  });

/** Lets time pass, in which open chunks are closed and written, and what is old enough is rolled up. */
async function settle(clock: VirtualClock, store: Store, minutes = 60): Promise<void> {
  for (let round = 0; round < minutes / 2; round++) {
    await clock.advance(120_000);
    for (let turn = 0; turn < 4; turn++) await store.history.begin(); // waits behind the work that is queued
  }
}

describe('a roll-up', () => {
  it('tells of every step what a look at all of its samples tells, for any values, qualities and gaps', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(stepMs.minute, stepMs.hour), (series, step) => {
        expect(rowsOf(rollUp(series, step))).toEqual(byTheBook(series, step));
      }),
      { numRuns: 500 },
    );
  });

  it('comes back exactly from its bytes, and not at all after a flipped bit or for another owner', () => {
    const scaling = { scale: 0.01, offset: 0 };
    fc.assert(
      fc.property(samples, fc.nat(), fc.nat(), (series, owner, flip) => {
        const rollup = rollUp(series, stepMs.minute);
        const bytes = encodeRollup(rollup, scaling, owner);
        expect(decodeRollup(bytes, owner)).toEqual(rollup);
        const { times, min, max, quality } = rollup;
        expect(decodeEnvelope(bytes, owner)).toEqual({ times, min, max, quality });
        const bit = flip % (bytes.length * 8);
        const flipped = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(decodeRollup(flipped, owner)).toBeUndefined();
        expect(decodeRollup(bytes, owner + 1)).toBeUndefined();
      }),
    );
  });

  it('keeps of two of the same stretch the rows with more samples behind them', () => {
    const of = (from: number, to: number) =>
      rollUp(
        {
          times: Float64Array.from({ length: to - from }, (_, row) => startMs + (from + row) * 1000),
          values: Float64Array.from({ length: to - from }, (_, row) => from + row),
          quality: new Uint8Array(to - from),
        },
        stepMs.minute,
      );
    expect(rowsOf(richest([of(0, 90), of(60, 180)]))).toEqual(rowsOf(of(0, 180)));
    expect(rowsOf(richest([of(60, 180), of(0, 90)]))).toEqual(rowsOf(of(0, 180)));
  });
});

describe('history that ages', () => {
  const random = seededRandom(5);
  const value = (second: number) => Math.round(1000 * Math.sin(second / 900) + 30 * random.normal()) / 100;

  /** Feeds seconds with every so manieth sample bad; returns what was fed. */
  function feed(store: Store, from: number, to: number, tags = 1): Series {
    const fed = { times: [] as number[], values: [] as number[], quality: [] as number[] };
    for (let second = from; second < to; second++) {
      const time = startMs + second * 1000;
      const bad = second % 50 === 7;
      const batch = createBatch('d', tags, time);
      const shown = bad ? Number.NaN : value(second);
      for (let row = 0; row < tags; row++) {
        batch.tags[row] = row;
        batch.times[row] = time;
        batch.values[row] = shown;
        batch.quality[row] = bad ? Quality.comm : second % 9 === 0 ? Quality.stuck : Quality.good;
      }
      store.history.append(batch);
      fed.times.push(time);
      fed.values.push(shown);
      fed.quality.push(batch.quality[0]!);
    }
    return {
      times: Float64Array.from(fed.times),
      values: Float64Array.from(fed.values),
      quality: Uint8Array.from(fed.quality),
    };
  }

  it('is rolled up once six hours of it are settled, exactly as all samples tell it', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs + stretchMs - hourMs);
    const store = await open(dir, { clock, tags: tagTable(40) });
    const fed = feed(store, 0, 21_600, 40);
    await settle(clock, store);
    expect(await stored(dir, 40, startMs)).toEqual({ minute: [], hour: [] });
    expect(await dueCount(dir)).toBe(40);
    await settle(clock, store);
    const expected = { minute: byTheBook(fed, 60_000), hour: byTheBook(fed, hourMs) };
    for (const tag of [1, 17, 40]) expect(await stored(dir, tag, startMs)).toEqual(expected);
    expect(await dueCount(dir)).toBe(0);
    await store.close();
  });

  it('is rolled up anew when samples come late', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs + 3 * stretchMs);
    const store = await open(dir, { clock, tags: tagTable(1) });
    const early = feed(store, 0, 10_000);
    await settle(clock, store);
    expect((await stored(dir, 1, startMs)).hour).toEqual(byTheBook(early, hourMs));
    const late = feed(store, 12_000, 21_600);
    await settle(clock, store);
    const join = (name: keyof Series) => [...early[name], ...late[name]];
    const all = {
      times: Float64Array.from(join('times')),
      values: Float64Array.from(join('values')),
      quality: Uint8Array.from(join('quality')),
    };
    expect(await stored(dir, 1, startMs)).toEqual({
      minute: byTheBook(all, 60_000),
      hour: byTheBook(all, hourMs),
    });
    await store.close();
  });

  it('is rolled up in full after a kill at any write of a roll-up', async () => {
    for (const fatal of [1, 2, 3, 5]) {
      const dir = await newFolder();
      const clock = new VirtualClock(startMs + 2 * stretchMs);
      const store = await open(dir, { clock, tags: tagTable(40), openDatabase: dyingAt(fatal) });
      const fed = feed(store, 0, 3_000, 40);
      await settle(clock, store, 25);
      const copy = await newFolder();
      for (const name of await readdir(dir)) await copyFile(join(dir, name), join(copy, name));
      await store.close();
      expect(await dueCount(copy)).toBe(fatal <= 3 ? 40 : 8);
      const again = await open(copy, { clock, tags: tagTable(40) });
      await settle(clock, again, 30);
      expect(await dueCount(copy)).toBe(0);
      for (const tag of [1, 32, 33, 40]) {
        const kept = await again.history.query(`d/t${tag - 1}`, startMs, startMs + stretchMs, 1_000_000);
        expect(kept.values.subarray(0, 3_000)).toEqual(fed.values);
        expect(kept.values.length - 3_000).toBeLessThanOrEqual(1); // the mark of the kill, where the chunk was open
        const { minute, hour } = await stored(copy, tag, startMs);
        expect(minute).toEqual(byTheBook(kept, 60_000));
        expect(hour).toEqual(byTheBook(kept, hourMs));
      }
      await again.close();
    }
  });
});

/** Opens databases that do nothing any more from the given write of roll-ups on: put, strike, commit; put, strike, commit. */
function dyingAt(fatal: number): OpenDatabase {
  return async (path) => {
    const database = await openDatabase(path);
    let [rolling, writes] = [false, 0];
    const pass = (sql: string) => {
      if (sql.includes('INTO rollups (')) rolling = true;
      if (rolling) writes++;
      if (sql === 'COMMIT') rolling = false;
      if (writes >= fatal) throw new Error('killed');
    };
    return {
      ...database,
      exec: async (sql) => {
        pass(sql);
        await database.exec(sql);
      },
      run: async (sql, ...values) => {
        pass(sql);
        return database.run(sql, ...values);
      },
    };
  };
}
