import { factorise, solveFactorised } from '../../../edge/detection/multivariate/cholesky.ts';

/** Pull of weights towards 0 per row, of terms with unit spread: keeps those of nearly equal inputs apart; design choice. */
const ridge = 1e-3;

/** Ridge regression (Hoerl & Kennard 1970) by normal equations, row by row. */
export class LeastSquares {
  private readonly width: number;
  private readonly squares: Float64Array;
  private readonly products: Float64Array;
  private rows = 0;

  /** @param terms without the intercept */
  constructor(terms: number) {
    this.width = terms + 1;
    this.squares = new Float64Array(this.width * this.width);
    this.products = new Float64Array(this.width);
  }

  add(terms: Float64Array, value: number): void {
    const { width, squares, products } = this;
    this.rows++;
    products[0] = (products[0] as number) + value;
    squares[0] = (squares[0] as number) + 1;
    for (let row = 1; row < width; row++) {
      const left = terms[row - 1] as number;
      const base = row * width;
      products[row] = (products[row] as number) + left * value;
      squares[base] = (squares[base] as number) + left;
      for (let column = 1; column <= row; column++)
        squares[base + column] = (squares[base + column] as number) + left * (terms[column - 1] as number);
    }
  }

  /** Intercept and weights. */
  solve(): Float64Array {
    const factor = this.squares.slice();
    this.pull(factor, this.rows);
    factorise(factor, this.width);
    const weights = this.products.slice();
    solveFactorised(factor, this.width, weights);
    return weights;
  }

  /** Lower Cholesky factor of the mean of t·tᵀ over the rows, t being 1 and the terms; row by row, without the zeros. */
  factorOfMoments(): number[] {
    const { width } = this;
    const moments = this.squares.map((sum) => sum / this.rows);
    this.pull(moments, 1);
    factorise(moments, width);
    return Array.from({ length: width }, (_, row) => [...moments.subarray(row * width, row * width + row + 1)]).flat();
  }

  private pull(squares: Float64Array, rows: number): void {
    const { width } = this;
    for (let row = 1; row < width; row++)
      squares[row * width + row] = (squares[row * width + row] as number) + ridge * rows;
  }
}
