import { createBatch, type SampleBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { TagTable } from '../core/tag.ts';
import type { CalculatedEntry } from './entry.ts';

interface SweepParts {
  readonly tags: TagTable;
  readonly live: LiveTable;
  readonly clock: Clock;
  readonly push: (batch: SampleBatch) => void;
}

/**
 * Evaluates points that are due, those that are used before those that use them, and sends the results: one batch for
 * neighbours of one level and one device, so that the next level finds them in the live table.
 */
export class Sweep {
  evaluations = 0;
  private readonly entries: readonly CalculatedEntry[];
  private readonly parts: SweepParts;
  /** 1 for points to be evaluated in this sweep, by place in the list. */
  private readonly waiting: Uint8Array;
  /** Points to be computed whenever a tag has a sample, by tag index. */
  private readonly readers = new Map<number, readonly number[]>();
  private readonly byPeriod = new Map<number, readonly number[]>();
  /** Points whose result is to be sent. */
  private readonly ready: Int32Array;
  private readonly sentAt: Float64Array;
  private readonly sentValue: Float64Array;
  private readonly sentQuality: Uint8Array;
  private sweeping = false;

  constructor(entries: readonly CalculatedEntry[], parts: SweepParts) {
    this.entries = entries;
    this.parts = parts;
    const size = entries.length;
    this.waiting = new Uint8Array(size);
    this.ready = new Int32Array(size);
    this.sentAt = new Float64Array(size);
    this.sentValue = new Float64Array(size).fill(Number.NaN);
    this.sentQuality = new Uint8Array(size);
    entries.forEach(({ point: { periodMs, inputs } }, index) => {
      if (periodMs !== undefined) this.byPeriod.set(periodMs, [...(this.byPeriod.get(periodMs) ?? []), index]);
      else for (const tag of inputs) this.readers.set(tag, [...(this.readers.get(tag) ?? []), index]);
    });
  }

  /** A period is over: evaluates the points that have it. */
  due(periodMs: number): void {
    for (const index of this.byPeriod.get(periodMs) ?? []) this.waiting[index] = 1;
    this.run();
  }

  /** New samples: evaluates the points without a period that read them. Results sent during a sweep are taken into it. */
  take({ tags }: SampleBatch): void {
    if (this.readers.size === 0) return;
    let found = false;
    for (const tag of tags) {
      const readers = this.readers.get(tag);
      if (!readers) continue;
      found = true;
      for (const index of readers) this.waiting[index] = 1;
    }
    if (found) this.run();
  }

  private run(): void {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      this.sweep();
    } finally {
      this.sweeping = false;
    }
  }

  private sweep(): void {
    const { entries, waiting } = this;
    const nowMs = this.parts.clock.monotonicMs();
    const wallMs = this.parts.clock.wallMs();
    let index = waiting.indexOf(1);
    while (index >= 0) {
      const { point, device } = entries[index] as CalculatedEntry;
      let count = 0;
      for (; index >= 0; index = waiting.indexOf(1, index)) {
        const entry = entries[index] as CalculatedEntry;
        if (entry.point.level !== point.level || entry.device !== device) break;
        waiting[index] = 0;
        if (this.evaluate(index, entry, nowMs, wallMs)) this.ready[count++] = index;
      }
      if (count > 0) this.send(device, count, wallMs);
      index = waiting.indexOf(1);
    }
  }

  /** Whether there is something new to send. Before any input has had a sample there is not. */
  private evaluate(index: number, { point, program }: CalculatedEntry, nowMs: number, wallMs: number): boolean {
    const { times } = this.parts.live;
    let newestMs = 0;
    for (const tag of point.inputs) newestMs = Math.max(newestMs, times[tag] as number);
    if (newestMs === 0) return false;
    this.evaluations++;
    program.evaluate(nowMs, wallMs);
    const time = point.remembers ? wallMs : newestMs;
    const { value, quality } = program;
    const same = Object.is(value, this.sentValue[index]) && quality === this.sentQuality[index];
    if (same && time === this.sentAt[index]) return false;
    this.sentAt[index] = time;
    this.sentValue[index] = value;
    this.sentQuality[index] = quality;
    return true;
  }

  private send(device: string, count: number, wallMs: number): void {
    const batch = createBatch(device, count, wallMs);
    for (let row = 0; row < count; row++) {
      const index = this.ready[row] as number;
      batch.tags[row] = (this.entries[index] as CalculatedEntry).point.tag;
      batch.values[row] = this.sentValue[index] as number;
      batch.quality[row] = this.sentQuality[index] as number;
      batch.times[row] = this.sentAt[index] as number;
    }
    this.parts.push(batch);
  }
}
