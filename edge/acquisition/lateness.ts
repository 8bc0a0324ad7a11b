import type { PollStatus } from '../core/status.ts';

/** Buckets per doubling: a percentile is at most 1/8 octave (9 %) too high. */
const perOctave = 8;
const lowestMs = 0.0625;
/** Up to 0.0625 ms × 2^24, about 17 minutes; later counts as that. */
const octaves = 24;
/** A poll is late when it starts more than this after it was due: 10 % of the period, at least 50 ms. */
const lateShare = 0.1;
const lateFloorMs = 50;

/** Counts of durations in buckets of constant relative width; fixed memory, however long it runs. */
class DurationHistogram {
  private readonly counts = new Uint32Array(octaves * perOctave + 1);
  private total = 0;

  add(durationMs: number, times = 1): void {
    const bucket = Math.ceil(Math.log2(Math.max(durationMs, lowestMs) / lowestMs) * perOctave);
    const index = Math.min(bucket, this.counts.length - 1);
    this.counts[index] = (this.counts[index] as number) + times;
    this.total += times;
  }

  /** Upper edge, in ms, of the bucket that holds the given share (0..1) of all; 0 before the first. */
  quantile(share: number): number {
    let rest = Math.ceil(share * this.total);
    if (rest === 0) return 0;
    for (let index = 0; index < this.counts.length; index++) {
      rest -= this.counts[index] as number;
      if (rest <= 0) return index === 0 ? 0 : lowestMs * 2 ** (index / perOctave);
    }
    return lowestMs * 2 ** octaves;
  }
}

/** How punctual the polls of one device are since start. */
export class Punctuality {
  private readonly lateness = new DurationHistogram();
  private due = 0;
  private late = 0;

  /** A poll started this long after it was due. */
  started(latenessMs: number, periodMs: number): void {
    this.due++;
    if (latenessMs > Math.max(lateFloorMs, periodMs * lateShare)) this.late++;
    this.lateness.add(latenessMs);
  }

  /** Polls that were due and did not start at all; each counts as late by a whole period. */
  skipped(periodMs: number, times = 1): void {
    if (times === 0) return;
    this.due += times;
    this.late += times;
    this.lateness.add(periodMs, times);
  }

  status(): PollStatus {
    return { due: this.due, late: this.late, p99LatenessMs: Math.round(this.lateness.quantile(0.99) * 100) / 100 };
  }
}
