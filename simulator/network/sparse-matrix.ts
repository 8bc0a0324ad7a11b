import { type Elimination, eliminate } from './elimination.ts';

/**
 * A square sparse matrix with a symmetric pattern, its values free, and its LU factors in the same cells. The pattern is
 * analysed once; after that filling, factorising and solving allocate nothing. No pivoting: for matrices whose diagonal
 * outweighs its row or column, as balances of flow networks have them.
 */
export class SparseMatrix {
  readonly size: number;
  /** All cells: what is above the diagonal by rows, what is below by rows, the diagonal, and one cell for waste. */
  readonly values: Float64Array;
  /** The cell that takes what belongs nowhere. */
  readonly waste: number;
  private readonly plan: Elimination;
  /** Columns below the diagonal by rows, rising: the transposed pattern of what is above. */
  private readonly belowStart: Int32Array;
  private readonly below: Int32Array;
  private readonly inverse: Float64Array;
  private readonly work: Float64Array;

  /** `pairs`: couplings [a, b, a, b, …] of unknowns, each for both (a, b) and (b, a). */
  constructor(size: number, pairs: Int32Array) {
    this.size = size;
    this.plan = eliminate(size, pairs);
    const { start, later } = this.plan;
    this.belowStart = new Int32Array(size + 1);
    for (const row of later) this.belowStart[row + 1] = (this.belowStart[row + 1] as number) + 1;
    for (let row = 0; row < size; row++) {
      this.belowStart[row + 1] = (this.belowStart[row + 1] as number) + (this.belowStart[row] as number);
    }
    this.below = new Int32Array(later.length);
    const filled = this.belowStart.slice();
    for (let column = 0; column < size; column++) {
      for (let at = start[column] as number; at < (start[column + 1] as number); at++) {
        const row = later[at] as number;
        this.below[filled[row] as number] = column;
        filled[row] = (filled[row] as number) + 1;
      }
    }
    this.waste = 2 * later.length + size;
    this.values = new Float64Array(this.waste + 1);
    this.inverse = new Float64Array(size);
    this.work = new Float64Array(size);
  }

  /** Where the value of (row, column) stands in `values`; both must be coupled or the same. */
  cell(row: number, column: number): number {
    const { start, later, stepOf } = this.plan;
    const [i, j] = [stepOf[row] as number, stepOf[column] as number];
    if (i === j) return 2 * later.length + i;
    const index = i < j ? later : this.below;
    const from = (i < j ? start : this.belowStart)[i] as number;
    const to = (i < j ? start : this.belowStart)[i + 1] as number;
    const at = index.subarray(from, to).indexOf(j);
    if (at < 0) throw new RangeError(`unknowns ${row} and ${column} are not coupled`);
    return from + at + (i < j ? 0 : later.length);
  }

  /**
   * Row by row, each after those that it needs. Gives undefined, or the unknown whose pivot is no number, or not more than `leastShare`
   * of what stood on its diagonal: then rows depend on each other.
   */
  factorise(leastShare = 0): number | undefined {
    const { values, work, below, belowStart, inverse, size } = this;
    const { start, later } = this.plan;
    const lower = later.length;
    const diagonal = 2 * lower;
    for (let row = 0; row < size; row++) {
      const belowEnd = belowStart[row + 1] as number;
      const end = start[row + 1] as number;
      for (let at = belowStart[row] as number; at < belowEnd; at++) {
        work[below[at] as number] = values[lower + at] as number;
      }
      for (let at = start[row] as number; at < end; at++) work[later[at] as number] = values[at] as number;
      work[row] = values[diagonal + row] as number;
      for (let at = belowStart[row] as number; at < belowEnd; at++) {
        const column = below[at] as number;
        const factor = (work[column] as number) * (inverse[column] as number);
        values[lower + at] = factor;
        if (factor === 0) continue;
        const columnEnd = start[column + 1] as number;
        for (let each = start[column] as number; each < columnEnd; each++) {
          const target = later[each] as number;
          work[target] = (work[target] as number) - factor * (values[each] as number);
        }
      }
      for (let at = start[row] as number; at < end; at++) values[at] = work[later[at] as number] as number;
      const pivot = work[row] as number;
      const least = leastShare * Math.abs(values[diagonal + row] as number);
      if (!(Math.abs(pivot) > least && Number.isFinite(pivot))) return this.plan.order[row];
      inverse[row] = 1 / pivot;
    }
    return undefined;
  }

  /** Solves A x = b by the factors; b becomes x. */
  solve(b: Float64Array): void {
    const { values, work, below, belowStart, inverse, size } = this;
    const { order, start, later } = this.plan;
    const lower = later.length;
    for (let row = 0; row < size; row++) {
      let sum = b[order[row] as number] as number;
      const end = belowStart[row + 1] as number;
      for (let at = belowStart[row] as number; at < end; at++) {
        sum -= (values[lower + at] as number) * (work[below[at] as number] as number);
      }
      work[row] = sum;
    }
    for (let row = size - 1; row >= 0; row--) {
      let sum = work[row] as number;
      const end = start[row + 1] as number;
      for (let at = start[row] as number; at < end; at++) {
        sum -= (values[at] as number) * (work[later[at] as number] as number);
      }
      work[row] = sum * (inverse[row] as number);
      b[order[row] as number] = work[row] as number;
    }
  }
}
