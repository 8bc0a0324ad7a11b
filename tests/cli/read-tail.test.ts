import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTail } from '../../edge/cli/run/read-tail.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-tail-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads a small file whole, the last whole lines of a large one, and nothing where there is no file', async () => {
  const file = join(folder, 'truth.jsonl');
  expect(await readTail(file, 100)).toBe('');
  await writeFile(file, '{"n":1}\n{"n":2}\n');
  expect(await readTail(file, 100)).toBe('{"n":1}\n{"n":2}\n');
  await writeFile(file, Array.from({ length: 100 }, (_, n) => `{"n":${n},"text":"爆管"}\n`).join(''));
  expect(await readTail(file, 60)).toBe('{"n":98,"text":"爆管"}\n{"n":99,"text":"爆管"}\n');
  await expect(readTail(folder, 60)).rejects.toThrow('EISDIR');
});
