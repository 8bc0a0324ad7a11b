import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import { drainageHappenings } from '../../simulator/drainage/happenings.ts';
import { createPlant } from '../../simulator/drainage/plant.ts';
import { brokenLimits, digestOf, limitsByType, type PlantRun, runPlant } from '../gas/city-day.ts';

const { packs } = await loadPacks('models');
const pack = packs.get('drainage');
if (!pack) throw new Error('models/drainage/pack.yaml does not load');
const limits = limitsByType(pack);

const dryDay = '2026-10-14T00:00:00+08:00';
const happen = (run: PlantRun, kind: string, target: string, magnitude: number, durationS = 0) =>
  run.plant.start({ id: 'h-1', kind: `drainage.${kind}`, target, magnitude, durationS, startMs: run.timeMs });

/** `asset/limit` of all limits that a happening breaks within some hours, and what it may touch. */
async function broken(kind: string, target: string, magnitude: number, hours: number) {
  const run = await runPlant(createPlant, dryDay, 1);
  const { affected } = happen(run, kind, target, magnitude);
  const names = brokenLimits(run, limits, hours * 3600, 10).map((line) => line.slice(0, line.indexOf(' at ')));
  return { names: [...new Set(names)], affected };
}

describe('drainage without happenings', () => {
  it('shows the same figures bit by bit for the same seed, and others for another', async () => {
    const digest = async (seed: number) => digestOf(await runPlant(createPlant, '2026-07-20T00:00:00Z', seed), 1800, 1);
    expect(await digest(7)).toBe(await digest(7));
    expect(await digest(7)).not.toBe(await digest(8));
  });

  it('does not depend on the step: 1 s against 60 s within 2 % of a sewer and 5 cm of a wet well on average', async () => {
    const meanOf = async (dtS: number) => {
      const run = await runPlant(createPlant, dryDay, 3);
      const sums = [0, 0, 0];
      run.go(6 * 3600, dtS, () => {
        [run.role('mh-6', 'filling'), run.role('lift-1', 'level'), run.role('mh-5', 'h2s')].forEach((value, index) => {
          sums[index]! += (value * dtS) / 21_600;
        });
      });
      return sums;
    };
    const [fine, coarse] = [await meanOf(1), await meanOf(60)];
    expect(Math.abs(fine[0]! - coarse[0]!)).toBeLessThan(2);
    expect(Math.abs(fine[1]! - coarse[1]!)).toBeLessThan(0.05);
    expect(Math.abs(fine[2]! - coarse[2]!)).toBeLessThan(0.1);
  });

  it('keeps every true value inside its instrument', async () => {
    for (const day of ['2027-01-15T00:00:00+08:00', '2026-07-20T00:00:00+08:00']) {
      const { plant } = await runPlant(createPlant, day, 1);
      for (const point of plant.plcs.flatMap((plc) => plc.points)) {
        expect(point.read(), point.name).toBeGreaterThanOrEqual(point.low);
        expect(point.read(), point.name).toBeLessThanOrEqual(point.high);
      }
    }
  });

  it('lets the pumps lead in turn, and has more sewage by day than at night', async () => {
    const run = await runPlant(createPlant, dryDay, 1);
    const led = new Set<number>();
    const volumes: number[] = [];
    for (const hours of [2, 5]) {
      run.go(hours * 3600, 10, () => {
        for (const pump of [1, 2, 3]) if (run.point(`drain-lift-1/p${pump}-run`) === 1) led.add(pump);
      });
      const before = run.point('drain-lift-1/volume');
      run.go(3 * 3600, 10);
      volumes.push(run.point('drain-lift-1/volume') - before);
    }
    expect([...led].sort()).toEqual([1, 2, 3]);
    expect(volumes[1]! / volumes[0]!).toBeGreaterThan(1.5);
  });

  it('shows a manhole as its RTU last saw it, every five minutes', async () => {
    const run = await runPlant(createPlant, dryDay, 1);
    run.go(600, 1);
    const seen = new Set<number>();
    run.go(900, 1, () => seen.add(run.role('mh-2', 'level')));
    expect(seen.size).toBeLessThanOrEqual(4);
    expect(run.point('drain-mh-2/silent')).toBeLessThan(300);
  });
});

describe('happenings in the drainage', () => {
  it.each([
    ['blockage', 'mh-3', 98, 9, 'mh-3/blockage'],
    ['pump-failure', 'lift-1', 2, 0.1, 'lift-1/pump-failure'],
    ['pump-failure', 'up-2', 1, 0.1, 'up-2/pump-failure'],
    ['pump-clogged', 'lift-1', 18, 2, 'lift-1/pump-clogged'],
    ['sewer-gas', 'mh-1', 60, 0.7, 'mh-1/sewer-gas'],
    ['gas-ingress', 'mh-9', 0.4, 2, 'mh-9/gas-ingress'],
    ['gas-ingress', 'mh-5', 2, 1, 'mh-5/methane-very-high'],
    ['level-fouled', 'mh-7', 0.5, 0.5, 'mh-7/level-fouled'],
    ['level-fouled', 'lift-1', 1, 1, 'lift-1/level-fouled'],
    ['river-backflow', 'storm-1', 3, 0.2, 'storm-1/river-backflow'],
    ['infiltration', 'mh-4', 80, 3, 'lift-1/infiltration'],
    // the smallest there is
    ['infiltration', 'mh-1', 60, 1.2, 'lift-1/infiltration'],
    ['illegal-discharge', 'mh-9', 60, 0.5, 'mh-9/illegal-discharge'],
    ['cover-missing', 'mh-10', 1, 0.1, 'mh-10/cover-missing'],
  ])('%s at %s (%d) shows within %d h as %s, and nowhere that it does not reach', async (...given) => {
    const [kind, target, magnitude, hours, limit] = given;
    const { names, affected } = await broken(kind, target, magnitude, hours);
    expect(names).toContain(limit);
    for (const name of names) expect(affected).toContain(name.slice(0, name.indexOf('/')));
  });

  it.each(drainageHappenings.filter(({ decoy }) => decoy).map(({ kind, targets }) => [kind, targets[0]!] as const))(
    '%s at %s, which is work, breaks no limit',
    async (kind, target) => {
      const { magnitude } = drainageHappenings.find((candidate) => candidate.kind === kind)!;
      expect((await broken(kind.slice('drainage.'.length), target, magnitude.high, 4)).names).toEqual([]);
    },
  );

  it('floods an underpass without power as deep as its rain fills the hollow, closes the barrier, and clears afterwards', async () => {
    const run = await runPlant(createPlant, dryDay, 1);
    const durationS = 1800;
    happen(run, 'underpass-flood', 'up-1', 60, durationS);
    run.go(durationS, 1);
    // 60 mm/h over 1.2 ha for half an hour, less what soaks in, is on its way, and fills the sump of 24 m² and 3.8 m.
    const fallenM3 = 0.06 * 0.5 * 12_000;
    const onRoadM3 = 350 * run.role('up-1', 'road-depth') ** 2;
    expect(onRoadM3).toBeGreaterThan(0.5 * (fallenM3 - 91));
    expect(onRoadM3).toBeLessThan(fallenM3 - 60);
    expect([run.role('up-1', 'barrier'), run.role('up-1', 'mains'), run.role('up-1', 'running')]).toEqual([1, 0, 0]);
    expect(run.role('up-2', 'road-depth')).toBe(0);
    run.go(3600, 1);
    expect(run.role('up-1', 'road-depth')).toBe(0);
    expect([run.role('up-1', 'barrier'), run.role('up-1', 'pump-fault')]).toEqual([0, 0]);
  });

  it('drains the gas out of a manhole whose cover is gone', async () => {
    const run = await runPlant(createPlant, dryDay, 1);
    happen(run, 'gas-ingress', 'mh-2', 1);
    run.go(4 * 3600, 10);
    const closed = run.role('mh-2', 'ch4');
    happen(run, 'cover-missing', 'mh-2', 1);
    run.go(3600, 10);
    expect(run.role('mh-2', 'ch4')).toBeLessThan(closed / 10);
  });

  it('keeps the sewage below the street with one pump out of three', async () => {
    const run = await runPlant(createPlant, dryDay, 1);
    happen(run, 'pump-failure', 'lift-1', 2);
    let highest = 0;
    run.go(86_400, 30, () => {
      highest = Math.max(highest, run.role('lift-1', 'level'));
    });
    expect(run.role('lift-1', 'pump-fault')).toBe(1);
    expect(highest).toBeLessThan(2.6);
  });
});
