import type { SampleBatch } from './batch.ts';
import { resized } from './columns.ts';
import { isBad, Quality } from './quality.ts';

/** The newest sample of every tag, as columns by tag index. Written by the pipeline, read by everybody. */
export class LiveTable {
  values: Float64Array = new Float64Array(0);
  quality: Uint8Array = new Uint8Array(0);
  /** Source time, ms since epoch; 0 before the first sample. */
  times: Float64Array = new Float64Array(0);
  /** Gateway receive time, ms since epoch; 0 before the first sample. */
  received: Float64Array = new Float64Array(0);
  /** Last text of each tag that had one; `textOf` says whether it still holds. */
  private readonly texts = new Map<number, string>();

  constructor(size: number) {
    this.resize(
      size,
      Array.from({ length: size }, (_, tag) => tag),
    );
  }

  /** Takes another size; the tags named in `fresh` have had no sample yet. */
  resize(size: number, fresh: readonly number[]): void {
    this.values = resized(this.values, new Float64Array(size));
    this.quality = resized(this.quality, new Uint8Array(size));
    this.times = resized(this.times, new Float64Array(size));
    this.received = resized(this.received, new Float64Array(size));
    for (const tag of fresh) {
      this.values[tag] = Number.NaN;
      this.quality[tag] = Quality.notConnected;
      this.times[tag] = 0;
      this.received[tag] = 0;
      this.texts.delete(tag);
    }
  }

  write(batch: SampleBatch): void {
    const { tags, values, quality, times, received } = batch;
    for (let row = 0; row < tags.length; row++) {
      const tag = tags[row] as number;
      this.values[tag] = values[row] as number;
      this.quality[tag] = quality[row] as number;
      this.times[tag] = times[row] as number;
      this.received[tag] = received;
    }
    if (batch.texts) for (const [tag, text] of batch.texts) this.texts.set(tag, text);
  }

  /** The text of a tag now; undefined where it holds none or its quality is bad. */
  textOf(tag: number): string | undefined {
    return isBad(this.quality[tag] ?? Quality.bad) ? undefined : this.texts.get(tag);
  }

  /** Every tag that holds a text now. */
  *textTags(): Iterable<number> {
    for (const tag of this.texts.keys()) if (this.textOf(tag) !== undefined) yield tag;
  }
}
