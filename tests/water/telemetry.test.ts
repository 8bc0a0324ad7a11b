import { describe, expect, it } from 'vitest';
import { registersOf } from '../../drivers/modbus/registers.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { PlantContext } from '../../simulator/city/plant.ts';
import { createScans } from '../../simulator/plc/scan.ts';
import { cityNetwork } from '../../simulator/water/network.ts';
import { createPlant } from '../../simulator/water/plant.ts';
import { type PlantRun, runPlant } from '../gas/city-day.ts';

const full = (context: PlantContext) => createPlant({ ...context, equipment: 'full' });
const at = '2026-05-12T04:00:00Z';
const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4'];

const write = (run: PlantRun, device: string, name: string, value: number) => {
  const point = run.plant.plcs.find(({ id }) => id === device)?.points.find((candidate) => candidate.name === name);
  if (!point?.write) throw new RangeError(`${device}/${name} cannot be written`);
  point.write(value);
};

describe('a fully equipped water utility', () => {
  it('has the same water in the same pipes as the lean one', async () => {
    const [lean, dense] = [await runPlant(createPlant, at), await runPlant(full, at)];
    for (const run of [lean, dense]) run.go(120, 1);
    for (const { id, points } of lean.plant.plcs) {
      for (const { name } of points)
        expect(dense.point(`${id}/${name}`), `${id}/${name}`).toBe(lean.point(`${id}/${name}`));
    }
    for (const run of [lean, dense]) run.plant.dispose();
  });

  it('shows a finite value within its range at every point, in registers that do not overlap', async () => {
    const run = await runPlant(full, at);
    run.go(60, 1);
    for (const { id, points } of run.plant.plcs) {
      const taken = new Map<string, string>();
      for (const point of points) {
        const value = point.read();
        expect(value, `${id}/${point.name}`).toBeGreaterThanOrEqual(point.low);
        expect(value, `${id}/${point.name}`).toBeLessThanOrEqual(point.high);
        const bit = point.table === 'coil' || point.table === 'discrete';
        for (let offset = 0; offset < (bit ? 1 : registersOf(point.type)); offset++) {
          const place = `${point.table} ${point.address + offset}`;
          expect(taken.get(place), `${id}: ${point.name} at ${place}`).toBeUndefined();
          taken.set(place, point.name);
        }
      }
      expect(new Set(points.map(({ name }) => name)).size, id).toBe(points.length);
    }
    expect(() => createScans(run.plant.plcs, seededRandom(1, 'plc'))).not.toThrow();
    run.plant.dispose();
  });

  it('reads nowhere more head than behind the inlet of the district', async () => {
    const run = await runPlant(full, at);
    const ground = new Map(cityNetwork().junctions.map(({ id, elevationM }) => [id, elevationM]));
    for (const { id, sensors } of cityNetwork().districts) {
      const loggers = run.plant.plcs.find((plc) => plc.id === `water-${id}-loggers`)!.points;
      const heads = loggers.filter(({ name }) => name.endsWith('-head')).map((point) => point.read());
      expect(heads.length).toBeGreaterThan(10);
      const inletM = ground.get(sensors.inlet)! + run.role(id, 'pressure') / 0.00980665;
      for (const head of heads) expect(head).toBeLessThan(inletM);
    }
    run.plant.dispose();
  });

  it('reads a burst at all loggers of its district and a hydrant at that hydrant alone', async () => {
    const run = await runPlant(full, at);
    const running = () =>
      run.plant.plcs
        .filter(({ id }) => id.endsWith('-hydrants'))
        .flatMap(({ id, points }) =>
          points.filter(({ name }) => name.endsWith('-running')).map((point) => [id, point.read()]),
        )
        .filter(([, state]) => state === 1);
    expect(running()).toEqual([]);
    run.plant.start({
      id: 'f',
      kind: 'water.hydrant-flush',
      target: 'dma-2',
      startMs: run.timeMs,
      durationS: 0,
      magnitude: 10,
    });
    run.go(30, 1);
    expect(running()).toEqual([['water-dma-2-hydrants', 1]]);
    const pressures = () =>
      run.plant.plcs
        .find(({ id }) => id === 'water-dma-1-loggers')!
        .points.filter(({ name }) => name.endsWith('-pressure'))
        .map((point) => point.read());
    const before = pressures();
    run.plant.start({
      id: 'b',
      kind: 'water.burst',
      target: 'dma-1',
      startMs: run.timeMs,
      durationS: 0,
      magnitude: 60,
    });
    run.go(5, 1);
    for (const [index, value] of pressures().entries()) expect(value).toBeLessThan(before[index]! - 0.005);
    run.plant.dispose();
  });

  it('cuts the street off whose section valve an operator shuts, slowly, and lets the water go another way', async () => {
    const run = await runPlant(full, at);
    const flow = () => Math.abs(run.point('water-dma-1-chambers/v1-flow'));
    const [before, inflow] = [flow(), run.role('dma-1', 'inflow')];
    expect(before).toBeGreaterThan(5);
    write(run, 'water-dma-1-chambers', 'v1-command', 0);
    run.go(10, 1);
    expect(run.point('water-dma-1-chambers/v1-position')).toBeCloseTo(100 - 1000 / 75, 0);
    run.go(90, 1);
    expect(run.point('water-dma-1-chambers/v1-shut')).toBe(1);
    expect(flow()).toBeLessThan(0.02 * before);
    expect(run.role('dma-1', 'inflow')).toBeGreaterThan(0.9 * inflow);
    write(run, 'water-dma-1-chambers', 'v1-command', 100);
    run.go(120, 1);
    expect(flow()).toBeGreaterThan(0.8 * before);
    run.plant.dispose();
  });

  it('has large customers draw less than their district takes in', async () => {
    const run = await runPlant(full, at);
    for (const id of districts) {
      const customers = run.plant.plcs.find((plc) => plc.id === `water-${id}-customers`)!.points;
      const flows = customers.filter(({ name }) => name.endsWith('-flow')).map((point) => point.read());
      expect(flows.every((flow) => flow > 0)).toBe(true);
      expect(flows.reduce((sum, flow) => sum + flow, 0)).toBeLessThan(0.3 * run.role(id, 'inflow'));
    }
    run.plant.dispose();
  });
});
