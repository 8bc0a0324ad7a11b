import { join } from 'node:path';
import { decodeChunk, unpack } from './chunk.ts';
import { type ChunkRow, timesTag } from './chunk-table.ts';
import type { Database, OpenDatabase } from './database.ts';
import { examineFile, type FileExamination, Findings } from './examination.ts';
import { ownerOfKey } from './rollup-table.ts';
import { decodeSegment } from './tail.ts';
import { type RollupRow, walkChunks, walkRollups } from './walk-chunks.ts';

/** Checks every chunk, column of times, tail segment and roll-up of `history.db` by its checksum; undefined when there is no such file. */
export async function examineHistory(
  dir: string,
  open: OpenDatabase,
  onRecords: (count: number) => void,
): Promise<FileExamination | undefined> {
  const findings = new Findings(onRecords);
  const pages = await examineFile(join(dir, 'history.db'), open, async (database) => {
    await examineChunks(database, findings);
    await examineTail(database, findings);
    await examineRollups(database, findings);
  });
  return pages && { file: 'history.db', pages, tables: findings.tables, damaged: findings.damaged };
}

async function examineChunks(database: Database, findings: Findings): Promise<void> {
  const names = await tagNames(database);
  if (!names) findings.damage('tags', 'tags: the table of names cannot be read');
  else findings.sound('tags', names.size);
  await walkChunks(database, {
    rows(rows) {
      for (const { row, sound } of judgeChunks(rows)) {
        if (sound) findings.sound('chunks');
        else findings.damage('chunks', placeOf(row, names));
      }
    },
    unreadable: (fromMs) => findings.damage('chunks', `chunks that begin in the minute of ${iso(fromMs)}`),
  });
}

/** Which rows are sound; a chunk without sound times is not. `rows` are those of whole buckets. */
export function judgeChunks(rows: readonly ChunkRow[]): readonly { readonly row: ChunkRow; readonly sound: boolean }[] {
  const times = new Map<string, Uint8Array>();
  for (const { bucket, tag, generation, bytes } of rows) {
    if (tag === timesTag) times.set(`${bucket}/${generation}`, bytes);
  }
  return rows.map((row) => {
    const { bucket, tag, generation, bytes } = row;
    if (tag === timesTag) return { row, sound: isSound(() => unpack(bytes, generation)) };
    const shared = times.get(`${bucket}/${row.times}`);
    const packed = shared && { bytes: shared, owner: row.times };
    return { row, sound: packed !== undefined && isSound(() => decodeChunk(packed, { bytes, owner: tag })) };
  });
}

async function examineTail(database: Database, findings: Findings): Promise<void> {
  const rows = await database
    .all<{ segment: number; bytes: Uint8Array }>('SELECT segment, bytes FROM tail ORDER BY segment')
    .catch(() => undefined);
  if (!rows) findings.damage('tail', 'tail: the table cannot be read');
  for (const { segment, bytes } of rows ?? []) {
    if (isSound(() => decodeSegment(bytes, segment))) findings.sound('tail');
    else findings.damage('tail', `tail segment ${segment}: the newest samples, not yet in chunks`);
  }
}

async function examineRollups(database: Database, findings: Findings): Promise<void> {
  await walkRollups(database, {
    rows(rows) {
      const sound = rows.filter(isSoundRollup).length;
      findings.sound('rollups', sound);
      if (sound < rows.length) findings.damage('rollups', `${rows.length - sound} roll-ups`, rows.length - sound);
    },
    unreadable: () => findings.damage('rollups', 'roll-ups on a damaged page'),
  });
}

export const isSoundRollup = ({ key, bytes }: RollupRow): boolean => isSound(() => unpack(bytes, ownerOfKey(key)));

/** Bytes that pass their checksum and still cannot be read are none of ours. */
function isSound(decode: () => unknown): boolean {
  try {
    return decode() !== undefined;
  } catch {
    return false;
  }
}

async function tagNames(database: Database): Promise<ReadonlyMap<number, string> | undefined> {
  const rows = await database.all<{ id: number; name: string }>('SELECT id, name FROM tags').catch(() => undefined);
  return rows && new Map(rows.map(({ id, name }) => [id, name]));
}

const iso = (ms: number): string => new Date(ms).toISOString();

function placeOf({ tag, from_ms, to_ms }: ChunkRow, names: ReadonlyMap<number, string> | undefined): string {
  const what = tag === timesTag ? 'times of chunks' : `chunk of ${names?.get(tag) ?? `tag number ${tag}`}`;
  return `${what}, ${iso(from_ms)} – ${iso(to_ms)}`;
}
