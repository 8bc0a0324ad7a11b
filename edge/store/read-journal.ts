import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../core/event.ts';
import { type Database, type OpenDatabase, openDatabase } from './database.ts';
import { storeErrors } from './errors.ts';
import { eventOf, readStretch } from './record.ts';

/** Events read in one go. */
const eventsPerStretch = 500;
/** A running gateway moves its log into the file every few megabytes; a copy during that is made again. */
const copies = 5;

/** What a gateway has journaled, for those who only read: it may go on running meanwhile. */
export interface StoredJournal {
  /** All events, oldest first, as they were when the journal was opened. Damaged ones are left out. */
  events(): AsyncGenerator<readonly Event[]>;
  close(): Promise<void>;
}

/** Opens the journal in a data folder to read it: a copy, as the gateway lets nobody else in. Rejects with LL-STORE-OPEN. */
export async function readJournal(dir: string, open: OpenDatabase = openDatabase): Promise<StoredJournal> {
  const path = join(dir, 'journal.db');
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-journal-'));
  let database: Database | undefined;
  const close = async () => {
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const copy = await copyOf(path, folder);
    database = await open(copy);
    const [newest] = await database.all<{ last: number | null }>('SELECT max(sequence) AS last FROM events');
    return { events: () => stretches(database as Database, newest?.last ?? 0), close };
  } catch (cause) {
    await close();
    throw storeErrors.create('OPEN', `read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

async function* stretches(database: Database, last: number): AsyncGenerator<readonly Event[]> {
  for (let position = 0; position < last; ) {
    const { rows, end } = await readStretch(database, position, eventsPerStretch, last);
    yield rows.map((row) => eventOf('', row)).filter((event) => event !== undefined);
    position = end;
  }
}

/** File and log as they belong together: between two looks at it the file did not change. */
async function copyOf(path: string, folder: string): Promise<string> {
  const copy = join(folder, 'journal.db');
  for (let at = 0; at < copies; at++) {
    const before = await stat(path);
    await copyFile(path, copy);
    await copyFile(`${path}-wal`, `${copy}-wal`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    const after = await stat(path);
    if (before.mtimeMs === after.mtimeMs && before.size === after.size) return copy;
  }
  throw new Error('it is written too often to be copied; stop the gateway for the time of reading');
}
