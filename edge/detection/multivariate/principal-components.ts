import { symmetricEigen } from './symmetric-eigen.ts';

/** A residual is never standardised by less than this share of the mean residual variance: a column that the others give exactly must not drown them. Design choice. */
const LEAST_RESIDUAL_SHARE = 0.1;

/** Principal components of standardised columns: plain data, may be saved and restored. */
export interface PrincipalComponents {
  readonly width: number;
  readonly count: number;
  /** Component `k` is `vectors[k·width … (k+1)·width)`. */
  readonly vectors: Float64Array;
  /** Variance along each component. */
  readonly variances: Float64Array;
  /** Variance of each column that the components leave over, not below a floor. */
  readonly residualVariances: Float64Array;
}

/**
 * The fewest components that carry `share` of the variance (Jackson 1991).
 * @param covariance row by row, width × width, of centred columns
 * @param share 0.95 is a good choice, 0.99 a bad one
 */
export function fitPrincipalComponents(covariance: Float64Array, width: number, share: number): PrincipalComponents {
  const { values, vectors } = symmetricEigen(covariance, width);
  const positive = values.map((value) => Math.max(0, value));
  const total = positive.reduce((sum, value) => sum + value, 0);
  let count = 0;
  for (let carried = 0; count < width - 1 && carried < share * total; count++) carried += positive[count] as number;
  // one direction at least is left for the residual, none is kept that has no variance
  while (count > 0 && (positive[count - 1] as number) <= 1e-10 * total) count--;
  const left = new Float64Array(width);
  for (let component = count; component < width; component++)
    for (let column = 0; column < width; column++)
      left[column] =
        (left[column] as number) +
        (positive[component] as number) * (vectors[component * width + column] as number) ** 2;
  const floor = Math.max(1e-9, (LEAST_RESIDUAL_SHARE * left.reduce((sum, value) => sum + value, 0)) / width);
  return {
    width,
    count,
    vectors: vectors.slice(0, count * width),
    variances: positive.slice(0, count),
    residualVariances: left.map((value) => Math.max(floor, value)),
  };
}
