import { isBad, isGood } from '../core/quality.ts';
import type { Series } from './api.ts';

/** How finely history is kept: as polled, or summed up over a minute or an hour. */
export type Resolution = 'raw' | RolledUp;
export type RolledUp = 'minute' | 'hour';

/** Length of what one row of a roll-up sums up. */
export const stepMs: Readonly<Record<RolledUp, number>> = { minute: 60_000, hour: 3_600_000 };

/**
 * What is rolled up together: six hours of UTC. Longer ones would leave more of a wide query to raw samples, shorter ones
 * cost more to keep and to look up.
 */
export const stretchMs = 21_600_000;

/** The stretch that a source time lies in. */
export const stretchOf = (timeMs: number): number => Math.floor(timeMs / stretchMs);

/**
 * Rows of a roll-up in columns, oldest first; steps without a sample have no row. A sample has a value when its quality
 * is not bad and it is a number; the rows of minimum, maximum, mean and last are NaN where none had one.
 */
export interface Rollup {
  /** Begin of the steps, ms since epoch. */
  readonly times: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** To the precision of a float32, beyond its range to that of a float64: six bytes a row less than all of a double. */
  readonly mean: Float64Array;
  /** The newest value. */
  readonly last: Float64Array;
  /** Samples of good quality, and all. */
  readonly good: Float64Array;
  readonly total: Float64Array;
  /** Of the last value; where there is none, of the last sample. */
  readonly quality: Uint8Array;
}

/** Sums up samples that are in order of time. */
export function rollUp({ times, values, quality }: Series, step: number): Rollup {
  const rows = countSteps(times, step);
  const out = emptyRollup(rows);
  let sample = 0;
  for (let row = 0; row < rows; row++) {
    const fromMs = Math.floor((times[sample] as number) / step) * step;
    let [min, max, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    let [sum, valued, good] = [0, 0, 0];
    const first = sample;
    let told = quality[sample] as number;
    for (; sample < times.length && (times[sample] as number) < fromMs + step; sample++) {
      const [value, code] = [values[sample] as number, quality[sample] as number];
      if (isGood(code)) good++;
      if (isBad(code) || Number.isNaN(value)) {
        if (valued === 0) told = code;
        continue;
      }
      min = Math.min(min, value);
      max = Math.max(max, value);
      [last, told] = [value, code];
      sum += value;
      valued++;
    }
    out.times[row] = fromMs;
    out.min[row] = valued > 0 ? min : Number.NaN;
    out.max[row] = valued > 0 ? max : Number.NaN;
    out.mean[row] = short(sum / valued);
    out.last[row] = last;
    out.good[row] = good;
    out.total[row] = sample - first;
    out.quality[row] = told;
  }
  return out;
}

/** Roll-ups as one, of steps that begin in [fromMs, toMs]: of a step that several have, the row that most samples stand behind. */
export function richest(
  rollups: readonly Rollup[],
  fromMs = Number.NEGATIVE_INFINITY,
  toMs = Number.POSITIVE_INFINITY,
): Rollup {
  const rows = new Map<number, readonly [Rollup, number]>();
  for (const rollup of rollups) {
    rollup.times.forEach((time, row) => {
      if (time < fromMs || time > toMs) return;
      const [other, at] = rows.get(time) ?? [];
      if (other && (other.total[at as number] as number) > (rollup.total[row] as number)) return;
      rows.set(time, [rollup, row]);
    });
  }
  const chosen = [...rows.values()].sort(([x, i], [y, j]) => (x.times[i] as number) - (y.times[j] as number));
  const column = (name: Exclude<keyof Rollup, 'quality'>) =>
    Float64Array.from(chosen, ([rollup, row]) => rollup[name][row] as number);
  return {
    ...{ times: column('times'), min: column('min'), max: column('max'), mean: column('mean'), last: column('last') },
    ...{ good: column('good'), total: column('total') },
    quality: Uint8Array.from(chosen, ([rollup, row]) => rollup.quality[row] as number),
  };
}

/** A roll-up as samples for a curve: least and greatest value of each step, at its begin and middle; bad where none is. */
export function envelopeOf({ times, min, max, quality }: Envelope, step: number): Series {
  const rows = times.length;
  const out = {
    times: new Float64Array(2 * rows),
    values: new Float64Array(2 * rows),
    quality: new Uint8Array(2 * rows),
  };
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const [time, low, high, code] = [
      times[row] as number,
      min[row] as number,
      max[row] as number,
      quality[row] as number,
    ];
    out.times[at] = time;
    out.values[at] = low;
    out.quality[at++] = code;
    if (Number.isNaN(low) || low === high) continue;
    out.times[at] = time + step / 2;
    out.values[at] = high;
    out.quality[at++] = code;
  }
  return {
    times: out.times.subarray(0, at),
    values: out.values.subarray(0, at),
    quality: out.quality.subarray(0, at),
  };
}

/** What a curve needs of a roll-up. */
export type Envelope = Pick<Rollup, 'times' | 'min' | 'max' | 'quality'>;

function short(mean: number): number {
  const float32 = Math.fround(mean);
  return Number.isFinite(float32) ? float32 : mean;
}

function countSteps(times: Float64Array, step: number): number {
  let count = 0;
  let endMs = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < endMs) continue;
    endMs = (Math.floor(time / step) + 1) * step;
    count++;
  }
  return count;
}

function emptyRollup(rows: number): Rollup {
  const column = () => new Float64Array(rows);
  return {
    ...{ times: column(), min: column(), max: column(), mean: column(), last: column(), good: column() },
    ...{ total: column(), quality: new Uint8Array(rows) },
  };
}
