import { copyFile, cp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../edge/core/event.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { Journal } from '../../edge/store/api.ts';
import { eventOf, newFolder, open, withFullDisk } from './fixture.ts';

const identity = ({ stream, epoch, sequence }: Event) => `${stream}/${epoch}/${sequence}`;
const numbers = (events: readonly Event[]) => events.map((event) => event.data['number']);
const readAll = (journal: Journal) => journal.read(0, 1_000_000);
const many = (from: number, count: number, padding = '') =>
  Array.from({ length: count }, (_, index) => eventOf(from + index, padding));

async function filled(dir: string, count: number, padding = ''): Promise<readonly Event[]> {
  const store = await open(dir);
  const events = await store.journal.append(many(1, count, padding));
  await store.close();
  return events;
}

/** Runs one statement on a closed database, past the store. */
const tamper = (path: string, sql: string) =>
  new Promise<void>((resolve, reject) => {
    const database = new sqlite3.Database(path);
    database.exec(sql, (error) => database.close(() => (error ? reject(error) : resolve())));
  });

describe('the journal', () => {
  it('gives sequences in order to appends made at once, tells listeners after the commit, reads back what went in', async () => {
    const store = await open(await newFolder());
    const told: Event[] = [];
    const stop = store.journal.onAppend((events) => told.push(...events));
    const given = (await Promise.all(many(1, 200).map((event) => store.journal.append([event])))).flat();
    expect(given.map((event) => event.sequence)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(told).toEqual(given);
    expect(await readAll(store.journal)).toEqual(given);
    expect(numbers(await store.journal.read(150, 10))).toEqual([151, 152, 153, 154, 155, 156, 157, 158, 159, 160]);
    expect(store.journal.last).toBe(200);
    stop();
    await store.journal.append([eventOf(201)]);
    expect(told).toHaveLength(200);
    await store.close();
    await store.close();
    await expect(store.journal.append([eventOf(1)])).rejects.toMatchObject({ code: 'LL-STORE-CLOSED' });
  });

  it('goes on numbering after a restart, under a new epoch, with old events under their old identity', async () => {
    const dir = await newFolder();
    const before = await filled(dir, 3);
    const store = await open(dir);
    expect(store.notices).toEqual([]);
    const [next] = await store.journal.append([eventOf(4)]);
    expect(next?.sequence).toBe(4);
    expect(next?.epoch).not.toBe(before[0]?.epoch);
    expect(await readAll(store.journal)).toEqual([...before, next]);
    await store.close();
  });

  it('refuses a second gateway on the same folder and a folder of a newer version, touching neither', async () => {
    const dir = await newFolder();
    const store = await open(dir);
    await store.journal.append([eventOf(1)]);
    await expect(open(dir)).rejects.toMatchObject({ code: 'LL-STORE-IN-USE' });
    await store.close();
    await tamper(join(dir, 'journal.db'), 'PRAGMA user_version = 99');
    await expect(open(dir)).rejects.toMatchObject({ code: 'LL-STORE-NEWER' });
    expect((await readdir(dir)).filter((name) => name.includes('broken'))).toEqual([]);
  });

  it('never gives an identity two contents when the file, or the whole folder, is put back from an older copy', async () => {
    for (const restored of ['journal.db', '.']) {
      const [dir, copy] = [await newFolder(), await newFolder()];
      await filled(dir, 3);
      if (restored === '.') await cp(dir, copy, { recursive: true });
      else await copyFile(join(dir, restored), join(copy, restored));
      const seen = new Map<string, unknown>();
      const later = await open(dir, { random: seededRandom(42) });
      for (const event of await later.journal.append(many(4, 5))) seen.set(identity(event), event.data);
      await later.close();
      await cp(copy, dir, { recursive: true });
      const again = await open(dir, { random: seededRandom(42) });
      for (const event of await again.journal.append(many(100, 5))) expect(seen.has(identity(event))).toBe(false);
      expect(numbers(await readAll(again.journal))).toEqual([1, 2, 3, 100, 101, 102, 103, 104]);
      await again.close();
    }
  });

  it('skips and counts records that were changed, moved to another sequence or epoch, and says so', async () => {
    const dir = await newFolder();
    await filled(dir, 10);
    await tamper(
      join(dir, 'journal.db'),
      `UPDATE events SET body = replace(body, '"number":3', '"number":7') WHERE sequence = 3;
       UPDATE events SET epoch = 'x' WHERE sequence = 5; DELETE FROM events WHERE sequence = 10;
       UPDATE events SET sequence = 10 WHERE sequence = 9`,
    );
    const store = await open(dir);
    expect(numbers(await readAll(store.journal))).toEqual([1, 2, 4, 6, 7, 8]);
    expect(store.figures().damagedRecords).toBe(3);
    expect(store.notices.map((notice) => notice.code)).toContain('LL-STORE-RECORD-DAMAGED');
    expect(numbers(await store.journal.read(2, 1))).toEqual([4]);
    const { length } = store.notices;
    await readAll(store.journal);
    expect(store.figures().damagedRecords, 'counted once').toBe(3);
    expect(store.notices).toHaveLength(length);
    await store.close();
    const later = await open(dir);
    expect(numbers(await readAll(later.journal))).toEqual([1, 2, 4, 6, 7, 8]);
    expect([later.figures().damagedRecords, later.notices], 'known over a restart').toEqual([0, []]);
    await later.close();
  });

  it('survives bit flips anywhere in the file: opens, returns only true records, misses none silently', async () => {
    const source = await newFolder();
    const written = await filled(source, 300, 'x'.repeat(300));
    const content = new Map(written.map((event) => [identity(event), event]));
    const image = await readFile(join(source, 'journal.db'));
    const random = seededRandom(20);
    for (let round = 0; round < 40; round++) {
      const dir = await newFolder();
      const flipped = Buffer.from(image);
      flipped[random.integer(0, image.length - 1)]! ^= 1 << random.integer(0, 7);
      await writeFile(join(dir, 'journal.db'), flipped);
      const store = await open(dir);
      const events = await readAll(store.journal);
      for (const event of events) expect(event).toEqual(content.get(identity(event)));
      if (events.length < 300) expect(store.notices.length).toBeGreaterThan(0);
      const [next] = await store.journal.append([eventOf(1000)]);
      expect(content.has(identity(next!))).toBe(false);
      await store.close();
    }
  });

  it('sets aside what is no journal, keeps it, starts anew with a notice, and takes over what is sound', async () => {
    const dir = await newFolder();
    await writeFile(join(dir, 'journal.db'), 'not a database, but a text that somebody put here '.repeat(100));
    const first = await open(dir);
    expect(first.notices).toMatchObject([{ code: 'LL-STORE-SET-ASIDE' }]);
    expect(first.journal.last).toBe(0);
    await first.journal.append(many(1, 2000, 'y'.repeat(200)));
    await first.cursors.set('city', 700);
    await first.close();
    const image = await readFile(join(dir, 'journal.db'));
    image.fill(0xaa, 4096 * 20, 4096 * 21);
    await writeFile(join(dir, 'journal.db'), image);
    const second = await open(dir);
    expect(second.notices).toMatchObject([
      { code: 'LL-STORE-SET-ASIDE', message: expect.stringMatching(/\d+ of its events/) },
    ]);
    const saved = await readAll(second.journal);
    expect(saved.length).toBeGreaterThan(1900);
    expect(saved.length).toBeLessThan(2000);
    expect(await second.cursors.get('city')).toBe(700);
    expect((await readdir(dir)).filter((name) => /^journal\.db\.broken-[^-]+-[^-]+-.*Z$/.test(name))).toHaveLength(2);
    await second.close();
  });

  it('opens after the write-ahead log was cut off anywhere, with a prefix of what was written', async () => {
    const live = await newFolder();
    const store = await open(live);
    for (let number = 1; number <= 40; number++) await store.journal.append([eventOf(number)]);
    const [database, log] = await Promise.all(
      ['', '-wal'].map((suffix) => readFile(join(live, `journal.db${suffix}`))),
    );
    await store.close();
    const random = seededRandom(5);
    for (let round = 0; round < 15; round++) {
      const dir = await newFolder();
      await writeFile(join(dir, 'journal.db'), database!);
      await writeFile(join(dir, 'journal.db-wal'), log!);
      const length = round === 0 ? log!.length : random.integer(0, log!.length);
      await truncate(join(dir, 'journal.db-wal'), length);
      const opened = await open(dir);
      const found = numbers(await readAll(opened.journal));
      expect(found).toEqual(Array.from({ length: found.length }, (_, index) => index + 1));
      if (round === 0) expect(found).toHaveLength(40);
      await opened.journal.append([eventOf(99)]);
      await opened.close();
    }
  });

  it('rejects an append with a code when the disk refuses it, gives its sequence to the next, loses nothing else', async () => {
    const dir = await newFolder();
    const store = await open(dir);
    await store.journal.append([eventOf(1)]);
    await withFullDisk(async () => {
      await expect(store.journal.append(many(2, 3, 'z'.repeat(100_000)))).rejects.toMatchObject({
        code: 'LL-STORE-JOURNAL-WRITE',
        retry: true,
      });
    });
    const [next] = await store.journal.append([eventOf(5)]);
    expect(next?.sequence).toBe(2);
    expect(numbers(await readAll(store.journal))).toEqual([1, 5]);
    await store.close();
  });
});

describe('cursors', () => {
  it('start at 0, never go back, survive a restart, each sink its own', async () => {
    const dir = await newFolder();
    const store = await open(dir);
    await store.journal.append(many(1, 20));
    expect(await store.cursors.get('city')).toBe(0);
    await store.cursors.set('city', 12);
    await store.cursors.set('city', 5);
    await store.cursors.set('other', 3);
    await store.close();
    const again = await open(dir);
    expect(await again.cursors.get('city')).toBe(12);
    expect(await again.cursors.get('other')).toBe(3);
    await again.close();
  });

  it('count as 0 when they fail their checksum or point past the journal, so that nothing is skipped', async () => {
    const dir = await newFolder();
    const store = await open(dir);
    await store.journal.append(many(1, 20));
    await store.cursors.set('city', 12);
    await store.cursors.set('far', 99);
    await store.close();
    await tamper(join(dir, 'journal.db'), `UPDATE cursors SET sequence = 13 WHERE sink = 'city'`);
    const again = await open(dir);
    expect(await again.cursors.get('city')).toBe(0);
    expect(await again.cursors.get('far')).toBe(0);
    await again.cursors.set('city', 1);
    expect(await again.cursors.get('city')).toBe(1);
    await again.close();
  });
});
