import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parsePack } from '../../edge/config/packs.ts';
import { createPlant } from '../../simulator/water/plant.ts';
import { brokenLimits, limitsByType, runPlant } from '../gas/city-day.ts';

const file = 'models/water/pack.yaml';
const { pack, problems } = parsePack(file, await readFile(file, 'utf8'));
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
