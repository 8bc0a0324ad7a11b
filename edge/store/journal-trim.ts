import { type Clock, every } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Database } from './database.ts';
import { type Worth, worthOf } from './event-worth.ts';
import { type EventRow, eventOf, readStretch } from './record.ts';
import { usedBytes } from './used-bytes.ts';

/** How much of the journal is kept. */
export interface JournalLimits {
  /** Older events go, once every sink has them. */
  readonly keepMs: number;
  /** The same for audit: who acknowledged, judged, commanded, changed what. */
  readonly keepAuditMs: number;
  /** Pages of the file that hold something; beyond it the least go first, what a sink lacks only when nothing else is left. */
  readonly maxBytes: number;
}

const dayMs = 86_400_000;
export const defaultJournalLimits: JournalLimits = { keepMs: 400 * dayMs, keepAuditMs: 400 * dayMs, maxBytes: 512e6 };

/** Space is looked at so often, age once in so many looks. */
const lookMs = 60_000;
const looksPerAge = 60;
/** Once over its size, the journal is brought to this part of it. */
const target = 0.95;
const rowsPerPage = 500;
/** Pages read in one turn; the next goes on from there. */
const pagesPerTurn = 40;
/** Events dropped for age in one turn: a clock that is years ahead for an hour costs no more than this. */
const maxAgedPerTurn = 2_000;
/** What a row takes beside its body: key, epoch, checksum, heads. */
const rowBytes = 60;

/** What is trimmed, and what has to stay. */
export interface TrimParts {
  readonly database: Database;
  readonly limits: JournalLimits;
  readonly clock: Clock;
  readonly log: Log;
  /** Sequence of the newest event. */
  last(): number;
  /** Every sink in use has the events up to this sequence. */
  sentUpTo(): number;
  /** Whether an event is still wanted whatever its age: that of an alarm that stands. */
  stands(event: Event): boolean;
}

/** One round over the journal: events of these worths, those that every sink has or all of them. */
interface Round {
  readonly worths: readonly Worth[];
  readonly sent: boolean;
}

/** In this order, until there is room. Alarms that stand, and audit before its time, are in the last three only. */
const rounds: readonly Round[] = [
  { worths: ['least'], sent: true },
  { worths: ['medium'], sent: true },
  { worths: ['high'], sent: true },
  { worths: ['critical'], sent: true },
  { worths: ['least', 'medium', 'high'], sent: false },
  { worths: ['critical'], sent: false },
  { worths: ['audit'], sent: false },
];

/** Keeps the journal within its age and its size, a bounded helping at a time. */
export class JournalTrim {
  /** Events removed by rule since start. */
  removed = 0;
  /** Those among them that a sink had not got. */
  lost = 0;
  /** Where each round goes on: nothing before it is left that the round may take. */
  private readonly positions = new Map<Round, number>();
  private stopTimer: (() => void) | undefined;
  private looks = 0;
  private turn: Promise<void> = Promise.resolve();
  private readonly parts: TrimParts;

  constructor(parts: TrimParts) {
    this.parts = parts;
  }

  start(): void {
    this.stopTimer = every(this.parts.clock, lookMs, () => {
      if (this.looks > 0) void this.look(this.looks % looksPerAge === 0);
      this.looks++;
    });
  }

  async stop(): Promise<void> {
    this.stopTimer?.();
    this.stopTimer = undefined;
    await this.turn;
  }

  /** Removes what has had its time, if `aged`, then what is beyond the size. Never rejects: the next look tries again. */
  look(aged: boolean): Promise<void> {
    this.turn = this.turn.then(async () => {
      try {
        if (aged) await this.trimAge();
        await this.trimSize();
      } catch (error) {
        this.parts.log.warn({ subject: 'journal' }, `trim the journal: ${describeError(error)}`);
      }
    });
    return this.turn;
  }

  private async trimAge(): Promise<void> {
    const { clock, limits, sentUpTo, stands } = this.parts;
    const nowMs = clock.wallMs();
    const cutoff = nowMs - Math.min(limits.keepMs, limits.keepAuditMs);
    let left = maxAgedPerTurn;
    await this.scan(0, sentUpTo(), (records) => {
      const old = records.filter(({ event }) => event.time < cutoff);
      const gone = old.filter(({ event }) => event.time < nowMs - this.keptMs(event) && !stands(event)).slice(0, left);
      left -= gone.length;
      return { gone, done: old.length === 0 || left === 0 };
    });
  }

  private keptMs(event: Event): number {
    const { keepMs, keepAuditMs } = this.parts.limits;
    return worthOf(event) === 'audit' ? keepAuditMs : keepMs;
  }

  private async trimSize(): Promise<void> {
    const { database, limits, last, sentUpTo, stands } = this.parts;
    const used = await usedBytes(database);
    if (used <= limits.maxBytes) return;
    let wanted = used - limits.maxBytes * target;
    for (const round of rounds) {
      const sent = sentUpTo();
      const upTo = round.sent ? sent : last();
      const from = round.sent ? (this.positions.get(round) ?? 0) : 0;
      const end = await this.scan(from, upTo, (records) => {
        const gone: Kept[] = [];
        for (const record of records) {
          if (wanted <= 0) break;
          const { event, bytes } = record;
          if (!round.worths.includes(worthOf(event)) || (round.sent && stands(event))) continue;
          gone.push(record);
          wanted -= bytes;
        }
        return { gone, done: wanted <= 0 };
      });
      if (round.sent) this.positions.set(round, end);
      if (wanted <= 0 || end < upTo) return;
    }
  }

  /**
   * Shows pages of sound records after `from` up to `upTo`, and removes what `choose` names. Resolves with the sequence
   * up to which all was seen and nothing that could go was left.
   */
  private async scan(
    from: number,
    upTo: number,
    choose: (records: readonly Kept[]) => { readonly gone: readonly Kept[]; readonly done: boolean },
  ): Promise<number> {
    const { database, sentUpTo } = this.parts;
    let position = from;
    for (let page = 0; page < pagesPerTurn && position < upTo; page++) {
      const { rows, end } = await readStretch(database, position, rowsPerPage, upTo);
      const { gone, done } = choose(rows.flatMap((row) => (row.sequence <= upTo ? keptOf(row) : [])));
      if (gone.length > 0) {
        const sent = sentUpTo();
        const sequences = gone.map(({ event }) => event.sequence);
        await database.run(
          'DELETE FROM events WHERE sequence IN (SELECT value FROM json_each(?))',
          JSON.stringify(sequences),
        );
        this.removed += gone.length;
        this.lost += sequences.filter((sequence) => sequence > sent).length;
      }
      if (done) break;
      position = Math.min(end, upTo);
    }
    return position;
  }
}

/** A sound record and about what it takes on disk. */
interface Kept {
  readonly event: Event;
  readonly bytes: number;
}

function keptOf(row: EventRow): Kept[] {
  const event = eventOf('events', row);
  return event ? [{ event, bytes: Buffer.byteLength(row.body) + rowBytes }] : [];
}
