import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { realClock } from '../../edge/core/clock.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { quantileOfSorted } from '../../edge/detection/order-statistics.ts';
import { benchCityHistory } from './city-history.ts';
import { bytesPerSample, inFolder, PlantSignal, startMs, tagTable } from './plant-history.ts';
import { benchRollups } from './rollups.ts';
import { atMost, type BenchRow, untargeted } from './row.ts';

const tagCount = 5_000;
const tagsPerDevice = 100;
const fedS = 1_800;
const flushS = 30;

/** Journal and history on this machine's disk, in a folder of their own under the temporary one. */
export async function benchStore(): Promise<BenchRow[]> {
  const history = [
    ...(await benchHistory()),
    await benchCityHistory(),
    await benchReadBack(),
    ...(await benchRollups()),
  ];
  return [...(await benchJournal()), ...history];
}

async function benchJournal(): Promise<BenchRow[]> {
  return inFolder(realClock(), tagTable(1), async ({ journal }) => {
    const single = await rate(300, async (index) => journal.append([transition(index)]));
    const lanes = 64;
    const commitsMs: number[] = [];
    const writtenBefore = await bytesWritten();
    const group = await rate(200, async (index) => {
      const began = performance.now();
      await Promise.all(Array.from({ length: lanes }, (_, lane) => journal.append([transition(index * lanes + lane)])));
      commitsMs.push(performance.now() - began);
    });
    const written = ((await bytesWritten()) - writtenBefore) / (commitsMs.length * lanes);
    const commitP99Ms = quantileOfSorted(Float64Array.from(commitsMs).sort(), 0.99);
    const body = JSON.stringify(transition(0)).length;
    const value = group * lanes;
    return [
      {
        ...{ name: 'journal, 64 callers, group commit', value, unit: 'transitions/s', better: 'higher' },
        peer: { name: 'one caller, one commit each', value: single },
        ...{ ratio: value / single, target: '≥ 5,000', ok: value >= 5_000 },
      },
      atMost('journal, commit of 64 transitions, p99', 'ms', commitP99Ms, 30),
      untargeted('journal, written for each byte of a transition', 'bytes', written / body),
    ];
  });
}

/** Half an hour of 5,000 tags at 1 Hz, flushed every half minute as in operation. */
async function benchHistory(): Promise<BenchRow[]> {
  const clock = new VirtualClock(startMs);
  const tags = tagTable(tagCount);
  return inFolder(clock, tags, async (store, dir) => {
    const signal = new PlantSignal(seededRandom(1), tagCount);
    const writtenBefore = await bytesWritten();
    let appendMs = 0;
    for (let second = 0; second < fedS; second += flushS) {
      const batches = Array.from({ length: flushS }, (_, offset) => signal.second(second + offset)).flat();
      const began = performance.now();
      for (const batch of batches) store.history.append(batch);
      appendMs += performance.now() - began;
      await clock.advance(flushS * 1000);
      await store.history.query('d0/t0', 0, 0, 2); // waits behind the flush
    }
    const samples = tagCount * fedS;
    const ingest = (samples / appendMs) * 1000;
    await store.close(); // folds the log into the file
    const written = (((await bytesWritten()) - writtenBefore) / fedS) * 86_400;
    const stored = await bytesPerSample(join(dir, 'history.db'));
    return [
      row('history ingest, closing of chunks included', ingest, 'samples/s', 'higher', '≥ 5,000,000', ingest >= 5e6),
      row('history chunks, times and keys included', stored, 'bytes/sample', 'lower', '≤ 0.6', stored <= 0.6),
      row('written per day, 5,000 tags at 1 Hz', written / 1e6, 'MB/day', 'lower', '≤ 1,000', written <= 1e9),
    ];
  });
}

async function benchReadBack(): Promise<BenchRow> {
  const clock = new VirtualClock(startMs);
  return inFolder(clock, tagTable(tagsPerDevice), async (store) => {
    const signal = new PlantSignal(seededRandom(2), tagsPerDevice);
    for (let second = 0; second < 86_400; second++) {
      for (const batch of signal.second(second)) store.history.append(batch);
      if (second % 3_600 === 0) await clock.advance(flushS * 1000);
    }
    const tries: number[] = [];
    for (let tag = 0; tag < 20; tag++) {
      const began = performance.now();
      await store.history.query(`d0/t${tag}`, startMs, startMs + 86_400_000, 2_000);
      tries.push(performance.now() - began);
    }
    const median = tries.sort((a, b) => a - b)[10] ?? 0;
    return row('a day of one tag at 1 Hz, 2,000 points', median, 'ms', 'lower', '≤ 10', median <= 10);
  });
}

function transition(number: number): NewEvent {
  const data = { number, state: 'active-unacknowledged', message: { zh: '压力低', en: 'pressure low' }, value: 0.18 };
  return { type: 'alarm.raised', time: startMs + number, subject: 'dma-2', utility: 'water', data };
}

/** Turns per second of `run`, one after another. */
async function rate(turns: number, run: (index: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let index = 0; index < turns; index++) await run(index);
  return (turns / (performance.now() - began)) * 1000;
}

/** Bytes that this process handed to the kernel since its start (Linux: /proc/self/io, wchar). */
async function bytesWritten(): Promise<number> {
  const io = await readFile('/proc/self/io', 'utf8');
  return Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? 0);
}

function row(
  name: string,
  value: number,
  unit: string,
  better: 'higher' | 'lower',
  target: string,
  ok: boolean,
): BenchRow {
  return { name, value, unit, better, peer: null, ratio: null, target, ok };
}
