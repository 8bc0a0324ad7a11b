import type { ResidualPart } from '../calibration.ts';
import { termCount, writeTerms } from './terms.ts';

/**
 * Beyond this many times the usual limit nothing is judged: a departure counts 12 deviations at the most, and where it is
 * to pass three times the 4 that are usually allowed, none could.
 */
export const mostWidening = 3;

/** What the inputs of taught rows were, together: their terms' second moments, and what follows for other inputs. */
export type Reach = NonNullable<ResidualPart['reach']>;

/** How far inputs lie from all that was taught, as a regression sees it. */
export class Leverage {
  private readonly of: ResidualPart['of'];
  private readonly factor: ArrayLike<number>;
  private readonly inputs: Float64Array;
  private readonly terms: Float64Array;
  private readonly solved: Float64Array;

  /** @param factor lower Cholesky factor of the mean of t·tᵀ over the taught rows, t being 1 and their terms; row by row, without the zeros */
  constructor(of: ResidualPart['of'], factor: ArrayLike<number>) {
    this.of = of;
    this.factor = factor;
    this.inputs = new Float64Array(of.length);
    this.terms = new Float64Array(termCount(of.length));
    this.solved = new Float64Array(this.terms.length + 1);
  }

  /**
   * The leverage times the number of taught rows, tᵀ·(mean of t·tᵀ)⁻¹·t: the variance of what is expected, in variances of
   * the mean of all rows (Hoaglin & Welsch 1978); as many as there are terms in the mean, and higher the further out.
   */
  at(values: ArrayLike<number>): number {
    const { of, factor, inputs, terms, solved } = this;
    for (let index = 0; index < of.length; index++) {
      const { centre, spread } = of[index] as ResidualPart['of'][number];
      inputs[index] = ((values[index] as number) - centre) / spread;
    }
    writeTerms(inputs, terms);
    let place = 0;
    let sum = 0;
    for (let row = 0; row < solved.length; row++) {
      let left = row === 0 ? 1 : (terms[row - 1] as number);
      for (let column = 0; column < row; column++) left -= (factor[place++] as number) * (solved[column] as number);
      const own = left / (factor[place++] as number);
      solved[row] = own;
      sum += own * own;
    }
    return sum;
  }
}

/**
 * How many times as wide a limit is where the leverage is beyond all that was taught: the root of 1 + growth · what is
 * beyond, as a prediction interval widens (Montgomery, Peck & Vining 2012, § 3.8: hidden extrapolation).
 */
export const wideningOf = (leverage: number, { highest, growth }: Pick<Reach, 'highest' | 'growth'>): number =>
  Math.sqrt(1 + growth * Math.max(0, leverage - highest));
