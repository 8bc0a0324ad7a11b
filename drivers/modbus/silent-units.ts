import type { Clock } from '../../edge/core/clock.ts';

/**
 * On a line whose answers carry no number a unit that did not answer is left alone until so many of its timeouts after
 * its request, so that an answer up to three timeouts late meets no newer request.
 */
const lateTimeouts = 3;

/** A silent unit rests so many times as long as its silence held up the others: it takes less than a tenth of the line. */
const restShare = 10;

/** How a unit was silent. */
export interface Silence {
  readonly sentMs: number;
  /** How long the line waited, ms. */
  readonly waitedMs: number;
  /** How late an answer of this unit may be without being lost, ms. */
  readonly timeoutMs: number;
  /** Whether others wait for the line meanwhile. */
  readonly heldUpOthers: boolean;
}

interface Rest {
  /** Until when a late answer could be taken for that of a newer request. */
  readonly lateUntilMs: number;
  readonly untilMs: number;
}

/**
 * Units of one line that did not answer, and how long each is left alone for it: a circuit breaker per unit. Its silence
 * costs the others one timeout, then less than a tenth of the line's time, that of all silent units together.
 */
export class SilentUnits {
  private readonly clock: Clock;
  private readonly numbered: boolean;
  private readonly rests = new Map<number, Rest>();

  /** @param numbered whether answers carry the number of their request */
  constructor(clock: Clock, numbered: boolean) {
    this.clock = clock;
    this.numbered = numbered;
  }

  /** A unit did not answer in time. */
  silent(unit: number, { sentMs, waitedMs, timeoutMs, heldUpOthers }: Silence): void {
    const nowMs = this.clock.monotonicMs();
    this.rests.delete(unit);
    let resting = 1;
    for (const { untilMs } of this.rests.values()) if (untilMs > nowMs) resting++;
    const lateUntilMs = this.numbered ? nowMs : sentMs + lateTimeouts * timeoutMs;
    const shareUntilMs = heldUpOthers ? nowMs + restShare * waitedMs * resting : nowMs;
    this.rests.set(unit, { lateUntilMs, untilMs: Math.max(lateUntilMs, shareUntilMs) });
  }

  /** A unit answered: it is asked as all others are. */
  answered(unit: number): void {
    if (this.rests.size > 0) this.rests.delete(unit);
  }

  /** How long a unit is still left alone, ms; what is `urgent` waits only for answers that may be late. */
  restMs(unit: number, urgent: boolean): number {
    const rest = this.rests.get(unit);
    if (!rest) return 0;
    return Math.max(0, (urgent ? rest.lateUntilMs : rest.untilMs) - this.clock.monotonicMs());
  }
}
