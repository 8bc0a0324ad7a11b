import type { Clock, Timer } from '../../core/clock.ts';
import { LifelineError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { both } from '../../core/text.ts';
import type { Channel } from './channel.ts';
import { peopleErrors } from './errors.ts';
import type { AlarmWords, Message } from './message.ts';
import type { Person } from './options.ts';

const firstRetryMs = 5_000;
const maxRetryMs = 300_000;
/** Messages that wait for a service at most; beyond it the oldest that are no safety alarms go, then the oldest. */
const maxLetters = 500;

/** A message that is decided and not yet with the person. */
export interface Letter {
  readonly id: string;
  readonly person: string;
  readonly safety: boolean;
  readonly cases: readonly string[];
  readonly words: readonly (readonly AlarmWords[])[];
  /** By which it can be answered; none where messages have no codes. */
  readonly code?: string;
  /** Wall clock, ms since epoch. */
  readonly since: number;
}

export interface OutboxParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly sink: string;
  readonly channels: ReadonlyMap<string, Channel>;
  person(id: string): Person | undefined;
  compose(letter: Letter, person: Person): Message;
  /** Whether anybody still has to know. */
  isWanted(letter: Letter): boolean;
  /** A letter is with its person, or not wanted any more. */
  done(): void;
}

/** Brings messages to people: each over its own channels, one person's trouble never another's, again until it is taken. */
export class Outbox {
  /** Messages taken by a service since start. */
  delivered = 0;
  /** Let go since start, because too many waited. */
  dropped = 0;
  /** The last trouble; undefined once a message got through. */
  trouble: LifelineError | undefined;
  private readonly parts: OutboxParts;
  private readonly letters = new Map<string, Letter>();
  private readonly timers = new Map<string, Timer>();
  private readonly stopping = new AbortController();

  constructor(parts: OutboxParts) {
    this.parts = parts;
  }

  /** All that wait, oldest first. */
  waiting(): readonly Letter[] {
    return [...this.letters.values()];
  }

  /** Takes letters in; `send` sends them. */
  add(letters: readonly Letter[]): void {
    for (const letter of letters) this.letters.set(letter.id, letter);
    while (this.letters.size > maxLetters) {
      const waiting = this.waiting();
      const gone = waiting.find(({ safety }) => !safety) ?? waiting[0];
      if (!gone) break;
      this.forget(gone);
      this.dropped++;
    }
  }

  /** Sends letters; again after a pause, until they are taken or not wanted. */
  send(letters: readonly Letter[]): void {
    for (const letter of letters) this.attempt(letter, firstRetryMs);
  }

  stop(): void {
    this.stopping.abort();
    for (const timer of this.timers.values()) timer.cancel();
  }

  private attempt(letter: Letter, retryMs: number): void {
    const { clock } = this.parts;
    if (this.stopping.signal.aborted || !this.letters.has(letter.id)) return;
    if (!this.parts.isWanted(letter)) {
      this.finish(letter);
      return;
    }
    this.bring(letter).then((taken) => {
      if (this.stopping.signal.aborted && !taken) return;
      if (taken) {
        this.finish(letter);
        return;
      }
      const again = () => this.attempt(letter, Math.min(maxRetryMs, retryMs * 2));
      this.timers.set(letter.id, clock.after(retryMs, again));
    });
  }

  /** Whether a channel took it: the first that does; of a safety alarm all are asked. */
  private async bring(letter: Letter): Promise<boolean> {
    const person = this.parts.person(letter.person);
    if (!person) return true; // not configured any more
    const message = this.parts.compose(letter, person);
    if (letter.safety) {
      const taken = await Promise.all(person.channels.map((channel) => this.over(channel, person, message)));
      return taken.includes(true);
    }
    for (const channel of person.channels) if (await this.over(channel, person, message)) return true;
    return false;
  }

  private async over(channel: string, person: Person, message: Message): Promise<boolean> {
    try {
      const road = this.parts.channels.get(channel);
      if (!road)
        throw peopleErrors.create(
          'NAME',
          both(`tell ${person.id}: there is no channel "${channel}"`, `通知 ${person.id}：没有渠道“${channel}”`),
        );
      await road.send(person, message, this.stopping.signal);
      this.delivered++;
      this.trouble = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof LifelineError)) throw error;
      if (this.stopping.signal.aborted) return false;
      const { log, sink } = this.parts;
      if (error.message !== this.trouble?.message)
        log.warn({ sink, code: error.code, next: error.next }, error.message);
      this.trouble = error;
      return false;
    }
  }

  private finish(letter: Letter): void {
    this.forget(letter);
    this.parts.done();
  }

  private forget({ id }: Letter): void {
    this.letters.delete(id);
    this.timers.get(id)?.cancel();
    this.timers.delete(id);
  }
}
