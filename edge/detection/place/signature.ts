import { type PlaceMatrix, unpackChanges } from './matrix.ts';

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
   * Writes what the leak of a size changes at every sensor.
   * @param leak index of the size
   * @param load demand as a multiple of its mean; taken to the nearest load of the matrix where it is outside of them
   */
  read(into: Float64Array, candidate: number, leak: number, load: number): void {
    const { candidates, leaksLs, sensors } = this.matrix;
    const { lower, share } = this.between(load);
    const rows = candidates.length * sensors.length;
    const first = (lower * leaksLs.length + leak) * rows + candidate * sensors.length;
    const second = share > 0 ? first + leaksLs.length * rows : first;
    for (let sensor = 0; sensor < sensors.length; sensor++) {
      const low = this.changes[first + sensor] as number;
      into[sensor] = low + share * ((this.changes[second + sensor] as number) - low);
    }
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
