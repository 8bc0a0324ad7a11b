import type { TagRange } from '../../edge/detection/calibration.ts';
import { significant } from './significant.ts';

/** Digits that the ends of a range are kept with: a total is never near them, and a value of 1,000.1 is. */
const digits = 6;

/** The range of a value that is seen step by step; a step without a value says nothing. */
export class SeenRange {
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;
  private newest = Number.NaN;
  private fell = false;

  take(value: number): void {
    if (!Number.isFinite(value)) return;
    if (value < this.newest) this.fell = true;
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
    this.newest = value;
  }

  /** Undefined for what never falls: a total has no range. */
  found(): TagRange | undefined {
    return this.fell ? { low: significant(this.low, digits), high: significant(this.high, digits) } : undefined;
  }
}

/** The range of both stretches of time; undefined where one of them knows none. */
export function rangeOfBoth(one: TagRange | undefined, other: TagRange | undefined): TagRange | undefined {
  if (!one || !other) return undefined;
  return { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) };
}
