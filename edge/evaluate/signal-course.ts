import { type Feature, readFeatures } from './features.ts';
import { type Ranges, rowsIn } from './ranges.ts';
import { type Standardisation, standardise } from './standardisation.ts';
import type { Table } from './table.ts';

/** Neighbouring rows that are looked at, at most. */
const SAMPLE_ROWS = 20_000;

/** What each feature does from row to row, in its standard deviations. */
export interface SignalCourse {
  /** Correlation with its value a row before: an autoregression of order 1. */
  readonly persistences: Float64Array;
  /** Longest run of equal values, rows. */
  readonly runs: Float64Array;
  /** Mean squared step. */
  readonly steps: Float64Array;
}

/** Measures each feature's course over the ranges. */
export function fitSignalCourse(
  table: Table,
  features: readonly Feature[],
  standardisation: Standardisation,
  ranges: Ranges,
): SignalCourse {
  const width = features.length;
  const runs = new Float64Array(width);
  const before = new Float64Array(width);
  const row = new Float64Array(width);
  const run = new Float64Array(width);
  const raw = new Float64Array(width);
  const rawBefore = new Float64Array(width);
  const stride = Math.max(1, Math.floor(rowsIn(ranges) / SAMPLE_ROWS));
  const taken = features.map(() => new Pairs(Math.ceil(rowsIn(ranges) / stride) + ranges.length));
  for (const [from, to] of ranges) {
    before.fill(Number.NaN);
    rawBefore.fill(Number.NaN);
    run.fill(0);
    for (let at = from; at < to; at++) {
      readFeatures(table, features, at, raw);
      row.set(raw);
      standardise(standardisation, row, table.times?.[at] ?? Number.NaN);
      for (let feature = 0; feature < width; feature++) {
        const value = row[feature] as number;
        const last = before[feature] as number;
        run[feature] = raw[feature] === rawBefore[feature] ? (run[feature] as number) + 1 : 0;
        if ((run[feature] as number) > (runs[feature] as number)) runs[feature] = run[feature] as number;
        if (at % stride === 0 && Number.isFinite(value) && Number.isFinite(last)) taken[feature]?.add(last, value);
      }
      before.set(row);
      rawBefore.set(raw);
    }
  }
  const persistences = Float64Array.from(taken, persistenceOf);
  const steps = Float64Array.from(taken, (pairs) =>
    Math.max(
      1e-12,
      pairs.mean((last, value) => (value - last) ** 2),
    ),
  );
  return { runs, persistences, steps };
}

/** Correlation of neighbours, of values within three deviations. */
function persistenceOf(pairs: Pairs): number {
  const cut = (value: number) => Math.max(-3, Math.min(3, value));
  const both = pairs.mean((last, value) => cut(last) * cut(value));
  const own = pairs.mean((last) => cut(last) ** 2);
  return own > 0 ? Math.max(-0.99, Math.min(0.999, both / own)) : 0;
}

/** A value and the one a row before, many times. */
class Pairs {
  private readonly values: Float64Array;
  private length = 0;

  constructor(most: number) {
    this.values = new Float64Array(2 * most);
  }

  add(last: number, value: number): void {
    this.values[this.length++] = last;
    this.values[this.length++] = value;
  }

  mean(of: (last: number, value: number) => number): number {
    let sum = 0;
    for (let at = 0; at < this.length; at += 2) sum += of(this.values[at] as number, this.values[at + 1] as number);
    return sum / Math.max(1, this.length / 2);
  }
}
