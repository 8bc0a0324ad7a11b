import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Series } from './api.ts';
import { selectChunks } from './chunk-table.ts';
import { type Database, type OpenDatabase, openDatabase } from './database.ts';
import { storeErrors } from './errors.ts';
import { readRollup } from './history-reading.ts';
import { type RolledUp, type Rollup, richest, rollUp, stepMs, stretchMs, stretchOf } from './rollup.ts';
import { dueStretches } from './rollup-table.ts';
import { mergeSeries } from './series.ts';
import { decodeSegment, replayTail } from './tail.ts';

/** What a gateway has written down, for those who only read: it may go on running meanwhile. */
export interface StoredHistory {
  /** First and last source time on disk, ms since epoch; undefined when nothing is there. */
  readonly span: readonly [fromMs: number, toMs: number] | undefined;
  /** Every tag that was ever stored. */
  readonly tags: readonly string[];
  /** Samples of a tag in [fromMs, toMs], oldest first; empty for a tag never stored. Chunks that are damaged are left out. */
  series(tag: string, fromMs: number, toMs: number): Promise<Series>;
  /** Rows of a tag that begin in [fromMs, toMs], oldest first: stored ones, and those that are not made yet. */
  rollup(tag: string, resolution: RolledUp, fromMs: number, toMs: number): Promise<Rollup>;
  close(): Promise<void>;
}

/** Opens the history in a data folder to read it. Rejects with LL-STORE-OPEN. */
export async function readHistory(dir: string, open: OpenDatabase = openDatabase): Promise<StoredHistory> {
  const path = join(dir, 'history.db');
  let database: Database | undefined;
  try {
    await access(path);
    database = await open(path);
    // one state of the file all through: what the gateway moves from tail to chunks meanwhile is seen once
    await database.exec('PRAGMA query_only = ON; BEGIN');
    return await reader(database);
  } catch (cause) {
    await database?.close();
    throw storeErrors.create('OPEN', `read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

async function reader(database: Database): Promise<StoredHistory> {
  const tags = await database.all<{ id: number; name: string }>('SELECT id, name FROM tags');
  const ids = new Map(tags.map(({ id, name }) => [name, id]));
  const rows = await database.all<{ segment: number; bytes: Uint8Array }>(
    'SELECT segment, bytes FROM tail ORDER BY segment',
  );
  const segments = rows.flatMap(({ segment, bytes }) => {
    const decoded = decodeSegment(bytes, segment);
    return decoded ? [[segment, decoded] as const] : [];
  });
  const tails = replayTail(segments);
  const [stored] = await database.all<{ first: number | null; last: number | null }>(
    'SELECT min(from_ms) AS first, max(to_ms) AS last FROM chunks',
  );
  let [fromMs, toMs] = [stored?.first ?? Number.POSITIVE_INFINITY, stored?.last ?? Number.NEGATIVE_INFINITY];
  for (const { times } of tails.flatMap(({ pieces }) => pieces)) {
    fromMs = Math.min(fromMs, times[0] ?? fromMs);
    toMs = Math.max(toMs, times.at(-1) ?? toMs);
  }
  async function series(id: number | undefined, fromMs: number, toMs: number): Promise<Series> {
    const { pieces } = id === undefined ? { pieces: [] } : await selectChunks(database, id, fromMs, toMs);
    const open = tails.filter((tail) => tail.id === id).flatMap((tail) => tail.pieces);
    return mergeSeries([...pieces, ...open], fromMs, toMs);
  }
  return {
    span: fromMs <= toMs ? [fromMs, toMs] : undefined,
    tags: [...ids.keys()],
    series: (tag, fromMs, toMs) => series(ids.get(tag), fromMs, toMs),
    async rollup(tag, resolution, fromMs, toMs) {
      const id = ids.get(tag);
      const [first, last] = [stretchOf(fromMs), stretchOf(toMs)];
      const unmade = new Set(id === undefined ? [] : await dueStretches(database, id, first, last));
      for (const { times } of tails.filter((tail) => tail.id === id).flatMap(({ pieces }) => pieces))
        for (const time of times) unmade.add(stretchOf(time));
      const parts: Rollup[] = [];
      for (let stretch = first; stretch <= last && id !== undefined; stretch++) {
        const stored = await readRollup(database, resolution, id, stretch);
        if (stored) parts.push(stored);
        if (!unmade.has(stretch)) continue;
        const raw = await series(id, stretch * stretchMs, (stretch + 1) * stretchMs - 1);
        parts.push(rollUp(raw, stepMs[resolution]));
      }
      return richest(parts, fromMs, toMs);
    },
    close: () => database.close(),
  };
}
