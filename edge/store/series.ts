import { isBad } from '../core/quality.ts';
import type { Series } from './api.ts';

/** Pieces as one series in order of time, cut to [fromMs, toMs]; equal times keep the order they were given in. */
export function mergeSeries(pieces: readonly Series[], fromMs: number, toMs: number): Series {
  const parts = pieces.map((piece) => within(piece, fromMs, toMs)).filter((piece) => piece.times.length > 0);
  const total = parts.reduce((sum, part) => sum + part.times.length, 0);
  const joined = emptySeries(total);
  let row = 0;
  for (const { times, values, quality } of parts) {
    joined.times.set(times, row);
    joined.values.set(values, row);
    joined.quality.set(quality, row);
    row += times.length;
  }
  return isOrdered(joined.times) ? joined : pick(joined, orderOf(joined.times));
}

/**
 * At most `maxPoints` samples: [fromMs, toMs] in buckets of equal length, of each the least and greatest value in order
 * of time, or one bad sample where a bucket holds nothing else, so that an outage stays a gap.
 */
export function thinSeries(series: Series, fromMs: number, toMs: number, maxPoints: number): Series {
  const { times, values, quality } = series;
  const buckets = Math.max(1, Math.floor(maxPoints / 2));
  if (times.length <= buckets * 2) return series;
  const widthMs = (toMs - fromMs) / buckets || 1;
  const rows: number[] = [];
  for (let row = 0; row < times.length; ) {
    const bucket = Math.floor(((times[row] as number) - fromMs) / widthMs);
    const endMs = bucket >= buckets - 1 ? Number.POSITIVE_INFINITY : fromMs + (bucket + 1) * widthMs;
    const first = row;
    let low = -1;
    let high = -1;
    do {
      const value = values[row] as number;
      if (!isBad(quality[row] as number) && !Number.isNaN(value)) {
        if (low < 0 || value < (values[low] as number)) low = row;
        if (high < 0 || value > (values[high] as number)) high = row;
      }
      row++;
    } while (row < times.length && (times[row] as number) < endMs);
    if (low < 0) rows.push(first);
    else if (low === high) rows.push(low);
    else rows.push(Math.min(low, high), Math.max(low, high));
  }
  return pick(series, rows);
}

/** Least and greatest time; undefined without any. */
export function spanOf(times: Float64Array): readonly [fromMs: number, toMs: number] | undefined {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < times.length; row++) {
    const time = times[row] as number;
    if (time < fromMs) fromMs = time;
    if (time > toMs) toMs = time;
  }
  return times.length > 0 ? [fromMs, toMs] : undefined;
}

function isOrdered(times: Float64Array): boolean {
  for (let row = 1; row < times.length; row++) {
    if ((times[row] as number) < (times[row - 1] as number)) return false;
  }
  return true;
}

function emptySeries(size: number): Series {
  return { times: new Float64Array(size), values: new Float64Array(size), quality: new Uint8Array(size) };
}

function within(series: Series, fromMs: number, toMs: number): Series {
  const span = spanOf(series.times);
  if (span && span[0] >= fromMs && span[1] <= toMs) return series;
  const rows: number[] = [];
  for (let row = 0; row < series.times.length; row++) {
    const time = series.times[row] as number;
    if (time >= fromMs && time <= toMs) rows.push(row);
  }
  return pick(series, rows);
}

function orderOf(times: Float64Array): number[] {
  return Array.from(times.keys()).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
}

function pick({ times, values, quality }: Series, rows: readonly number[]): Series {
  return {
    times: Float64Array.from(rows, (row) => times[row] as number),
    values: Float64Array.from(rows, (row) => values[row] as number),
    quality: Uint8Array.from(rows, (row) => quality[row] as number),
  };
}
