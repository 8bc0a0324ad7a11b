import type { Clock } from '../core/clock.ts';
import type { Database } from './database.ts';

/**
 * Numbers of a file by name. Damaged blocks stand among them, with when they were found, ms since epoch: a table of their own
 * would be empty as a rule, and its page in the place of another table's root would empty that one unseen.
 */
export const countersTable = 'CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL)';

const prefix = 'damaged/';

/** Blocks remembered; with so many of them the disk is told of enough, and further ones are left out without a word. */
const maxBlocks = 100_000;

/** What a quarantine works with. */
export interface QuarantineParts {
  readonly database: Database;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** Hears once of what was found. */
  onDamage(text: string): void;
}

/**
 * Damaged blocks of one file by name, such as `event/42`, remembered in the file itself: each is counted and told once,
 * however often and by whomever it is met, after a restart too. A block stays where it lies, where every reader passes it over
 * by its checksum and `lifeline doctor` finds it, until its age takes it.
 */
export class Quarantine {
  /** Blocks found since start. */
  found = 0;
  private readonly known: Set<string>;
  private readonly parts: QuarantineParts;

  private constructor(known: Set<string>, parts: QuarantineParts) {
    this.known = known;
    this.parts = parts;
  }

  /** With what earlier runs found; with nothing where that cannot be read. */
  static async open(parts: QuarantineParts): Promise<Quarantine> {
    const rows = await parts.database
      .all<{ name: string }>(`SELECT name FROM counters WHERE name LIKE '${prefix}%'`)
      .catch(() => []);
    return new Quarantine(new Set(rows.map(({ name }) => name.slice(prefix.length))), parts);
  }

  /** Notes blocks that a reader met; `text` says what it was doing. */
  note(text: string, blocks: readonly string[]): void {
    const fresh = [...new Set(blocks)].filter((block) => !this.known.has(block));
    if (fresh.length === 0 || this.known.size >= maxBlocks) return;
    for (const block of fresh) this.known.add(block);
    this.found += fresh.length;
    const { database, clock, onDamage } = this.parts;
    onDamage(`${text}: ${fresh.length} skipped`);
    database
      .run(
        `INSERT OR IGNORE INTO counters (name, value) SELECT '${prefix}' || value, ?2 FROM json_each(?1)`,
        JSON.stringify(fresh),
        Math.floor(clock.wallMs()),
      )
      .catch(() => undefined); // a disk that refuses tells of itself; the next run meets them again
  }
}
