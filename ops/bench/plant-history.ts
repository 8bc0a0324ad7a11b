import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import type { Store } from '../../edge/store/api.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { openStore } from '../../edge/store/store.ts';

const tagsPerDevice = 100;
export const startMs = Date.UTC(2026, 0, 15);

/** Transmitters round a slow daily course, counted in hundredths; polls with a few ms of jitter. */
export class PlantSignal {
  private readonly random: Random;
  private readonly drift: Float64Array;

  constructor(random: Random, tags: number) {
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

/** Tags of as many devices as it takes, polled each second. */
export function tagTable(count: number): TagTable {
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

/** Chunks and their times, with 24 bytes of key and row head each, over the samples in them. */
export async function bytesPerSample(path: string): Promise<number> {
  const database = await openDatabase(path);
  const [sums] = await database.all<{ bytes: number; samples: number }>(
    'SELECT sum(length(bytes) + 24) AS bytes, sum(iif(tag > 0, samples, 0)) AS samples FROM chunks',
  );
  await database.close();
  return sums ? sums.bytes / sums.samples : Number.NaN;
}

/** Runs with a store in a folder of its own. */
export async function inFolder<Result>(
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
