import { expect, it } from 'vitest';
import { createPlant } from '../../simulator/lighting/plant.ts';
import { runPlant } from '../gas/city-day.ts';

it('a circuit loses power by worn drivers over two weeks, with all lamps burning', async () => {
  const wear = { id: 'h-1', kind: 'lighting.driver-wear', target: 'circuit-3', magnitude: 40, durationS: 0 };
  const run = await runPlant(createPlant, '2026-01-20T20:00:00+08:00', 1);
  const before = run.role('circuit-3', 'power');
  run.plant.start({ ...wear, startMs: run.timeMs });
  run.go(7 * 86_400, 300);
  expect(run.role('circuit-3', 'power') / before).toBeCloseTo(0.8, 1);
  run.go(7 * 86_400, 300);
  expect(run.role('circuit-3', 'power') / before).toBeCloseTo(0.6, 1);
});
