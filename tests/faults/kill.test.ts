import { expect, it } from 'vitest';
import { killRounds } from '../store/kill-rounds.ts';
import { faultSeed } from './seed.ts';

it('R1: a store killed 20 times under load has every acknowledged event, none twice, no identity with two contents', async () => {
  expect(await killRounds(20, faultSeed('kill'))).toBeGreaterThan(500);
});
