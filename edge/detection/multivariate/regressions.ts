import { factorise, solveFactorised } from './cholesky.ts';

/** Added to the variance of each regressor, 1 when standardised: columns that nearly repeat each other share their weight. Design choice. */
const RIDGE = 0.001;

/** Each of some columns as a linear function of others: plain data, may be saved and restored. */
export interface Regressions {
  readonly width: number;
  readonly targets: readonly number[];
  /** Weights of target `k`: `weights[k·width … (k+1)·width)`, 0 where a column is none of its regressors. */
  readonly weights: Float64Array;
}

/**
 * Ridge regressions (Hoerl & Kennard 1970) of columns on others.
 * @param moments second moments of centred columns, row by row, width × width
 * @param targets columns that are explained
 * @param mayExplain whether a column may be a regressor of a target
 */
export function fitRegressions(
  moments: Float64Array,
  width: number,
  targets: readonly number[],
  mayExplain: (column: number, target: number) => boolean,
): Regressions {
  const weights = new Float64Array(targets.length * width);
  for (const [place, target] of targets.entries()) {
    const from = Array.from({ length: width }, (_, column) => column).filter((column) => mayExplain(column, target));
    const matrix = new Float64Array(from.length ** 2);
    const solution = Float64Array.from(from, (column) => moments[column * width + target] as number);
    for (const [row, left] of from.entries())
      for (let column = 0; column <= row; column++)
        matrix[row * from.length + column] =
          (moments[left * width + (from[column] as number)] as number) + (column === row ? RIDGE : 0);
    factorise(matrix, from.length);
    solveFactorised(matrix, from.length, solution);
    for (const [at, column] of from.entries()) weights[place * width + column] = solution[at] as number;
  }
  return { width, targets, weights };
}

/** What is left of each target when what the others say of it is taken off; nothing of the row may be missing. */
export function regressionResiduals(
  { width, targets, weights }: Regressions,
  row: Float64Array,
  out: Float64Array,
): void {
  for (let place = 0; place < targets.length; place++) {
    let expected = 0;
    const base = place * width;
    for (let column = 0; column < width; column++)
      expected += (weights[base + column] as number) * (row[column] as number);
    out[place] = (row[targets[place] as number] as number) - expected;
  }
}
