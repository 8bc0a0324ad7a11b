import { join } from 'node:path';
import type { ChunkRow } from './chunk-table.ts';
import type { Database, OpenDatabase } from './database.ts';
import { isSoundRollup, judgeChunks } from './examine-history.ts';
import { type FileHost, setAside } from './file.ts';
import { openHistoryFile } from './history-file.ts';
import { openJournalFile } from './journal-file.ts';
import { salvage } from './salvage.ts';
import { decodeSegment } from './tail.ts';
import { type RollupRow, walkChunks, walkRollups } from './walk-chunks.ts';

/** What a repair came to. */
export interface Repair {
  /** Where the file as it was is kept. */
  readonly aside: string;
  /** Events, or chunks, that the new file has. */
  readonly taken: number;
}

/** Puts a new `journal.db` in the place of the old one, with all that is sound in it, under its old identity. */
export async function repairJournal(dir: string, host: FileHost): Promise<Repair> {
  const aside = await setAside(join(dir, 'journal.db'), host.stamp);
  const { database } = await openJournalFile(dir, host);
  try {
    return { aside, taken: await salvage(aside, database, host.openDatabase) };
  } finally {
    await database.close();
  }
}

/** Puts a new `history.db` in the place of the old one, with all chunks and tail segments that are sound in it. */
export async function repairHistory(dir: string, host: FileHost): Promise<Repair> {
  const aside = await setAside(join(dir, 'history.db'), host.stamp);
  const { database } = await openHistoryFile(dir, host);
  try {
    return { aside, taken: await takeOver(aside, database, host.openDatabase) };
  } finally {
    await database.close();
  }
}

async function takeOver(brokenPath: string, target: Database, openDatabase: OpenDatabase): Promise<number> {
  const broken = await openDatabase(brokenPath);
  try {
    for (const [table, columns] of plainTables) await copyRows(broken, target, table, columns);
    const tail = await broken.all<{ segment: number; bytes: Uint8Array }>('SELECT * FROM tail').catch(() => []);
    for (const { segment, bytes } of tail) {
      if (decodeSegment(bytes, segment)) await target.run('INSERT INTO tail VALUES (?, ?)', segment, bytes);
    }
    let taken = 0;
    await walkChunks(broken, {
      rows: async (rows) => {
        const sound = judgeChunks(rows).flatMap((judged) => (judged.sound ? [judged.row] : []));
        await target.exec('BEGIN');
        for (const row of sound) await insertChunk(target, row);
        await target.exec('COMMIT');
        taken += sound.length;
      },
      unreadable: () => undefined,
    });
    await walkRollups(broken, {
      rows: (rows) => insertRollups(target, rows.filter(isSoundRollup)),
      unreadable: () => undefined,
    });
    return taken;
  } finally {
    await broken.close();
  }
}

async function insertRollups(target: Database, rows: readonly RollupRow[]): Promise<void> {
  await target.exec('BEGIN');
  for (const { key, bytes } of rows) await target.run('INSERT INTO rollups VALUES (?, ?)', key, bytes);
  await target.exec('COMMIT');
}

/** Small tables without checksums: names of tags, numbers that are never given twice, what is to be rolled up. */
const plainTables = [
  ['rollups_due', ['stretch', 'tag']],
  ['tags', ['id', 'name']],
  ['counters', ['name', 'value']],
] as const;

async function copyRows(
  from: Database,
  to: Database,
  table: string,
  [first, second]: readonly [string, string],
): Promise<void> {
  const rows = await from.all<{ a: string; b: string }>(`SELECT ${first} AS a, ${second} AS b FROM ${table}`);
  await to.run(
    `INSERT OR REPLACE INTO ${table} (${first}, ${second}) SELECT value ->> 0, value ->> 1 FROM json_each(?)`,
    JSON.stringify(rows.map(({ a, b }) => [a, b])),
  );
}

async function insertChunk(target: Database, row: ChunkRow): Promise<void> {
  const { bucket, tag, generation, times, from_ms, to_ms, samples, bytes } = row;
  await target.run(
    'INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[bucket, tag, generation, times, from_ms, to_ms, samples, bytes],
  );
}
