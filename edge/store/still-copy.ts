import { copyFile, open, stat } from 'node:fs/promises';
import { type Clock, delay } from '../core/clock.ts';
import type { OpenDatabase } from './database.ts';
import { storeErrors } from './errors.ts';

/** Head of a write-ahead log; its salts change whenever the log begins anew (sqlite.org/walformat.html). */
const logHeadBytes = 32;
/** Longer than the grain of a file's time stamp, so that a write after the second look cannot bear the old one. */
const settleMs = 50;
const attempts = 50;

/** Whether the file has changed, and whether its log has begun anew: as long as neither has, the two belong together. */
async function stateOf(path: string): Promise<string | undefined> {
  const file = await stat(path, { bigint: true }).catch(() => undefined);
  if (!file) return undefined;
  return `${file.ino} ${file.mtimeNs} ${file.size} ${await logHead(`${path}-wal`)}`;
}

async function logHead(path: string): Promise<string> {
  const log = await open(path).catch(() => undefined);
  if (!log) return '';
  try {
    const head = Buffer.alloc(logHeadBytes);
    const { bytesRead } = await log.read(head, 0, logHeadBytes, 0);
    return head.toString('hex', 0, bytesRead);
  } finally {
    await log.close();
  }
}

/**
 * Copies a database while another process may hold it and write to it: as a power cut would leave it at one moment, with
 * everything committed by then. SQLite changes the file itself only when it folds the log in, so it is copied until no
 * fold came in between; a log that grows meanwhile is cut off by the checksums of its frames. The copy has no log.
 * Resolves with its layout number, or undefined when there is no such file; rejects with LL-STORE-BUSY.
 */
export async function copyStill(
  from: string,
  to: string,
  clock: Clock,
  openDatabase: OpenDatabase,
): Promise<number | undefined> {
  if ((await stateOf(from)) === undefined) return undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await stateOf(from);
    await delay(clock, settleMs);
    if ((await stateOf(from)) !== before) continue;
    await copyFile(from, to);
    await copyFile(`${from}-wal`, `${to}-wal`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if ((await stateOf(from)) === before) return foldLog(to, openDatabase);
  }
  throw storeErrors.create('BUSY', `copy ${from}: it was written to during each of ${attempts} attempts`);
}

/** Brings the log of a copy into its file. */
async function foldLog(path: string, openDatabase: OpenDatabase): Promise<number> {
  const database = await openDatabase(path);
  try {
    await database.exec('PRAGMA journal_mode = DELETE');
    const [row] = await database.all<{ user_version: number }>('PRAGMA user_version');
    return row?.user_version ?? 0;
  } finally {
    await database.close();
  }
}
