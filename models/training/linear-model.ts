/** Bins of the daily course, an hour each, first of working days, then of free days. */
export const DAY_BINS = 24;

/** What is taken off values, and how wide is what remains. */
export interface Standards {
  /** Subtracted first, so that float32 keeps its digits: [width]. */
  readonly origin: Float64Array;
  /** Expected departure from the origin, [2 · DAY_BINS, width], linear between the middles of the bins. */
  readonly course: Float64Array;
  /** 1 / standard deviation of the residual: [width]. */
  readonly inverseScale: Float64Array;
}

/**
 * What an asset's signals are to each other in normal operation: a daily course, principal components of the standardised
 * residuals, the newest and some earlier values of every role side by side (dynamic PCA, Ku et al. 1995). `width` =
 * roles × (lags + 1), the newest of all roles first. Plain data; all figures are those that a float32 holds.
 */
export interface LinearModel extends Standards {
  readonly roles: number;
  readonly lags: number;
  readonly components: number;
  /** [width, components], columns of length 1. */
  readonly loadings: Float64Array;
  /** 1 / (variance × components): [components]. */
  readonly inverseVariances: Float64Array;
  /** 1 / standard deviation of what the components leave over: [width]. */
  readonly inverseDeviations: Float64Array;
  /** 1 / that SPE which every other normal row passes. */
  readonly inverseSpe: number;
}

/** What a row comes to. */
export interface LinearVerdict {
  /** Hotelling's T² in the plane of the components, over their number (Hotelling 1947). */
  readonly t2: number;
  /** Mean squared standardised prediction error off it (Jackson and Mudholkar 1979). */
  readonly spe: number;
  /** Squared standardised errors of each role, summed over its lags: [roles]. */
  readonly contributions: Float64Array;
  /**
   * SPE in units of what every other normal row passes. T² has no say: it tells of operating points that are rare, which
   * wander with season and demand, where SPE tells of signals that do not fit each other.
   */
  readonly score: number;
}

/** Weights of the bins of the daily course at an hour: linear between their middles, midnight included. */
export function courseWeights(hour: number, freeDay: number): Float64Array {
  const weights = new Float64Array(2 * DAY_BINS);
  for (let bin = 0; bin < DAY_BINS; bin++) {
    const distance = Math.abs(hour - (bin + 0.5));
    const weight = Math.max(0, 1 - Math.min(distance, DAY_BINS - distance));
    weights[bin] = weight * (1 - freeDay);
    weights[DAY_BINS + bin] = weight * freeDay;
  }
  return weights;
}

/** Standardised residuals of a row: [width]. */
export function standardise(model: Standards, row: ArrayLike<number>): Float64Array {
  const width = model.origin.length;
  const weights = courseWeights(row[width] as number, row[width + 1] as number);
  return Float64Array.from({ length: width }, (_, at) => {
    let expected = 0;
    for (let bin = 0; bin < weights.length; bin++)
      if (weights[bin] !== 0) expected += (weights[bin] as number) * (model.course[bin * width + at] as number);
    return ((row[at] as number) - (model.origin[at] as number) - expected) * (model.inverseScale[at] as number);
  });
}

/** The reference that the ONNX graph is held against. @param row [width + 2]: values, hour, free day */
export function judgeRow(model: LinearModel, row: ArrayLike<number>): LinearVerdict {
  const { roles, components, loadings, inverseVariances, inverseDeviations } = model;
  const errors = standardise(model, row);
  const width = errors.length;
  const values = errors.slice();
  let t2 = 0;
  for (let component = 0; component < components; component++) {
    let along = 0;
    for (let at = 0; at < width; at++)
      along += (values[at] as number) * (loadings[at * components + component] as number);
    t2 += along ** 2 * (inverseVariances[component] as number);
    for (let at = 0; at < width; at++)
      errors[at] = (errors[at] as number) - along * (loadings[at * components + component] as number);
  }
  const contributions = new Float64Array(roles);
  let energy = 0;
  for (let at = 0; at < width; at++) {
    const square = ((errors[at] as number) * (inverseDeviations[at] as number)) ** 2;
    contributions[at % roles] = (contributions[at % roles] as number) + square;
    energy += square;
  }
  const spe = energy / width;
  return { t2, spe, contributions, score: spe * model.inverseSpe };
}
