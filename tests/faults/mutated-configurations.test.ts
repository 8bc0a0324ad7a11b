import { expect, it } from 'vitest';
import { judgeMutated } from '../config/mutated.ts';
import { faultSeed } from './seed.ts';

it('R17: of 100,000 configurations with mistakes none is a crash, and each mistake has its place', {
  timeout: 900_000,
}, async () => {
  const { codes } = await judgeMutated(100_000, faultSeed('mutated'));
  expect(codes.size).toBeGreaterThan(20);
});
