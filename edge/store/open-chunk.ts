import type { Series } from './api.ts';
import { maxSamplesPerChunk } from './chunk.ts';
import { maxChunkSpanMs } from './chunk-table.ts';
import { TimeTrack } from './time-track.ts';
import { ValueBlocks, valuesPerBlock } from './value-blocks.ts';

/** Where open chunks have their samples: values that are float32, others, and the times that were added to last. */
export class OpenSamples {
  readonly narrow = new ValueBlocks((values) => new Float32Array(values));
  readonly wide = new ValueBlocks((values) => new Float64Array(values));
  track = new TimeTrack();
}

const noTrack = new TimeTrack();

/** The newest samples of one tag, still in memory. There is one for every tag: no field takes a box of its own for a double. */
export class OpenChunk {
  /** Number that tells this chunk's samples in the tail from those of the tag's other chunks. */
  readonly generation: number;
  count = 0;
  /** Samples that the tail on disk already holds. */
  persisted = 0;
  /** First tail segment with samples of this chunk; −1 while there is none. */
  private segment = -1;
  private readonly memory: OpenSamples;
  private blocks: ValueBlocks;
  private firstBlock = -1;
  private lastBlock = -1;
  private track: TimeTrack;
  /** Position of the first sample's time in the track. */
  private trackStart: number;
  /** Quality of all samples, as long as they have the same. */
  private code = 0;
  private codes: Uint8Array | undefined;

  /** @param firstMs source time of the sample that will be added first */
  constructor(memory: OpenSamples, generation: number, firstMs: number) {
    this.memory = memory;
    this.generation = generation;
    this.blocks = memory.narrow;
    const joinedAt = memory.track.joinedAt(firstMs);
    this.track = joinedAt < 0 ? new TimeTrack() : memory.track;
    this.trackStart = Math.max(0, joinedAt);
  }

  /** Source time of the first sample, ms since epoch. */
  get firstMs(): number {
    return this.track.at(this.trackStart);
  }

  /** First tail segment that a recovery needs of this chunk; Infinity while there is none. */
  get firstSegment(): number {
    return this.segment < 0 ? Number.POSITIVE_INFINITY : this.segment;
  }

  /** Whether a sample of this source time still belongs in here, when those from `endMs` on belong to the next chunk. */
  takes(time: number, endMs: number): boolean {
    return this.count < maxSamplesPerChunk && time < endMs && time > this.firstMs - maxChunkSpanMs;
  }

  /** The tail on disk has its first `count` samples, the newest of them in this segment. */
  wroteTail(count: number, segment: number): void {
    this.persisted = count;
    if (this.segment < 0) this.segment = segment;
  }

  add(time: number, value: number, quality: number): void {
    this.addTime(time);
    this.addValue(value);
    this.addQuality(quality);
    this.count++;
  }

  /** The samples from position `start` on. */
  samples(start = 0): Series {
    const { count, trackStart, codes } = this;
    return {
      times: this.track.view(trackStart + start, trackStart + count),
      values: this.blocks.read(this.firstBlock, start, count),
      quality: codes ? codes.slice(start, count) : new Uint8Array(count - start).fill(this.code),
    };
  }

  /** Lets go of the samples, which somebody else has now. */
  release(): void {
    this.blocks.release(this.firstBlock, this.lastBlock);
    this.firstBlock = -1;
    this.lastBlock = -1;
    this.codes = undefined;
    this.track = noTrack;
  }

  private addTime(time: number): void {
    const { memory, trackStart, count } = this;
    if (!this.track.takes(trackStart + count, time)) this.goOwnWay(time);
    memory.track = this.track;
  }

  /** Where the track goes on otherwise. Tags that one request reads part from others together: most join the one before. */
  private goOwnWay(time: number): void {
    const { memory, track, trackStart, count } = this;
    const joinedAt = memory.track.followedAt(track, trackStart, count, time);
    this.track = joinedAt < 0 ? track.split(trackStart, trackStart + count) : memory.track;
    this.trackStart = Math.max(0, joinedAt);
    if (joinedAt < 0) this.track.takes(count, time);
  }

  private addValue(value: number): void {
    const { memory, count } = this;
    if (this.blocks === memory.narrow && !Object.is(Math.fround(value), value)) this.widen();
    this.putValue(count, value);
  }

  /** Puts a value behind the `row` before it. */
  private putValue(row: number, value: number): void {
    const at = row % valuesPerBlock;
    if (at === 0) {
      this.lastBlock = this.blocks.take(this.lastBlock);
      if (row === 0) this.firstBlock = this.lastBlock;
    }
    this.blocks.set(this.lastBlock, at, value);
  }

  private widen(): void {
    const { memory, firstBlock, lastBlock, count } = this;
    const values = memory.narrow.read(firstBlock, 0, count);
    memory.narrow.release(firstBlock, lastBlock);
    this.blocks = memory.wide;
    this.lastBlock = -1;
    for (const [row, value] of values.entries()) this.putValue(row, value);
  }

  private addQuality(quality: number): void {
    const { count } = this;
    if (count === 0) this.code = quality;
    if (quality === this.code && !this.codes) return;
    if (!this.codes || count === this.codes.length) {
      const larger = new Uint8Array(Math.max(2 * valuesPerBlock, 2 * count));
      if (this.codes) larger.set(this.codes);
      else larger.fill(this.code, 0, count);
      this.codes = larger;
    }
    this.codes[count] = quality;
  }
}
