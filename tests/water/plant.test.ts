import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlcPoint } from '../../simulator/city/plant.ts';
import { deviceClock } from '../../simulator/plc/device-clock.ts';
import { tankAreaM2 } from '../../simulator/water/network.ts';
import { createPlant } from '../../simulator/water/plant.ts';
import { digestOf, type PlantRun, runPlant } from '../gas/city-day.ts';

const start = '2026-03-18T22:30:00Z';
const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4'];

/** Station flow less what tank and trunk districts take, relative to the station flow. */
function imbalance(run: PlantRun): number {
  const taken = ['dma-1', 'dma-2', 'dma-3'].reduce((sum, id) => sum + run.role(id, 'inflow'), 0);
  return Math.abs(run.role('ps-1', 'flow') - run.role('tank-1', 'flow') - taken) / run.role('ps-1', 'flow');
}

let warn: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn');
});
afterEach(() => {
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

describe('water plant', () => {
  it('balances: station = tank + districts within 0.5 % at every step of a day, bursts included', async () => {
    const run = await runPlant(createPlant, start);
    let worst = 0;
    const check = () => {
      worst = Math.max(worst, imbalance(run));
    };
    run.go(86_400, 300, check);
    run.plant.start({
      id: 'b',
      kind: 'water.burst',
      target: 'dma-1',
      startMs: run.timeMs,
      durationS: 600,
      magnitude: 60,
    });
    run.go(900, 1, check);
    expect(worst).toBeLessThan(0.005);
    run.plant.dispose();
  });

  it('fills the tank by exactly what flows in: A dL = ∫ Q dt', async () => {
    const run = await runPlant(createPlant, start);
    for (const [seconds, dtS] of [
      [3600, 1],
      [21_600, 60],
    ] as const) {
      const before = run.role('tank-1', 'level');
      let inM3 = 0;
      run.go(seconds, dtS, () => {
        inM3 += (run.role('tank-1', 'flow') / 3600) * dtS;
      });
      expect((run.role('tank-1', 'level') - before) * tankAreaM2).toBeCloseTo(inM3, 3);
    }
    run.plant.dispose();
  });

  it('counts metered volumes as the integral of the flow', async () => {
    const run = await runPlant(createPlant, start);
    const before = run.point('water-dma-2/total');
    let m3 = 0;
    run.go(3600, 1, () => {
      m3 += run.role('dma-2', 'inflow') / 3600;
    });
    expect(Math.abs(run.point('water-dma-2/total') - before - m3)).toBeLessThanOrEqual(1);
    run.plant.dispose();
  });

  it('gives the same course bit by bit for the same seed, and another one for another', async () => {
    const digest = async (seed: number) => {
      const run = await runPlant(createPlant, start, seed);
      run.plant.start({
        id: 'b',
        kind: 'water.burst',
        target: 'dma-3',
        startMs: run.timeMs,
        durationS: 60,
        magnitude: 40,
      });
      const value = digestOf(run, 300, 1);
      run.plant.dispose();
      return value;
    };
    const first = await digest(4);
    expect(await digest(4)).toBe(first);
    expect(await digest(5)).not.toBe(first);
  });

  it('shares nothing with a second plant in the same process', async () => {
    const alone = await runPlant(createPlant, start, 6);
    const expected = digestOf(alone, 120, 1);
    alone.plant.dispose();
    const one = await runPlant(createPlant, start, 6);
    const other = await runPlant(createPlant, '2026-07-18T04:00:00Z', 9);
    other.plant.start({
      id: 'b',
      kind: 'water.burst',
      target: 'dma-1',
      startMs: other.timeMs,
      durationS: 0,
      magnitude: 80,
    });
    other.go(30, 1);
    expect(digestOf(one, 120, 1)).toBe(expected);
    one.plant.dispose();
    other.plant.dispose();
  });

  it('shows no jump from warm-up to live steps', async () => {
    for (const when of ['2026-01-14T23:00:00Z', '2026-07-14T11:00:00Z', '2026-10-20T18:00:00Z']) {
      const run = await runPlant(createPlant, when);
      const read = () => [run.role('ps-1', 'discharge-pressure'), ...districts.map((id) => run.role(id, 'pressure'))];
      const before = read();
      run.go(20, 1);
      for (const [index, value] of read().entries()) expect(Math.abs(value - before[index]!)).toBeLessThan(0.004);
      run.plant.dispose();
    }
  });

  it('does not depend on the step: six hours by 1 s and by 60 s agree within the random draws', async () => {
    const course = async (dtS: number) => {
      const run = await runPlant(createPlant, start, 2);
      let volume = 0;
      run.go(6 * 3600, dtS, () => {
        volume += (run.role('dma-3', 'inflow') / 3600) * dtS;
      });
      const result = { volume, level: run.role('tank-1', 'level') };
      run.plant.dispose();
      return result;
    };
    const [fine, coarse] = [await course(1), await course(60)];
    expect(Math.abs(coarse.volume / fine.volume - 1)).toBeLessThan(0.005);
    expect(Math.abs(coarse.level - fine.level)).toBeLessThan(0.05);
  });
});

/** Registers a point takes. */
const width = ({ type }: PlcPoint) =>
  ({ float64: 4, int64: 4, uint64: 4, float32: 2, int32: 2, uint32: 2 })[type as string] ?? 1;

describe('PLCs', () => {
  it('carry about 150 points, named once, in registers of their own, every value inside its instrument', async () => {
    const run = await runPlant(createPlant, start);
    const meters = ['water-ps-1-power', 'water-ps-1-p1', 'water-dma-1-meter'];
    const controllers = ['water-ps-1', ...districts.map((id) => `water-${id}`)];
    expect(run.plant.plcs.map((plc) => plc.id)).toEqual([...controllers, ...meters]);
    let total = 0;
    for (const { id, points } of run.plant.plcs) {
      total += points.length;
      expect(points.length).toBeGreaterThanOrEqual(meters.includes(id) ? 7 : 20);
      expect(new Set(points.map((point) => point.name)).size).toBe(points.length);
      const taken = new Set<string>();
      for (const point of points) {
        for (let register = point.address; register < point.address + width(point); register++) {
          const place = `${point.table} ${register}`;
          expect(taken.has(place), `${id} ${point.name} overlaps at ${place}`).toBe(false);
          taken.add(place);
        }
        expect(point.read(), `${id}/${point.name}`).toBeGreaterThanOrEqual(point.low);
        expect(point.read(), `${id}/${point.name}`).toBeLessThanOrEqual(point.high);
      }
    }
    expect(total).toBeGreaterThan(140);
    run.plant.dispose();
  });

  it('take a written set-point and follow it', async () => {
    const run = await runPlant(createPlant, start);
    const before = run.role('ps-1', 'discharge-pressure');
    const setpoint = run.plant.plcs[0]!.points.find((point) => point.name === 'p-set')!;
    setpoint.write?.(setpoint.read() + 0.01);
    run.go(180, 1);
    expect(run.role('ps-1', 'discharge-pressure') - before).toBeCloseTo(0.01, 2);
    run.plant.dispose();
  });

  it('take a written valve command: the valve strokes, the district runs dry, and comes back', async () => {
    const run = await runPlant(createPlant, start);
    const before = run.role('dma-1', 'inflow');
    const command = run.plant.plcs[1]!.points.find((point) => point.name === 'valve-command')!;
    command.write?.(0);
    run.go(30, 1);
    expect(run.point('water-dma-1/valve-position')).toBeCloseTo(60, 0);
    run.go(90, 1);
    expect(run.point('water-dma-1/valve-shut')).toBe(1);
    expect(run.role('dma-1', 'inflow')).toBeLessThan(0.05 * before);
    command.write?.(100);
    run.go(120, 1);
    expect(run.role('dma-1', 'inflow') / before).toBeCloseTo(1, 1);
    run.plant.dispose();
  });

  it('count seconds and carry their own clock of the last step', async () => {
    const run = await runPlant(createPlant, start);
    const beat = run.point('water-dma-3/heartbeat');
    run.go(7, 1);
    expect(run.point('water-dma-3/heartbeat')).toBe((beat + 7) % 65_536);
    expect(run.point('water-dma-3/scan-clock')).toBe(deviceClock('water-dma-3')(run.timeMs) % 86_400_000);
    run.plant.dispose();
  });
});
