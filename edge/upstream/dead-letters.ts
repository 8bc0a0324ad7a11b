import type { Clock } from '../core/clock.ts';
import { describeError, errorWithNext, type LifelineError, problemOf } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { both } from '../core/text.ts';
import type { DeadLetter, DeadLetterOffice, SinkMemory } from './api.ts';
import { eventId } from './cloudevents.ts';
import { deadLetterErrors } from './errors.ts';

/** Dead letters of one sink; more are not kept, and the sink holds what follows. */
export const maxDeadLetters = 1_000;

/** A dead letter with the event that it is. */
interface Kept extends DeadLetter {
  readonly event: Event;
}

interface DeadLetterParts {
  readonly gateway: string;
  readonly memory: SinkMemory;
  readonly clock: Clock;
  readonly log: Log;
  /** Tries to deliver an event; resolves with whether it was taken, or else is a dead letter again. */
  send(event: Event): Promise<boolean>;
}

/** Events that a receiver does not take, on disk until somebody sends them again or lets them go. */
export class DeadLetters implements DeadLetterOffice {
  private readonly bySlot = new Map<number, Kept>();
  /** Ids of those on their way again. */
  private readonly resending = new Set<string>();
  private readonly parts: DeadLetterParts;

  constructor(parts: DeadLetterParts) {
    this.parts = parts;
  }

  /** Reads what is kept. Rejects with a coded error when the disk refuses. */
  async open(): Promise<void> {
    for (const [name, body] of await this.parts.memory.load()) {
      const slot = /^dead\/(\d{1,4})$/.exec(name)?.[1];
      if (slot !== undefined && body !== '') this.bySlot.set(Number(slot), JSON.parse(body));
    }
  }

  get count(): number {
    return this.bySlot.size;
  }

  /** The oldest first. */
  list(): readonly DeadLetter[] {
    return this.kept().map(({ event: _, ...letter }) => letter);
  }

  resend(ids?: readonly string[]): number {
    const chosen = this.kept().filter(({ id }) => (ids === undefined || ids.includes(id)) && !this.resending.has(id));
    for (const letter of chosen) void this.resendOne(letter);
    return chosen.length;
  }

  /** Resolves once the event is on disk with its reason; the same event again takes the place of the one before. */
  async add(event: Event, refusal: LifelineError): Promise<void> {
    const { gateway, clock, memory } = this.parts;
    const id = eventId(gateway, event);
    const slot = this.slotOf(id) ?? this.freeSlot();
    if (slot === undefined) {
      const text = both(
        `keep ${id}: ${maxDeadLetters} dead letters are kept already; refused because: ${refusal.message}`,
        `保留 ${id}：已有 ${maxDeadLetters} 条死信；拒收原因：${refusal.told.zh}`,
      );
      throw deadLetterErrors.create('FULL', text);
    }
    const { type, subject, time } = event;
    const why = { reason: errorWithNext(refusal), problem: problemOf(refusal) };
    const letter = { id, type, subject, time, since: clock.wallMs(), ...why, event };
    await memory.save(new Map([[`dead/${slot}`, JSON.stringify(letter)]]));
    this.bySlot.set(slot, letter);
  }

  async discard(ids: readonly string[]): Promise<number> {
    const slots = [...this.bySlot].filter(([, { id }]) => ids.includes(id)).map(([slot]) => slot);
    if (slots.length === 0) return 0;
    await this.parts.memory.save(new Map(slots.map((slot) => [`dead/${slot}`, ''])));
    for (const slot of slots) this.bySlot.delete(slot);
    return slots.length;
  }

  private async resendOne({ id, event }: Kept): Promise<void> {
    this.resending.add(id);
    try {
      if (await this.parts.send(event)) await this.discard([id]);
    } catch (error) {
      // it is delivered and stays listed; the receiver knows it by its id when it comes again
      this.parts.log.warn({ id }, `take a dead letter off the disk: ${describeError(error)}`);
    }
    this.resending.delete(id);
  }

  private kept(): readonly Kept[] {
    return [...this.bySlot.values()].sort((a, b) => a.since - b.since || a.event.sequence - b.event.sequence);
  }

  private slotOf(id: string): number | undefined {
    return [...this.bySlot].find(([, letter]) => letter.id === id)?.[0];
  }

  private freeSlot(): number | undefined {
    for (let slot = 0; slot < maxDeadLetters; slot++) if (!this.bySlot.has(slot)) return slot;
    return undefined;
  }
}
