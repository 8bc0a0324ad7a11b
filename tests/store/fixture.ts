import { execFileSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { type Clock, realClock } from '../../edge/core/clock.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { type TagDefinition, TagTable } from '../../edge/core/tag.ts';
import type { Store } from '../../edge/store/api.ts';
import { openStore, type StoreOptions } from '../../edge/store/store.ts';

export const newFolder = () => mkdtemp(join(tmpdir(), 'lifeline-store-'));

/** Tags `d/t0`, `d/t1`, … */
export function tagTable(count: number, change: Partial<TagDefinition> = {}): TagTable {
  return new TagTable(
    Array.from({ length: count }, (_, index) => ({
      ...{ name: `d/t${index}`, device: 'd', point: `t${index}`, unit: 'bar', scale: 1, offset: 0, low: -Infinity },
      ...{ high: Infinity, deadband: 0, periodMs: 1000, description: '', ...change },
    })),
  );
}

let seed = 1;

export function open(dir: string, options: Partial<StoreOptions> & { clock?: Clock } = {}): Promise<Store> {
  const own = { dir, tags: tagTable(4), clock: realClock(), random: seededRandom(seed++), log: silentLog };
  return openStore({ ...own, ...options });
}

export function eventOf(number: number, padding = ''): NewEvent {
  const data = { number, padding, message: { zh: '水管爆裂', en: 'burst' } };
  return {
    type: 'alarm.raised',
    time: 1_700_000_000_000 + number,
    subject: `dma-${number % 5}`,
    utility: 'water',
    data,
  };
}

/** One sample of each given tag at one time. */
export function batchOf(tags: readonly number[], time: number, value: (tag: number) => number): SampleBatch {
  const batch = createBatch('d', tags.length, time);
  tags.forEach((tag, row) => {
    batch.tags[row] = tag;
    batch.values[row] = value(tag);
    batch.times[row] = time;
  });
  return batch;
}

/** Lets the kernel refuse writes beyond 64 kB of any file of this process while `run` runs: a disk that is full. */
export async function withFullDisk(run: () => Promise<void>): Promise<void> {
  const limit = (bytes: string) =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`]);
  const survive = () => undefined;
  process.on('SIGXFSZ', survive);
  limit('65536');
  try {
    await run();
  } finally {
    limit('unlimited');
    process.off('SIGXFSZ', survive);
  }
}
