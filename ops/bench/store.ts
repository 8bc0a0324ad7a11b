import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { type Clock, realClock } from '../../edge/core/clock.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Store } from '../../edge/store/api.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { openStore } from '../../edge/store/store.ts';
import type { BenchRow } from './row.ts';

const tagCount = 5_000;
const tagsPerDevice = 100;
const fedS = 1_800;
const flushS = 30;
const startMs = Date.UTC(2026, 0, 15);

/** Journal and history on this machine's disk, in a folder of their own under the temporary one. */
export async function benchStore(): Promise<BenchRow[]> {
  return [...(await benchJournal()), ...(await benchHistory()), await benchReadBack()];
}

async function benchJournal(): Promise<BenchRow[]> {
  return inFolder(realClock(), tagTable(1), async ({ journal }) => {
    const single = await rate(300, async (index) => journal.append([transition(index)]));
    const lanes = 64;
    const group = await rate(200, (index) =>
      Promise.all(Array.from({ length: lanes }, (_, lane) => journal.append([transition(index * lanes + lane)]))),
    );
    const value = group * lanes;
    return [
      {
        ...{ name: 'journal, 64 callers, group commit', value, unit: 'transitions/s', better: 'higher' },
        peer: { name: 'one caller, one commit each', value: single },
        ...{ ratio: value / single, target: '≥ 5,000', ok: value >= 5_000 },
      },
    ];
  });
}

/** Half an hour of 5,000 tags at 1 Hz, flushed every half minute as in operation. */
async function benchHistory(): Promise<BenchRow[]> {
  const clock = new VirtualClock(startMs);
  const tags = tagTable(tagCount);
  return inFolder(clock, tags, async (store, dir) => {
    const signal = new PlantSignal(seededRandom(1));
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

/** Transmitters round a slow daily course, counted in hundredths; polls with a few ms of jitter. */
class PlantSignal {
  private readonly random: Random;
  private readonly drift: Float64Array;

  constructor(random: Random, tags = tagCount) {
    this.random = random;
    this.drift = new Float64Array(tags);
  }

  /** One poll of every device. */
  second(second: number): SampleBatch[] {
    const devices = this.drift.length / tagsPerDevice;
    return Array.from({ length: devices }, (_, device) => {
      const timeMs = startMs + second * 1000 + this.random.integer(0, 3);
      const batch = createBatch(`d${device}`, tagsPerDevice, timeMs);
      for (let row = 0; row < tagsPerDevice; row++) {
        const tag = device * tagsPerDevice + row;
        this.drift[tag] = (this.drift[tag] as number) * 0.99 + this.random.normal() * 0.3;
        const counts = 4_000 + 500 * Math.sin((second / 86_400) * 2 * Math.PI + row) + (this.drift[tag] as number);
        batch.tags[row] = tag;
        batch.values[row] = Math.round(counts) * 0.01;
        batch.times[row] = timeMs;
      }
      return batch;
    });
  }
}

function tagTable(count: number): TagTable {
  return new TagTable(
    Array.from({ length: count }, (_, tag) => {
      const [device, point] = [`d${Math.floor(tag / tagsPerDevice)}`, `t${tag % tagsPerDevice}`];
      return {
        ...{ name: `${device}/${point}`, device, point, unit: 'bar', scale: 0.01, offset: 0, low: 0, high: 100 },
        ...{ deadband: 0, periodMs: 1_000, description: '' },
      };
    }),
  );
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

/** Chunks and their times, with 24 bytes of key and row head each, over the samples in them. */
async function bytesPerSample(path: string): Promise<number> {
  const database = await openDatabase(path);
  const [sums] = await database.all<{ bytes: number; samples: number }>(
    'SELECT sum(length(bytes) + 24) AS bytes, sum(iif(tag > 0, samples, 0)) AS samples FROM chunks',
  );
  await database.close();
  return sums ? sums.bytes / sums.samples : Number.NaN;
}

/** Bytes that this process handed to the kernel since its start (Linux: /proc/self/io, wchar). */
async function bytesWritten(): Promise<number> {
  const io = await readFile('/proc/self/io', 'utf8');
  return Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? 0);
}

async function inFolder<Result>(
  clock: Clock,
  tags: TagTable,
  run: (store: Store, dir: string) => Promise<Result>,
): Promise<Result> {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  const store = await openStore({ dir, tags, clock, random: seededRandom(1), log: silentLog });
  try {
    return await run(store, dir);
  } finally {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  }
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
