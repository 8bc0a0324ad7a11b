import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditHead } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import { AuditTrail } from './audit-trail.ts';
import { openDatabase } from './database.ts';
import { storeErrors } from './errors.ts';
import { readJournal } from './read-journal.ts';
import { copyStill } from './still-copy.ts';

/** Opens a copy of the audit log in a data folder to read it; the gateway may go on running. Rejects with LL-STORE-OPEN. */
export async function readAudit(dir: string, clock: Clock): Promise<AuditTrail & { end(): Promise<void> }> {
  const path = join(dir, 'audit.db');
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-audit-'));
  const away = () => rm(folder, { recursive: true, force: true });
  const copied = await copyStill(path, join(folder, 'audit.db'), clock, openDatabase).catch((cause) => cause as Error);
  if (typeof copied !== 'number') {
    await away();
    const why = copied ? describeError(copied) : 'there is none';
    throw storeErrors.create('OPEN', `read ${path}: ${why}`, copied);
  }
  const trail = new AuditTrail(folder, { stamp: 'copy' });
  return Object.assign(trail, {
    async end() {
      await trail.close();
      await away();
    },
  });
}

/** The heads that the journal noted at each start of the gateway; none where there is no journal. */
export async function notedHeads(dir: string): Promise<readonly AuditHead[]> {
  const heads: AuditHead[] = [];
  const journal = await readJournal(dir).catch(() => undefined);
  if (!journal) return heads;
  try {
    for await (const events of journal.events())
      for (const { type, data } of events)
        if (type === 'gateway.started' && data['audit']) heads.push(data['audit'] as AuditHead);
  } finally {
    await journal.close();
  }
  return heads;
}
