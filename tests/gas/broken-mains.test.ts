import { describe, expect, it } from 'vitest';
import { createPlant } from '../../simulator/gas/plant.ts';
import { runPlant } from './city-day.ts';

const stations = ['reg-1', 'reg-2', 'reg-3', 'reg-4'] as const;

/** A winter evening in which a medium-pressure main breaks, and what the gate and the stations show before and after. */
async function broken(id: string, holeMm2: number, durationS = 0) {
  const run = await runPlant(createPlant, '2026-01-20T12:00:00Z', 3);
  const seen = () => ({
    gate: run.role('gate-1', 'flow'),
    drawn: stations.reduce((sum, station) => sum + run.role(station, 'flow'), 0),
    inlets: stations.map((station) => run.role(station, 'inlet-pressure')),
  });
  run.go(60, 1);
  const before = seen();
  const truth = run.plant.start({
    ...{ id, kind: 'gas.main-damage', target: 'gate-1', magnitude: holeMm2, durationS, startMs: run.timeMs },
  });
  return { run, truth, before, seen };
}

describe('a medium-pressure main that breaks', () => {
  it('lets as much out of the gate, beyond what stations draw, as flows through the hole', async () => {
    const { run, before, seen } = await broken('a', 1_000);
    run.go(900, 1);
    const after = seen();
    const lostNm3H = after.gate - after.drawn - (before.gate - before.drawn);
    // 1 mm² at 0.4 MPa gauge: 3.7 m³/h at 15 °C (domain reference 1.3); choked flow goes with the absolute pressure.
    const absolute = Math.min(...after.inlets) + 0.1;
    expect(lostNm3H / ((3.7 * 1_000 * (273 / 288) * absolute) / 0.5)).toBeCloseTo(1, 1);
    for (const [index, inlet] of after.inlets.entries()) expect(inlet).toBeLessThan(before.inlets[index] ?? 0);
  });

  it('is at a place of its own by the happening, on the pipe that is named', async () => {
    const places = await Promise.all(['a', 'b', 'c', 'd'].map(async (id) => (await broken(id, 500)).truth.place));
    expect(new Set(places.map((place) => String(place?.location))).size).toBe(4);
    for (const place of places) expect(place?.id).toMatch(/^(gate|n\d+|r\d)-(n\d+|r\d)$/);
  });

  it('leaves everything as it was once it is mended, without a jump when it breaks', async () => {
    const { run, before, seen } = await broken('a', 2_000, 600);
    run.go(1, 1);
    const struck = seen();
    for (const [index, inlet] of struck.inlets.entries())
      expect(Math.abs(inlet - (before.inlets[index] ?? 0))).toBeLessThan(0.006);
    run.go(1800, 1);
    const after = seen();
    expect(Math.abs(after.gate - after.drawn) / after.gate).toBeLessThan(0.02);
    for (const [index, inlet] of after.inlets.entries())
      expect(Math.abs(inlet - (before.inlets[index] ?? 0))).toBeLessThan(0.006);
  });

  it('may break in two places at once', async () => {
    const { run, before, seen } = await broken('a', 800);
    run.go(300, 1);
    const one = seen();
    run.plant.start({
      ...{ id: 'b', kind: 'gas.main-damage', target: 'gate-1', magnitude: 800, durationS: 0, startMs: run.timeMs },
    });
    run.go(600, 1);
    const two = seen();
    const lost = ({ gate, drawn }: typeof two) => gate - drawn - (before.gate - before.drawn);
    expect(lost(two) / lost(one)).toBeGreaterThan(1.7);
  });
});
