import type { SampleBatch } from '../core/batch.ts';
import { isBad } from '../core/quality.ts';

/** A tag is stale after this many periods without a value and one slow answer on top. */
const stalePeriods = 3;
const staleGraceMs = 1000;
/** It is looked for stale tags at least so often. */
const longestRestMs = 60_000;

/** What freshness needs to know of a point. */
interface TimedPoint {
  readonly tag: number;
  readonly periodMs: number;
}

/**
 * Which tags of one device have had no value for too long. A tag whose last sample was bad already carries a better
 * reason and is not stale on top. Tags that a device reports on change are awaited only until their first sample:
 * silence then means no change, and the end of the link is told by the link.
 */
export class Freshness {
  private readonly points: readonly TimedPoint[];
  /** Row by tag index, from the lowest tag on; -1 where the tag is another device's. */
  private readonly rows: Int32Array;
  private readonly firstTag: number;
  /** When each row becomes stale, monotonic ms; Infinity while it cannot. */
  private readonly deadlineMs: Float64Array;
  /** How long each row may be without a value, ms. */
  private readonly limitsMs: Float64Array;
  /** No row becomes stale before, monotonic ms: until then there is nothing to look for. */
  private nearestMs = Number.POSITIVE_INFINITY;
  /** The shortest of the limits, or how rarely it is looked, ms. */
  private readonly shortestMs: number;
  private polled = new Uint8Array();
  /** Rows that had a sample since the current attempt to connect began. */
  private heard = new Uint8Array();

  constructor(points: readonly TimedPoint[]) {
    this.points = points;
    const tags = points.map((point) => point.tag);
    this.firstTag = tags.reduce((low, tag) => Math.min(low, tag), Number.POSITIVE_INFINITY);
    const lastTag = tags.reduce((high, tag) => Math.max(high, tag), this.firstTag - 1);
    this.rows = new Int32Array(points.length === 0 ? 0 : lastTag - this.firstTag + 1).fill(-1);
    for (const [row, tag] of tags.entries()) this.rows[tag - this.firstTag] = row;
    this.deadlineMs = new Float64Array(points.length);
    this.limitsMs = Float64Array.from(points, ({ periodMs }) => stalePeriods * periodMs + staleGraceMs);
    this.shortestMs = this.limitsMs.reduce((low, limitMs) => Math.min(low, limitMs), longestRestMs);
    this.forget();
  }

  /** A new attempt to connect: nothing is awaited until the session stands, but samples may come before. */
  forget(): void {
    this.polled = new Uint8Array(this.points.length);
    this.heard = new Uint8Array(this.points.length);
    this.deadlineMs.fill(Number.POSITIVE_INFINITY);
    this.nearestMs = Number.POSITIVE_INFINITY;
  }

  /** The session stands: `polledTags` are awaited again and again from now on, others until their first sample. */
  expect(polledTags: Iterable<number>, nowMs: number): void {
    for (const tag of polledTags) this.polled[this.rowOf(tag)] = 1;
    for (let row = 0; row < this.points.length; row++) {
      if (this.polled[row] === 1 || this.heard[row] === 0) this.await(row, nowMs);
    }
  }

  /** Takes note of samples that came. */
  take(batch: SampleBatch, nowMs: number): void {
    const { tags, quality } = batch;
    for (let index = 0; index < tags.length; index++) {
      const row = this.rowOf(tags[index] as number);
      if (row < 0) continue;
      this.heard[row] = 1;
      if (this.polled[row] === 1 && !isBad(quality[index] as number)) this.await(row, nowMs);
      else this.deadlineMs[row] = Number.POSITIVE_INFINITY;
    }
  }

  /** Nothing becomes stale before, whatever comes meanwhile, monotonic ms. */
  dueMs(nowMs: number): number {
    return Math.min(this.nearestMs, nowMs + this.shortestMs);
  }

  /** Tags that have become stale since they were last asked about; each is named once. */
  claimStale(nowMs: number): number[] {
    const stale: number[] = [];
    if (nowMs < this.nearestMs) return stale;
    this.nearestMs = Number.POSITIVE_INFINITY;
    for (let row = 0; row < this.deadlineMs.length; row++) {
      const deadlineMs = this.deadlineMs[row] as number;
      if (deadlineMs > nowMs) {
        this.nearestMs = Math.min(this.nearestMs, deadlineMs);
        continue;
      }
      this.deadlineMs[row] = Number.POSITIVE_INFINITY;
      stale.push(this.points[row]?.tag as number);
    }
    return stale;
  }

  private await(row: number, nowMs: number): void {
    const deadlineMs = nowMs + (this.limitsMs[row] as number);
    this.deadlineMs[row] = deadlineMs;
    this.nearestMs = Math.min(this.nearestMs, deadlineMs);
  }

  private rowOf(tag: number): number {
    return this.rows[tag - this.firstTag] ?? -1;
  }
}
