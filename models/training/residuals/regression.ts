import type { Profile, ResidualPart } from '../../../edge/detection/calibration.ts';
import { isFreeDay, profileAt } from '../../../edge/detection/calibration.ts';
import { median, robustDeviation } from '../../../edge/detection/order-statistics.ts';
import { ExpectedValue } from '../../../edge/detection/residual/expected-value.ts';
import { termCount, writeTerms } from '../../../edge/detection/residual/terms.ts';
import { significant } from '../significant.ts';
import { LeastSquares } from './least-squares.ts';

/** Rows farther off than this many robust deviations are left out of a second fit: history may hold faults. */
const outlierDeviations = 6;
/** Bins of the course over a day, and how often course and weights are found in turn. */
const bins = 24;
const backfits = 3;
const minutesOfDay = 1440;

/** What is to be explained and by what, row by row, all numbers. */
export interface Sample {
  readonly timesMs: Float64Array;
  readonly target: Float64Array;
  /** In the order of the part's inputs. */
  readonly inputs: readonly Float64Array[];
}

/** A part but for what is found. */
export type Unfitted = Omit<ResidualPart, 'weights' | 'daily'>;

/** Weights and course by least squares of clean rows. */
export function learn(base: Unfitted, sample: Sample, daily: boolean, utcOffsetMinutes: number): ResidualPart {
  const first = regress(base, sample, daily, utcOffsetMinutes);
  const rest = residualsOf(first, sample, utcOffsetMinutes);
  const middle = median(rest);
  const limit = outlierDeviations * robustDeviation(rest, middle);
  const clean = rowsWhere(rest.length, (row) => Math.abs((rest[row] as number) - middle) <= limit);
  const enough = clean.length > rest.length / 2 && clean.length < rest.length;
  return enough ? regress(base, sampleAt(sample, clean), daily, utcOffsetMinutes) : first;
}

/** Observed less expected. */
export function residualsOf(part: ResidualPart, sample: Sample, utcOffsetMinutes: number): Float64Array {
  const expected = new ExpectedValue(part);
  const { timesMs, target, inputs } = sample;
  const values = new Float64Array(inputs.length);
  const rest = new Float64Array(target.length);
  for (let row = 0; row < rest.length; row++) {
    for (let index = 0; index < inputs.length; index++) values[index] = (inputs[index] as Float64Array)[row] as number;
    rest[row] = (target[row] as number) - expected.at(values, timesMs[row] as number, utcOffsetMinutes);
  }
  return rest;
}

/** Some rows of a sample. */
export const sampleAt = ({ timesMs, target, inputs }: Sample, rows: Int32Array): Sample => ({
  timesMs: valuesAt(timesMs, rows),
  target: valuesAt(target, rows),
  inputs: inputs.map((values) => valuesAt(values, rows)),
});

/** Some values of a column; a plain loop, for there are thousands of columns of thousands of rows. */
export function valuesAt(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place++) picked[place] = values[rows[place] as number] as number;
  return picked;
}

/** The numbers below `count` for which something holds. */
export function rowsWhere(count: number, holds: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) if (holds(row)) rows[found++] = row;
  return rows.subarray(0, found);
}

/** Least squares of the terms; with a course of the day, in turn with what is left by the hour (backfitting). */
function regress(base: Unfitted, sample: Sample, daily: boolean, utcOffsetMinutes: number): ResidualPart {
  if (!daily) return { ...base, weights: weightsOf(base, sample, sample.target) };
  let part: ResidualPart = { ...base, weights: [0] };
  let course: Profile | undefined;
  for (let round = 0; round < backfits; round++) {
    const known = course;
    const atHour = (row: number) => (known ? profileAt(known, sample.timesMs[row] as number, utcOffsetMinutes) : 0);
    part = {
      ...base,
      weights: weightsOf(
        base,
        sample,
        sample.target.map((value, row) => value - atHour(row)),
      ),
    };
    course = courseOf(residualsOf(part, sample, utcOffsetMinutes), sample.timesMs, utcOffsetMinutes);
  }
  return course ? { ...part, daily: course } : part;
}

function weightsOf({ of }: Unfitted, { inputs }: Sample, target: Float64Array): number[] {
  const values = new Float64Array(of.length);
  const terms = new Float64Array(termCount(of.length));
  const squares = new LeastSquares(terms.length);
  for (let row = 0; row < target.length; row++) {
    for (const [index, { centre, spread }] of of.entries())
      values[index] = ((inputs[index]?.[row] as number) - centre) / spread;
    writeTerms(values, terms);
    squares.add(terms, target[row] as number);
  }
  return [...squares.solve()].map((weight) => significant(weight, 7));
}

/** Medians by the hour, of working and of free days; hours without rows are as those of the other days. */
function courseOf(rest: Float64Array, timesMs: Float64Array, utcOffsetMinutes: number): Profile {
  const hourly = () => Array.from({ length: bins }, (): number[] => []);
  const hours = { working: hourly(), free: hourly() };
  for (const [row, value] of rest.entries()) {
    const localMinutes = (timesMs[row] as number) / 60_000 + utcOffsetMinutes;
    const bin = Math.floor(((localMinutes % minutesOfDay) / minutesOfDay) * bins);
    hours[isFreeDay(localMinutes) ? 'free' : 'working'][bin]?.push(value);
  }
  const course = (own: number[][], other: number[][]) =>
    own.map((values, bin) => {
      const known = [values, other[bin] ?? []].find(({ length }) => length > 0);
      return known ? significant(median(known)) : 0;
    });
  return { working: course(hours.working, hours.free), free: course(hours.free, hours.working) };
}
