import { expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { killRounds } from './kill-rounds.ts';

it('a store killed while it writes has every acknowledged event afterwards (3 kills; 20 in the fault tier)', async () => {
  expect(await killRounds(3, seededRandom(7))).toBeGreaterThan(50);
});
