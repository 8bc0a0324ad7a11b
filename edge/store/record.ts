import { crc32 } from 'node:zlib';
import type { Event, NewEvent } from '../core/event.ts';
import { type Database, isDamage } from './database.ts';
import { storeErrors } from './errors.ts';

export const eventTable = `CREATE TABLE IF NOT EXISTS events (
  sequence INTEGER PRIMARY KEY, epoch TEXT NOT NULL, body TEXT NOT NULL, checksum INTEGER NOT NULL)`;

/** A journal row as stored. */
export interface EventRow {
  readonly sequence: number;
  readonly epoch: string;
  /** The event without its identity, as JSON. */
  readonly body: string;
  readonly checksum: number;
}

/** CRC-32 over identity and content, so that neither a flipped bit nor a row moved elsewhere passes. */
function checksumOf(epoch: string, sequence: number, body: string): number {
  return crc32(`${epoch}/${sequence}/${body}`);
}

/** The row that gives a body its identity. */
export function rowOf(epoch: string, sequence: number, body: string): EventRow {
  return { sequence, epoch, body, checksum: checksumOf(epoch, sequence, body) };
}

/** The stored form of what an event says; identity comes later. Throws TypeError on what JSON cannot carry. */
export function bodyOf(event: NewEvent): string {
  const { type, time, subject, utility, data } = event;
  return JSON.stringify({ type, time, subject, utility, data });
}

/** The event of a row, or undefined when the row does not match its checksum. */
export function eventOf(stream: string, row: EventRow): Event | undefined {
  const { sequence, epoch, body, checksum } = row;
  if (typeof body !== 'string' || checksumOf(epoch, sequence, body) !== checksum) return undefined;
  return { ...(JSON.parse(body) as NewEvent), stream, epoch, sequence };
}

/** Writes rows in one statement, which SQLite makes one transaction; resolves with their number. */
export function insertRows(db: Database, rows: readonly EventRow[]): Promise<number> {
  const columns = rows.map(({ sequence, epoch, body, checksum }) => [sequence, epoch, body, checksum]);
  return db.run(
    `INSERT INTO events (sequence, epoch, body, checksum)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
    JSON.stringify(columns),
  );
}

/** A stretch of the journal: its readable rows, the sequences on pages that are not, and the last sequence it covers. */
export interface Stretch {
  readonly rows: readonly EventRow[];
  readonly unreadable: readonly number[];
  readonly end: number;
}

/**
 * At most `limit` rows after `position`, up to sequence `last`; row by row where a damaged page makes the query fail.
 * Rejects with JOURNAL-READ when the disk fails otherwise.
 */
export async function readStretch(db: Database, position: number, limit: number, last: number): Promise<Stretch> {
  const select = 'SELECT sequence, epoch, body, checksum FROM events WHERE sequence';
  try {
    const rows = await db.all<EventRow>(`${select} > ? ORDER BY sequence LIMIT ?`, position, limit);
    const newest = rows.at(-1)?.sequence ?? last;
    return { rows, unreadable: [], end: rows.length < limit ? Math.max(last, newest) : newest };
  } catch (cause) {
    if (!isDamage(cause)) throw storeErrors.create('JOURNAL-READ', `read the journal after ${position}`, cause);
  }
  const end = Math.min(last, position + limit);
  const rows: EventRow[] = [];
  const unreadable: number[] = [];
  for (let sequence = position + 1; sequence <= end; sequence++) {
    const found = await db.all<EventRow>(`${select} = ?`, sequence).catch(() => undefined);
    if (found) rows.push(...found);
    else unreadable.push(sequence);
  }
  return { rows, unreadable, end };
}
