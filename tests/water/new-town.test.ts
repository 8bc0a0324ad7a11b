import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePack } from '../../edge/config/packs.ts';
import type { PlantContext } from '../../simulator/city/plant.ts';
import { createPlant } from '../../simulator/water/plant.ts';
import { brokenLimits, digestOf, limitsByType, type PlantRun, runPlant } from '../gas/city-day.ts';

const { pack } = parsePack('models/water/pack.yaml', await readFile('models/water/pack.yaml', 'utf8'));
const full = (context: PlantContext) => createPlant({ ...context, equipment: 'full' });
const runs: PlantRun[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.plant.dispose();
});

const start = async (at: string, seed = 1) => {
  const run = await runPlant(full, at, seed);
  runs.push(run);
  return run;
};
const write = (run: PlantRun, name: string, value: number) => {
  const point = run.plant.plcs
    .find(({ id }) => id === 'water-ps-2')
    ?.points.find((candidate) => candidate.name === name);
  if (!point?.write) throw new RangeError(`${name} cannot be written`);
  point.write(value);
};
const running = (run: PlantRun) => [run.role('ps-2', 'pump-1-run'), run.role('ps-2', 'pump-2-run')];

describe('the new town of a fully equipped city', () => {
  it('adds a second station with variable speed, a tank and two districts to what the old town has', async () => {
    const run = await start('2026-05-12T00:00:00Z');
    expect(run.plant.assets.map(({ id }) => id)).toEqual([
      ...['ps-1', 'tank-1', 'dma-1', 'dma-2', 'dma-3', 'dma-4', 'ps-2', 'tank-2', 'dma-5', 'dma-6'],
    ]);
    expect(run.plant.plcs.length).toBeGreaterThanOrEqual(40);
    expect(run.plant.plcs.flatMap(({ points }) => points).length).toBeGreaterThanOrEqual(1500);
  });

  it.each([
    ['2026-01-14', 1],
    ['2026-07-12', 2],
  ])('breaks no limit of the pack on a quiet %s, seed %d', async (day, seed) => {
    const run = await start(`${day}T00:00:00Z`, seed);
    expect(brokenLimits(run, limitsByType(pack!), 86_400, 300)).toEqual([]);
    expect(run.plant.trouble?.()).toBeUndefined();
  });

  it('balances: what the station gives goes into the tank and the upper district, which feeds the lower one', async () => {
    const run = await start('2026-05-12T00:00:00Z');
    for (let round = 0; round < 20; round++) {
      run.go(600, 60);
      const taken = run.role('dma-5', 'inflow') + run.role('dma-6', 'inflow') + run.role('tank-2', 'flow');
      expect(run.role('ps-2', 'flow')).toBeCloseTo(taken, 5);
    }
  });

  it('draws at night about a third of what it draws in the evening', async () => {
    const run = await start('2026-05-12T16:00:00Z');
    const hourly = Array.from({ length: 24 }, () => {
      run.go(3600, 300);
      return run.role('dma-5', 'inflow') + run.role('dma-6', 'inflow');
    });
    expect(Math.min(...hourly) / Math.max(...hourly)).toBeGreaterThan(0.12);
    expect(Math.min(...hourly) / Math.max(...hourly)).toBeLessThan(0.35);
    expect(hourly.indexOf(Math.min(...hourly))).toBeLessThan(5);
  });

  it('holds the discharge pressure by speed, and another one when an operator writes it', async () => {
    const run = await start('2026-05-12T02:00:00Z');
    run.go(120, 1);
    expect(run.role('ps-2', 'discharge-pressure')).toBeCloseTo(48 * 0.00980665, 2);
    const speed = run.point('water-ps-2/p1-speed');
    write(run, 'p-set', 0.44);
    run.go(180, 1);
    expect(run.role('ps-2', 'discharge-pressure')).toBeCloseTo(0.44, 2);
    expect(run.point('water-ps-2/p1-speed')).toBeLessThan(speed);
  });

  it('starts the other pump when the first one trips', async () => {
    const run = await start('2026-05-12T02:00:00Z');
    run.go(10, 1);
    expect(running(run)).toEqual([1, 0]);
    run.plant.start({
      id: 't',
      kind: 'water.pump-trip',
      target: 'ps-2',
      startMs: run.timeMs,
      durationS: 0,
      magnitude: 1,
    });
    run.go(120, 1);
    expect(running(run)).toEqual([0, 1]);
    expect(run.role('ps-2', 'discharge-pressure')).toBeGreaterThan(0.45);
  });

  it('adds the second pump when one alone cannot hold the pressure, and takes it away again', async () => {
    const run = await start('2026-05-12T02:00:00Z');
    run.plant.start({
      id: 'b',
      kind: 'water.burst',
      target: 'dma-5',
      startMs: run.timeMs,
      durationS: 3600,
      magnitude: 70,
    });
    run.go(1800, 5);
    expect(running(run)).toEqual([1, 1]);
    run.go(3 * 3600, 30);
    expect(running(run).reduce((sum, state) => sum + state, 0)).toBe(1);
  });

  it('lets both towns play what happens where it happens', async () => {
    const run = await start('2026-05-12T02:00:00Z');
    const [old, lower] = [run.role('dma-1', 'inflow'), run.role('dma-6', 'inflow')];
    run.plant.start({
      id: 'b',
      kind: 'water.burst',
      target: 'dma-6',
      startMs: run.timeMs,
      durationS: 0,
      magnitude: 30,
    });
    run.go(10, 1);
    expect(run.role('dma-6', 'inflow') - lower).toBeGreaterThan(0.75 * 30 * 3.6);
    expect(Math.abs(run.role('dma-1', 'inflow') - old)).toBeLessThan(8);
    const absent = {
      id: 'x',
      kind: 'water.valve-left-closed',
      target: 'dma-6',
      startMs: run.timeMs,
      durationS: 0,
      magnitude: 5,
    };
    expect(() => run.plant.start(absent)).toThrow(RangeError);
  });

  it('runs the same for the same seed', async () => {
    const digests = [await start('2026-05-12T02:00:00Z', 4), await start('2026-05-12T02:00:00Z', 4)].map((run) =>
      digestOf(run, 60, 5),
    );
    expect(digests[0]).toBe(digests[1]);
  });
});
