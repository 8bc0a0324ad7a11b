import { bucketMs, type ChunkRow } from './chunk-table.ts';
import type { Database } from './database.ts';

/** Minutes read in one go: at 5,000 tags about 5 MB. */
const bucketsPerRead = 60;

/** Hears the rows of whole buckets, oldest first, and of each bucket that lies on a damaged page. */
export interface ChunkHearer {
  rows(rows: readonly ChunkRow[]): void | Promise<void>;
  unreadable(fromMs: number): void;
}

/** Shows all chunks that can be read, whatever pages between them are damaged. */
export async function walkChunks(database: Database, hearer: ChunkHearer): Promise<void> {
  const ends = await database
    .all<{ first: number | null; last: number | null }>('SELECT min(bucket) AS first, max(bucket) AS last FROM chunks')
    .catch(() => undefined);
  if (!ends) {
    hearer.unreadable(0);
    return;
  }
  const { first, last } = ends[0] ?? { first: null, last: null };
  if (first === null || last === null) return;
  for (let bucket = first; bucket <= last; bucket = await nextBucket(database, bucket)) {
    await readBuckets(database, bucket, Math.min(last, bucket + bucketsPerRead - 1), hearer);
  }
}

/** The first filled bucket after a stretch, so that a gap of years costs nothing. */
async function nextBucket(database: Database, from: number): Promise<number> {
  const next = from + bucketsPerRead;
  const found = await database
    .all<{ bucket: number | null }>('SELECT min(bucket) AS bucket FROM chunks WHERE bucket >= ?', next)
    .catch(() => []);
  return found[0] ? (found[0].bucket ?? Number.POSITIVE_INFINITY) : next;
}

/** A row of the table of roll-ups as stored. */
export interface RollupRow {
  readonly key: number;
  readonly bytes: Uint8Array;
}

const rollupsPerRead = 2_000;

/** Shows all roll-ups that can be read, up to the first damaged page and then downwards from the last. */
export async function walkRollups(
  database: Database,
  hearer: { rows(rows: readonly RollupRow[]): void | Promise<void>; unreadable(): void },
): Promise<void> {
  const select = 'SELECT key, bytes FROM rollups WHERE key > ? AND key < ? ORDER BY key';
  let [low, high] = [-1, Number.MAX_SAFE_INTEGER];
  let downwards = false;
  for (;;) {
    const order = downwards ? ' DESC' : '';
    const rows = await database
      .all<RollupRow>(`${select}${order} LIMIT ${rollupsPerRead}`, low, high)
      .catch(() => undefined);
    if (rows) await hearer.rows(rows);
    else hearer.unreadable();
    if ((rows && rows.length < rollupsPerRead) || (!rows && downwards)) return;
    if (!rows) downwards = true;
    else if (downwards) high = rows.at(-1)?.key ?? high;
    else low = rows.at(-1)?.key ?? low;
  }
}

async function readBuckets(database: Database, from: number, to: number, hearer: ChunkHearer): Promise<void> {
  const rows = await database
    .all<ChunkRow>(
      `SELECT bucket, tag, generation, times, from_ms, to_ms, samples, bytes FROM chunks
       WHERE bucket BETWEEN ? AND ? ORDER BY bucket, tag, generation`,
      from,
      to,
    )
    .catch(() => undefined);
  if (rows) {
    await hearer.rows(rows);
    return;
  }
  if (from === to) {
    hearer.unreadable(from * bucketMs);
    return;
  }
  const middle = Math.floor((from + to) / 2);
  await readBuckets(database, from, middle, hearer);
  await readBuckets(database, middle + 1, to, hearer);
}
