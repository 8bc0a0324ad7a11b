import { expect, it } from 'vitest';
import { createPlant } from '../../simulator/water/plant.ts';
import { runPlant } from '../gas/city-day.ts';

const days = ['2026-01-14', '2026-04-15', '2026-07-12', '2026-10-20'];
const cases = days.flatMap((day) => [1, 2, 3].map((seed) => ({ day, seed })));
const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4'];

it.each(cases)(
  'a quiet city keeps tank and pressures where they belong for three days from $day, seed $seed',
  async ({ day, seed }) => {
    const run = await runPlant(createPlant, `${day}T00:00:00Z`, seed);
    const levels: number[] = [];
    const night: number[] = [];
    const mean: number[] = [];
    run.go(3 * 86_400, 300, () => {
      levels.push(run.role('tank-1', 'level') / 8);
      const hour = ((run.timeMs / 3_600_000 + 8) % 24) as number;
      const inflow = run.role('dma-1', 'inflow');
      mean.push(inflow);
      if (hour >= 2 && hour < 4) night.push(inflow);
      for (const id of districts) {
        expect(run.role(id, 'pressure-critical')).toBeGreaterThan(0.275);
        expect(run.role(id, 'pressure')).toBeLessThan(0.445);
      }
    });
    expect(Math.min(...levels)).toBeGreaterThan(0.3);
    expect(Math.max(...levels)).toBeLessThan(0.85);
    expect(Math.max(...levels) - Math.min(...levels)).toBeGreaterThan(0.08);
    const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(average(night) / average(mean)).toBeGreaterThan(0.28);
    expect(average(night) / average(mean)).toBeLessThan(0.4);
    run.plant.dispose();
  },
);
