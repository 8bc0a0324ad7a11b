import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { completeChange, putTexts } from '../../edge/config/configuration-change.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-change-'));
  file = join(folder, 'gateway.yaml');
});
afterEach(() => rm(folder, { recursive: true }));

const before = new Map([
  ['gateway.yaml', 'one\n'],
  ['a.csv', 'a\n'],
]);
const next = new Map([
  ['gateway.yaml', 'two\n'],
  ['a.csv', 'b\n'],
]);
const read = (name: string) => readFile(join(folder, name), 'utf8');
/** A change whose process ended after it had written the first `done` files. */
async function interrupted(done: number): Promise<void> {
  await putTexts(file, new Map(), before);
  const old = new Map(await Promise.all([...before.keys()].map(async (path) => [path, await read(path)] as const)));
  const note = join(folder, '.gateway.yaml.change');
  const watch = join(folder, 'watched');
  // the note of the change, as it is while it lasts: its last file cannot be written
  await mkdir(watch);
  const held = new Map([...next, ['watched', 'never']]);
  const noted = putTexts(file, before, held).catch(() => undefined);
  let text = '';
  while (text === '') text = await readFile(note, 'utf8').catch(() => '');
  await noted;
  await rm(watch, { recursive: true });
  const kept = JSON.parse(text) as { files: { path: string; text: string }[] };
  kept.files = kept.files.filter(({ path }) => path !== 'watched');
  expect(await read('a.csv')).toBe(old.get('a.csv'));
  await writeFile(note, JSON.stringify(kept));
  for (const one of kept.files.slice(0, done)) await writeFile(join(folder, one.path), one.text);
}

it.each([0, 1, 2])('a change that ended after %i of its files is completed at the next start, once', async (done) => {
  await interrupted(done);
  expect(await completeChange(file)).toBe('completed');
  expect([await read('gateway.yaml'), await read('a.csv')]).toEqual(['two\n', '\uFEFFb\n']);
  expect(await completeChange(file)).toBe('none');
  expect(await readdir(folder)).toEqual(['a.csv', 'gateway.yaml']);
});

it('a change is given up where a file of it was written by hand since', async () => {
  await interrupted(1);
  await writeFile(join(folder, 'a.csv'), 'by hand\n');
  const yaml = await read('gateway.yaml');
  expect(await completeChange(file)).toBe('changed-since');
  expect([await read('gateway.yaml'), await read('a.csv')]).toEqual([yaml, 'by hand\n']);
  expect(await completeChange(file)).toBe('none');
});
