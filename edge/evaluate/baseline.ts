/** What a middle moves at most over as many rows as training had, and at most altogether, in deviations. */
const RATE = 2;
const REACH = 3;

/**
 * Follows the middles of standardised values, so that sensors may drift, loads roam and relations bend a little: slowly, and
 * never further than three deviations from training. A fault that is larger is never learnt away, however long it lasts or
 * however slowly it comes, and none while it is alarmed: a guarded re-calibration. The figures are a design choice.
 */
export class Baseline {
  private readonly middles: Float64Array;
  private readonly step: number;

  constructor(width: number, trainedRows: number) {
    this.middles = new Float64Array(width);
    this.step = RATE / Math.max(1, trainedRows);
  }

  /** Takes the middles off the values, in place, and may let them follow; a value that is NaN leaves its middle as it is. */
  settle(values: Float64Array, follows: boolean): void {
    const { middles, step } = this;
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      if (Number.isNaN(value)) continue;
      const middle = middles[at] as number;
      const left = value - middle;
      values[at] = left;
      if (!follows) continue;
      const moved = middle + step * Math.max(-1, Math.min(1, left));
      middles[at] = Math.max(-REACH, Math.min(REACH, moved));
    }
  }
}
