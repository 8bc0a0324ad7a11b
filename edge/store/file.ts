import { open, rename } from 'node:fs/promises';
import { LifelineError } from '../core/errors.ts';
import { type Database, isDamage, type OpenDatabase, sqliteCode } from './database.ts';
import { storeErrors } from './errors.ts';

/** What makes a file one of ours. */
export interface Layout {
  readonly path: string;
  /** SQLite `application_id`: tells our files from others'. */
  readonly applicationId: number;
  /** SQLite `user_version`. A file with a higher one is refused, never touched. */
  readonly version: number;
  /** Statements run at each opening, before the tables are looked at. */
  readonly pragmas: string;
  readonly tables: string;
  /** Reads what the rest depends on: damage that it comes upon sets the file aside. */
  read(database: Database): Promise<void>;
}

/** How files are opened, and the text that marks those that are set aside. */
export interface FileHost {
  readonly openDatabase: OpenDatabase;
  readonly stamp: string;
}

/** An opened file, and where a damaged predecessor was put. */
export interface Opened {
  readonly database: Database;
  /** Path of the file set aside, and why; undefined when the file was sound or new. */
  readonly aside: { readonly path: string; readonly why: string } | undefined;
}

/**
 * Opens or creates a file of the given layout. A damaged or foreign file is renamed to `<path>.broken-<stamp>`, with its
 * log beside it, and a new one is started. Rejects with IN-USE, NEWER or OPEN, leaving the file as it was.
 */
export async function openFile(layout: Layout, { openDatabase, stamp }: FileHost): Promise<Opened> {
  // before anything is written: closing a file that is cut off can fill it up with nothing
  const short = await isCutOff(layout.path);
  try {
    return { database: await openSound(layout, openDatabase), aside: undefined };
  } catch (error) {
    const cutOff = short && sqliteCode(error) === 'SQLITE_IOERR';
    if (!(error instanceof Damage) && !isDamage(error) && !cutOff) throw coded(layout.path, error);
    const aside = await setAside(layout.path, stamp);
    const why = error instanceof Error ? error.message : String(error);
    const database = await openSound(layout, openDatabase).catch((again) => Promise.reject(coded(layout.path, again)));
    return { database, aside: { path: aside, why } };
  }
}

/**
 * Whether the file is shorter than its own header says, which SQLite tells as it tells a failing disk
 * (sqlite.org/fileformat2.html: page size at byte 16, pages at byte 28).
 */
async function isCutOff(path: string): Promise<boolean> {
  const head = Buffer.alloc(32);
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    await file.read(head, 0, head.length, 0);
    const { size } = await file.stat();
    const pageBytes = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
    return size < pageBytes * head.readUInt32BE(28);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

class Damage extends Error {}

async function openSound(layout: Layout, openDatabase: OpenDatabase): Promise<Database> {
  const database = await openDatabase(layout.path);
  try {
    await database.exec(layout.pragmas);
    await claim(database, layout);
    await database.exec(layout.tables);
    await layout.read(database);
    return database;
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}

/** Checks whose file it is; writes our mark into an empty one. */
async function claim(database: Database, layout: Layout): Promise<void> {
  const [head] = await database.all<{ mark: number; version: number; tables: number }>(
    `SELECT (SELECT application_id FROM pragma_application_id) AS mark, (SELECT user_version FROM pragma_user_version) AS version,
       (SELECT count(*) FROM sqlite_schema) AS tables`,
  );
  if (!head) throw new Damage('the header cannot be read');
  if (head.mark === 0 && head.tables === 0) {
    await database.exec(`PRAGMA application_id = ${layout.applicationId}; PRAGMA user_version = ${layout.version}`);
  } else if (head.mark !== layout.applicationId) {
    throw new Damage(`the header carries mark ${head.mark} instead of ${layout.applicationId}`);
  } else if (head.version > layout.version) {
    throw storeErrors.create(
      'NEWER',
      `open ${layout.path}: layout ${head.version}, this program knows up to ${layout.version}`,
    );
  }
}

/** Has SQLite check the structure of every page; rejects with damage. */
export async function checkPages(database: Database): Promise<void> {
  const [first] = await database.all<{ quick_check: string }>('PRAGMA quick_check(1)');
  if (first?.quick_check !== 'ok') throw new Damage(`page check: ${first?.quick_check ?? 'no answer'}`);
}

function coded(path: string, error: unknown): LifelineError {
  if (error instanceof LifelineError) return error;
  const code = sqliteCode(error);
  const name = code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED' ? 'IN-USE' : 'OPEN';
  return storeErrors.create(name, `open ${path}: ${error instanceof Error ? error.message : String(error)}`, error);
}

/** Renames the file out of the way and, first, its write-ahead log, which would otherwise be applied to the new file. */
export async function setAside(path: string, stamp: string): Promise<string> {
  const aside = `${path}.broken-${stamp}`;
  for (const suffix of ['-wal', '-shm', '']) {
    await rename(path + suffix, aside + suffix).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw coded(path, error);
    });
  }
  return aside;
}
