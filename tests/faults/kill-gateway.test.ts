import { afterAll, expect, it } from 'vitest';
import { killGateway } from '../gateway/kill-rounds.ts';
import { killAll } from '../gateway/processes.ts';
import { faultSeed } from './seed.ts';

/** `ROUNDS=200 npm run test:faults -- kill-gateway` by hand. */
const rounds = Number(process.env['ROUNDS'] ?? 20);

afterAll(killAll);

it('R1: a whole gateway killed at random moments under load loses no event and a minute of telemetry at most', {
  timeout: 120_000 + rounds * 30_000,
}, async () => {
  const { firstSampleMs, lostMs } = await killGateway(rounds, faultSeed('kill-gateway'), 31_000);
  const sorted = firstSampleMs.toSorted((a, b) => a - b);
  process.stdout.write(`first samples after ${sorted.join(', ')} ms; lost ${lostMs} ms\n`);
  expect(lostMs).toBeLessThanOrEqual(60_000);
});
