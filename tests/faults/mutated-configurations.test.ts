import { expect, it } from 'vitest';
import { judgeMutated } from '../config/mutated.ts';
import { faultSeed } from './seed.ts';

/** In two minutes of CI; by hand `CONFIGURATIONS=100000`, which takes ten. */
const configurations = Number(process.env['CONFIGURATIONS'] ?? 20_000);

it(`R17: of ${configurations} configurations with mistakes none is a crash, and each mistake has its place`, {
  timeout: 2_700_000,
}, async () => {
  const { codes } = await judgeMutated(configurations, faultSeed('mutated'));
  expect(codes.size).toBeGreaterThan(20);
});
