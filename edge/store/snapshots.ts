import { crc32 } from 'node:zlib';
import { both } from '../core/text.ts';
import type { Snapshots } from './api.ts';
import type { Database } from './database.ts';
import { storeErrors } from './errors.ts';

export const snapshotTable = `CREATE TABLE IF NOT EXISTS snapshots (
  area TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY (area, name)) WITHOUT ROWID`;

interface Row {
  readonly area: string;
  readonly name: string;
  readonly body: string;
  readonly checksum: number;
}

const columns = 'area, name, body, checksum';

/** CRC-32 over place and content. */
const checksumOf = (area: string, name: string, body: string) => crc32(`${area}/${name}/${body}`);

const isSound = ({ area, name, body, checksum }: Row) =>
  typeof body === 'string' && checksumOf(area, name, body) === checksum;

/** Snapshots in the journal's file, whose commits are synced. */
export class SqliteSnapshots implements Snapshots {
  private readonly database: Database;
  private readonly onDamage: (text: string) => void;

  constructor(database: Database, onDamage: (text: string) => void) {
    this.database = database;
    this.onDamage = onDamage;
  }

  async load(area: string): Promise<Map<string, string>> {
    const rows = await this.database
      .all<Row>(`SELECT ${columns} FROM snapshots WHERE area = ?`, area)
      .catch((cause) => Promise.reject(storeErrors.create('JOURNAL-READ', `read the snapshots of ${area}`, cause)));
    const sound = rows.filter(isSound);
    if (sound.length < rows.length) {
      this.onDamage(`read the snapshots of ${area}: ${rows.length - sound.length} skipped`);
    }
    return new Map(sound.map(({ name, body }) => [name, body]));
  }

  async save(area: string, bodies: ReadonlyMap<string, string>): Promise<void> {
    try {
      await insertSnapshots(
        this.database,
        [...bodies].map(([name, body]) => ({ area, name, body, checksum: checksumOf(area, name, body) })),
      );
    } catch (cause) {
      throw storeErrors.create(
        'JOURNAL-WRITE',
        both(`write ${bodies.size} snapshots of ${area}`, `写入 ${area} 的 ${bodies.size} 份快照`),
        cause,
      );
    }
  }
}

/** One statement, which SQLite makes one transaction. */
async function insertSnapshots(database: Database, rows: readonly Row[]): Promise<void> {
  await database.run(
    `INSERT OR REPLACE INTO snapshots (${columns})
       SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
    JSON.stringify(rows.map(({ area, name, body, checksum }) => [area, name, body, checksum])),
  );
}

/** Every snapshot's name, and whether it is sound. */
export async function readSnapshots(
  database: Database,
): Promise<readonly { readonly area: string; readonly name: string; readonly sound: boolean }[]> {
  const rows = await database.all<Row>(`SELECT ${columns} FROM snapshots`);
  return rows.map((row) => ({ area: row.area, name: row.name, sound: isSound(row) }));
}

/** Takes sound snapshots over from a journal that was set aside. */
export async function salvageSnapshots(broken: Database, target: Database): Promise<void> {
  const rows = await broken.all<Row>(`SELECT ${columns} FROM snapshots`).catch(() => []);
  await insertSnapshots(target, rows.filter(isSound));
}
