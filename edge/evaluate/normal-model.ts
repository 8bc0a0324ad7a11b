import { fitPrincipalComponents, type PrincipalComponents } from '../detection/multivariate/principal-components.ts';
import { Projection } from '../detection/multivariate/projection.ts';
import { fitRegressions, type Regressions, regressionResiduals } from '../detection/multivariate/regressions.ts';
import { quantileOfSorted, robustDeviation } from '../detection/order-statistics.ts';
import { type Feature, readFeatures } from './features.ts';
import { type Ranges, rowsIn } from './ranges.ts';
import { fitSignalCourse, type SignalCourse } from './signal-course.ts';
import { fitStandardisation, type Standardisation, standardise } from './standardisation.ts';
import type { Table } from './table.ts';

/** Share of the variance that the components carry. */
const VARIANCE_SHARE = 0.95;
/** Rows from which a model is fitted at most: more do not change it. */
const SAMPLE_ROWS = 12_000;
/** Two lags (Ku et al. 1995); more where there are so few columns that a row alone shows no shape, up to this width. */
const LAGS = 2;
const SHAPE_WIDTH = 24;
/** Wider than this a model has no lags. */
const WIDEST_LAGGED = 360;
/** Rows a model wants for each of its inputs. */
const ROWS_PER_INPUT = 2;
/** At most this share of the training rows may be anomalies, and only those that stand out this far are taken for some. */
const SPOILED_SHARE = 0.05;
const SPOILED_DISTANCE = 8;
/** Values beyond so many deviations count as this in the first fit. */
const FIRST_CUT = 3;

/** A misfit of a regression is never narrower than this share of its signal. */
const LEAST_MISFIT = 0.02;

/** What normal rows look like: everything the rungs need, fitted to training rows only. */
export interface NormalModel {
  readonly features: readonly Feature[];
  readonly standardisation: Standardisation;
  readonly lags: number;
  readonly components: PrincipalComponents;
  /** Rows of the ranges it was fitted to. */
  readonly rows: number;
  /** Largest ordinary SPE: the charts take no more than a multiple of it from one row. */
  readonly ordinarySpe: number;
  /** Each signal by the other columns, now and before, and width of what that leaves over. */
  readonly regressions: Regressions;
  readonly regressionDeviations: Float64Array;
  readonly course: SignalCourse;
}

/** How many lags a model of so many features and training rows has. */
export function lagsFor(features: number, rows: number): number {
  const shape = Math.max(LAGS, Math.floor(SHAPE_WIDTH / features) - 1);
  const fitting = Math.floor(Math.min(WIDEST_LAGGED, rows / ROWS_PER_INPUT) / features) - 1;
  return Math.max(0, Math.min(shape, fitting));
}

/** Fits a model of normal rows; up to 5 % of them may be anomalies. */
export function fitNormalModel(table: Table, features: readonly Feature[], ranges: Ranges, lags: number): NormalModel {
  const rows = sampleRows(ranges, lags);
  const standardisation = fitStandardisation(table, features, rows);
  const lagged = laggedRows(table, features, standardisation, rows, lags);
  const relations = fitRelations(features, lagged, features.length * (lags + 1), rows.length);
  const course = fitSignalCourse(table, features, standardisation, ranges);
  return { features, standardisation, lags, rows: rowsIn(ranges), ...relations, course };
}

/** Rows spread evenly over the ranges, each with its lags inside its range. */
function sampleRows(ranges: Ranges, lags: number): Int32Array {
  const total = ranges.reduce((sum, [from, to]) => sum + Math.max(0, to - from - lags), 0);
  const stride = Math.max(1, total / SAMPLE_ROWS);
  const rows: number[] = [];
  for (const [from, to] of ranges) for (let at = from + lags; at < to; at += stride) rows.push(Math.floor(at));
  return Int32Array.from(rows);
}

/** Standardised rows with their lags, newest first, one after the other. */
function laggedRows(
  table: Table,
  features: readonly Feature[],
  standardisation: Standardisation,
  rows: Int32Array,
  lags: number,
): Float64Array {
  const width = features.length * (lags + 1);
  const lagged = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries())
    for (let lag = 0; lag <= lags; lag++) {
      const start = index * width + lag * features.length;
      const part = lagged.subarray(start, start + features.length);
      readFeatures(table, features, row - lag, part);
      standardise(standardisation, part, table.times?.[row - lag] ?? Number.NaN);
    }
  return lagged;
}

/**
 * Components of cut values first, so that anomalies cannot turn them towards themselves, then of all rows but those that
 * stand out from these.
 */
function fitRelations(features: readonly Feature[], lagged: Float64Array, width: number, rows: number) {
  const kept = new Uint8Array(rows).fill(1);
  const first = fitPrincipalComponents(secondMoments(lagged, width, kept, FIRST_CUT), width, VARIANCE_SHARE);
  const { t2, spe } = distancesOf(first, lagged, width, rows);
  for (const row of standingOut(SPOILED_SHARE, [t2, spe])) kept[row] = 0;
  const moments = secondMoments(lagged, width, kept, Number.POSITIVE_INFINITY);
  const components = fitPrincipalComponents(moments, width, VARIANCE_SHARE);
  const ordinary = distancesOf(components, lagged, width, rows).spe.filter((_, row) => kept[row] === 1);
  const targets = Array.from(features.keys()).filter((at) => !features[at]?.condition);
  const isOther = (column: number, target: number) => column % features.length !== target;
  const regressions = fitRegressions(moments, width, targets, isOther);
  const regressionDeviations = deviationsOf(regressions, lagged, kept);
  return { components, ordinarySpe: quantileOfSorted(ordinary.sort(), 0.99), regressions, regressionDeviations };
}

/** Σ z zᵀ / n, with what is missing taken for the centre. */
function secondMoments(lagged: Float64Array, width: number, kept: Uint8Array, cut: number): Float64Array {
  const moments = new Float64Array(width * width);
  const row = new Float64Array(width);
  let count = 0;
  for (let index = 0; index < kept.length; index++) {
    if (kept[index] === 0) continue;
    count++;
    for (let at = 0; at < width; at++) row[at] = Math.max(-cut, Math.min(cut, lagged[index * width + at] || 0));
    for (let left = 0; left < width; left++) {
      const value = row[left] as number;
      if (value === 0) continue;
      const base = left * width;
      for (let right = 0; right <= left; right++)
        moments[base + right] = (moments[base + right] as number) + value * (row[right] as number);
    }
  }
  for (let left = 0; left < width; left++)
    for (let right = 0; right <= left; right++) {
      const moment = (moments[left * width + right] as number) / Math.max(1, count);
      moments[left * width + right] = moment;
      moments[right * width + left] = moment;
    }
  return moments;
}

/** Robust widths of the residuals over the kept rows, a missing value taken for the centre. */
function deviationsOf(regressions: Regressions, lagged: Float64Array, kept: Uint8Array): Float64Array {
  const { width, targets } = regressions;
  const rows = Int32Array.from(kept.keys()).filter((row) => kept[row] === 1);
  const residuals = targets.map(() => new Float64Array(rows.length));
  const out = new Float64Array(targets.length);
  const values = new Float64Array(width);
  for (const [index, row] of rows.entries()) {
    for (let at = 0; at < width; at++) values[at] = lagged[row * width + at] || 0;
    regressionResiduals(regressions, values, out);
    for (const [place, of] of residuals.entries()) of[index] = out[place] as number;
  }
  return Float64Array.from(residuals, (of) => Math.max(LEAST_MISFIT, robustDeviation(of, 0)));
}

function distancesOf(components: PrincipalComponents, lagged: Float64Array, width: number, rows: number) {
  const projection = new Projection(components);
  const t2 = new Float64Array(rows);
  const spe = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const said = projection.project(lagged.subarray(row * width, (row + 1) * width));
    t2[row] = said ? projection.t2 : 0;
    spe[row] = said ? projection.spe : 0;
  }
  return { t2, spe };
}

/**
 * Rows that stand out so far that they are taken for anomalies: on a logarithmic scale beyond the upper quartile by eight
 * times its distance from the median, in any of the measures; none when they are more than `share`, as that is no
 * accident but a way of working. Design choice.
 */
export function standingOut(share: number, measures: readonly Float64Array[]): number[] {
  const limits = measures.map((values) => {
    const sorted = values.map((value) => Math.log(value + 1e-12)).sort();
    const high = quantileOfSorted(sorted, 0.75);
    return Math.exp(high + SPOILED_DISTANCE * (high - quantileOfSorted(sorted, 0.5)));
  });
  const count = measures[0]?.length ?? 0;
  const rows: number[] = [];
  for (let row = 0; row < count; row++)
    if (measures.some((values, measure) => (values[row] as number) > (limits[measure] as number))) rows.push(row);
  return rows.length <= share * count ? rows : [];
}
