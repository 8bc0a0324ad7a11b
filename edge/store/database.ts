import sqlite3 from 'sqlite3';

/** What SQLite takes as a bound value. */
type Value = string | number | null | Uint8Array;

/** One open SQLite file; statements run one after another in the order they were given. */
export interface Database {
  /** Runs statements that return nothing and bind nothing. */
  exec(sql: string): Promise<void>;
  /** Runs one statement; resolves with the number of rows it changed. */
  run(sql: string, ...values: readonly Value[]): Promise<number>;
  all<Row>(sql: string, ...values: readonly Value[]): Promise<readonly Row[]>;
  /** Closes; waits for the statements already given. */
  close(): Promise<void>;
}

/** How long SQLite waits for another process's lock. */
const busyTimeoutMs = 500;

/** Opens or creates the file; rejects with SQLite's own error (see `sqliteCode`). */
export type OpenDatabase = (path: string) => Promise<Database>;

/** The promise face of package sqlite3. */
export const openDatabase: OpenDatabase = (path) =>
  new Promise((resolve, reject) => {
    const handle = new sqlite3.Database(path, (error) => (error ? reject(error) : resolve(wrap(handle))));
    handle.on('error', () => undefined);
    handle.configure('busyTimeout', busyTimeoutMs);
    handle.serialize();
  });

function wrap(handle: sqlite3.Database): Database {
  return {
    exec: (sql) => settle((done) => handle.exec(sql, done)),
    run: (sql, ...values) =>
      new Promise((resolve, reject) => {
        handle.run(sql, values, function (this: sqlite3.RunResult, error: Error | null) {
          if (error) reject(error);
          else resolve(this.changes);
        });
      }),
    all: <Row>(sql: string, ...values: readonly Value[]) =>
      new Promise<readonly Row[]>((resolve, reject) => {
        handle.all<Row>(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)));
      }),
    close: () => settle((done) => handle.close(done)),
  };
}

function settle(start: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}

/** SQLite's primary result code of an error, e.g. `SQLITE_BUSY`; empty for other errors (sqlite.org/rescode.html). */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

/** Whether the error says that the file itself is damaged or no database, as against a full or failing disk. */
export function isDamage(error: unknown): boolean {
  return ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT'].includes(sqliteCode(error));
}
