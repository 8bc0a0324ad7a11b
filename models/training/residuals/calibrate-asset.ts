import type { PackAsset } from '../../../edge/core/pack.ts';
import { leastHistory } from '../../../edge/core/watch.ts';
import { heldOutPeaks } from '../../../edge/detection/budget/alarm-rate.ts';
import type { ResidualCalibration, ResidualPart } from '../../../edge/detection/calibration.ts';
import { type ChartState, stepChart } from '../../../edge/detection/charts/cusum.ts';
import { largest } from '../../../edge/detection/order-statistics.ts';
import {
  jointDeviation,
  limitShareIn,
  minuteS,
  mostIn,
  signedDeviation,
} from '../../../edge/detection/residual/departure.ts';
import {
  type Expectation,
  type ResidualOptions,
  residualName,
  residualOptions,
  rolesOf,
} from '../../../edge/detection/residual/options.ts';
import { inputFrom, type Passage, rolesOfInput } from '../../../edge/detection/residual/passage.ts';
import { significant } from '../significant.ts';
import { type Held, type TaughtPart, withReach } from './reach.ts';
import { learn, residualsOf, rowsWhere, type Sample, sampleAt, valuesAt } from './regression.ts';
import { type AssetRows, ratesOf } from './rows.ts';

/** Rows that must be there, in minutes. */
const leastRows = leastHistory.minutesDays * 1440;
/** This share of the rows, the oldest, is fitted for the limits; the others are held out. The figures in use are fitted to all. */
const fittedShare = 0.6;
/** Of the rows that are fitted every so-manieth is taken: neighbours in time say nearly the same. */
const stride = 5;
/** How far the limit lies beyond the largest sum of held-out rows; design choice. */
const margin = 1.5;
/** Limits of a CUSUM in deviations: three minutes at the most that a minute counts, and a chart too restless to be of use. */
const lowestLimit = 24;
const highestLimit = 400;
/** Residuals beyond this share do not widen the scale. */
const trimmedShare = 0.99;
/** A scale is never less than this share of what the value was in all: models are not exact. */
const leastScaleShare = 0.002;
/** What has no more values than this is moved in steps, as a tap changer is. */
const mostSteps = 64;

/** Calibrates every `residual` that a pack attaches to a kind of asset, by name; those that history cannot tell are left out. */
export function calibrateAsset(
  packAsset: PackAsset,
  rows: AssetRows,
  utcOffsetMinutes: number,
): Record<string, ResidualCalibration> {
  return Object.fromEntries(
    residualsIn(packAsset).flatMap(({ kind, options }) => {
      const chart = calibrateClaim(options, rows, utcOffsetMinutes);
      return chart ? [[residualName(kind, options), chart] as const] : [];
    }),
  );
}

/** The `residual` detectors of a kind of asset. */
export const residualsIn = ({ detectors }: PackAsset): { readonly kind: string; readonly options: ResidualOptions }[] =>
  detectors
    .filter(({ detector }) => detector === 'residual')
    .map(({ kind, options }) => ({ kind, options: residualOptions.parse(options) }));

function calibrateClaim(
  options: ResidualOptions,
  rows: AssetRows,
  utcOffsetMinutes: number,
): ResidualCalibration | undefined {
  const { residuals, allowance, windowS } = options;
  const complete = completeSample(options, rows);
  if (!complete || complete.timesMs.length < leastRows) return undefined;
  const oldest = Math.round(complete.timesMs.length * fittedShare);
  const held: Held[] = [];
  const taught: TaughtPart[] = [];
  for (const [index, expectation] of residuals.entries()) {
    const all = complete.sampleOf(index);
    const base = unfitted(expectation, all);
    if (!base) return undefined;
    const fitted = (until: number) =>
      sampleAt(
        all,
        rowsWhere(until, (row) => row % stride === 0),
      );
    const before = learn(base, fitted(oldest), expectation.daily, utcOffsetMinutes);
    const part = learn(base, fitted(all.target.length), expectation.daily, utcOffsetMinutes);
    const newest = sampleAt(
      all,
      rowsWhere(all.target.length, (row) => row >= oldest),
    );
    const rest = residualsOf(before, newest, utcOffsetMinutes);
    const scale = significant(scaleOf(rest, all.target));
    if (!(scale > 0)) return undefined;
    held.push({ part: { ...part, scale }, rest });
    taught.push({ part: { ...part, scale }, sample: all, daily: expectation.daily });
  }
  const sums = sumsOf(held, allowance, mostIn(windowS));
  const lowest = lowestLimit * limitShareIn(windowS);
  const limitOf = (largestSum: number) => significant(Math.max(lowest, margin * largestSum));
  const limit = limitOf(largest(sums));
  if (limit > highestLimit) return undefined;
  const bears = (foretold: readonly Held[]) => margin * largest(sumsOf(foretold, allowance, mostIn(windowS))) <= limit;
  const parts = withReach(taught, utcOffsetMinutes, bears);
  const days = (sums.length / complete.timesMs.length) * daysIn(complete.timesMs);
  return {
    ...{ parts, allowance, limit, heldOut: heldOutPeaks(sums, days, limitOf) },
    ...(windowS === minuteS ? {} : { windowS }),
  };
}

/** Rows in which all roles are known and the condition holds; undefined where a role is not there at all. */
function completeSample(options: ResidualOptions, { timesMs, columns }: AssetRows) {
  const { residuals, when } = options;
  if (rolesOf(options).some((role) => !columns.has(role))) return undefined;
  const column = (role: string) => columns.get(role) as Float32Array;
  const valuesOf = (passage: Passage) => {
    const [own, ...others] = rolesOfInput(passage).map(column);
    const at = (row: number) =>
      inputFrom(
        passage,
        [own, ...others].map((values) => values?.[row] as number),
      );
    return others.length === 0 ? (own as Float32Array) : timesMs.map((_, row) => at(row));
  };
  const targets = residuals.map((expected) =>
    expected.rate ? ratesOf(column(expected.role), timesMs) : valuesOf(expected),
  );
  const inputs = residuals.map(({ of }) => of.map(valuesOf));
  const needed = [...targets, ...inputs.flat()];
  const condition = when && column(when.role);
  const known = (row: number) => {
    if (condition && condition[row] !== when?.equals) return false;
    for (const values of needed) if (!Number.isFinite(values[row])) return false;
    return true;
  };
  const rows = rowsWhere(timesMs.length, known);
  const times = valuesAt(timesMs, rows);
  return {
    timesMs: times,
    sampleOf: (index: number): Sample => ({
      timesMs: times,
      target: valuesAt(targets[index] as ArrayLike<number>, rows),
      inputs: (inputs[index] ?? []).map((values) => valuesAt(values, rows)),
    }),
  };
}

/** What the inputs were; undefined when one never moved or nothing is left that the value could follow from. */
function unfitted(
  { of, daily, ...expected }: Expectation,
  { inputs }: Sample,
): Omit<ResidualPart, 'weights'> | undefined {
  if (of.length === 0 && !daily) return undefined;
  const seen = inputs.map((values, index) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    const figures = { centre: significant(mean), low: significant(low), high: significant(high) };
    return { ...(of[index] as Passage), spread: significant(Math.sqrt(variance)) || 1, ...figures };
  });
  return { ...expected, of: seen, scale: 1 };
}

/** Root mean square of the residuals that are not among the largest hundredth. */
function scaleOf(rest: Float64Array, target: Float64Array): number {
  const sizes = rest.map(Math.abs).sort();
  const kept = sizes.subarray(0, Math.max(1, Math.round(sizes.length * trimmedShare)));
  const square = kept.reduce((sum, size) => sum + size ** 2, 0) / kept.length;
  const range = target.reduce((a, b) => Math.max(a, b)) - target.reduce((a, b) => Math.min(a, b));
  return Math.max(Math.sqrt(square), leastScaleShare * range, stepOf(target) / 2);
}

/** The step by which a value is moved; 0 for one that moves freely. What moves it may leave it a step to either side. */
function stepOf(target: Float64Array): number {
  const values = new Set<number>();
  for (const value of target) {
    values.add(value);
    if (values.size > mostSteps) return 0;
  }
  const levels = [...values].sort((a, b) => a - b);
  const steps = levels.slice(1).map((level, index) => level - (levels[index] as number));
  return steps.length === 0 ? 0 : Math.min(...steps);
}

const daysIn = (timesMs: Float64Array): number => ((timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0)) / 86_400_000;

/**
 * How far the CUSUM was on each of the held-out rows: samples of a minute, which depart no less than means.
 * @param most what a departure counts at the most
 */
function sumsOf(held: readonly Held[], allowance: number, most: number): Float64Array {
  const state: ChartState = { up: 0, down: 0, active: false };
  const open = { allowance, limit: Number.MAX_VALUE };
  const either = held.length === 1 && held[0]?.part.moves === 'either';
  const signed = new Float64Array(held.length);
  const sums = new Float64Array(held[0]?.rest.length ?? 0);
  for (let row = 0; row < sums.length; row++) {
    for (const [index, { part, rest }] of held.entries())
      signed[index] = signedDeviation((rest[row] as number) / part.scale, part.moves);
    stepChart(state, jointDeviation(signed, most), open, either ? 'both' : 'up');
    sums[row] = Math.max(state.up, either ? state.down : 0);
  }
  return sums;
}
