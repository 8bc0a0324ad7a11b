import type { Series } from './api.ts';
import { maxSamplesPerChunk } from './chunk.ts';
import { maxChunkSpanMs } from './chunk-table.ts';

/** Samples that room is made for at first; doubled as needed. */
const firstCapacity = 16;

const noSamples: Series = columnsFor(0);

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
  private columns: Series = columnsFor(firstCapacity);

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
    if (this.count === this.columns.times.length) this.grow();
    const { columns, count } = this;
    columns.times[count] = time;
    columns.values[count] = value;
    columns.quality[count] = quality;
    this.count++;
  }

  /** The samples from position `start` on, sharing memory: to be read before the next `add`. */
  samples(start = 0): Series {
    const { times, values, quality } = this.columns;
    return {
      times: times.subarray(start, this.count),
      values: values.subarray(start, this.count),
      quality: quality.subarray(start, this.count),
    };
  }

  /** Lets go of the samples, which somebody else has now. */
  release(): void {
    this.columns = noSamples;
  }

  private grow(): void {
    const larger = columnsFor(this.columns.times.length * 2);
    larger.times.set(this.columns.times);
    larger.values.set(this.columns.values);
    larger.quality.set(this.columns.quality);
    this.columns = larger;
  }
}

/** Room for so many samples, in one piece of memory: three would cost twice as much to take. */
function columnsFor(capacity: number): Series {
  const memory = new ArrayBuffer(17 * capacity);
  return {
    times: new Float64Array(memory, 0, capacity),
    values: new Float64Array(memory, 8 * capacity, capacity),
    quality: new Uint8Array(memory, 16 * capacity, capacity),
  };
}
