import { type PlaceMatrix, unpackChanges } from './matrix.ts';

/** The row of one candidate and leak, mixed from those of two loads. */
export interface SignatureRow {
  readonly first: number;
  readonly second: number;
  /** How much of the second, 0..1. */
  readonly share: number;
}

/** Where a load stands between two of the matrix's: the lower one, and the share of the way to the next. */
interface Between {
  readonly lower: number;
  readonly share: number;
}

/** What leaks of growing size change, candidate by candidate, at any load: the matrix unpacked, linear between its loads. */
export class Signatures {
  readonly matrix: PlaceMatrix;
  private readonly changes: Float32Array;

  /** Throws RangeError when the matrix is not whole. */
  constructor(matrix: PlaceMatrix) {
    this.matrix = matrix;
    this.changes = unpackChanges(matrix);
  }

  /**
   * The row of what the leak of a size changes.
   * @param leak index of the size
   * @param load demand as a multiple of its mean; taken to the nearest load of the matrix where it is outside of them
   */
  row(candidate: number, leak: number, load: number): SignatureRow {
    const { candidates, leaksLs, sensors } = this.matrix;
    const { lower, share } = this.between(load);
    const rows = candidates.length * sensors.length;
    const first = (lower * leaksLs.length + leak) * rows + candidate * sensors.length;
    return { first, second: share > 0 ? first + leaksLs.length * rows : first, share };
  }

  /** Change at a sensor in a row, kPa or L/s. */
  at({ first, second, share }: SignatureRow, sensor: number): number {
    const low = this.changes[first + sensor] as number;
    return low + share * ((this.changes[second + sensor] as number) - low);
  }

  private between(load: number): Between {
    const { loads } = this.matrix;
    const next = loads.findIndex((known) => known > load);
    if (next === 0) return { lower: 0, share: 0 };
    if (next < 0) return { lower: loads.length - 1, share: 0 };
    const low = loads[next - 1] as number;
    return { lower: next - 1, share: (load - low) / ((loads[next] as number) - low) };
  }
}
