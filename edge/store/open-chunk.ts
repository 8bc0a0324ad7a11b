import type { Series } from './api.ts';
import { maxSamplesPerChunk } from './chunk.ts';
import { maxChunkSpanMs } from './chunk-table.ts';

/** Samples that room is made for at first; doubled as needed. */
const firstCapacity = 16;

/** The newest samples of one tag, still in memory as they came. */
export class OpenChunk {
  /** Number that tells this chunk's samples in the tail from those of the tag's other chunks. */
  readonly generation: number;
  /** Source time of the first sample, ms since epoch. */
  readonly firstMs: number;
  /** Source time that belongs to the next chunk. */
  readonly endMs: number;
  /** Monotonic time at which it is closed when the tag has fallen silent. */
  readonly closeAtMs: number;
  count = 0;
  /** Samples that the tail on disk already holds. */
  persisted = 0;
  /** First tail segment with samples of this chunk; Infinity while there is none. */
  firstSegment = Number.POSITIVE_INFINITY;
  private times = new Float64Array(firstCapacity);
  private values = new Float64Array(firstCapacity);
  private quality = new Uint8Array(firstCapacity);

  constructor(generation: number, firstMs: number, endMs: number, closeAtMs: number) {
    this.generation = generation;
    this.firstMs = firstMs;
    this.endMs = endMs;
    this.closeAtMs = closeAtMs;
  }

  /** Whether a sample of this source time still belongs in here. */
  takes(time: number): boolean {
    return this.count < maxSamplesPerChunk && time < this.endMs && time > this.firstMs - maxChunkSpanMs;
  }

  add(time: number, value: number, quality: number): void {
    if (this.count === this.times.length) this.grow();
    this.times[this.count] = time;
    this.values[this.count] = value;
    this.quality[this.count] = quality;
    this.count++;
  }

  /** The samples from position `start` on, sharing memory: to be read before the next `add`. */
  samples(start = 0): Series {
    return {
      times: this.times.subarray(start, this.count),
      values: this.values.subarray(start, this.count),
      quality: this.quality.subarray(start, this.count),
    };
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    const larger = {
      times: new Float64Array(capacity),
      values: new Float64Array(capacity),
      quality: new Uint8Array(capacity),
    };
    larger.times.set(this.times);
    larger.values.set(this.values);
    larger.quality.set(this.quality);
    this.times = larger.times;
    this.values = larger.values;
    this.quality = larger.quality;
  }
}
