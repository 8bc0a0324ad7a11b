import type { Series } from './api.ts';
import { decodeChunk } from './chunk.ts';
import type { Database } from './database.ts';
import { countersTable } from './quarantine.ts';

/** Stands in the place of the tag where a row is a column of times, which chunks of the same bucket refer to. */
export const timesTag = 0;

/**
 * Chunks lie in order of the minute of their first sample, so that those written together land on neighbouring pages;
 * in order of tag they would cost several times the flash (see `ops/bench/store.ts`).
 */
export const historyTables = `
  CREATE TABLE IF NOT EXISTS tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS chunks (
    bucket INTEGER NOT NULL, tag INTEGER NOT NULL, generation INTEGER NOT NULL, times INTEGER NOT NULL,
    from_ms REAL NOT NULL, to_ms REAL NOT NULL, samples INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (bucket, tag, generation)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tail (segment INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  ${countersTable}`;

/** What chunks lie together by. */
export const bucketMs = 60_000;
/** A chunk of a slow tag is closed after this time, so that the tail stays short. */
export const maxChunkAgeMs = 1_800_000;
/** No chunk reaches further than this from its first sample, so a query knows how far to look around. */
export const maxChunkSpanMs = 3_600_000;

/** A row of the table of chunks as stored. */
export interface ChunkRow {
  readonly bucket: number;
  readonly tag: number;
  readonly generation: number;
  readonly times: number;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly samples: number;
  readonly bytes: Uint8Array;
}

/** A column of times ready for the disk, shared by the chunks of tags that were polled together. */
export interface TimeColumn {
  /** Generation of the first chunk that used it. */
  readonly id: number;
  readonly bytes: Uint8Array;
  /** Least and greatest source time. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A chunk ready for the disk. */
export interface ClosedChunk {
  readonly id: number;
  readonly generation: number;
  /** Source time of the first sample. */
  readonly firstMs: number;
  readonly times: TimeColumn;
  readonly samples: number;
  /** Values and quality. */
  readonly bytes: Uint8Array;
}

/** Source time of the oldest sample in a chunk, and one that none reaches beyond; undefined while there is none. */
export async function chunkSpan(database: Database): Promise<readonly [fromMs: number, toMs: number] | undefined> {
  const [row] = await database.all<{ oldest: number | null; newest: number | null }>(
    `SELECT (SELECT from_ms FROM chunks ORDER BY bucket LIMIT 1) AS oldest, (SELECT max(bucket) FROM chunks) AS newest`,
  );
  if (row?.oldest == null || row.newest == null) return undefined;
  return [row.oldest, (row.newest + 1) * bucketMs + maxChunkAgeMs];
}

/** Writes chunks and their times in one statement; what is there already stays as it is. */
export async function insertChunks(database: Database, chunks: readonly ClosedChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  const blobs: Uint8Array[] = [];
  let end = 0;
  const rowOf = (tag: number, { generation, firstMs, times, samples }: ClosedChunk, bytes: Uint8Array) => {
    const start = end + 1;
    blobs.push(bytes);
    end += bytes.length;
    const bucket = Math.floor(firstMs / bucketMs);
    return [bucket, tag, generation, times.id, times.fromMs, times.toMs, samples, start, bytes.length];
  };
  const shared = new Map(chunks.map((chunk) => [chunk.times, { ...chunk, generation: chunk.times.id }]));
  const rows = [
    ...Array.from(shared, ([times, chunk]) => rowOf(timesTag, chunk, times.bytes)),
    ...chunks.map((chunk) => rowOf(chunk.id, chunk, chunk.bytes)),
  ];
  await database.run(
    `INSERT OR IGNORE INTO chunks (bucket, tag, generation, times, from_ms, to_ms, samples, bytes)
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
              substr(?2, value ->> 7, value ->> 8)
       FROM json_each(?1) ORDER BY 1, 2, 3`,
    JSON.stringify(rows),
    Buffer.concat(blobs),
  );
}

/** Samples read piece by piece, and the names of stored blocks that failed their checksum and are missing from them. */
export interface ReadPieces {
  readonly pieces: readonly Series[];
  readonly damaged: readonly string[];
}

/** The stored chunks of a tag that touch [fromMs, toMs], decoded, and the names of those that failed their checksum. */
export async function selectChunks(database: Database, id: number, fromMs: number, toMs: number): Promise<ReadPieces> {
  const rows = await database.all<
    Pick<ChunkRow, 'bucket' | 'generation' | 'bytes' | 'times'> & { timeBytes: Uint8Array | null }
  >(
    `WITH RECURSIVE filled (bucket) AS (
         SELECT min(bucket) FROM chunks WHERE bucket >= ?4
         UNION ALL
         SELECT (SELECT min(bucket) FROM chunks WHERE bucket > filled.bucket) FROM filled WHERE filled.bucket < ?5)
       SELECT chunks.bucket AS bucket, chunks.generation AS generation, chunks.bytes AS bytes, chunks.times AS times,
              shared.bytes AS timeBytes
       FROM filled CROSS JOIN chunks ON chunks.bucket = filled.bucket AND chunks.tag = ?1
       LEFT JOIN chunks AS shared
         ON shared.bucket = chunks.bucket AND shared.tag = ${timesTag} AND shared.generation = chunks.times
       WHERE chunks.to_ms >= ?2 AND chunks.from_ms <= ?3 ORDER BY chunks.generation`,
    id,
    fromMs,
    toMs,
    Math.floor((fromMs - maxChunkSpanMs) / bucketMs),
    Math.floor((toMs + maxChunkSpanMs) / bucketMs),
  );
  const decoded = rows.map(({ bytes, times, timeBytes }) =>
    decodeChunk({ bytes: timeBytes ?? noBytes, owner: times }, { bytes, owner: id }),
  );
  const bad = rows.filter((_, row) => decoded[row] === undefined);
  return {
    pieces: decoded.filter((piece) => piece !== undefined),
    damaged: bad.map(({ bucket, generation }) => `chunk/${bucket}/${id}/${generation}`),
  };
}

const noBytes = new Uint8Array(0);

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

/** Notes that the file is open since a moment; resolves with that of an opening before which was never closed. */
export async function noteOpening(database: Database, nowMs: number): Promise<number | undefined> {
  const [before] = await database.all<{ value: number }>("SELECT value FROM counters WHERE name = 'opened'");
  await database.run("INSERT OR REPLACE INTO counters (name, value) VALUES ('opened', ?)", Math.floor(nowMs));
  return before?.value;
}

/** Notes that nothing is owed to the file any more. */
export async function noteClosing(database: Database): Promise<void> {
  await database.run("DELETE FROM counters WHERE name = 'opened'");
}

/** The numbers noted by `setCounters`; 1 in a new file. */
export async function getCounters(
  database: Database,
): Promise<{ readonly segment: number; readonly generation: number }> {
  const rows = await database.all<{ name: string; value: number }>('SELECT name, value FROM counters');
  const counters = new Map(rows.map(({ name, value }) => [name, value]));
  return { segment: counters.get('segment') ?? 1, generation: counters.get('generation') ?? 1 };
}
