import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AuditHead } from '../../edge/core/audit.ts';
import { realClock } from '../../edge/core/clock.ts';
import { AuditTrail } from '../../edge/store/audit-trail.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { readAudit } from '../../edge/store/read-audit.ts';

let folder: string;
let trails: AuditTrail[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-trail-'));
  trails = [];
});
afterEach(async () => {
  for (const trail of trails) await trail.close();
  await rm(folder, { recursive: true, force: true });
});

const open = () => {
  const trail = new AuditTrail(folder, { stamp: 'test' });
  trails.push(trail);
  return trail;
};
const act = (at: number) => ({
  ...{ time: at * 1000, who: '张工', role: 'operator', from: '10.0.0.7', action: '/api/acknowledge', outcome: 'done' },
  ...{ target: `dma-${at}/burst`, before: { state: 'active-unacknowledged' }, after: { alarm: `dma-${at}/burst` } },
});
/** A trail of six entries, and its head after the fourth. */
async function six(): Promise<{ trail: AuditTrail; fourth: AuditHead }> {
  const trail = open();
  for (let at = 1; at <= 4; at++) await trail.record(act(at));
  const fourth = (await trail.head()) as AuditHead;
  for (let at = 5; at <= 6; at++) await trail.record(act(at));
  return { trail, fourth };
}
async function tamper(...statements: string[]): Promise<void> {
  const database = await openDatabase(join(folder, 'audit.db'));
  for (const statement of statements) await database.exec(statement);
  await database.close();
}

it('keeps who did what, newest first, each entry with the hash of the one before', async () => {
  const { trail } = await six();
  const [newest, before] = await trail.list(Number.MAX_SAFE_INTEGER, 2);
  expect(newest).toMatchObject({ ...act(6), sequence: 6, previous: before!.hash });
  expect((await trail.list(5, 10)).map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
  const { hash, ...body } = newest!;
  expect(createHash('sha256').update(JSON.stringify(body)).digest('hex')).toBe(hash);
});

it('is one chain however many write at once, from several processes and after a restart', async () => {
  const [one, other] = [open(), open()];
  await one.record(act(0));
  await Promise.all(Array.from({ length: 60 }, (_, at) => (at % 2 ? one : other).record(act(at))));
  await one.close();
  await one.record(act(61));
  expect(await other.verify()).toMatchObject({ ok: true, entries: 62, last: { sequence: 62 } });
});

it.each([
  ['a changed word', "UPDATE audit SET body = replace(body, '张工', '李工') WHERE sequence = 3", 3],
  ['an entry taken out', 'DELETE FROM audit WHERE sequence = 3', 4],
  ['an entry put twice', 'INSERT INTO audit SELECT 7, time, body, hash FROM audit WHERE sequence = 6', 7],
  [
    'two that changed places',
    'UPDATE audit SET sequence = CASE sequence WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE sequence IN (3, 4); UPDATE audit SET sequence = -sequence WHERE sequence < 0',
    3,
  ],
  ['a log cut short behind what the journal noted', 'DELETE FROM audit WHERE sequence > 3', 4],
])('finds %s', async (_, statement, sequence) => {
  const { trail, fourth } = await six();
  await trail.close();
  await tamper(statement);
  const verdict = await open().verify([fourth]);
  expect(verdict).toMatchObject({ ok: false, broken: { sequence } });
});

it('finds a chain that was written anew from some entry on, by the head that the journal noted', async () => {
  const { trail, fourth } = await six();
  await trail.close();
  await tamper('DELETE FROM audit WHERE sequence > 2');
  const forged = open();
  for (let at = 30; at < 34; at++) await forged.record(act(at));
  expect(await forged.verify()).toMatchObject({ ok: true, entries: 6 });
  expect(await forged.verify([fourth])).toMatchObject({ ok: false, broken: { sequence: 4 } });
});

it('lets go what is older than it is kept, and the rest still holds', async () => {
  const { trail, fourth } = await six();
  expect(await trail.trim(3_500)).toBe(3);
  expect(await trail.verify([fourth])).toMatchObject({ ok: true, entries: 3, first: { sequence: 4 } });
  await trail.record(act(7));
  expect(await trail.head()).toMatchObject({ sequence: 7 });
});

it('keeps a number of entries at most, whatever their age', async () => {
  const trail = new AuditTrail(folder, { stamp: 'test', mostEntries: 4 });
  trails.push(trail);
  for (let at = 1; at <= 6; at++) await trail.record(act(at));
  expect(await trail.trim(0)).toBe(2);
  expect(await trail.verify()).toMatchObject({ ok: true, entries: 4, first: { sequence: 3 }, last: { sequence: 6 } });
});

it('begins anew beside a file that is damaged, which is kept and told, and which the heads in the journal betray', async () => {
  const { trail, fourth } = await six();
  await trail.close();
  await writeFile(join(folder, 'audit.db'), 'no database at all, but long enough to be taken for one'.repeat(100));
  await rm(join(folder, 'audit.db-wal'), { force: true });
  const told: string[] = [];
  const anew = new AuditTrail(folder, { stamp: 'later', onAside: ({ code }) => void told.push(code) });
  trails.push(anew);
  await anew.record(act(7));
  expect(told).toEqual(['LL-STORE-SET-ASIDE']);
  expect(await readdir(folder)).toContain('audit.db.broken-later');
  expect(await anew.verify([fourth])).toMatchObject({ ok: false, broken: { sequence: 4 } });
});

it('is read from a copy while it is written', async () => {
  const { trail } = await six();
  const copy = await readAudit(folder, realClock());
  await trail.record(act(7));
  expect(await copy.verify()).toMatchObject({ ok: true, entries: 6 });
  await copy.end();
  await expect(readAudit(join(folder, 'nowhere'), realClock())).rejects.toMatchObject({ code: 'LL-STORE-OPEN' });
});

it('says with a code that the disk refuses an entry, and takes the next', async () => {
  let full = false;
  const trail = new AuditTrail(folder, {
    stamp: 'test',
    async openDatabase(path) {
      const database = await openDatabase(path);
      const run: typeof database.run = async (sql, ...values) => {
        if (full && sql.startsWith('INSERT')) throw new Error('SQLITE_FULL: database or disk is full');
        return database.run(sql, ...values);
      };
      return { ...database, run };
    },
  });
  trails.push(trail);
  await trail.record(act(1));
  full = true;
  await expect(trail.record(act(2))).rejects.toMatchObject({ code: 'LL-STORE-AUDIT' });
  full = false;
  await trail.record(act(3));
  expect(await trail.verify()).toMatchObject({ ok: true, entries: 2 });
});
