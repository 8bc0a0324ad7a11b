import { isFreeDay } from '../../edge/detection/calibration.ts';
import { calendarAt } from '../../edge/detection/learned/site-manifest.ts';
import { fitPrincipalComponents } from '../../edge/detection/multivariate/principal-components.ts';
import { median, robustDeviation } from '../../edge/detection/order-statistics.ts';
import { DAY_MS, fitSeason, spansTwice } from '../../edge/detection/seasonal/season.ts';
import type { AssetRows } from './asset-rows.ts';
import { courseWeights, DAY_BINS, type LinearModel, type Standards, standardise } from './linear-model.ts';

/** 99 % is a bad choice, see the detection reference on dynamic PCA. */
const KEPT_VARIANCE = 0.95;
/** Beyond this many standard deviations a value counts as if it lay there: anomalies in history must not shape the model. */
export const WINSORISED = 5;
/** A robust deviation is not believed below this share of the plain one: signals that mostly stand still. Design choice. */
const LEAST_ROBUST_SHARE = 0.2;
/** Nor below this share of the plain one over all modes: in a mode of its own a signal may stand still. Design choice. */
const LEAST_MODE_SHARE = 0.02;

/** The course and scale of one signal. */
interface Standard {
  readonly origin: number;
  readonly course: Float64Array;
  readonly scale: number;
}

/** Fits course, scale and components to the rows of use `fit` (of one mode, where there are modes); statistics are not scaled yet. */
export function fitLinearModel(rows: AssetRows, lags: number, mode?: number): LinearModel {
  const { roles } = rows;
  const width = roles * (lags + 1);
  const standards = standardsOf(rows, lags, mode);
  const model: LinearModel = {
    ...{
      roles,
      lags,
      components: 0,
      loadings: new Float64Array(0),
      inverseVariances: new Float64Array(0),
      ...standards,
    },
    ...{ inverseDeviations: new Float64Array(width).fill(1), inverseSpe: 1 },
  };
  const { mean, covariance } = momentsOf(model, rows, mode);
  const pca = fitPrincipalComponents(covariance, width, KEPT_VARIANCE);
  const { count, vectors, variances, residualVariances } = pca;
  return rounded({
    ...model,
    origin: model.origin.map((origin, at) => origin + (mean[at] as number) / (standards.inverseScale[at] as number)),
    components: count,
    loadings: Float64Array.from(
      { length: width * count },
      (_, at) => vectors[(at % count) * width + Math.floor(at / count)] as number,
    ),
    inverseVariances: variances.map((variance) => 1 / (variance * count)),
    inverseDeviations: residualVariances.map((variance) => 1 / Math.sqrt(variance)),
  });
}

/** Course and scale of the signals and their earlier values, by the rows of use `fit`; figures as a float32 holds them. */
export function standardsOf(rows: AssetRows, lags: number, mode?: number): Standards {
  const width = rows.roles * (lags + 1);
  const signals = Array.from({ length: rows.roles }, (_, role) => standardOf(rows, role, mode));
  const of = (at: number) => signals[at % rows.roles] as Standard;
  const spread = (pick: (standard: Standard) => number) =>
    Float64Array.from({ length: width }, (_, at) => pick(of(at)));
  return roundedStandards({
    origin: spread(({ origin }) => origin),
    course: Float64Array.from(
      { length: 2 * DAY_BINS * width },
      (_, at) => of(at % width).course[Math.floor(at / width)] ?? 0,
    ),
    inverseScale: spread(({ scale }) => 1 / scale),
  });
}

/** The model with its score in units of an SPE. */
export const scaled = (model: LinearModel, spe: number): LinearModel => rounded({ ...model, inverseSpe: 1 / spe });

const roundedStandards = ({ origin, course, inverseScale }: Standards): Standards => ({
  origin: origin.map(Math.fround),
  course: course.map(Math.fround),
  inverseScale: inverseScale.map(Math.fround),
});

/** Every figure as a float32 holds it, so that the reference and the graph start from the same numbers. */
const rounded = (model: LinearModel): LinearModel => ({
  ...model,
  ...roundedStandards(model),
  loadings: model.loadings.map(Math.fround),
  inverseVariances: model.inverseVariances.map(Math.fround),
  inverseDeviations: model.inverseDeviations.map(Math.fround),
  inverseSpe: Math.fround(model.inverseSpe),
});

function standardOf(rows: AssetRows, role: number, mode?: number): Standard {
  const { times, values } = rows.signal(role, 'fit', mode);
  const local = times.map((time) => time + rows.utcOffsetMinutes * 60_000);
  const origin = median(values);
  const course = courseOf(
    local,
    values.map((value) => value - origin),
  );
  const residuals = values.map((value, at) => {
    const weights = courseWeights(...calendarAt(times[at] as number, rows.utcOffsetMinutes));
    return weights.reduce((left, weight, bin) => left - weight * (course[bin] as number), value - origin);
  });
  const least = mode === undefined ? 0 : LEAST_MODE_SHARE * deviationOf(rows.signal(role, 'fit').values);
  return {
    ...{ origin, course },
    scale: Math.max(widthOf(residuals), least),
  };
}

/** Robust standard deviation, not below a share of the plain one. */
export const widthOf = (values: Float64Array): number =>
  Math.max(robustDeviation(values), LEAST_ROBUST_SHARE * deviationOf(values));

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/**
 * Hourly medians, for free days apart where they have seen two of each hour; flat where history is shorter than two days,
 * for a season is not trusted after one repeat.
 */
function courseOf(local: Float64Array, departures: Float64Array): Float64Array {
  const course = new Float64Array(2 * DAY_BINS);
  if (!spansTwice(local, DAY_MS)) return course;
  const all = fitSeason(local, departures, DAY_MS)?.course;
  if (!all) return course;
  course.set(ofDays(local, departures, false) ?? all);
  course.set(ofDays(local, departures, true) ?? all, DAY_BINS);
  return course;
}

function ofDays(local: Float64Array, departures: Float64Array, free: boolean): Float64Array | undefined {
  const times = local.map((time) => (isFreeDay(time / 60_000) === free ? time : Number.NaN));
  const days = new Set(Array.from(times.filter(Number.isFinite), (time) => Math.floor(time / DAY_MS)));
  return days.size >= 2 ? fitSeason(times, departures, DAY_MS)?.course : undefined;
}

/** Mean and covariance of the winsorised standardised rows of use `fit`. */
function momentsOf(
  model: LinearModel,
  rows: AssetRows,
  mode: number | undefined,
): { readonly mean: Float64Array; readonly covariance: Float64Array } {
  const width = model.origin.length;
  const mean = new Float64Array(width);
  const covariance = new Float64Array(width * width);
  let count = 0;
  for (const row of rows.rows('fit', model.lags, mode)) {
    const values = standardise(model, row);
    count++;
    for (let at = 0; at < width; at++) {
      const value = Math.max(-WINSORISED, Math.min(WINSORISED, values[at] as number));
      values[at] = value;
      mean[at] = (mean[at] as number) + value;
      for (let other = 0; other <= at; other++)
        covariance[at * width + other] = (covariance[at * width + other] as number) + value * (values[other] as number);
    }
  }
  for (let at = 0; at < width; at++) mean[at] = (mean[at] as number) / count;
  for (let at = 0; at < width; at++)
    for (let other = 0; other <= at; other++) {
      const value = (covariance[at * width + other] as number) / count - (mean[at] as number) * (mean[other] as number);
      covariance[at * width + other] = value;
      covariance[other * width + at] = value;
    }
  return { mean, covariance };
}
