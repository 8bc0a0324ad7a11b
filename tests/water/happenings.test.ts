import { describe, expect, it } from 'vitest';
import { createPlant } from '../../simulator/water/plant.ts';
import { type PlantRun, runPlant } from '../gas/city-day.ts';

const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4'];
const gauges = ['pressure', 'pressure-critical', 'pressure-2', 'pressure-3'];
const cases = districts.flatMap((target) => [1, 2, 3].map((seed) => ({ target, seed })));
const hours = ['T18:30:00Z', 'T00:10:00Z', 'T06:00:00Z'];

const begin = (run: PlantRun, kind: string, target: string, magnitude: number, durationS = 0) =>
  run.plant.start({ id: `h-${target}`, kind, target, startMs: run.timeMs, durationS, magnitude });
const pressures = (run: PlantRun, district: string) => gauges.map((gauge) => run.role(district, gauge));

describe('water.burst', () => {
  it.each(cases)(
    'of 25 L/s shows within 3 s in inflow and all pressures of $target, seed $seed',
    async ({ target, seed }) => {
      const run = await runPlant(createPlant, `2026-05-12${hours[seed - 1]}`, seed);
      run.go(30, 1);
      const inflow = run.role(target, 'inflow');
      const before = pressures(run, target);
      const strangers = districts.filter((id) => id !== target && !(target === 'dma-4' && id === 'dma-2'));
      const others = strangers.map((id) => run.role(id, 'inflow'));
      const truth = begin(run, 'water.burst', target, 25);
      run.go(3, 1);
      expect(run.role(target, 'inflow') - inflow).toBeGreaterThan(0.75 * 25 * 3.6);
      pressures(run, target).forEach((value, index) => {
        expect(before[index]! - value).toBeGreaterThan(0.0018);
      });
      strangers.forEach((id, index) => {
        expect(Math.abs(run.role(id, 'inflow') - others[index]!)).toBeLessThan(8);
      });
      expect(truth).toMatchObject({ asset: target, decoy: false });
      expect(truth.affected).toEqual(expect.arrayContaining([target, 'ps-1', 'tank-1']));
      run.plant.dispose();
    },
  );

  it('downstream of dma-2 passes through both meters of dma-2, which thus stays balanced', async () => {
    const run = await runPlant(createPlant, '2026-05-12T06:00:00Z');
    const own = () => run.role('dma-2', 'inflow') - run.role('dma-2', 'outflow');
    const before = own();
    const outflow = run.role('dma-2', 'outflow');
    const truth = begin(run, 'water.burst', 'dma-4', 40);
    run.go(5, 1);
    expect(run.role('dma-2', 'outflow') - outflow).toBeGreaterThan(80);
    expect(Math.abs(own() - before)).toBeLessThan(8);
    expect(truth.affected).toContain('dma-2');
    run.plant.dispose();
  });

  it('leaves by an orifice: outflow follows √h from its nominal size at 30 m', async () => {
    const run = await runPlant(createPlant, '2026-05-12T18:30:00Z');
    const before = run.role('dma-1', 'inflow');
    begin(run, 'water.burst', 'dma-1', 25);
    run.go(2, 1);
    const nearM = Math.max(...pressures(run, 'dma-1')) / 0.00980665;
    const farM = Math.min(...pressures(run, 'dma-1')) / 0.00980665;
    const lps = (run.role('dma-1', 'inflow') - before) / 3.6;
    expect(lps).toBeLessThan(25 * Math.sqrt((nearM + 3) / 30));
    expect(lps).toBeGreaterThan(25 * Math.sqrt((farM - 10) / 30));
    run.plant.dispose();
  });

  it('is repaired after its duration, and the district comes back to what it was', async () => {
    const run = await runPlant(createPlant, '2026-05-12T18:30:00Z');
    const before = run.role('dma-3', 'inflow');
    begin(run, 'water.burst', 'dma-3', 50, 300);
    run.go(290, 1);
    expect(run.role('dma-3', 'inflow') - before).toBeGreaterThan(120);
    run.go(80, 1);
    expect(Math.abs(run.role('dma-3', 'inflow') - before)).toBeLessThan(10);
    run.plant.dispose();
  });
});

describe('water.hydrant-flush', () => {
  it.each(cases)('stays small and soft in $target, seed $seed', async ({ target, seed }) => {
    const run = await runPlant(createPlant, `2026-05-12${hours[seed - 1]}`, seed);
    run.go(10, 1);
    const before = run.role(target, 'inflow');
    const truth = begin(run, 'water.hydrant-flush', target, 14);
    const rise: number[] = [];
    run.go(30, 1, () => rise.push(run.role(target, 'inflow') - before));
    const steps = rise.slice(1).map((value, index) => value - rise[index]!);
    expect(Math.max(...steps)).toBeLessThan(12);
    expect(rise.at(-1)).toBeGreaterThan(0.75 * 14 * 3.6);
    expect(rise.at(-1)).toBeLessThan(1.35 * 14 * 3.6);
    run.go(165, 1);
    expect(Math.abs(run.role(target, 'inflow') - before)).toBeLessThan(20);
    expect(truth).toMatchObject({ asset: target, decoy: true, affected: [target] });
    run.plant.dispose();
  });
});

describe('other happenings', () => {
  it('water.slow-leak grows over two days to its nominal size', async () => {
    const quiet = await runPlant(createPlant, '2026-05-12T18:30:00Z');
    const leaky = await runPlant(createPlant, '2026-05-12T18:30:00Z');
    begin(leaky, 'water.slow-leak', 'dma-1', 8);
    const excess = () => leaky.role('dma-1', 'inflow') - quiet.role('dma-1', 'inflow');
    const grown: number[] = [];
    for (let day = 0; day < 3; day++) {
      for (const run of [quiet, leaky]) run.go(86_400, 300);
      grown.push(excess() / 3.6);
    }
    expect(grown[0]).toBeGreaterThan(3.5);
    expect(grown[0]).toBeLessThan(6);
    expect(grown[1]).toBeGreaterThan(8);
    expect(grown[2]).toBeCloseTo(grown[1]!, 0);
    for (const run of [quiet, leaky]) run.plant.dispose();
  });

  it('water.pump-trip stops the lead pump, the stand-by takes over, and the city keeps its water', async () => {
    const run = await runPlant(createPlant, '2026-05-12T04:00:00Z');
    const running = () => ['pump-1-run', 'pump-2-run', 'pump-3-run'].map((role) => run.role('ps-1', role));
    const count = () => running().reduce((sum, state) => sum + state, 0);
    const before = count();
    const [flow, power] = [run.role('ps-1', 'flow'), run.role('ps-1', 'power')];
    const truth = begin(run, 'water.pump-trip', 'ps-1', 1);
    run.go(3, 1);
    expect(count()).toBe(before - 1);
    expect(run.role('ps-1', 'flow')).toBeLessThan(0.75 * flow);
    expect(run.role('ps-1', 'power')).toBeLessThan(0.85 * power);
    run.go(180, 1);
    expect(count()).toBe(before);
    expect(run.role('ps-1', 'flow')).toBeGreaterThan(0.93 * flow);
    for (const id of districts) expect(run.role(id, 'pressure-critical')).toBeGreaterThan(0.28);
    expect(truth.asset).toBe('ps-1');
    run.plant.dispose();
  });

  it('refuses kinds and targets that do not exist', async () => {
    const run = await runPlant(createPlant, '2026-05-12T04:00:00Z');
    expect(() => begin(run, 'water.flood', 'dma-1', 1)).toThrow(RangeError);
    expect(() => begin(run, 'water.burst', 'ps-1', 30)).toThrow(RangeError);
    run.plant.dispose();
  });
});
