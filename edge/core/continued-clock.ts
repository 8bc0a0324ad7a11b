import type { Clock } from './clock.ts';

/** A clock whose monotonic time is ahead of another's by so much: what was measured before a restart goes on by it, ms. */
export const continuedClock = (clock: Clock, aheadMs: number): Clock => ({
  wallMs: () => clock.wallMs(),
  monotonicMs: () => clock.monotonicMs() + aheadMs,
  after: (delayMs, run) => clock.after(delayMs, run),
});
