import { expect, it } from 'vitest';
import { createPlant } from '../../simulator/heating/plant.ts';
import { runPlant } from '../gas/city-day.ts';

const substations = Array.from({ length: 12 }, (_, index) => `sub-${index + 1}`);

it('regulates the secondary supply to the curve in a winter week and keeps rooms warm', async () => {
  const run = await runPlant(createPlant, '2026-01-10T00:00:00+08:00', 1);
  run.go(7 * 86_400, 300, () => {
    for (const id of substations) {
      const off = run.role(id, 'secondary-setpoint') - run.role(id, 'secondary-supply-temperature');
      expect(Math.abs(off)).toBeLessThan(2);
      expect(run.role(id, 'room-temperature')).toBeGreaterThan(18.5);
      expect(run.role(id, 'room-temperature')).toBeLessThan(24);
    }
  });
});

it('heats the town up from 20 October on, pump after pump, and counts as in service when rooms are warm', async () => {
  const run = await runPlant(createPlant, '2026-10-19T23:50:00+08:00', 1);
  run.go(1200, 10);
  expect(run.role('sub-1', 'pump-run')).toBe(1);
  expect(run.role('sub-6', 'pump-run')).toBe(0);
  expect(run.role('sub-1', 'season')).toBe(2);
  const cold = run.role('sub-1', 'room-temperature');
  run.go(4 * 86_400, 300);
  for (const id of substations) {
    expect(run.role(id, 'season')).toBe(1);
    expect(run.role(id, 'room-temperature')).toBeGreaterThan(18.5);
  }
  expect(run.role('sub-1', 'room-temperature')).toBeGreaterThan(cold + 2);
});
