import { mkdir } from 'node:fs/promises';
import type { Clock } from '../core/clock.ts';
import { describeError, LifelineError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { TagTable } from '../core/tag.ts';
import type { Store } from './api.ts';
import { SqliteCursors } from './cursors.ts';
import { type OpenDatabase, openDatabase } from './database.ts';
import { type DiskOptions, DiskSpace } from './disk-space.ts';
import { storeErrors } from './errors.ts';
import type { Opened } from './file.ts';
import { type HistoryState, SqliteHistory } from './history.ts';
import { openHistoryFile, readHistoryState } from './history-file.ts';
import { SqliteJournal } from './journal.ts';
import { openJournalFile } from './journal-file.ts';
import { defaultJournalLimits, type JournalLimits, JournalTrim } from './journal-trim.ts';
import { Quarantine } from './quarantine.ts';
import { defaultRetention, type Retention } from './retention.ts';
import { SqliteSnapshots } from './snapshots.ts';

/** What a store is made of. */
export interface StoreOptions {
  /** Folder for the databases; created when missing. */
  readonly dir: string;
  /** Tags that history is kept of; batches name them by index. */
  readonly tags: TagTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly retention?: Retention;
  readonly journal?: JournalLimits;
  /** Nobody looks at the free space when left out. */
  readonly disk?: DiskOptions;
  /** How the files are opened; by SQLite on the disk when left out. */
  readonly openDatabase?: OpenDatabase;
}

/** Notices kept; the log has all of them. */
const maxNotices = 100;

/**
 * Opens the gateway's state on disk, after a crash too. Damaged files are set aside with a notice, never deleted.
 * Rejects with LL-STORE-IN-USE, -NEWER or -OPEN.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dir, tags, clock, random, log } = options;
  await mkdir(dir, { recursive: true }).catch((cause) =>
    Promise.reject(storeErrors.create('OPEN', `create the data folder ${dir}`, cause)),
  );
  const notices: { code: string; message: string }[] = [];
  const notice = ({ code, message, next }: LifelineError) => {
    log.warn({ code, next }, message);
    if (notices.length < maxNotices) notices.push({ code, message });
  };
  const onDamage = (text: string) => notice(storeErrors.create('RECORD-DAMAGED', text));
  const files = {
    openDatabase: options.openDatabase ?? openDatabase,
    stamp: new Date(clock.wallMs()).toISOString().replaceAll(':', '-'),
  };
  const journalFile = await openJournalFile(dir, files);
  try {
    noteAside('journal.db', journalFile, `${journalFile.salvaged} of its events were taken over`, notice);
    const epoch = newEpoch(clock, random);
    const damaged = await Quarantine.open({ database: journalFile.database, clock, onDamage });
    const journal = new SqliteJournal(journalFile.database, epoch, journalFile.last, log, damaged);
    const cursors = new SqliteCursors(journalFile.database, () => journal.last, onDamage, !journalFile.aside);
    const snapshots = new SqliteSnapshots(journalFile.database, onDamage);
    let state: HistoryState | undefined;
    const { database, ...historyFile } = await openHistoryFile(dir, files, async (file) => {
      state = await readHistoryState(file, tags, clock.wallMs(), onDamage);
    });
    if (!state) throw new Error('the history was opened without its state');
    noteAside('history.db', { database, ...historyFile }, 'a new one was started', notice);
    const retention = options.retention ?? defaultRetention;
    const space = options.disk && new DiskSpace(options.disk, log);
    space?.start(clock);
    const missingBytes = async () => (await space?.missingBytes()) ?? 0;
    const quarantine = await Quarantine.open({ database, clock, onDamage });
    const history = new SqliteHistory({ database, tags, state, retention, clock, log, missingBytes, quarantine });
    let stands: (event: Event) => boolean = () => false;
    const trim = new JournalTrim({
      ...{ database: journalFile.database, limits: options.journal ?? defaultJournalLimits, clock, log },
      ...{ last: () => journal.last, sentUpTo: () => cursors.sentUpTo(), stands: (event) => stands(event) },
    });
    trim.start();
    let closing: Promise<void> | undefined;
    const close = () => {
      closing ??= closeAll([
        async () => space?.stop(),
        () => trim.stop(),
        () => journal.close(),
        () => history.close(),
        () => journalFile.database.close(),
        () => database.close(),
      ]);
      return closing;
    };
    return {
      ...{ journal, cursors, snapshots, history, gap: state.gap, notices, close },
      disk: () => space?.state(),
      keepWhile: (wanted) => {
        stands = wanted;
      },
      figures: () => ({
        damagedRecords: damaged.found,
        damagedChunks: quarantine.found,
        droppedSamples: history.dropped,
        historyBehind: history.behind,
        removedEvents: trim.removed,
        lostEvents: trim.lost,
      }),
    };
  } catch (error) {
    await journalFile.database.close().catch(() => undefined);
    if (error instanceof LifelineError) throw error;
    throw storeErrors.create('OPEN', `open the store in ${dir}: ${describeError(error)}`, error);
  }

  async function closeAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
    for (const step of steps) await step().catch((error) => log.error({}, `close the store: ${describeError(error)}`));
  }
}

/** Time of opening in base 36, then 64 random bits in hex: never the same twice, even from a repeated seed. */
function newEpoch(clock: Clock, random: Random): string {
  const part = () => random.integer(0, 0xffffffff).toString(16).padStart(8, '0');
  return `${Math.max(0, Math.floor(clock.wallMs())).toString(36)}-${part()}${part()}`;
}

function noteAside(name: string, { aside }: Opened, outcome: string, notice: (error: LifelineError) => void): void {
  if (!aside) return;
  notice(storeErrors.create('SET-ASIDE', `open ${name}: ${aside.why}; kept as ${aside.path}, ${outcome}`));
}
