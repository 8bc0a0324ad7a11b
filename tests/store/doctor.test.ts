import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { batchOf, eventOf, newFolder, open, tagTable } from './fixture.ts';

const startMs = Date.UTC(2026, 0, 1);

/** A folder with events, a cursor, a snapshot and an hour of four tags, left by a clean stop. */
async function dataFolder(): Promise<string> {
  const dir = await newFolder();
  const clock = new VirtualClock(startMs);
  const store = await open(dir, { clock });
  await store.journal.append(Array.from({ length: 100 }, (_, index) => eventOf(index + 1, 'x'.repeat(400))));
  await store.cursors.get('city');
  await store.cursors.set('city', 90);
  await store.snapshots.save(
    'part',
    new Map([
      ['a', '1'],
      ['b', '2'],
    ]),
  );
  for (let second = 0; second < 3_600; second++) {
    store.history.append(
      batchOf([0, 1, 2, 3], startMs + second * 1000, (tag) => tag + Math.sin(second * (tag + 1)) ** 3),
    );
  }
  await store.close();
  return dir;
}

async function change(path: string, sql: string): Promise<void> {
  const database = await openDatabase(path);
  await database.exec(sql);
  await database.close();
}

interface Report {
  readonly ok: boolean;
  readonly files: readonly {
    readonly file: string;
    readonly ok: boolean;
    readonly tables: Readonly<Record<string, { readonly sound: number; readonly damaged: number }>>;
    readonly damaged: readonly string[];
    readonly repaired?: { readonly aside: string; readonly taken: number };
  }[];
}

const run = promisify(execFile);
async function doctor(...args: string[]): Promise<{ code: number; report: Report; stderr: string }> {
  const launcher = resolve(import.meta.dirname, '../../bin/lifeline.js');
  const { code, stdout, stderr } = await run(process.execPath, [launcher, 'doctor', '--json', ...args]).then(
    (done) => ({ code: 0, ...done }),
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );
  return { code, report: stdout === '' ? { ok: false, files: [] } : JSON.parse(stdout), stderr };
}

it('counts every record of a sound folder and changes nothing', async () => {
  const dir = await dataFolder();
  const before = await Promise.all(['journal.db', 'history.db'].map((name) => readFile(join(dir, name))));
  const { code, report } = await doctor('--data', dir);
  expect(code).toBe(0);
  expect(report.files.map(({ file, ok }) => [file, ok])).toEqual([
    ['journal.db', true],
    ['history.db', true],
  ]);
  const [journal, history] = report.files;
  expect(journal?.tables).toEqual({
    events: { sound: 100, damaged: 0 },
    cursors: { sound: 1, damaged: 0 },
    snapshots: { sound: 2, damaged: 0 },
  });
  expect(history?.tables['tags']).toEqual({ sound: 4, damaged: 0 });
  expect(history?.tables['chunks']?.sound).toBeGreaterThan(8);
  expect(await Promise.all(['journal.db', 'history.db'].map((name) => readFile(join(dir, name))))).toEqual(before);
});

it('names damaged records and chunks, exports and repairs the rest, and keeps the old files', async () => {
  const dir = await dataFolder();
  await change(
    join(dir, 'journal.db'),
    `UPDATE events SET body = replace(body, '"number":3,', '"number":7,') WHERE sequence = 3;
     UPDATE cursors SET sequence = 95; UPDATE snapshots SET body = '3' WHERE name = 'b'`,
  );
  await change(
    join(dir, 'history.db'),
    `UPDATE chunks SET bytes = zeroblob(40) WHERE (bucket, tag, generation) IN
       (SELECT bucket, tag, generation FROM chunks WHERE tag = 2 ORDER BY bucket LIMIT 1)`,
  );
  const exported = join(dir, 'events.jsonl');
  const found = await doctor('--data', dir, '--export', exported);
  expect(found.code).toBe(1);
  const damaged = found.report.files.flatMap((file) => file.damaged);
  expect(damaged).toEqual(
    expect.arrayContaining([
      'event 3',
      'cursor of sink city',
      'snapshot part/b',
      expect.stringMatching(/chunk of d\/t1, 2026-01-01T/),
    ]),
  );
  expect(damaged).toHaveLength(4);
  const lines = (await readFile(exported, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 1).filter((sequence) => sequence !== 3),
  );

  const repaired = await doctor('--data', dir, '--repair');
  expect(repaired.code).toBe(0);
  expect(repaired.report.files[0]?.repaired?.taken).toBe(99);
  expect(await doctor('--data', dir)).toMatchObject({ code: 0, report: { ok: true } });
  expect((await readdir(dir)).filter((name) => /\.db\.broken-/.test(name))).toHaveLength(2);
  const store = await open(dir, { tags: tagTable(4), clock: new VirtualClock(startMs) });
  expect(store.notices).toEqual([]);
  const sound = await store.history.query('d/t3', startMs, startMs + 3_600_000, 100_000);
  expect(sound.values).toHaveLength(3_600);
  const holed = await store.history.query('d/t1', startMs, startMs + 3_600_000, 100_000);
  expect(holed.values.length).toBeGreaterThan(2_000);
  expect(holed.values.length).toBeLessThan(3_600);
  await store.close();
});

it('finds its way past a page of garbage in each file, and loses only what lay on it', async () => {
  const dir = await dataFolder();
  for (const [name, page] of [
    ['journal.db', 7],
    ['history.db', 9],
  ] as const) {
    const image = await readFile(join(dir, name));
    image.fill(0xaa, 4096 * page, 4096 * (page + 1));
    await writeFile(join(dir, name), image);
  }
  expect((await doctor('--data', dir)).code).toBe(1);
  const { code, report } = await doctor('--data', dir, '--repair');
  expect(code).toBe(0);
  expect(report.files[0]?.repaired?.taken).toBeGreaterThan(50);
  expect(report.files[1]?.repaired?.taken).toBeGreaterThan(4);
  expect((await doctor('--data', dir)).code).toBe(0);
});

it('leaves a folder alone that a running gateway holds, and says what to do; a folder without either file is no sound one', async () => {
  const dir = await newFolder();
  const store = await open(dir);
  await store.journal.append([eventOf(1)]);
  const held = await doctor('--data', dir, '--repair');
  expect(held).toMatchObject({ code: 4, stderr: expect.stringContaining('LL-STORE-IN-USE') });
  await store.close();
  expect(await doctor('--data', await newFolder())).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('neither'),
  });
});
