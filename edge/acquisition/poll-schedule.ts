import type { Clock, Timer } from '../core/clock.ts';
import type { Punctuality } from './lateness.ts';

/**
 * Calls `poll` at start + phase + k × period, k = 0, 1, 2 …, whatever one poll takes. When a poll is still running at
 * the next due time, that one is skipped and counted as late: polls never queue and never overlap.
 */
export class PollSchedule {
  private readonly clock: Clock;
  private readonly periodMs: number;
  private readonly poll: () => Promise<void>;
  private readonly punctuality: Punctuality;
  private timer: Timer | undefined;
  private dueMs = 0;
  private running = false;
  private stopped = false;

  constructor(clock: Clock, periodMs: number, punctuality: Punctuality, poll: () => Promise<void>) {
    this.clock = clock;
    this.periodMs = periodMs;
    this.punctuality = punctuality;
    this.poll = poll;
  }

  start(phaseMs: number): void {
    this.dueMs = this.clock.monotonicMs() + phaseMs;
    this.arm();
  }

  /** No poll starts any more, not even when called from within one. */
  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private arm(): void {
    if (this.stopped) return;
    const delayMs = Math.max(0, this.dueMs - this.clock.monotonicMs());
    this.timer = this.clock.after(delayMs, () => this.fall());
  }

  private fall(): void {
    const latenessMs = Math.max(0, this.clock.monotonicMs() - this.dueMs);
    const missed = Math.floor(latenessMs / this.periodMs);
    this.punctuality.skipped(this.periodMs, missed);
    if (this.running) this.punctuality.skipped(this.periodMs);
    else {
      this.punctuality.started(latenessMs - missed * this.periodMs, this.periodMs);
      this.running = true;
      void this.poll().finally(() => {
        this.running = false;
      });
    }
    this.dueMs += (missed + 1) * this.periodMs;
    this.arm();
  }
}
