import type { AlarmBooks } from '../alarms/books.ts';
import { type StandingRecord, standingRecordOf } from '../alarms/standing.ts';
import { describeError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Journal, Snapshots } from '../store/api.ts';

/** Journal events that lists, reports and answers rest on, the newest ones; of older ones only what stands. */
const maxRecalledEvents = 50_000;
/** The newest ones that are replayed before anything else goes on: floods, chatter and what follows from incidents. */
const minReplayedEvents = 5_000;
/** Events between two turns of everybody else: 10 ms on a fast processor. */
const eventsPerPage = 250;
/** After so many events it is written down anew what stands. */
const eventsPerRecord = 5_000;
/** What stands is read together with what lies between, where that is no more. */
const mostBetween = 32;
/** Where that lies in the store. */
const standingArea = 'alarms';
const standingName = 'standing';

interface ReplayParts {
  readonly journal: Journal;
  readonly snapshots: Snapshots;
  readonly log: Log;
  readonly books: AlarmBooks;
  /** Books in which nothing is written yet. */
  fresh(): AlarmBooks;
}

type Hear = (event: Event) => void;

/**
 * Rebuilds what the journal tells after a restart, in two steps: what stands and the newest events before the gateway goes
 * on, so that it does so soon; then, beside its work, what lists, reports and answers to repeated orders rest on.
 */
export class JournalReplay {
  private recordedUpTo = 0;
  private missing: (() => Promise<void>) | undefined;
  private stopped = false;
  private readonly parts: ReplayParts;

  constructor(parts: ReplayParts) {
    this.parts = parts;
  }

  /**
   * The first step: from what stood when it was written down last, and all events since, the newest 5,000 in any case.
   * Where nothing was written down, all of the journal is replayed.
   * @param now hears of every event of these
   * @param later hears of the newest 50,000, once each and in order, in the second step where there is one
   */
  async replay(now: Hear, later: Hear): Promise<void> {
    const { journal, snapshots, books } = this.parts;
    const kept = standingRecordOf((await snapshots.load(standingArea)).get(standingName));
    this.recordedUpTo = kept?.upTo ?? 0;
    const from = Math.max(0, Math.min(this.recordedUpTo, journal.last - minReplayedEvents));
    const recalledFrom = Math.max(0, journal.last - maxRecalledEvents);
    const isWhole = from <= recalledFrom;
    const hear = (event: Event) => {
      books.restore(event);
      now(event);
      if (isWhole) later(event);
    };
    for (const event of await this.pick(kept?.sequences.filter((sequence) => sequence <= from) ?? [])) hear(event);
    await this.pass(from, hear);
    books.incidents.replayed();
    if (!isWhole) this.missing = () => this.fill(recalledFrom, later);
    await this.record();
  }

  /** The second step. Never rejects: what the disk does not give is missing. */
  async recall(): Promise<void> {
    const { log } = this.parts;
    const { missing } = this;
    this.missing = undefined;
    await missing?.().catch((error) =>
      log.warn({ subject: 'journal' }, `recall older events: ${describeError(error)}`),
    );
  }

  /** Recalls no more. */
  stop(): void {
    this.stopped = true;
  }

  /** Writes down what stands, once enough has come since the last time. Never rejects: all that is lost is time at the next start. */
  async record(): Promise<void> {
    const { journal, snapshots, log, books } = this.parts;
    if (journal.last - this.recordedUpTo < eventsPerRecord) return;
    const record: StandingRecord = books.standing.record();
    try {
      await snapshots.save(standingArea, new Map([[standingName, JSON.stringify(record)]]));
      this.recordedUpTo = record.upTo;
    } catch (error) {
      log.warn({ subject: 'journal' }, `write down what stands: ${describeError(error)}`);
    }
  }

  private async fill(after: number, later: Hear): Promise<void> {
    const whole = this.parts.fresh();
    await this.pass(after, (event) => {
      whole.restore(event);
      later(event);
    });
    whole.incidents.replayed();
    if (!this.stopped) this.parts.books.recall(whole);
  }

  private async pass(after: number, hear: Hear): Promise<void> {
    const { journal } = this.parts;
    for (let position = after; position < journal.last && !this.stopped; ) {
      const events = await journal.read(position, eventsPerPage);
      events.forEach(hear);
      position = events.at(-1)?.sequence ?? journal.last;
    }
  }

  /** The events of these sequences that can be read, in this order. */
  private async pick(sequences: readonly number[]): Promise<readonly Event[]> {
    const found = new Map<number, Event>();
    const sorted = [...sequences].sort((a, b) => a - b);
    for (let at = 0; at < sorted.length; ) {
      const first = sorted[at] as number;
      let last = first;
      while (at < sorted.length && (sorted[at] as number) - last <= mostBetween && last - first < eventsPerPage)
        last = sorted[at++] as number;
      for (const event of await this.parts.journal.read(first - 1, last - first + 1)) found.set(event.sequence, event);
    }
    return sequences.flatMap((sequence) => found.get(sequence) ?? []);
  }
}
