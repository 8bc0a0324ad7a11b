/** Standard deviation of normal data over its median absolute deviation, and over its interquartile range. */
const MAD_TO_SIGMA = 1.4826;

/** The quantile between neighbours, linear (Hyndman & Fan 1996, type 7) of values in ascending order; NaN of nothing. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const left = Math.floor(position);
  const low = sorted[left] ?? Number.NaN;
  const high = sorted[Math.min(left + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - left);
}

/** Median; NaN of nothing. */
export const median = (values: ArrayLike<number>): number => quantileOfSorted(Float64Array.from(values).sort(), 0.5);

/** Median of those that are numbers; NaN of none. */
export const medianOfFinite = (values: readonly number[]): number => median(values.filter(Number.isFinite));

/** Largest of many; −∞ of nothing. */
export const largest = (values: Iterable<number>): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > most) most = value;
  return most;
};

/** Standard deviation that half of the values cannot spoil: 1.4826 × median absolute deviation. */
export function robustDeviation(values: ArrayLike<number>, middle = median(values)): number {
  return MAD_TO_SIGMA * median(Float64Array.from(values, (value) => Math.abs(value - middle)));
}
