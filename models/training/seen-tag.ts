import type { TagCalibration } from '../../edge/detection/calibration.ts';
import { significant } from './significant.ts';

/** Digits that the ends of a range are kept with: a total is never near them, and a value of 1,000.1 is. */
const digits = 6;

/** What the steps of a history tell of a tag. */
export type SeenOfTag = Pick<TagCalibration, 'largestStep' | 'range' | 'standsS'>;

/** A tag that is seen step by step; a step without a value says nothing. */
export class SeenTag {
  private readonly stepS: number;
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;
  private newest = Number.NaN;
  private fell = false;
  private largestStep = 0;
  /** Steps in a row that brought no change, and the most of them. */
  private stood = 0;
  private longest = 0;

  /** @param stepS from value to value, s */
  constructor(stepS: number) {
    this.stepS = stepS;
  }

  take(value: number): void {
    const step = value - this.newest;
    // what is switched off shows nothing, as long as it takes
    this.stood = step === 0 && value !== 0 ? this.stood + 1 : 0;
    this.newest = value;
    if (!Number.isFinite(value)) return;
    if (this.stood > this.longest) this.longest = this.stood;
    if (step < 0) this.fell = true;
    if (Math.abs(step) > this.largestStep) this.largestStep = Math.abs(step);
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
  }

  /** What never falls has neither range nor rest: a total stands while nothing runs. */
  found(): SeenOfTag {
    const largestStep = significant(this.largestStep);
    if (!this.fell) return { largestStep };
    const range = { low: significant(this.low, digits), high: significant(this.high, digits) };
    return { largestStep, range, standsS: (this.longest + 1) * this.stepS };
  }
}

/** What both stretches of time tell; what one of them does not know nobody does. */
export function seenInBoth(one: SeenOfTag, other: SeenOfTag): SeenOfTag {
  const largestStep = Math.max(one.largestStep ?? 0, other.largestStep ?? 0);
  if (!one.range || !other.range) return { largestStep };
  const range = { low: Math.min(one.range.low, other.range.low), high: Math.max(one.range.high, other.range.high) };
  return { largestStep, range, standsS: Math.max(one.standsS ?? 0, other.standsS ?? 0) };
}
