import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { completeChange } from '../../edge/config/configuration-change.ts';
import { faultSeed } from './seed.ts';

const script = fileURLToPath(new URL('fixtures/change-configuration.ts', import.meta.url));
const rounds = 60;

async function numbersIn(folder: string): Promise<Set<string>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && !name.endsWith('.part'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return new Set(
    texts.flatMap((text) =>
      text
        .replace(/^\uFEFF/, '')
        .trim()
        .split('\n'),
    ),
  );
}

it('a configuration of five files whose change is killed 60 times is of one version after each start, never a mix', async () => {
  const random = faultSeed('kill-configuration');
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-kill-configuration-'));
  const file = join(folder, 'gateway.yaml');
  let mixes = 0;
  let number = 0;
  for (let round = 0; round < rounds; round++) {
    const child = spawn(process.execPath, [script, file, String(number)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, random.next() * 60));
    child.kill('SIGKILL');
    await once(child, 'close');
    const torn = (await numbersIn(folder)).size > 1;
    if (torn) mixes++;
    const became = await completeChange(file);
    if (torn) expect(became).toBe('completed');
    const left = [...(await numbersIn(folder))];
    expect(left.length, `round ${round}: ${left.join(', ')}`).toBeLessThanOrEqual(1);
    number = Number(left[0] ?? number);
    expect(await completeChange(file)).toBe('none');
  }
  expect(mixes, 'kills that left a mix to complete').toBeGreaterThan(5);
  await rm(folder, { recursive: true });
});
