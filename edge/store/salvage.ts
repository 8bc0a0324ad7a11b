import { checksumOf as cursorChecksum } from './cursors.ts';
import type { Database, OpenDatabase } from './database.ts';
import { eventOf, insertRows, readStretch } from './record.ts';
import { salvageSnapshots } from './snapshots.ts';

/** Rows taken over in one go. */
const rowsPerStretch = 500;

/**
 * Takes over what is still sound in a journal that was set aside: events under their old identity, so that those not
 * yet forwarded still are, cursors and snapshots. Resolves with the number of events; 0 when nothing can be read.
 */
export async function salvage(brokenPath: string, target: Database, openDatabase: OpenDatabase): Promise<number> {
  const broken = await openDatabase(brokenPath).catch(() => undefined);
  if (!broken) return 0;
  try {
    const taken = await salvageEvents(broken, target);
    await salvageCursors(broken, target);
    await salvageSnapshots(broken, target);
    return taken;
  } finally {
    await broken.close().catch(() => undefined);
  }
}

async function salvageEvents(broken: Database, target: Database): Promise<number> {
  const [newest] = await broken
    .all<{ last: number | null }>('SELECT max(sequence) AS last FROM events')
    .catch(() => []);
  const last = newest?.last ?? 0;
  let taken = 0;
  for (let position = 0; position < last; ) {
    const stretch = await readStretch(broken, position, rowsPerStretch, last).catch(() => undefined);
    if (!stretch) break;
    const sound = stretch.rows.filter((row) => eventOf('', row) !== undefined);
    taken += await insertRows(target, sound);
    position = stretch.end;
  }
  return taken;
}

async function salvageCursors(broken: Database, target: Database): Promise<void> {
  const rows = await broken
    .all<{ sink: string; sequence: number; checksum: number }>('SELECT sink, sequence, checksum FROM cursors')
    .catch(() => []);
  for (const { sink, sequence, checksum } of rows) {
    if (checksum !== cursorChecksum(sink, sequence)) continue;
    await target.run(
      'INSERT OR IGNORE INTO cursors (sink, sequence, checksum) VALUES (?, ?, ?)',
      sink,
      sequence,
      checksum,
    );
  }
}
