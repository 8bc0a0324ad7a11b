import { access } from 'node:fs/promises';
import { describeError } from '../core/errors.ts';
import { type Database, type OpenDatabase, sqliteCode } from './database.ts';
import { storeErrors } from './errors.ts';

/** Damaged places listed by name; beyond it they are only counted. */
const maxListed = 1_000;
/** Complaints of SQLite's own page check that are asked for. */
const maxPageComplaints = 5;

/** How many records of one table are sound. */
export interface TableCount {
  sound: number;
  damaged: number;
}

/** What was found in one database file. */
export interface FileExamination {
  readonly file: string;
  /** SQLite's own page check, which sees torn structure but hardly any flipped bit of content; empty when it has nothing to say. */
  readonly pages: readonly string[];
  readonly tables: Readonly<Record<string, TableCount>>;
  /** Damaged places by name, the first thousand of them. */
  readonly damaged: readonly string[];
}

/** Takes down what is found in one file; tells how many records were looked at. */
export class Findings {
  readonly tables: Record<string, TableCount> = {};
  readonly damaged: string[] = [];
  private readonly onRecords: (count: number) => void;

  constructor(onRecords: (count: number) => void) {
    this.onRecords = onRecords;
  }

  sound(table: string, count = 1): void {
    this.count(table).sound += count;
    this.onRecords(count);
  }

  /** `place` names what is lost, for people. */
  damage(table: string, place: string, count = 1): void {
    this.count(table).damaged += count;
    if (this.damaged.length < maxListed) this.damaged.push(place);
    this.onRecords(count);
  }

  private count(table: string): TableCount {
    this.tables[table] ??= { sound: 0, damaged: 0 };
    return this.tables[table];
  }
}

/**
 * Opens a file to look at it and closes it again; undefined when there is none. The write-ahead log is folded in, else
 * nothing is changed. Rejects with IN-USE while a gateway holds the file, with OPEN when it cannot be read at all.
 */
export async function examineFile(
  path: string,
  open: OpenDatabase,
  look: (database: Database) => Promise<void>,
): Promise<readonly string[] | undefined> {
  if (!(await exists(path))) return undefined;
  return withFile(path, open, async (database) => {
    const pages = await pageComplaints(database);
    await look(database);
    return pages;
  });
}

async function withFile<Result>(
  path: string,
  open: OpenDatabase,
  run: (database: Database) => Promise<Result>,
): Promise<Result> {
  let database: Database | undefined;
  try {
    database = await open(path);
    await database.exec('PRAGMA query_only = ON');
    return await run(database);
  } catch (cause) {
    const name = sqliteCode(cause) === 'SQLITE_BUSY' ? 'IN-USE' : 'OPEN';
    throw storeErrors.create(name, `examine ${path}: ${describeError(cause)}`, cause);
  } finally {
    await database?.close().catch(() => undefined);
  }
}

/** About how many records the tables of a file have; those that cannot be counted count as none. */
export async function countRecords(path: string, open: OpenDatabase, tables: readonly string[]): Promise<number> {
  let total = 0;
  const look = async (database: Database) => {
    for (const table of tables) {
      const rows = await database.all<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).catch(() => []);
      total += rows[0]?.count ?? 0;
    }
  };
  if (await exists(path)) await withFile(path, open, look);
  return total;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function pageComplaints(database: Database): Promise<readonly string[]> {
  const check = `PRAGMA integrity_check(${maxPageComplaints})`;
  const rows = await database.all<{ integrity_check: string }>(check).catch((error) => {
    if (sqliteCode(error) === 'SQLITE_BUSY') throw error;
    return [{ integrity_check: describeError(error) }];
  });
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}
