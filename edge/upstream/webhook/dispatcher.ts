import { type Clock, delay } from '../../core/clock.ts';
import { LifelineError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { Random } from '../../core/random.ts';
import type { Outcome } from './outcome.ts';

/** Pause before the first new try; doubled each time, with up to half of it taken off at random. */
const firstBackOffMs = 500;
const maxBackOffMs = 60_000;
/** A batch that the receiver has failed at so often is sent event by event from then on, to find the one it cannot take. */
const triesBeforeSplit = 3;
/** An event that the receiver fails at for so long, while it takes others, is the trouble itself. */
const poisonMs = 600_000;

interface Waiting {
  readonly event: Event;
  /** To be sent by itself. */
  readonly alone: boolean;
  /** Monotonic ms of its first try; undefined before. */
  readonly triedMs: number | undefined;
  readonly done: (taken: boolean) => void;
}

export interface DispatcherParts {
  readonly clock: Clock;
  readonly random: Random;
  /** Requests under way at most. */
  readonly parallel: number;
  /** Events of one request at most. */
  readonly batch: number;
  /** An event that the receiver answers to and has not taken for so long becomes a dead letter. */
  readonly deadLetterAfterMs: number;
  post(events: readonly Event[], signal: AbortSignal): Promise<Outcome>;
  /** Resolves once the event is kept as a dead letter; rejects with a coded error when it cannot be kept. */
  bury(event: Event, why: LifelineError): Promise<void>;
  /** What the last try came to: the trouble, or undefined when it was taken. */
  onTry(trouble: LifelineError | undefined): void;
}

/**
 * Takes events to a receiver that knows no connections: in batches, several at once, those of one asset one after another. Each
 * is tried until it is taken, refused for good, or failed at for too long; the latter two become dead letters.
 */
export class Dispatcher {
  private waiting: Waiting[] = [];
  /** Assets with an event under way. */
  private readonly busy = new Set<string>();
  private active = 0;
  /** Monotonic ms at which the receiver last took something. */
  private takenMs = Number.NEGATIVE_INFINITY;
  private readonly parts: DispatcherParts;
  private readonly signal: AbortSignal;

  /** @param signal ends everything under way; what is not taken then is told to nobody */
  constructor(parts: DispatcherParts, signal: AbortSignal) {
    this.parts = parts;
    this.signal = signal;
  }

  /** Resolves with whether the event was taken, or else is buried; never when the dispatcher ends before. */
  send(event: Event): Promise<boolean> {
    return new Promise((done) => {
      this.waiting.push({ event, alone: false, triedMs: undefined, done });
      // one turn later, so that what comes together goes together
      queueMicrotask(() => this.pump());
    });
  }

  private pump(): void {
    while (!this.signal.aborted && this.active < this.parts.parallel) {
      const parcel = this.nextParcel();
      if (parcel.length === 0) return;
      const subjects = new Set(parcel.map(({ event }) => event.subject));
      for (const subject of subjects) this.busy.add(subject);
      this.active++;
      void this.deliver(parcel).then((back) => {
        this.active--;
        for (const subject of subjects) this.busy.delete(subject);
        this.waiting.unshift(...back);
        this.pump();
      });
    }
  }

  /** The oldest events that may go now; an asset of which one must wait keeps all later ones of it waiting. */
  private nextParcel(): readonly Waiting[] {
    const held = new Set(this.busy);
    const parcel: Waiting[] = [];
    for (const one of this.waiting) {
      const { subject } = one.event;
      if (held.has(subject)) continue;
      if (one.alone && parcel.length > 0) break;
      parcel.push(one);
      if (one.alone || parcel.length >= this.parts.batch) break;
    }
    this.waiting = this.waiting.filter((one) => !parcel.includes(one));
    return parcel;
  }

  /** Tries until nothing of the parcel is left; resolves with what must be sent by itself instead. */
  private async deliver(parcel: readonly Waiting[]): Promise<readonly Waiting[]> {
    const { clock, random } = this.parts;
    const beganMs = parcel[0]?.triedMs ?? clock.monotonicMs();
    const events = parcel.map(({ event }) => event);
    let backOffMs = firstBackOffMs;
    for (let tries = 1; ; tries++) {
      const outcome = await this.parts.post(events, this.signal);
      if (this.signal.aborted) return [];
      if (outcome.kind === 'taken') {
        this.takenMs = clock.monotonicMs();
        return this.finish(parcel, true);
      }
      this.parts.onTry(outcome.error);
      if (parcel.length > 1 && (outcome.kind === 'refused' || (outcome.answered && tries >= triesBeforeSplit))) {
        return parcel.map((one) => ({ ...one, alone: true, triedMs: beganMs }));
      }
      if (this.isLost(outcome, beganMs) && (await this.buried(parcel, outcome.error)))
        return this.finish(parcel, false);
      const asked = outcome.kind === 'again' ? outcome.retryAfterMs : undefined;
      await delay(clock, Math.max(backOffMs * (1 - random.next() / 2), asked ?? 0), this.signal);
      if (this.signal.aborted) return [];
      backOffMs = Math.min(maxBackOffMs, backOffMs * 2);
    }
  }

  private finish(parcel: readonly Waiting[], taken: boolean): readonly Waiting[] {
    this.parts.onTry(undefined);
    for (const { done } of parcel) done(taken);
    return [];
  }

  /** What a receiver that is not there has not got waits for it however long: nothing is wrong with the event. */
  private isLost(outcome: Exclude<Outcome, { kind: 'taken' }>, beganMs: number): boolean {
    if (outcome.kind === 'refused') return true;
    if (!outcome.answered) return false;
    const failingMs = this.parts.clock.monotonicMs() - beganMs;
    const takesOthers = this.takenMs > beganMs;
    return failingMs >= (takesOthers ? Math.min(poisonMs, this.parts.deadLetterAfterMs) : this.parts.deadLetterAfterMs);
  }

  /** Whether the event of a parcel of one could be kept; what keeps it from that is shown as the trouble. */
  private async buried(parcel: readonly Waiting[], why: LifelineError): Promise<boolean> {
    try {
      for (const { event } of parcel) await this.parts.bury(event, why);
      return true;
    } catch (error) {
      if (!(error instanceof LifelineError)) throw error;
      this.parts.onTry(error);
      return false;
    }
  }
}
