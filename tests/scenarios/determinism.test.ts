import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const stream = join(import.meta.dirname, 'truth-stream.ts');
const inProcess = async (seed: number) => (await promisify(execFile)(process.execPath, [stream, `${seed}`])).stdout;

it('the same seed gives the same truth and the same city in two processes, another seed another one', async () => {
  const [first, second, other] = await Promise.all([inProcess(3), inProcess(3), inProcess(4)]);
  expect(JSON.parse(first!).happenings).toBeGreaterThan(10);
  expect(second).toBe(first);
  expect(JSON.parse(other!).digest).not.toBe(JSON.parse(first!).digest);
});
