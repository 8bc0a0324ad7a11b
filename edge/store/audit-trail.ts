import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEntry, AuditHead, AuditLog, ChainedEntry } from '../core/audit.ts';
import { describeError, type LifelineError } from '../core/errors.ts';
import { type Database, openDatabase } from './database.ts';
import { storeErrors } from './errors.ts';
import { checkPages, type FileHost, openFile } from './file.ts';

/** `LLA1`. */
const applicationId = 0x4c4c4131;
/** Others may write too, between two entries of ours: the command line beside a gateway. */
const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL';
/** The body is kept as it was hashed. */
const table = 'CREATE TABLE IF NOT EXISTS audit (sequence INTEGER PRIMARY KEY, time REAL, body TEXT, hash TEXT)';
const firstPrevious = '0'.repeat(64);
const rowsPerStretch = 500;
/** Entries kept at most, some 400 bytes each; beyond it the oldest go before their time. */
const mostEntries = 1_000_000;
/** Longer values are cut: an entry says what was done, it is no copy of a configuration. */
const mostBodyLetters = 8_000;

interface Row {
  readonly sequence: number;
  readonly body: string;
  readonly hash: string;
}

/** SHA-256 of the body, in hexadecimal digits; the body holds the hash of the entry before. */
const hashOf = (body: string): string => createHash('sha256').update(body).digest('hex');

const entryOf = ({ body, hash }: Row): ChainedEntry => ({ ...(JSON.parse(body) as ChainedEntry), hash });

/** What a look at every entry came to. */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly first: AuditHead | null;
  readonly last: AuditHead | null;
  /** The first place where the chain does not hold, and why. */
  readonly broken: { readonly sequence: number; readonly why: string } | null;
}

/** How the file is opened, and what is told of it. */
export interface AuditOptions extends Pick<FileHost, 'stamp'>, Partial<Pick<FileHost, 'openDatabase'>> {
  /** Hears that a damaged log was kept beside a new one. */
  readonly onAside?: (notice: LifelineError) => void;
  /** Entries kept at most; a million when left out. */
  readonly mostEntries?: number;
}

/** The audit log in `audit.db`: entries that are chained by their hashes, each synced before it counts. */
export class AuditTrail implements AuditLog {
  private readonly dir: string;
  private readonly host: FileHost;
  private readonly options: AuditOptions;
  private opened: Promise<Database> | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(dir: string, options: AuditOptions) {
    this.dir = dir;
    this.options = options;
    this.host = { openDatabase, ...options };
  }

  record(entry: AuditEntry): Promise<void> {
    return this.inTurn(async (database) => {
      await database.exec('BEGIN IMMEDIATE');
      try {
        const head = await headOf(database);
        const sequence = (head?.sequence ?? 0) + 1;
        const body = bodyOf({ sequence, previous: head?.hash ?? firstPrevious, ...entry });
        await database.run(
          'INSERT INTO audit (sequence, time, body, hash) VALUES (?, ?, ?, ?)',
          ...[sequence, entry.time, body, hashOf(body)],
        );
        await database.exec('COMMIT');
      } catch (cause) {
        await database.exec('ROLLBACK').catch(() => undefined);
        throw storeErrors.create('AUDIT', `audit ${entry.action} by ${entry.who}: ${describeError(cause)}`, cause);
      }
    });
  }

  list(before: number, limit: number): Promise<readonly ChainedEntry[]> {
    return this.inTurn(async (database) => {
      const rows = await database.all<Row>(
        'SELECT sequence, body, hash FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?',
        ...[before, limit],
      );
      return rows.map(entryOf);
    });
  }

  head(): Promise<AuditHead | undefined> {
    return this.inTurn(headOf);
  }

  /** Takes away what is older or too much, from the beginning on; what is left goes on from the hash of the last that went. */
  trim(beforeMs: number): Promise<number> {
    return this.inTurn((database) =>
      database.run(
        `DELETE FROM audit WHERE sequence < (SELECT coalesce(min(sequence), 0) FROM audit WHERE time >= ?)
           OR sequence <= (SELECT max(sequence) FROM audit) - ?`,
        ...[beforeMs, this.options.mostEntries ?? mostEntries],
      ),
    );
  }

  /** All entries, oldest first. */
  async *entries(): AsyncGenerator<ChainedEntry> {
    for await (const row of this.rows()) yield entryOf(row);
  }

  /** Looks at every entry; `anchors` are heads that were noted elsewhere, which the chain must still hold. */
  async verify(anchors: readonly AuditHead[] = []): Promise<AuditVerdict> {
    const wanted = new Map(anchors.map(({ sequence, hash }) => [sequence, hash]));
    let [first, last]: (AuditHead | null)[] = [null, null];
    let entries = 0;
    const broken = (sequence: number, why: string) => ({
      ...{ ok: false, entries, first: first ?? null, last: last ?? null, broken: { sequence, why } },
    });
    for await (const { sequence, body, hash } of this.rows()) {
      if (hashOf(body) !== hash) return broken(sequence, 'the entry is not the one that was hashed');
      const own = JSON.parse(body) as Pick<ChainedEntry, 'sequence' | 'previous'>;
      if (own.sequence !== sequence) return broken(sequence, 'the entry has the number of another');
      if (last && sequence !== last.sequence + 1) return broken(sequence, `entries after ${last.sequence} are missing`);
      if (last && own.previous !== last.hash) return broken(sequence, 'it does not follow the entry before');
      const anchor = wanted.get(sequence);
      if (anchor !== undefined && anchor !== hash) return broken(sequence, 'the journal knows another entry here');
      last = { sequence, hash };
      first ??= last;
      entries++;
    }
    const beyond = anchors.find(({ sequence }) => sequence > (last?.sequence ?? 0));
    if (beyond) return broken(beyond.sequence, 'the journal knows an entry here, and the log ends before it');
    return { ok: true, entries, first: first ?? null, last: last ?? null, broken: null };
  }

  /** Closes once what was given is on disk; may be called twice and without anything having been opened. */
  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await this.turn;
    await opened?.then((database) => database.close()).catch(() => undefined);
  }

  private async *rows(): AsyncGenerator<Row> {
    for (let after = 0; ; ) {
      const rows = await this.inTurn((database) =>
        database.all<Row>(
          'SELECT sequence, body, hash FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?',
          ...[after, rowsPerStretch],
        ),
      );
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.sequence;
    }
  }

  private inTurn<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const done = this.turn.then(async () => {
      this.opened ??= this.open();
      this.opened.catch(() => {
        this.opened = undefined;
      });
      return work(await this.opened);
    });
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async open(): Promise<Database> {
    await mkdir(this.dir, { recursive: true });
    const path = join(this.dir, 'audit.db');
    const layout = { path, applicationId, version: 1, pragmas, tables: table, read: checkPages };
    const { database, aside } = await openFile(layout, this.host);
    if (aside) {
      const message = `audit.db: ${aside.why}; kept as ${aside.path}, a new one was started`;
      this.options.onAside?.(storeErrors.create('SET-ASIDE', message));
    }
    return database;
  }
}

async function headOf(database: Database): Promise<AuditHead | undefined> {
  const [head] = await database.all<AuditHead>('SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1');
  return head;
}

function bodyOf(entry: Omit<ChainedEntry, 'hash'>): string {
  const body = JSON.stringify(entry);
  if (body.length <= mostBodyLetters) return body;
  return JSON.stringify({ ...entry, before: 'too long', after: 'too long' });
}
