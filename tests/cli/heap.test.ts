import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const heap = fileURLToPath(new URL('../../edge/cli/run/heap.ts', import.meta.url));

/** Holds some 20 MB, lets a few more MB at a time grow old before they go, and says by how much the heap grew at most. */
const program = (prepare: string) => `
  ${prepare}
  const objects = (count) => Array.from({ length: count }, (_, number) => ({ number, text: 'v' + number }));
  const held = objects(300_000);
  gc();
  const before = process.memoryUsage().heapUsed;
  const ageing = [];
  let most = 0;
  for (let round = 0; round < 200; round++) {
    ageing[round % 8] = objects(5_000);
    most = Math.max(most, process.memoryUsage().heapUsed);
  }
  console.log(held.length > 0 ? most / before : 0);`;

async function growth(prepare: string): Promise<number> {
  const options = ['--expose-gc', '--max-semi-space-size=1', '--input-type=module', '-e', program(prepare)];
  const { stdout } = await promisify(execFile)(process.execPath, options);
  return Number(stdout);
}

it('a gateway sweeps what grew old and went before its heap has doubled, which it would not do by itself', async () => {
  const early = await growth(`import { sweepEarly } from '${heap}'; sweepEarly();`);
  expect(early).toBeLessThan(2);
  expect(await growth('')).toBeGreaterThan(early);
});
