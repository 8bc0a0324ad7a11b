import type { SampleBatch } from '../core/batch.ts';
import { isBad, Quality, qualityOfNoValue } from '../core/quality.ts';
import type { TagTable } from '../core/tag.ts';

/**
 * Turns raw values into engineering units in place: value × scale + offset. What is not a finite number becomes bad: `device`,
 * since a broken transmitter often answers with NaN, or the end of the range that an infinite one tells of, which safety
 * limits ask about.
 */
export function scale(batch: SampleBatch, tags: TagTable): void {
  const { tags: indexes, values, quality } = batch;
  for (let row = 0; row < indexes.length; row++) {
    const tag = indexes[row] as number;
    const code = quality[row] as number;
    if (isBad(code)) {
      values[row] = Number.NaN;
      if ((tags.scale[tag] as number) < 0) quality[row] = otherEnd(code);
      continue;
    }
    const value = (values[row] as number) * (tags.scale[tag] as number) + (tags.offset[tag] as number);
    if (Number.isFinite(value)) values[row] = value;
    else {
      values[row] = Number.NaN;
      quality[row] = qualityOfNoValue(value);
    }
  }
}

/** A scale that is negative turns an instrument's range about. */
function otherEnd(code: number): number {
  if (code === Quality.overRange) return Quality.underRange;
  return code === Quality.underRange ? Quality.overRange : code;
}

/**
 * Marks values outside the tag's plausible range as uncertain `out-of-range`; the value stays, since a safety limit
 * must see an over-range reading.
 */
export function checkRange(batch: SampleBatch, tags: TagTable): void {
  const { tags: indexes, values, quality } = batch;
  for (let row = 0; row < indexes.length; row++) {
    if (quality[row] !== Quality.good) continue;
    const tag = indexes[row] as number;
    const value = values[row] as number;
    if (value < (tags.low[tag] as number) || value > (tags.high[tag] as number)) quality[row] = Quality.outOfRange;
  }
}
