/** What a middle moves at most over as many rows as training had, and at most altogether, in deviations. */
const RATE = 2;
const REACH = 3;

/**
 * Follows the middles of standardised values, so that sensors may drift, loads roam and relations bend a little: slowly, and
 * never further than three deviations from where it began. A fault that is larger is never learnt away, however long it lasts
 * or however slowly it comes, and none while it is alarmed: a guarded re-calibration. The figures are a design choice.
 */
export class Baseline {
  /** Means of the last whole block of values, as they came. */
  readonly usual: Float64Array;
  private readonly origins: Float64Array;
  private readonly middles: Float64Array;
  private readonly step: number;
  private readonly sums: Float64Array;
  private readonly counts: Uint32Array;

  /** @param origins where it begins */
  constructor(width: number, trainedRows: number, origins = new Float64Array(width)) {
    this.origins = origins;
    this.middles = origins.slice();
    this.usual = origins.slice();
    this.sums = new Float64Array(width);
    this.counts = new Uint32Array(width);
    this.step = RATE / Math.max(1, trainedRows);
  }

  /** Takes the middles off the values, in place, and may let them follow; a value that is NaN leaves its middle as it is. */
  settle(values: Float64Array, follows: boolean): void {
    const { middles, origins, sums, counts, step } = this;
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      if (Number.isNaN(value)) continue;
      sums[at] = (sums[at] as number) + value;
      counts[at] = (counts[at] as number) + 1;
      const middle = middles[at] as number;
      const left = value - middle;
      values[at] = left;
      if (!follows) continue;
      const moved = middle + step * Math.max(-1, Math.min(1, left));
      const origin = origins[at] as number;
      middles[at] = Math.max(origin - REACH, Math.min(origin + REACH, moved));
    }
  }

  /** Ends a block: its means are what is usual; where nothing came that stays. */
  closeBlock(): void {
    for (let at = 0; at < this.sums.length; at++) {
      const count = this.counts[at] as number;
      if (count > 0) this.usual[at] = (this.sums[at] as number) / count;
    }
    this.sums.fill(0);
    this.counts.fill(0);
  }

  /** How far what is usual lies from where it began. */
  strayed(at: number): number {
    return (this.usual[at] as number) - (this.origins[at] as number);
  }
}
