import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const heap = fileURLToPath(new URL('../../edge/cli/run/heap.ts', import.meta.url));
const noTimer = '{ after: () => ({ cancel() {} }) }';
const swept = `import { sweepEarly } from '${heap}'; sweepEarly(${noTimer});`;

const objects = `const objects = (count) => Array.from({ length: count }, (_, number) => ({ number, text: 'v' + number }));`;

/** Holds some 20 MB, lets a few more MB at a time grow old before they go, and says by how much the heap grew at most. */
const program = (prepare: string) => `
  ${prepare}
  ${objects}
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

/** Lets some 100 MB of objects go that were needed once, goes on with little, and says how much is resident then, MB. */
const start = (prepare: string) => `
  ${prepare}
  ${objects}
  let once = objects(1_500_000);
  once = undefined;
  gc();
  const ageing = [];
  for (let round = 0; round < 400; round++) {
    ageing[round % 8] = objects(5_000);
    await new Promise(setImmediate);
  }
  console.log(ageing.length > 0 ? process.memoryUsage.rss() / 1e6 : 0);`;

async function told(program: string): Promise<number> {
  const options = ['--expose-gc', '--max-semi-space-size=1', '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, options);
  return Number(stdout);
}

it('a gateway sweeps what grew old and went before its heap has doubled, which it would not do by itself', async () => {
  const early = await told(program(swept));
  expect(early).toBeLessThan(2);
  expect(await told(program(''))).toBeGreaterThan(early);
});

it('what a start took once goes back to the system', async () => {
  const [kept, given] = [await told(start('')), await told(start(swept))];
  expect(given).toBeLessThan(kept - 50);
});
