import type { Clock, Timer } from '../core/clock.ts';
import { earlyReadMs, nextDueMs, type PollGrid } from './poll-grid.ts';

/** Who hears how a schedule is kept. */
export interface PollObserver {
  /** A poll started this long after it was due. */
  started(latenessMs: number, periodMs: number): void;
  /** Polls that were due did not start at all. */
  skipped(periodMs: number, times?: number): void;
}

/**
 * Calls `poll` at every time of its grid, whatever one poll takes, and once before the first where that is far. When a poll
 * is still running at the next due time, that one is skipped and counted as late: polls never queue and never overlap.
 */
export class PollSchedule {
  private readonly clock: Clock;
  private readonly grid: PollGrid;
  private readonly poll: () => Promise<void>;
  private readonly observer: PollObserver;
  private timer: Timer | undefined;
  private earlyTimer: Timer | undefined;
  private dueMs = 0;
  private running = false;
  private stopped = false;

  constructor(clock: Clock, grid: PollGrid, observer: PollObserver, poll: () => Promise<void>) {
    this.clock = clock;
    this.grid = grid;
    this.observer = observer;
    this.poll = poll;
  }

  start(): void {
    const nowMs = this.clock.monotonicMs();
    const earlyMs = earlyReadMs(this.grid, nowMs);
    if (earlyMs !== undefined) this.earlyTimer = this.clock.after(earlyMs - nowMs, () => this.run());
    this.dueMs = nextDueMs(this.grid, nowMs);
    this.arm();
  }

  /** No poll starts any more, not even when called from within one. */
  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.earlyTimer?.cancel();
  }

  private arm(): void {
    if (this.stopped) return;
    const delayMs = Math.max(0, this.dueMs - this.clock.monotonicMs());
    this.timer = this.clock.after(delayMs, () => this.fall());
  }

  private fall(): void {
    const { periodMs } = this.grid;
    const latenessMs = Math.max(0, this.clock.monotonicMs() - this.dueMs);
    const missed = Math.floor(latenessMs / periodMs);
    this.observer.skipped(periodMs, missed);
    if (this.running) this.observer.skipped(periodMs);
    else {
      this.observer.started(latenessMs - missed * periodMs, periodMs);
      this.run();
    }
    this.dueMs += (missed + 1) * periodMs;
    this.arm();
  }

  private run(): void {
    this.running = true;
    void this.poll().finally(() => {
      this.running = false;
    });
  }
}
