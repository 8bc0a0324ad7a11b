import type { Clock } from './clock.ts';

/** How many times as fast as time goes by this clock may go forward to where the wall clock is. */
const catchUp = 25;

/**
 * The wall clock, for deciding what has grown too old: one that is years ahead for an hour makes it a day older and no
 * more. It follows a clock that goes back at once.
 */
export class AgeClock {
  private wallMs: number;
  private atMs: number;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
    this.wallMs = clock.wallMs();
    this.atMs = clock.monotonicMs();
  }

  nowMs(): number {
    const atMs = this.clock.monotonicMs();
    this.wallMs = Math.min(this.clock.wallMs(), this.wallMs + (atMs - this.atMs) * catchUp);
    this.atMs = atMs;
    return this.wallMs;
  }
}
