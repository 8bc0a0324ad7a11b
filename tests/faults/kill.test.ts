import { expect, it } from 'vitest';
import { killRounds } from '../store/kill-rounds.ts';
import { faultSeed } from './seed.ts';

/** `ROUNDS=200 npm run test:faults -- faults/kill.test` by hand. */
const rounds = Number(process.env['ROUNDS'] ?? 20);

it('R1: a store killed at random moments under load has every acknowledged event, none twice, no identity with two contents', {
  timeout: 120_000 + rounds * 30_000,
}, async () => {
  const acknowledged = await killRounds(rounds, faultSeed('kill'));
  process.stdout.write(`${acknowledged} events acknowledged over ${rounds} kills\n`);
  expect(acknowledged).toBeGreaterThan(25 * rounds);
});
