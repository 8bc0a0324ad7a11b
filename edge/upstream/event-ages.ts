import type { Clock } from '../core/clock.ts';

/** Offsets that differ by less are one: what the wall clock is slewed, or events are stamped late. */
const sameOffsetMs = 500;
/** Offsets kept; beyond it the oldest events count as stamped by the oldest offset kept. */
const mostOffsets = 64;

/**
 * How old events are by the monotonic clock, whatever the wall clock by which they are stamped has done since: it is
 * noted from which event on the two clocks stood how far apart.
 */
export class EventAges {
  /** In order; the last one is in force. */
  private offsets: { readonly fromSequence: number; readonly offsetMs: number }[] = [];
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Events from this sequence on are stamped by the clock as it stands. */
  note(fromSequence: number): void {
    const offsetMs = this.clock.wallMs() - this.clock.monotonicMs();
    const inForce = this.offsets.at(-1);
    if (inForce && Math.abs(inForce.offsetMs - offsetMs) < sameOffsetMs) return;
    this.offsets = [...this.offsets, { fromSequence, offsetMs }].slice(-mostOffsets);
  }

  /** Age of an event, ms; events from before the first note count as stamped by the clock as it stood then. */
  ageMs(sequence: number, timeMs: number): number {
    const own = this.offsets.findLast(({ fromSequence }) => fromSequence <= sequence) ?? this.offsets[0];
    return Math.max(0, this.clock.monotonicMs() + (own?.offsetMs ?? 0) - timeMs);
  }
}
