/**
 * One step of exponentially weighted means over columns (Roberts 1959), in place. A value that is not finite leaves its
 * mean as it is; a mean that is NaN begins with the first value.
 * @param weight λ of the newest value
 */
export function stepEwma(means: Float64Array, values: ArrayLike<number>, weight: number): void {
  for (let column = 0; column < means.length; column++) {
    const value = values[column] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    const mean = means[column] as number;
    means[column] = Number.isNaN(mean) ? value : mean + weight * (value - mean);
  }
}

/** Standard deviation of such a mean of independent values, over that of one value, in the steady state. */
export const ewmaDeviation = (weight: number): number => Math.sqrt(weight / (2 - weight));
