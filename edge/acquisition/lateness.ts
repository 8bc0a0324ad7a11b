import { DurationHistogram } from '../core/duration-histogram.ts';
import type { PollStatus } from '../core/status.ts';

/** A poll is late when it starts more than this after it was due: 10 % of the period, at least 50 ms. */
const lateShare = 0.1;
const lateFloorMs = 50;

/** How punctual polls are since start. */
export class Punctuality {
  private readonly lateness = new DurationHistogram();
  private due = 0;
  private late = 0;
  private notStarted = 0;

  /** The polls of several groups taken together. */
  static ofAll(parts: readonly Punctuality[]): Punctuality {
    const [only] = parts;
    if (only && parts.length === 1) return only;
    const all = new Punctuality();
    for (const { lateness, due, late, notStarted } of parts) {
      all.lateness.include(lateness);
      all.due += due;
      all.late += late;
      all.notStarted += notStarted;
    }
    return all;
  }

  /** Polls that were due and did not start. */
  get overruns(): number {
    return this.notStarted;
  }

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
    this.notStarted += times;
    this.lateness.add(periodMs, times);
  }

  status(): PollStatus {
    return { due: this.due, late: this.late, p99LatenessMs: Math.round(this.lateness.quantile(0.99) * 100) / 100 };
  }
}
