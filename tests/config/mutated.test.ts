import { expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { judgeMutated } from './mutated.ts';

it('R17: of 200 configurations with mistakes none is a crash, and each mistake has its place and what to do in both languages', {
  timeout: 60_000,
}, async () => {
  const { good, codes } = await judgeMutated(200, seededRandom(Number(process.env['SEED'] ?? 1), 'mutated'));
  expect(good).toBeLessThan(100);
  expect(codes.size).toBeGreaterThan(8);
});
