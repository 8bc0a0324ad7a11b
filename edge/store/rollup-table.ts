import type { ClosedChunk } from './chunk-table.ts';
import type { Database } from './database.ts';
import { type RolledUp, stretchMs, stretchOf } from './rollup.ts';

/**
 * Roll-ups lie by resolution, then stretch, then tag, so that those made together land on neighbouring pages; the three
 * are packed into one key, as only rows with a whole number for a key fill their pages. What is due was written in raw
 * since it was last rolled up: noted with the chunk itself, so that neither a kill nor a late sample leaves them apart.
 */
export const rollupTables = `
  CREATE TABLE IF NOT EXISTS rollups (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS rollups_due (
    stretch INTEGER NOT NULL, tag INTEGER NOT NULL, PRIMARY KEY (stretch, tag)) WITHOUT ROWID`;

/** Tags that a key tells apart. */
const tagRoom = 2 ** 20;
/** First stretch of each resolution in a key: they lie 90,000 years apart. */
const firstStretch: Readonly<Record<RolledUp, number>> = { minute: 0, hour: 2 ** 27 };
/** Stretches read in one go: a month. */
export const stretchesPerRead = 124;

/** The lowest key of a stretch. */
export const rollupKey = (resolution: RolledUp, stretch: number): number =>
  (firstStretch[resolution] + stretch) * tagRoom;

/** Which tag a key belongs to, in SQL. */
export const tagOfKey = `key & ${tagRoom - 1}`;

/** What is to be rolled up anew. */
export interface Due {
  readonly stretch: number;
  /** Number of the tag in the database. */
  readonly tag: number;
}

/** One stretch of one tag ready for the disk. */
export interface StoredRollup extends Due {
  readonly resolution: RolledUp;
  readonly bytes: Uint8Array;
}

/** Whom a stored roll-up is written for, as its checksum knows it. */
export const rollupOwner = (resolution: RolledUp, { stretch, tag }: Due): number =>
  ownerOfKey(rollupKey(resolution, stretch) + tag);

/** The same, from the key under which it lies. */
export const ownerOfKey = (key: number): number => Math.floor(key / tagRoom) * 31 + (key % tagRoom);

/** Notes that the stretches which chunks touch are to be rolled up; belongs into the transaction that writes them. */
export async function markDue(database: Database, chunks: readonly ClosedChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  const due = chunks.flatMap(({ id, times: { fromMs, toMs } }) => {
    const [first, last] = [stretchOf(fromMs), stretchOf(toMs)];
    return first === last
      ? [[first, id]]
      : [
          [first, id],
          [last, id],
        ];
  });
  await database.run(
    'INSERT OR IGNORE INTO rollups_due (stretch, tag) SELECT DISTINCT value ->> 0, value ->> 1 FROM json_each(?)',
    JSON.stringify(due),
  );
}

/** Notes all that a file holds from the time before there were roll-ups, once. */
export async function markAllDue(database: Database): Promise<void> {
  await database.exec(`
    BEGIN;
    INSERT OR IGNORE INTO rollups_due (stretch, tag)
      SELECT DISTINCT CAST(from_ms / ${stretchMs} AS INTEGER), tag FROM chunks
      WHERE tag > 0 AND NOT EXISTS (SELECT 1 FROM counters WHERE name = 'rollups');
    INSERT OR IGNORE INTO counters (name, value) VALUES ('rollups', 1);
    COMMIT`);
}

/** What is due of stretches before `end`, oldest first. */
export function selectDue(database: Database, end: number, limit: number): Promise<readonly Due[]> {
  return database.all<Due>(
    'SELECT stretch, tag FROM rollups_due WHERE stretch < ? ORDER BY stretch, tag LIMIT ?',
    end,
    limit,
  );
}

/** The oldest stretch in which anything is due; undefined when nothing is. */
export async function oldestDue(database: Database): Promise<number | undefined> {
  const [row] = await database.all<{ stretch: number | null }>('SELECT min(stretch) AS stretch FROM rollups_due');
  return row?.stretch ?? undefined;
}

/** Stretches from `first` to `last` in which a tag is due. */
export async function dueStretches(
  database: Database,
  tag: number,
  first: number,
  last: number,
): Promise<readonly number[]> {
  const rows = await database.all<{ stretch: number }>(
    `WITH RECURSIVE filled (stretch) AS (
         SELECT min(stretch) FROM rollups_due WHERE stretch >= ?2
         UNION ALL
         SELECT (SELECT min(stretch) FROM rollups_due WHERE stretch > filled.stretch) FROM filled WHERE filled.stretch < ?3)
       SELECT rollups_due.stretch AS stretch FROM filled CROSS JOIN rollups_due
         ON rollups_due.stretch = filled.stretch AND rollups_due.tag = ?1
       WHERE rollups_due.stretch <= ?3`,
    tag,
    first,
    last,
  );
  return rows.map(({ stretch }) => stretch);
}

/** Puts roll-ups in place, those of before included, and strikes what was due. */
export async function replaceRollups(
  database: Database,
  rollups: readonly StoredRollup[],
  done: readonly Due[],
): Promise<void> {
  let end = 0;
  const rows = rollups.map(({ resolution, stretch, tag, bytes }) => {
    end += bytes.length;
    return [rollupKey(resolution, stretch) + tag, end - bytes.length + 1, bytes.length];
  });
  await database.run(
    `INSERT OR REPLACE INTO rollups (key, bytes)
       SELECT value ->> 0, substr(?2, value ->> 1, value ->> 2) FROM json_each(?1) ORDER BY 1`,
    JSON.stringify(rows),
    Buffer.concat(rollups.map(({ bytes }) => bytes)),
  );
  await database.run(
    `DELETE FROM rollups_due WHERE (stretch, tag) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
    JSON.stringify(done.map(({ stretch, tag }) => [stretch, tag])),
  );
}

/** The stored roll-ups of a tag in stretches `first` to `last`, at most `stretchesPerRead` of them. */
export function selectRollups(
  database: Database,
  resolution: RolledUp,
  tag: number,
  first: number,
  last: number,
): Promise<readonly { readonly stretch: number; readonly bytes: Uint8Array }[]> {
  return database.all(
    `WITH RECURSIVE wanted (stretch) AS (
         SELECT ?2 UNION ALL SELECT stretch + 1 FROM wanted WHERE stretch < ?3)
       SELECT wanted.stretch AS stretch, rollups.bytes AS bytes
       FROM wanted CROSS JOIN rollups ON rollups.key = (wanted.stretch + ?1) * ${tagRoom} + ?4`,
    firstStretch[resolution],
    first,
    last,
    tag,
  );
}

/** Begin of the oldest stretch and end of the newest that are kept at a resolution, ms since epoch; undefined without any. */
export async function rollupSpan(
  database: Database,
  resolution: RolledUp,
): Promise<readonly [fromMs: number, toMs: number] | undefined> {
  const first = rollupKey(resolution, 0);
  const [row] = await database.all<{ oldest: number | null; newest: number | null }>(
    `SELECT (SELECT min(key) FROM rollups WHERE key >= ?1 AND key < ?2) AS oldest,
            (SELECT max(key) FROM rollups WHERE key >= ?1 AND key < ?2) AS newest`,
    first,
    first + rollupKey('hour', 0),
  );
  if (row?.oldest == null || row.newest == null) return undefined;
  const stretch = (key: number) => Math.floor((key - first) / tagRoom);
  return [stretch(row.oldest) * stretchMs, (stretch(row.newest) + 1) * stretchMs];
}
