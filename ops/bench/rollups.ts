import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Store } from '../../edge/store/api.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { type RolledUp, type Rollup, stepMs, stretchMs, stretchOf } from '../../edge/store/rollup.ts';
import { encodeRollup } from '../../edge/store/rollup-chunk.ts';
import { replaceRollups, rollupOwner, type StoredRollup } from '../../edge/store/rollup-table.ts';
import { inFolder, PlantSignal, startMs, tagTable } from './plant-history.ts';
import { atMost, type BenchRow } from './row.ts';

const madeTags = 100;
/** What the figures are told for. */
const tagCount = 5_000;
const stretchesPerDay = 86_400_000 / stretchMs;
const dayMs = 86_400_000;
const readTags = 3;
const stretchesPerWrite = 100;

/** What roll-ups cost to make and to keep, and how fast wide spans are read from them. */
export async function benchRollups(): Promise<BenchRow[]> {
  return [...(await benchMaking()), ...(await benchReading())];
}

/** Six hours of 100 tags at 1 Hz, rolled up as in operation: the share of a core is that of 50 times as many tags. */
async function benchMaking(): Promise<BenchRow[]> {
  const clock = new VirtualClock(startMs);
  return inFolder(clock, tagTable(madeTags), async (store, dir) => {
    const signal = new PlantSignal(seededRandom(3), madeTags);
    const fedS = stretchMs / 1000;
    for (let second = 0; second < fedS; second++) {
      for (const batch of signal.second(second)) store.history.append(batch);
      if (second % 300 === 299) await pass(clock, store, 300_000);
    }
    await pass(clock, store, 1_200_000);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const before = process.cpuUsage();
    delay.enable();
    const rows = async () => (await figures(dir)).rollups;
    while ((await rows()) < 2 * madeTags) await pass(clock, store, 60_000);
    delay.disable();
    const { user, system } = process.cpuUsage(before);
    const share = ((user + system) / 1e6 / (stretchMs / 1000)) * (tagCount / madeTags);
    const { bytes } = await figures(dir);
    const written = (bytes / madeTags) * tagCount * stretchesPerDay;
    return [
      atMost('rolling up 5,000 tags at 1 Hz', 'cores', share, 0.02),
      atMost('event loop while 100 tags are rolled up, longest delay', 'ms', delay.max / 1e6, 50),
      atMost('roll-ups of minutes and hours, 5,000 tags', 'MB/day', written / 1e6, 100),
    ];
  });
}

async function pass(clock: VirtualClock, store: Store, ms: number): Promise<void> {
  await clock.advance(ms);
  // waits behind the work that this has queued
  for (let turn = 0; turn < 10; turn++) await store.history.begin();
}

async function figures(dir: string): Promise<{ readonly rollups: number; readonly bytes: number }> {
  const database = await openDatabase(join(dir, 'history.db'));
  const [row] = await database.all<{ rollups: number; bytes: number | null }>(
    'SELECT count(*) AS rollups, sum(length(bytes)) AS bytes FROM rollups',
  );
  await database.close();
  return { rollups: row?.rollups ?? 0, bytes: row?.bytes ?? 0 };
}

/** A year of minutes and hours of three tags, as the roller would have written it. */
async function benchReading(): Promise<BenchRow[]> {
  const clock = new VirtualClock(startMs + 365 * dayMs);
  return inFolder(clock, tagTable(readTags), async (store, dir) => {
    await fillYear(dir);
    const read = async (days: number, points: number) => {
      const tries: number[] = [];
      for (let at = 0; at < 9; at++) {
        const toMs = startMs + (200 + at) * dayMs;
        const fromMs = days === 365 ? startMs : toMs - days * dayMs;
        const began = performance.now();
        const { times } = await store.history.query(`d0/t${at % readTags}`, fromMs, fromMs + days * dayMs, points);
        tries.push(performance.now() - began);
        if (times.length < points / 4) throw new Error(`${times.length} points of ${points}`);
      }
      return tries.sort((a, b) => a - b)[4] ?? Number.NaN;
    };
    return [
      atMost('30 days of one tag from minutes, 2,000 points', 'ms', await read(30, 2_000), 10),
      atMost('a year of one tag from hours, 2,000 points', 'ms', await read(365, 2_000), 200),
      atMost('a year of one tag from minutes, 20,000 points', 'ms', await read(365, 20_000), 200),
    ];
  });
}

/** A year from `startMs` of minutes and hours of the first three tags of a history, as the roller would have written it. */
export async function fillYear(dir: string): Promise<void> {
  const database = await openDatabase(join(dir, 'history.db'));
  const random = seededRandom(4);
  const first = stretchOf(startMs);
  for (let stretch = first; stretch < first + 365 * stretchesPerDay; stretch += stretchesPerWrite) {
    const rollups: StoredRollup[] = [];
    for (let at = stretch; at < stretch + stretchesPerWrite; at++) {
      for (let tag = 1; tag <= readTags; tag++) {
        for (const resolution of ['minute', 'hour'] as const) {
          const owner = rollupOwner(resolution, { stretch: at, tag });
          const bytes = encodeRollup(plantRollup(resolution, at, random), { scale: 0.01, offset: 0 }, owner);
          rollups.push({ resolution, stretch: at, tag, bytes });
        }
      }
    }
    await replaceRollups(database, rollups, []);
  }
  await database.close();
}

/** A stretch of the plant signal's roll-up, drawn rather than summed up. */
function plantRollup(resolution: RolledUp, stretch: number, random: { normal(): number }): Rollup {
  const step = stepMs[resolution];
  const rows = stretchMs / step;
  const column = (value: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => value(row));
  const times = column((row) => stretch * stretchMs + row * step);
  const middle = times.map((time) => 4_000 + 500 * Math.sin((time / dayMs) * 2 * Math.PI) + random.normal() * 2);
  const near = (from: number) => middle.map((value) => Math.round(value + from + random.normal()) * 0.01);
  const total = column(() => step / 1000);
  return {
    ...{ times, min: near(-4), max: near(4), last: near(0), mean: middle.map((value) => Math.fround(value / 100)) },
    ...{ good: total, total, quality: new Uint8Array(rows) },
  };
}
