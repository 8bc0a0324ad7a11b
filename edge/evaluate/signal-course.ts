import { type Feature, readFeatures } from './features.ts';
import { type Ranges, rowsIn } from './ranges.ts';
import { type Standardisation, standardise } from './standardisation.ts';
import type { Table } from './table.ts';

/** Neighbouring rows that are looked at, at most. */
const SAMPLE_ROWS = 20_000;

/** Values beyond so many deviations count as this. */
const CUT = 3;

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
  const taken = features.map(() => new Neighbours());
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
  const persistences = Float64Array.from(taken, (neighbours) => neighbours.persistence);
  const steps = Float64Array.from(taken, (neighbours) => Math.max(1e-12, neighbours.meanSquaredStep));
  return { runs, persistences, steps };
}

const cut = (value: number) => Math.max(-CUT, Math.min(CUT, value));

/** Sums over a value and the one a row before, many times. */
class Neighbours {
  private count = 0;
  private products = 0;
  private squares = 0;
  private steps = 0;

  add(last: number, value: number): void {
    this.count++;
    this.products += cut(last) * cut(value);
    this.squares += cut(last) ** 2;
    this.steps += (value - last) ** 2;
  }

  /** Correlation of neighbours, of values within three deviations. */
  get persistence(): number {
    return this.squares > 0 ? Math.max(-0.99, Math.min(0.999, this.products / this.squares)) : 0;
  }

  get meanSquaredStep(): number {
    return this.steps / Math.max(1, this.count);
  }
}
