import type { TagCalibration } from '../calibration.ts';

/** A tag is beyond its range by this share of it, and so many robust standard deviations of the difference; design choice. */
const marginShare = 0.25;
const marginScales = 10;

/** Between which values tags were in normal operation, and some room; columns by tag index. */
export class Ranges {
  private readonly low: Float64Array;
  private readonly high: Float64Array;

  constructor(tags: readonly (TagCalibration | undefined)[]) {
    const boundsOf = (tag: TagCalibration | undefined): readonly [low: number, high: number] => {
      if (!tag?.range || tag.caution) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      const { low, high } = tag.range;
      const margin = Math.max(marginShare * (high - low), marginScales * tag.differenceScale);
      return [low - margin, high + margin];
    };
    this.low = Float64Array.from(tags, (tag) => boundsOf(tag)[0]);
    this.high = Float64Array.from(tags, (tag) => boundsOf(tag)[1]);
  }

  /** Whether a value that a tag might have lies beyond. */
  isBeyond(tag: number, value: number): boolean {
    return value > (this.high[tag] as number) || value < (this.low[tag] as number);
  }
}
