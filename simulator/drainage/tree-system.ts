/**
 * Linear equations whose unknowns form trees, one row per unknown: diagonal · x + up · x(parent) + Σ down(child) ·
 * x(child) = right side. Every child stands before its parent, so that elimination from the leaves to the roots fills
 * nothing in and takes a time in proportion to the rows (Parter, The use of linear graphs in Gauss elimination, 1961).
 */
export class TreeSystem {
  readonly diagonal: Float64Array;
  /** Coefficient of the parent in the row of the child. */
  readonly up: Float64Array;
  /** Coefficient of the child in the row of its parent. */
  readonly down: Float64Array;
  readonly right: Float64Array;
  private readonly parents: Int32Array;

  /** `parents`: index of each row's parent, −1 for roots; RangeError unless children stand before parents. */
  constructor(parents: readonly number[]) {
    for (const [child, parent] of parents.entries()) {
      if (parent !== -1 && (parent <= child || parent >= parents.length)) {
        throw new RangeError(`row ${child} must stand before its parent ${parent}`);
      }
    }
    this.parents = Int32Array.from(parents);
    this.diagonal = new Float64Array(parents.length);
    this.up = new Float64Array(parents.length);
    this.down = new Float64Array(parents.length);
    this.right = new Float64Array(parents.length);
  }

  clear(): void {
    this.diagonal.fill(0);
    this.up.fill(0);
    this.down.fill(0);
    this.right.fill(0);
  }

  /** Solves into `x`; the coefficients are used up. Needs a dominant diagonal, as balances of stores have. */
  solve(x: Float64Array): void {
    const { parents, diagonal, up, down, right } = this;
    for (let row = 0; row < parents.length; row++) {
      const parent = parents[row] as number;
      if (parent < 0) continue;
      const factor = (down[row] as number) / (diagonal[row] as number);
      diagonal[parent] = (diagonal[parent] as number) - factor * (up[row] as number);
      right[parent] = (right[parent] as number) - factor * (right[row] as number);
    }
    for (let row = parents.length - 1; row >= 0; row--) {
      const parent = parents[row] as number;
      const known = parent < 0 ? 0 : (up[row] as number) * (x[parent] as number);
      x[row] = ((right[row] as number) - known) / (diagonal[row] as number);
    }
  }
}
