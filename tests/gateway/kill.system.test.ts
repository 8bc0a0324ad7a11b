import { afterAll, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { killGateway } from './kill-rounds.ts';
import { killAll } from './processes.ts';

afterAll(killAll);

it('a gateway killed with SIGKILL and started again loses no event and gives no identity two contents', {
  timeout: 90_000,
}, async () => {
  const { lostMs, stopMs } = await killGateway(3, seededRandom(Number(process.env['SEED'] ?? 1), 'kill'), 25_000);
  expect(lostMs).toBeLessThanOrEqual(60_000);
  expect(stopMs).toBeLessThan(5000);
});
