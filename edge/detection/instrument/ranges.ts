import type { TagCalibration } from '../calibration.ts';

/** A tag is beyond its range by this share of it, and so many robust standard deviations of the difference; design choice. */
const marginShare = 0.25;
const marginScales = 10;

/** Where values lie with regard to what they were in normal operation; columns by tag index. */
export class Ranges {
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  /** −1 below, 1 above, 0 within, and since when (monotonic ms). */
  private readonly sides: Int8Array;
  private readonly sinceMs: Float64Array;

  constructor(tags: readonly (TagCalibration | undefined)[]) {
    const boundsOf = (tag: TagCalibration | undefined): readonly [low: number, high: number] => {
      if (!tag?.range) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      const { low, high } = tag.range;
      const margin = Math.max(marginShare * (high - low), marginScales * tag.differenceScale);
      return [low - margin, high + margin];
    };
    this.low = Float64Array.from(tags, (tag) => boundsOf(tag)[0]);
    this.high = Float64Array.from(tags, (tag) => boundsOf(tag)[1]);
    this.sides = new Int8Array(tags.length);
    this.sinceMs = new Float64Array(tags.length);
  }

  take(tag: number, value: number, nowMs: number): void {
    const side = this.sideOf(tag, value);
    if (side === this.sides[tag]) return;
    this.sides[tag] = side;
    this.sinceMs[tag] = nowMs;
  }

  /** Goes on where a restart left a tag that was beyond for long. */
  restore(tag: number, side: number, sinceMs: number): void {
    this.sides[tag] = side;
    this.sinceMs[tag] = sinceMs;
  }

  side(tag: number): number {
    return this.sides[tag] as number;
  }

  /** Monotonic ms since which it is where it is. */
  since(tag: number): number {
    return this.sinceMs[tag] as number;
  }

  /** −1, 0 or 1 for a value that a tag might have. */
  sideOf(tag: number, value: number): number {
    return value > (this.high[tag] as number) ? 1 : value < (this.low[tag] as number) ? -1 : 0;
  }
}
