import { parseDuration } from '../core/duration.ts';
import { bucketMs } from './chunk-table.ts';
import type { Database } from './database.ts';
import { type Resolution, type RolledUp, stretchMs } from './rollup.ts';
import { oldestDue, rollupKey, rollupSpan, tagOfKey } from './rollup-table.ts';
import { usedBytes } from './used-bytes.ts';

/** How long each class of tags is kept at one resolution, ms; a class that is not named as `measurement`. */
export type KeptMs = Readonly<Record<string, number>> & { readonly measurement: number };

/** How much history is kept. */
export interface Retention extends Readonly<Record<Resolution, KeptMs>> {
  /** Of the whole file; the oldest raw samples go first, then minutes, then hours. */
  readonly maxBytes: number;
}

const dayMs = 86_400_000;
/** What holds where nothing is configured. */
export const defaultRetention: Retention = {
  raw: { measurement: 30 * dayMs, state: 400 * dayMs, text: 400 * dayMs, time: 400 * dayMs },
  minute: { measurement: 400 * dayMs },
  hour: { measurement: 3_660 * dayMs },
  maxBytes: 4e9,
};

/** What is configured, as durations such as `30d`, over what holds anyway. */
export function retentionOf(configured: ConfiguredRetention): Retention {
  const of = (resolution: Resolution): KeptMs => {
    const given = Object.entries(configured[resolution]).map(([name, text]) => [name, parseDuration(text)] as const);
    const known = given.filter((pair): pair is readonly [string, number] => pair[1] !== undefined);
    return { ...defaultRetention[resolution], ...Object.fromEntries(known) };
  };
  return { raw: of('raw'), minute: of('minute'), hour: of('hour'), maxBytes: configured.maxGb * 1e9 };
}

/** The section `history` of the configuration. */
export interface ConfiguredRetention extends Readonly<Record<Resolution, Readonly<Record<string, string>>>> {
  readonly maxGb: number;
}

/** Age goes by in steps of this, so that most turns find nothing to do. */
const stepOfAgeMs = 3_600_000;
/** Of one class so much is dropped in one turn at most. */
const mostPerTurnMs = stretchMs;
/** Raw samples of the newest day are dropped for space only when no roll-up is left. */
const rawKeptMs = dayMs;
/** Raw samples dropped for space in one statement. */
const bucketsPerStep = 8;

/** Class of tags by their number in the database; a tag gone from the configuration has none. */
export type Classes = ReadonlyMap<number, string>;

/**
 * Drops what is too old for its class, a helping of each, and then the oldest until the file is small enough. For its age
 * nothing is dropped that is not rolled up yet.
 */
export async function trim(
  database: Database,
  retention: Retention,
  classes: () => Classes,
  nowMs: number,
): Promise<void> {
  const rolledUpTo = ((await oldestDue(database)) ?? Number.POSITIVE_INFINITY) * stretchMs;
  for (const resolution of ['raw', 'minute', 'hour'] as const) {
    const kept = retention[resolution];
    const limitMs = resolution === 'raw' ? rolledUpTo : Number.POSITIVE_INFINITY;
    const longest = Math.max(...Object.values(kept));
    await dropOlder(database, resolution, Math.min(limitMs, cutoff(nowMs, longest)));
    for (const ms of new Set(Object.values(kept))) {
      if (ms === longest) continue;
      const others = () =>
        [...classes()].flatMap(([id, name]) => ((kept[name] ?? kept.measurement) === ms ? [] : [id]));
      await dropSome(database, resolution, Math.min(limitMs, cutoff(nowMs, ms)), { ms, others });
    }
  }
  await dropForSpace(database, retention.maxBytes, nowMs);
}

const cutoff = (nowMs: number, keptMs: number): number => Math.floor((nowMs - keptMs) / stepOfAgeMs) * stepOfAgeMs;

/** Everything older. */
async function dropOlder(database: Database, resolution: Resolution, beforeMs: number): Promise<number> {
  if (resolution === 'raw') return database.run('DELETE FROM chunks WHERE bucket < ?', Math.floor(beforeMs / bucketMs));
  const [from, to] = [rollupKey(resolution, 0), rollupKey(resolution, Math.floor(beforeMs / stretchMs))];
  return database.run('DELETE FROM rollups WHERE key >= ? AND key < ?', from, to);
}

/**
 * What is older of all tags but `others`. How far that has come is noted, so that what others keep beside it is not
 * looked through again and again; late samples of such times go with the longest-kept class.
 */
async function dropSome(
  database: Database,
  resolution: Resolution,
  beforeMs: number,
  { ms, others }: { readonly ms: number; readonly others: () => readonly number[] },
): Promise<void> {
  const mark = `trimmed ${resolution} ${ms}`;
  const [noted] = await database.all<{ value: number }>('SELECT value FROM counters WHERE name = ?', mark);
  const oldestMs = await oldestOf(database, resolution);
  if (oldestMs === undefined) return;
  const fromMs = Math.max(noted?.value ?? oldestMs, oldestMs);
  const toMs = Math.min(beforeMs, fromMs + mostPerTurnMs);
  if (toMs <= fromMs) return;
  const kept = JSON.stringify(others());
  await database.exec('BEGIN');
  try {
    if (resolution === 'raw')
      await dropChunks(database, Math.floor(fromMs / bucketMs), Math.floor(toMs / bucketMs), kept);
    else {
      await database.run(
        `DELETE FROM rollups WHERE key >= ? AND key < ? AND (${tagOfKey}) NOT IN (SELECT value FROM json_each(?))`,
        rollupKey(resolution, Math.floor(fromMs / stretchMs)),
        rollupKey(resolution, Math.floor(toMs / stretchMs)),
        kept,
      );
    }
    await database.run(
      'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      mark,
      toMs,
    );
    await database.exec('COMMIT');
  } catch (cause) {
    await database.exec('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

/** Chunks in buckets `from` to before `to` of all tags but those kept, and the times that no chunk uses any more. */
async function dropChunks(database: Database, from: number, to: number, kept: string): Promise<void> {
  await database.run(
    'DELETE FROM chunks WHERE bucket >= ? AND bucket < ? AND tag > 0 AND tag NOT IN (SELECT value FROM json_each(?))',
    from,
    to,
    kept,
  );
  await database.run(
    `DELETE FROM chunks WHERE bucket >= ? AND bucket < ? AND tag = 0 AND NOT EXISTS (
       SELECT 1 FROM chunks AS user WHERE user.bucket = chunks.bucket AND user.tag > 0 AND user.times = chunks.generation)`,
    from,
    to,
  );
}

async function oldestOf(database: Database, resolution: Resolution): Promise<number | undefined> {
  if (resolution !== 'raw') return (await rollupSpan(database, resolution))?.[0];
  const [row] = await database.all<{ bucket: number | null }>('SELECT min(bucket) AS bucket FROM chunks');
  return row?.bucket == null ? undefined : row.bucket * bucketMs;
}

async function dropForSpace(database: Database, maxBytes: number, nowMs: number): Promise<void> {
  while ((await usedBytes(database)) > maxBytes) {
    const dropped =
      (await dropOldestRaw(database, nowMs - rawKeptMs)) ||
      (await dropOldestRollups(database, 'minute')) ||
      (await dropOldestRollups(database, 'hour')) ||
      (await dropOldestRaw(database, Number.POSITIVE_INFINITY));
    if (dropped === 0) break;
  }
}

function dropOldestRaw(database: Database, beforeMs: number): Promise<number> {
  return database.run(
    `DELETE FROM chunks WHERE bucket <= (SELECT max(bucket) FROM
       (SELECT DISTINCT bucket FROM chunks WHERE bucket < ? ORDER BY bucket LIMIT ${bucketsPerStep}))`,
    Math.min(Number.MAX_SAFE_INTEGER, Math.floor(beforeMs / bucketMs)),
  );
}

async function dropOldestRollups(database: Database, resolution: RolledUp): Promise<number> {
  const span = await rollupSpan(database, resolution);
  return span ? dropOlder(database, resolution, span[0] + stretchMs) : 0;
}
