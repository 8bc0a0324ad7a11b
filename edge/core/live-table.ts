import type { SampleBatch } from './batch.ts';
import { Quality } from './quality.ts';

/** The newest sample of every tag, as columns by tag index. Written by the pipeline, read by everybody. */
export class LiveTable {
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  /** Source time, ms since epoch; 0 before the first sample. */
  readonly times: Float64Array;
  /** Gateway receive time, ms since epoch; 0 before the first sample. */
  readonly received: Float64Array;

  constructor(size: number) {
    this.values = new Float64Array(size).fill(Number.NaN);
    this.quality = new Uint8Array(size).fill(Quality.notConnected);
    this.times = new Float64Array(size);
    this.received = new Float64Array(size);
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
  }
}
