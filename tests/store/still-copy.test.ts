import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { copyStill } from '../../edge/store/still-copy.ts';
import { newFolder, open } from './fixture.ts';

const script = fileURLToPath(new URL('fixtures/append.ts', import.meta.url));

it('a copy beside a process that writes as fast as it can has every event acknowledged before, and nothing torn', async () => {
  const dir = await newFolder();
  const child = spawn(process.execPath, [script, dir, '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    acknowledged.push(...lines.filter((line) => line !== 'ready'));
  });
  try {
    for (let round = 0; round < 5; round++) {
      const wanted = acknowledged.length + 500;
      while (acknowledged.length < wanted) await once(child.stdout, 'data');
      const before = acknowledged.slice();
      const copy = await newFolder();
      for (const name of ['journal.db', 'history.db']) {
        expect(await copyStill(join(dir, name), join(copy, name), realClock(), openDatabase)).toBe(1);
      }
      const store = await open(copy);
      expect(store.notices).toEqual([]);
      const events = await store.journal.read(0, 1_000_000);
      const held = new Set(
        events.map(({ stream, epoch, sequence, data }) => `${stream}/${epoch}/${sequence} ${data['number']}`),
      );
      expect(before.filter((line) => !held.has(line))).toEqual([]);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      await store.close();
    }
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

it('of a file that is not there there is no copy', async () => {
  const dir = await newFolder();
  expect(await copyStill(join(dir, 'journal.db'), join(dir, 'copy.db'), realClock(), openDatabase)).toBeUndefined();
});
