import type { Series } from './api.ts';
import { decodeChunk } from './chunk.ts';
import type { Database } from './database.ts';

/**
 * Chunks lie in order of the minute of their first sample, so that those written together land on neighbouring pages;
 * in order of tag they would cost several times the flash (see `ops/bench/store.ts`).
 */
export const historyTables = `
  CREATE TABLE IF NOT EXISTS tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS chunks (
    bucket INTEGER NOT NULL, tag INTEGER NOT NULL, generation INTEGER NOT NULL,
    from_ms REAL NOT NULL, to_ms REAL NOT NULL, samples INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (bucket, tag, generation)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tail (segment INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL)`;

const bucketMs = 60_000;
/** No chunk reaches further than this from its first sample, so a query knows how far to look around. */
export const maxChunkSpanMs = 3_600_000;

/** A chunk ready for the disk. */
export interface ClosedChunk {
  readonly id: number;
  readonly generation: number;
  /** Source time of the first sample. */
  readonly firstMs: number;
  /** Least and greatest source time. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly samples: number;
  readonly bytes: Uint8Array;
}

/** Writes chunks in one statement; a chunk that is there already stays as it is. */
export async function insertChunks(database: Database, chunks: readonly ClosedChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  let end = 0;
  const rows = chunks.map(({ id, generation, firstMs, fromMs, toMs, samples, bytes }) => {
    const start = end + 1;
    end += bytes.length;
    return [Math.floor(firstMs / bucketMs), id, generation, fromMs, toMs, samples, start, bytes.length];
  });
  await database.run(
    `INSERT OR IGNORE INTO chunks (bucket, tag, generation, from_ms, to_ms, samples, bytes)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
              substr(?2, value ->> 6, value ->> 7)
       FROM json_each(?1) ORDER BY 1, 2, 3`,
    JSON.stringify(rows),
    Buffer.concat(chunks.map(({ bytes }) => bytes)),
  );
}

/** The stored chunks of a tag that touch [fromMs, toMs], decoded, and how many failed their checksum. */
export async function selectChunks(
  database: Database,
  id: number,
  fromMs: number,
  toMs: number,
): Promise<{ readonly pieces: readonly Series[]; readonly damaged: number }> {
  const rows = await database.all<{ bytes: Uint8Array }>(
    `WITH RECURSIVE filled (bucket) AS (
         SELECT min(bucket) FROM chunks WHERE bucket >= ?4
         UNION ALL
         SELECT (SELECT min(bucket) FROM chunks WHERE bucket > filled.bucket) FROM filled WHERE filled.bucket < ?5)
       SELECT bytes FROM filled CROSS JOIN chunks USING (bucket)
       WHERE tag = ?1 AND to_ms >= ?2 AND from_ms <= ?3 ORDER BY generation`,
    id,
    fromMs,
    toMs,
    Math.floor((fromMs - maxChunkSpanMs) / bucketMs),
    Math.floor((toMs + maxChunkSpanMs) / bucketMs),
  );
  const decoded = rows.map(({ bytes }) => decodeChunk(bytes, id));
  const pieces = decoded.filter((piece) => piece !== undefined);
  return { pieces, damaged: decoded.length - pieces.length };
}

/** Gives every tag its number in the database, known ones the one they have; resolves with all names ever stored. */
export async function numberTags(database: Database, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  await database.run(
    'INSERT INTO tags (name) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING',
    JSON.stringify(names),
  );
  const rows = await database.all<{ id: number; name: string }>('SELECT id, name FROM tags');
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/** Notes the next free numbers of tail segments and chunk generations; neither is ever given twice. */
export async function setCounters(database: Database, segment: number, generation: number): Promise<void> {
  await database.run(
    `INSERT INTO counters (name, value) VALUES ('segment', ?), ('generation', ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    segment,
    generation,
  );
}

/** The numbers noted by `setCounters`; 1 in a new file. */
export async function getCounters(
  database: Database,
): Promise<{ readonly segment: number; readonly generation: number }> {
  const rows = await database.all<{ name: string; value: number }>('SELECT name, value FROM counters');
  const counters = new Map(rows.map(({ name, value }) => [name, value]));
  return { segment: counters.get('segment') ?? 1, generation: counters.get('generation') ?? 1 };
}

/** How much history is kept. */
export interface Retention {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** Buckets dropped in one step. */
const bucketsPerStep = 60;

/** Drops the oldest chunks until both limits hold; resolves with the number of chunks dropped. */
export async function trimChunks(database: Database, limits: Retention, nowMs: number): Promise<number> {
  let dropped = await database.run(
    'DELETE FROM chunks WHERE bucket < ?',
    Math.floor((nowMs - limits.maxAgeMs) / bucketMs),
  );
  while ((await usedBytes(database)) > limits.maxBytes) {
    const step = await database.run(
      `DELETE FROM chunks WHERE bucket <= (SELECT max(bucket) FROM
         (SELECT DISTINCT bucket FROM chunks ORDER BY bucket LIMIT ${bucketsPerStep}))`,
    );
    if (step === 0) break;
    dropped += step;
  }
  return dropped;
}

/** Bytes of the file that hold something; pages freed by a deletion are used again. */
async function usedBytes(database: Database): Promise<number> {
  const [row] = await database.all<{ bytes: number }>(
    `SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)
          - (SELECT freelist_count FROM pragma_freelist_count) * (SELECT page_size FROM pragma_page_size) AS bytes`,
  );
  return row?.bytes ?? 0;
}
