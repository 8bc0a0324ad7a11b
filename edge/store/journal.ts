import type { Event, NewEvent } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { both } from '../core/text.ts';
import type { Journal } from './api.ts';
import type { Database } from './database.ts';
import { storeErrors } from './errors.ts';
import type { Quarantine } from './quarantine.ts';
import { bodyOf, eventOf, insertRows, readStretch, rowOf } from './record.ts';

/** Events that may wait for the disk; beyond it appends are refused. */
const maxWaitingEvents = 100_000;
/** Events in one commit. */
const maxEventsPerCommit = 10_000;

/** One `append` call that waits for its commit. */
interface Waiting {
  readonly events: readonly NewEvent[];
  readonly bodies: readonly string[];
  resolve(events: readonly Event[]): void;
  reject(error: Error): void;
}

/**
 * The journal on SQLite. Appends that come while a commit runs share the next one. One INSERT statement is one
 * transaction, so nothing is half written, and with `synchronous=FULL` its end means that the log is synced.
 *
 * Identity: an epoch belongs to one opening of the file, and the sequence goes on over epochs. A file put back from an
 * older copy, even with its whole folder, therefore never gives an identity a second content, without anything beside
 * the file that would have to be kept in step with it.
 */
export class SqliteJournal implements Journal {
  readonly stream = 'events';
  readonly epoch: string;
  private newest: number;
  private waiting: Waiting[] = [];
  private waitingEvents = 0;
  private draining: Promise<void> | undefined;
  private closed = false;
  private readonly listeners = new Set<(events: readonly Event[]) => void>();
  private readonly database: Database;
  private readonly log: Log;
  private readonly quarantine: Quarantine;

  /** `last` is the highest sequence in the file. */
  constructor(database: Database, epoch: string, last: number, log: Log, quarantine: Quarantine) {
    this.database = database;
    this.epoch = epoch;
    this.newest = last;
    this.log = log;
    this.quarantine = quarantine;
  }

  get last(): number {
    return this.newest;
  }

  async append(events: readonly NewEvent[]): Promise<readonly Event[]> {
    if (events.length === 0) return [];
    if (this.closed)
      throw storeErrors.create(
        'CLOSED',
        both(`journal ${events.length} events: the store is closed`, `写入 ${events.length} 个事件：存储已关闭`),
      );
    if (this.waitingEvents + events.length > maxWaitingEvents) {
      throw storeErrors.create(
        'JOURNAL-FULL',
        `journal ${events.length} events: ${this.waitingEvents} of at most ${maxWaitingEvents} wait for the disk`,
      );
    }
    const bodies = events.map(bodyOf);
    this.waitingEvents += events.length;
    return new Promise((resolve, reject) => {
      this.waiting.push({ events, bodies, resolve, reject });
      this.draining ??= this.drain();
    });
  }

  async read(after: number, limit: number): Promise<readonly Event[]> {
    const found: Event[] = [];
    let position = after;
    while (found.length < limit && position < this.newest) {
      const stretch = await readStretch(this.database, position, limit - found.length, this.newest);
      const skipped = [...stretch.unreadable];
      for (const row of stretch.rows) {
        const event = eventOf(this.stream, row);
        if (event) found.push(event);
        else skipped.push(row.sequence);
      }
      const blocks = skipped.map((sequence) => `event/${sequence}`);
      this.quarantine.note(`read the journal after ${position}`, blocks);
      position = stretch.end;
    }
    return found;
  }

  onAppend(listener: (events: readonly Event[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Refuses new appends and waits for those that were given. */
  async close(): Promise<void> {
    this.closed = true;
    await this.draining;
  }

  private async drain(): Promise<void> {
    await Promise.resolve(); // appends of the same turn share the first commit
    while (this.waiting.length > 0) await this.commit(this.takeGroup());
    this.draining = undefined;
  }

  private takeGroup(): readonly Waiting[] {
    let size = 0;
    let count = 0;
    for (const { events } of this.waiting) {
      if (count > 0 && size + events.length > maxEventsPerCommit) break;
      size += events.length;
      count++;
    }
    this.waitingEvents -= size;
    return this.waiting.splice(0, count);
  }

  private async commit(group: readonly Waiting[]): Promise<void> {
    let sequence = this.newest;
    const rows = group.flatMap(({ bodies }) => bodies.map((body) => rowOf(this.epoch, ++sequence, body)));
    try {
      await insertRows(this.database, rows);
    } catch (cause) {
      for (const { events, reject } of group) {
        reject(
          storeErrors.create(
            'JOURNAL-WRITE',
            both(
              `journal ${events.length} events: the disk refused them`,
              `写入 ${events.length} 个事件：磁盘拒绝写入`,
            ),
            cause,
          ),
        );
      }
      return;
    }
    sequence = this.newest;
    this.newest += rows.length;
    const committed = group.map(({ events }) =>
      events.map((event): Event => ({ ...event, stream: this.stream, epoch: this.epoch, sequence: ++sequence })),
    );
    group.forEach(({ resolve }, index) => {
      resolve(committed[index] ?? []);
    });
    this.tell(committed.flat());
  }

  private tell(events: readonly Event[]): void {
    for (const listener of this.listeners) {
      try {
        listener(events);
      } catch (error) {
        this.log.error({ error }, 'a listener of the journal failed');
      }
    }
  }
}
