import { crc32 } from 'node:zlib';
import { both } from '../core/text.ts';
import type { Cursors } from './api.ts';
import type { Database } from './database.ts';
import { storeErrors } from './errors.ts';

export const cursorTable =
  'CREATE TABLE IF NOT EXISTS cursors (sink TEXT PRIMARY KEY, sequence INTEGER NOT NULL, checksum INTEGER NOT NULL)';

/** CRC-32 over whose cursor it is and where it stands. */
export function checksumOf(sink: string, sequence: number): number {
  return crc32(`${sink}/${sequence}`);
}

/**
 * Cursors in the journal's own file: a journal that is replaced or put back brings its own, so a cursor never points
 * past what its journal holds. One that does, or that fails its checksum, counts as 0: events are then sent again
 * under their old identity, none is skipped.
 */
export class SqliteCursors implements Cursors {
  /** Where the sinks stand that have asked in this run and were not released. */
  private readonly inUse = new Map<string, number>();
  private readonly database: Database;
  private readonly last: () => number;
  private readonly complete: boolean;
  private readonly onDamage: (text: string) => void;

  /** @param complete whether no cursor can have been lost: a sink without one is new */
  constructor(database: Database, last: () => number, onDamage: (text: string) => void, complete: boolean) {
    this.complete = complete;
    this.database = database;
    this.last = last;
    this.onDamage = onDamage;
  }

  async get(sink: string, first: () => Promise<number> = async () => 0): Promise<number> {
    const stored = await this.stored(sink);
    const sequence = stored ?? (this.complete ? await first() : 0);
    this.inUse.set(sink, sequence);
    if (stored === undefined) await this.set(sink, sequence).catch(() => undefined); // asked again after the next start
    return sequence;
  }

  release(sink: string): void {
    this.inUse.delete(sink);
  }

  /** Every sink in use is done with the events up to this sequence; the journal's newest while no sink is in use. */
  sentUpTo(): number {
    return Math.min(this.last(), ...this.inUse.values());
  }

  /** Undefined for a sink that never had one. */
  private async stored(sink: string): Promise<number | undefined> {
    const [row] = await this.database
      .all<{ sequence: number; checksum: number }>('SELECT sequence, checksum FROM cursors WHERE sink = ?', sink)
      .catch((cause) => Promise.reject(storeErrors.create('JOURNAL-READ', `read the cursor of sink ${sink}`, cause)));
    if (!row) return undefined;
    if (row.checksum === checksumOf(sink, row.sequence) && row.sequence <= this.last()) return row.sequence;
    this.onDamage(`read the cursor of sink ${sink}: ${row.sequence} is not credible, sending from the start`);
    await this.database
      .run('INSERT OR REPLACE INTO cursors (sink, sequence, checksum) VALUES (?, 0, ?)', sink, checksumOf(sink, 0))
      .catch(() => undefined);
    return 0;
  }

  async set(sink: string, sequence: number): Promise<void> {
    try {
      await this.database.run(
        `INSERT INTO cursors (sink, sequence, checksum) VALUES (?1, ?2, ?3)
         ON CONFLICT (sink) DO UPDATE SET sequence = ?2, checksum = ?3 WHERE ?2 > sequence`,
        sink,
        sequence,
        checksumOf(sink, sequence),
      );
      const before = this.inUse.get(sink);
      if (before !== undefined) this.inUse.set(sink, Math.max(before, sequence));
    } catch (cause) {
      throw storeErrors.create(
        'JOURNAL-WRITE',
        both(`move the cursor of sink ${sink} to ${sequence}`, `把 ${sink} 的游标移到 ${sequence}`),
        cause,
      );
    }
  }
}
