import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parsePack } from '../../edge/config/packs.ts';
import { createPlant } from '../../simulator/water/plant.ts';
import { brokenLimits, limitsByType, runPlant } from '../gas/city-day.ts';

const file = 'models/water/pack.yaml';
const { pack, problems } = parsePack(file, await readFile(file, 'utf8'));
const days = ['2026-01-14', '2026-04-15', '2026-07-12', '2026-10-20'];
const cases = days.flatMap((day) => [1, 2, 3].map((seed) => ({ day, seed })));
const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4'];

describe('water pack', () => {
  it('loads without a problem and fills only roles that the plant has', async () => {
    expect(problems).toEqual([]);
    const run = await runPlant(createPlant, '2026-04-15T00:00:00Z');
    for (const asset of run.plant.assets) {
      const known = pack!.assets[asset.type.split('.')[1]!]!.roles;
      const filled = run.plant.plcs.flatMap((plc) => plc.points.filter((point) => point.asset === asset.id));
      for (const point of filled) expect(known[point.role!]?.unit, `${asset.id}/${point.role}`).toBe(point.unit);
      const roles = filled.map((point) => point.role!);
      expect(new Set(roles).size).toBe(roles.length);
      const wanted = Object.keys(known).filter((role) => role !== 'outflow' || asset.id === 'dma-2');
      expect(roles.sort()).toEqual(wanted.sort());
    }
    run.plant.dispose();
  });

  it.each(cases)('has no limit that a quiet $day breaks, seed $seed', async ({ day, seed }) => {
    const run = await runPlant(createPlant, `${day}T00:00:00Z`, seed);
    const broken = brokenLimits(run, limitsByType(pack!), 86_400, 60);
    expect(broken).toEqual([]);
    run.plant.dispose();
  });

  it.each(districts)(
    'keeps quiet during a hydrant flush, and on other assets for a minute of a burst in %s',
    async (target) => {
      const run = await runPlant(createPlant, '2026-01-14T11:00:00Z', 2);
      const happening = { id: 'h', target, startMs: run.timeMs, durationS: 0 };
      run.plant.start({ ...happening, kind: 'water.hydrant-flush', magnitude: 14 });
      expect(brokenLimits(run, limitsByType(pack!), 300, 1)).toEqual([]);
      run.plant.start({ ...happening, id: 'b', startMs: run.timeMs, kind: 'water.burst', magnitude: 80 });
      expect(brokenLimits(run, limitsByType(pack!), 59, 1)).toEqual([]);
      expect(brokenLimits(run, limitsByType(pack!), 600, 1).filter((broken) => !broken.startsWith(target))).toEqual([]);
      run.plant.dispose();
    },
  );
});

describe('a quiet city', () => {
  it.each(cases)(
    'keeps tank and pressures where they belong for three days from $day, seed $seed',
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

  it('draws demand without steps: inflow moves less than 2 % of its mean from second to second', async () => {
    const run = await runPlant(createPlant, '2026-07-11T15:58:00Z', 3);
    for (const id of districts) {
      let last = run.role(id, 'inflow');
      const moves: number[] = [];
      run.go(600, 1, () => {
        moves.push(Math.abs(run.role(id, 'inflow') - last));
        last = run.role(id, 'inflow');
      });
      expect(Math.max(...moves)).toBeLessThan(3);
    }
    run.plant.dispose();
  });
});
