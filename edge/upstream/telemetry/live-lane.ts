import type { SampleBatch } from '../../core/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { TagTable } from '../../core/tag.ts';
import type { TelemetryRoad } from './road.ts';

/** Batches and samples that may wait for a slow road; beyond it the oldest are missed. */
const maxWaitingBatches = 1_000;
const maxWaitingSamples = 200_000;
/** A batch that waits longer is missed: what is sent as live is new. */
const maxWaitMs = 1_500;
/** Batches handed to the road that it has no room behind yet; none follows one of which that is so for longer. */
const maxUnsent = 32;
const maxUnsentMs = 500;

/** Samples with the table that their indexes mean. */
interface Waiting {
  readonly batch: SampleBatch;
  readonly tags: TagTable;
  readonly sinceMs: number;
  /** Whether it was sent before. */
  readonly again: boolean;
}

/** What becomes of the batches; `again` as when they were pushed. */
export interface LaneParts {
  readonly clock: Clock;
  /** A batch was handed to the road. */
  onSent(batch: SampleBatch, tags: TagTable, again: boolean): void;
  /** A batch is not going to be sent, or the road refused it after all. */
  onMissed(batch: SampleBatch, again: boolean): void;
}

/** New values on their way to the road: handed over only while it has room, missed where there is none. */
export class LiveLane {
  private waiting: Waiting[] = [];
  private waitingSamples = 0;
  /** With since when, by the monotonic clock; the oldest first. */
  private readonly unsent = new Map<Promise<void>, number>();
  private road: TelemetryRoad | undefined;
  private readonly parts: LaneParts;

  constructor(parts: LaneParts) {
    this.parts = parts;
  }

  /** The road to use from now on; undefined when there is none. */
  use(road: TelemetryRoad | undefined): void {
    this.road = road;
    this.unsent.clear();
    while (this.waiting.length > 0) this.missOldest();
  }

  push(batch: SampleBatch, tags: TagTable, again = false): void {
    if (!this.road) {
      this.parts.onMissed(batch, again);
      return;
    }
    this.waiting.push({ batch, tags, again, sinceMs: this.parts.clock.monotonicMs() });
    this.waitingSamples += batch.tags.length;
    while (this.waiting.length > maxWaitingBatches || this.waitingSamples > maxWaitingSamples) this.missOldest();
    this.pump();
  }

  /** Whether new values wait for room. */
  get crowded(): boolean {
    return this.waiting.length > 0;
  }

  /** Resolves once the road has room behind all that was handed to it so far. */
  async taken(): Promise<void> {
    await Promise.all(this.unsent.keys());
  }

  private missOldest(): void {
    const oldest = this.waiting.shift();
    if (!oldest) return;
    this.waitingSamples -= oldest.batch.tags.length;
    this.parts.onMissed(oldest.batch, oldest.again);
  }

  private pump(): void {
    const { road } = this;
    const { clock, onSent, onMissed } = this.parts;
    while (road && this.hasRoom()) {
      while (this.waiting[0] && clock.monotonicMs() - this.waiting[0].sinceMs > maxWaitMs) this.missOldest();
      const next = this.waiting.shift();
      if (!next) return;
      this.waitingSamples -= next.batch.tags.length;
      onSent(next.batch, next.tags, next.again);
      const sending: Promise<void> = road
        .live(next.batch, next.tags)
        .catch(() => onMissed(next.batch, next.again))
        .then(() => {
          if (this.unsent.delete(sending)) this.pump();
        });
      this.unsent.set(sending, clock.monotonicMs());
    }
  }

  private hasRoom(): boolean {
    const { unsent } = this;
    const [oldestMs] = unsent.values();
    const slow = oldestMs !== undefined && this.parts.clock.monotonicMs() - oldestMs > maxUnsentMs;
    return unsent.size < maxUnsent && !slow;
  }
}
