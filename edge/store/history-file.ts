import { join } from 'node:path';
import type { TagTable } from '../core/tag.ts';
import { getCounters, historyTables, noteOpening, numberTags } from './chunk-table.ts';
import type { Database } from './database.ts';
import { type FileHost, type Opened, openFile } from './file.ts';
import type { HistoryState } from './history.ts';
import { markAllDue, rollupTables } from './rollup-table.ts';
import { decodeSegment, replayTail, type Segment } from './tail.ts';
import { gapOf } from './telemetry-gap.ts';

/** Number of the newest layout of `history.db` that is known. */
export const historyLayout = 1;
/** `LLH1`. */
const applicationId = 0x4c4c4831;
/** Commits come every half minute, so a synced log costs little and keeps a power cut to that half minute. */
const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000';

/** Opens `history.db` and lets `read` take from it what it has to; a damaged one is set aside (see `openFile`). */
export function openHistoryFile(
  dir: string,
  host: FileHost,
  read: (database: Database) => Promise<void> = async () => undefined,
): Promise<Opened> {
  return openFile(
    {
      path: join(dir, 'history.db'),
      applicationId,
      version: historyLayout,
      pragmas,
      tables: `${historyTables};${rollupTables}`,
      read,
    },
    host,
  );
}

/** Numbers the tags and replays the tail. Segments that fail their checksum are left out and told to `onDamage`. */
export async function readHistoryState(
  database: Database,
  tags: TagTable,
  nowMs: number,
  onDamage: (text: string) => void,
): Promise<HistoryState> {
  const openedBefore = await noteOpening(database, nowMs);
  await markAllDue(database);
  const ids = await numberTags(
    database,
    tags.definitions.map(({ name }) => name),
  );
  const counters = await getCounters(database);
  const rows = await database.all<{ segment: number; bytes: Uint8Array }>(
    'SELECT segment, bytes FROM tail ORDER BY segment',
  );
  const segments: [number, Segment][] = [];
  let nextSegment = counters.segment;
  for (const { segment, bytes } of rows) {
    nextSegment = Math.max(nextSegment, segment + 1);
    const decoded = decodeSegment(bytes, segment);
    if (decoded) segments.push([segment, decoded]);
    else onDamage(`recover history: tail segment ${segment} skipped`);
  }
  const remainders = replayTail(segments);
  const nextGeneration = remainders.reduce(
    (next, { generation }) => Math.max(next, generation + 1),
    counters.generation,
  );
  const gap = openedBefore === undefined ? undefined : gapOf(remainders, openedBefore, nowMs);
  return { ids, remainders, nextSegment, nextGeneration, gap };
}
