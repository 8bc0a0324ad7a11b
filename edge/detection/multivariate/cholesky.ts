/** Lower Cholesky factor of a positive definite matrix (lower half, row by row), in place. */
export function factorise(matrix: Float64Array, width: number): void {
  for (let row = 0; row < width; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * width + column] as number;
      for (let at = 0; at < column; at++)
        sum -= (matrix[row * width + at] as number) * (matrix[column * width + at] as number);
      matrix[row * width + column] =
        row === column ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / (matrix[column * width + column] as number);
    }
}

/** Solves L·Lᵀ·x = b for a factor of `factorise`, in place of b. */
export function solveFactorised(factor: Float64Array, width: number, values: Float64Array): void {
  for (let row = 0; row < width; row++) {
    let sum = values[row] as number;
    for (let at = 0; at < row; at++) sum -= (factor[row * width + at] as number) * (values[at] as number);
    values[row] = sum / (factor[row * width + row] as number);
  }
  for (let row = width - 1; row >= 0; row--) {
    let sum = values[row] as number;
    for (let at = row + 1; at < width; at++) sum -= (factor[at * width + row] as number) * (values[at] as number);
    values[row] = sum / (factor[row * width + row] as number);
  }
}
