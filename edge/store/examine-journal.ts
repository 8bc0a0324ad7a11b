import { join } from 'node:path';
import type { Event } from '../core/event.ts';
import { checksumOf } from './cursors.ts';
import type { Database, OpenDatabase } from './database.ts';
import { examineFile, type FileExamination, Findings } from './examination.ts';
import { eventOf, readStretch } from './record.ts';
import { readSnapshots } from './snapshots.ts';

const rowsPerStretch = 500;

/** Who hears what while a journal is looked at. */
export interface JournalHearer {
  records(count: number): void;
  /** Those that are sound, oldest first, a few hundred at a time. */
  events(events: readonly Event[]): Promise<void>;
}

/** Checks every event, cursor and snapshot of `journal.db` by its checksum; undefined when there is no such file. */
export async function examineJournal(
  dir: string,
  open: OpenDatabase,
  hearer: JournalHearer,
): Promise<FileExamination | undefined> {
  const findings = new Findings(hearer.records);
  const pages = await examineFile(join(dir, 'journal.db'), open, async (database) => {
    await examineEvents(database, findings, hearer);
    await examineCursors(database, findings);
    await examineSnapshots(database, findings);
  });
  return pages && { file: 'journal.db', pages, tables: findings.tables, damaged: findings.damaged };
}

async function examineEvents(database: Database, findings: Findings, hearer: JournalHearer): Promise<void> {
  const newest = await database
    .all<{ last: number | null }>('SELECT max(sequence) AS last FROM events')
    .catch(() => undefined);
  if (!newest) {
    findings.damage('events', 'events: the table cannot be read');
    return;
  }
  const last = newest[0]?.last ?? 0;
  for (let position = 0; position < last; ) {
    const stretch = await readStretch(database, position, rowsPerStretch, last);
    const sound: Event[] = [];
    for (const row of stretch.rows) {
      const event = eventOf('events', row);
      if (event) sound.push(event);
      else findings.damage('events', `event ${row.sequence}`);
    }
    findings.sound('events', sound.length);
    await hearer.events(sound);
    const { unreadable, end } = stretch;
    if (unreadable.length > 0) findings.damage('events', `events in ${position + 1}–${end}`, unreadable.length);
    position = stretch.end;
  }
}

async function examineCursors(database: Database, findings: Findings): Promise<void> {
  const rows = await database
    .all<{ sink: string; sequence: number; checksum: number }>('SELECT sink, sequence, checksum FROM cursors')
    .catch(() => undefined);
  if (!rows) findings.damage('cursors', 'cursors: the table cannot be read');
  for (const { sink, sequence, checksum } of rows ?? []) {
    if (checksum === checksumOf(sink, sequence)) findings.sound('cursors');
    else findings.damage('cursors', `cursor of sink ${sink}`);
  }
}

async function examineSnapshots(database: Database, findings: Findings): Promise<void> {
  const rows = await readSnapshots(database).catch(() => undefined);
  if (!rows) findings.damage('snapshots', 'snapshots: the table cannot be read');
  for (const { area, name, sound } of rows ?? []) {
    if (sound) findings.sound('snapshots');
    else findings.damage('snapshots', `snapshot ${area}/${name}`);
  }
}
