import { createBatch, type SampleBatch } from '../../core/batch.ts';
import type { TagTable } from '../../core/tag.ts';
import type { History, Series } from '../../store/api.ts';

/** Samples of one tag in one window at most, far above any poll rate; longer ones keep each bucket's extremes. */
const maxSamplesPerTag = 1_000_000;

/** A stretch of source time, [fromMs, toMs). */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads what history has of some tags of one device: in order of time, those polled together side by side. */
export async function readWindow(
  history: Pick<History, 'query'>,
  table: TagTable,
  device: string,
  tags: readonly number[],
  { fromMs, toMs }: Stretch,
): Promise<SampleBatch> {
  const columns = await Promise.all(
    tags.map((tag) => history.query(table.at(tag).name, fromMs, toMs, maxSamplesPerTag)),
  );
  const total = columns.reduce((sum, { times }) => sum + times.length, 0);
  const merged = createBatch(device, total, toMs);
  const heads = columns.map(({ times }) => firstAtOrAfter(times, fromMs));
  let row = 0;
  for (;;) {
    let now = toMs; // the end is not in the stretch
    for (let index = 0; index < columns.length; index++) {
      const time = columns[index]?.times[heads[index] as number];
      if (time !== undefined && time < now) now = time;
    }
    if (now === toMs) break;
    for (let index = 0; index < columns.length; index++) {
      const { times, values, quality } = columns[index] as Series;
      for (let head = heads[index] as number; times[head] === now; head++) {
        merged.tags[row] = tags[index] as number;
        merged.values[row] = values[head] as number;
        merged.quality[row] = quality[head] as number;
        merged.times[row++] = now;
        heads[index] = head + 1;
      }
    }
  }
  return rowsOf(merged, 0, row);
}

/** Rows [start, end) of a batch, sharing its memory. */
export function rowsOf(batch: SampleBatch, start: number, end: number): SampleBatch {
  if (start === 0 && end === batch.tags.length) return batch;
  return {
    ...batch,
    tags: batch.tags.subarray(start, end),
    values: batch.values.subarray(start, end),
    quality: batch.quality.subarray(start, end),
    times: batch.times.subarray(start, end),
  };
}

function firstAtOrAfter(times: Float64Array, fromMs: number): number {
  let row = 0;
  while (row < times.length && (times[row] as number) < fromMs) row++;
  return row;
}
