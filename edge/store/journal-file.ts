import { join } from 'node:path';
import { describeError } from '../core/errors.ts';
import { cursorTable } from './cursors.ts';
import type { Database } from './database.ts';
import { storeErrors } from './errors.ts';
import { checkPages, type FileHost, type Opened, openFile } from './file.ts';
import { countersTable } from './quarantine.ts';
import { eventTable } from './record.ts';
import { salvage } from './salvage.ts';
import { snapshotTable } from './snapshots.ts';

/** Number of the newest layout of `journal.db` that is known. */
export const journalLayout = 1;
/** `LLJ1`. */
const applicationId = 0x4c4c4a31;
/** The lock keeps a second gateway out: two would give one sequence to two events. */
const pragmas = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL';

/** An opened journal: its newest sequence, and how many events came over from a damaged predecessor. */
export interface OpenedJournal extends Opened {
  readonly last: number;
  readonly salvaged: number;
}

/** Opens `journal.db`, every page checked; a damaged one is set aside and what is sound in it taken over. */
export async function openJournalFile(dir: string, host: FileHost): Promise<OpenedJournal> {
  const opened = await openFile(
    {
      path: join(dir, 'journal.db'),
      applicationId,
      version: journalLayout,
      pragmas,
      tables: `${eventTable}; ${cursorTable}; ${snapshotTable}; ${countersTable}`,
      read: checkPages,
    },
    host,
  );
  try {
    const salvaged = opened.aside ? await salvage(opened.aside.path, opened.database, host.openDatabase) : 0;
    return { ...opened, salvaged, last: await newestSequence(opened.database) };
  } catch (error) {
    await opened.database.close().catch(() => undefined);
    throw storeErrors.create('OPEN', `open ${join(dir, 'journal.db')}: ${describeError(error)}`, error);
  }
}

async function newestSequence(database: Database): Promise<number> {
  const [row] = await database.all<{ last: number | null }>('SELECT max(sequence) AS last FROM events');
  return row?.last ?? 0;
}
