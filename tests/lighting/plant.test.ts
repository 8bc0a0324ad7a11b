import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import { localTime } from '../../simulator/city/local-time.ts';
import type { PlcPoint } from '../../simulator/city/plant.ts';
import { harbinWeather } from '../../simulator/city/weather.ts';
import { createPlant } from '../../simulator/lighting/plant.ts';
import { deviceClock } from '../../simulator/plc/device-clock.ts';
import { brokenLimits, digestOf, limitsByType, type PlantRun, runPlant } from '../gas/city-day.ts';

const evening = '2026-01-20T20:00:00+08:00';
const noon = '2026-01-20T12:00:00+08:00';
const phases = ['current-a', 'current-b', 'current-c'] as const;
const { packs } = await loadPacks('models');
const pack = packs.get('lighting');
if (!pack) throw new Error('models/lighting/pack.yaml does not load');
const limits = limitsByType(pack);

const happen = (run: PlantRun, kind: string, target: string, magnitude: number, durationS = 0) =>
  run.plant.start({ id: 'h-1', kind: `lighting.${kind}`, target, magnitude, durationS, startMs: run.timeMs });
/** `asset/kind` of the limits that a minute of 1 s steps breaks. */
const brokenKinds = (run: PlantRun) => [
  ...new Set(brokenLimits(run, limits, 60, 1).map((line) => line.split(' ')[0] as string)),
];
const amps = (run: PlantRun, asset: string) => phases.reduce((sum, role) => sum + run.role(asset, role), 0);

describe('street lighting without happenings', () => {
  it('shows the same figures bit by bit for the same seed, and others for another', async () => {
    const digest = async (seed: number) => digestOf(await runPlant(createPlant, '2026-02-01T09:00:00Z', seed), 600, 1);
    expect(await digest(7)).toBe(await digest(7));
    expect(await digest(7)).not.toBe(await digest(8));
  });

  it('does not depend on the step: 1 s against 60 s within 0.1 % over a dusk, energy within 0.3 %', async () => {
    const fine = await runPlant(createPlant, '2026-01-20T15:00:00+08:00', 4);
    const coarse = await runPlant(createPlant, '2026-01-20T15:00:00+08:00', 4);
    const before = fine.point('light-cab-1/energy-total');
    fine.go(3 * 3600, 1);
    coarse.go(3 * 3600, 60);
    for (const { id } of fine.plant.assets) {
      for (const role of ['current-a', 'voltage', 'power', 'power-factor', 'leakage']) {
        expect(Math.abs(fine.role(id, role) / coarse.role(id, role) - 1), `${id} ${role}`).toBeLessThan(1e-3);
      }
    }
    const used = fine.point('light-cab-1/energy-total') - before;
    const usedCoarse = coarse.point('light-cab-1/energy-total') - before;
    expect(used).toBeGreaterThan(50);
    expect(Math.abs(used / usedCoarse - 1)).toBeLessThan(3e-3);
  });

  it('goes from warm-up to live steps without a jump', async () => {
    const run = await runPlant(createPlant, evening, 2);
    const [before, volts] = [amps(run, 'circuit-3'), run.role('circuit-3', 'voltage')];
    run.go(10, 1);
    expect(Math.abs(amps(run, 'circuit-3') / before - 1)).toBeLessThan(0.002);
    expect(Math.abs(run.role('circuit-3', 'voltage') - volts)).toBeLessThan(0.1);
  });
});

describe('currents of a circuit', () => {
  it('are 0.72 A for each 150 W lamp at 220 V: lamps × P / (U pf) within 2 % for the drop along the cable', async () => {
    const run = await runPlant(createPlant, evening, 1);
    for (const circuit of ['circuit-3', 'circuit-8']) {
      const lamps = run.role(circuit, 'lamps');
      const at220 = (amps(run, circuit) / lamps) * (run.role(circuit, 'voltage') / 220);
      expect(at220 / 0.7177).toBeGreaterThan(1);
      expect(at220 / 0.7177).toBeLessThan(1.02);
      expect(run.role(circuit, 'power') / ((lamps * 150) / 1000)).toBeGreaterThan(1);
      expect(run.role(circuit, 'power') / ((lamps * 150) / 1000)).toBeLessThan(1.02);
      expect(run.role(circuit, 'power-factor')).toBeCloseTo(0.95, 2);
    }
  });

  it('make the busbar sag, which couples the circuits of a cabinet', async () => {
    const run = await runPlant(createPlant, evening, 1);
    const before = run.role('circuit-3', 'voltage');
    happen(run, 'contactor-open', 'circuit-1', 1, 60);
    run.go(1, 1);
    // 24 A a phase less over the 28 mΩ of transformer and service cable, ohm's law.
    expect(run.role('circuit-3', 'voltage') - before).toBeGreaterThan(0.5);
    expect(run.role('circuit-3', 'voltage') - before).toBeLessThan(0.8);
  });

  it('fall to 0.1 + 0.9 d of the power from 23:00 to 05:00 with LED lamps, not with sodium lamps', async () => {
    const run = await runPlant(createPlant, '2026-01-20T22:58:00+08:00', 1);
    const [led, sodium] = [run.role('circuit-3', 'power'), run.role('circuit-5', 'power')];
    run.go(240, 1);
    expect(run.role('circuit-3', 'dimming')).toBe(50);
    expect(Math.abs(run.role('circuit-3', 'power') / led - 0.55)).toBeLessThan(0.005);
    expect(Math.abs(run.role('circuit-5', 'power') / sodium - 1)).toBeLessThan(0.03);
    run.go(6 * 3600, 60);
    expect(run.role('circuit-3', 'dimming')).toBe(100);
  });

  it('of sodium lamps start 1.2 to 1.5 times as high and settle in 4–6 minutes; warm lamps wait before they strike again', async () => {
    const run = await runPlant(createPlant, noon, 1);
    happen(run, 'maintenance-on', 'circuit-10', 1, 900);
    run.go(2, 1);
    const [start, cold] = [amps(run, 'circuit-10'), run.role('circuit-10', 'power')];
    run.go(300, 1);
    const [warmAmps, warm] = [amps(run, 'circuit-10'), run.role('circuit-10', 'power')];
    expect(start / warmAmps).toBeGreaterThan(1.2);
    expect(start / warmAmps).toBeLessThan(1.5);
    expect(cold / warm).toBeLessThan(0.45);
    run.go(599, 1);
    expect(run.role('circuit-10', 'power') / warm).toBeLessThan(1.05);
    run.go(30, 1);
    expect(run.role('circuit-10', 'power')).toBe(0);
    happen(run, 'maintenance-on', 'circuit-10', 1);
    run.go(10, 1);
    expect([run.role('circuit-10', 'feedback'), amps(run, 'circuit-10')]).toEqual([1, 0]);
    run.go(240, 1);
    expect(run.role('circuit-10', 'power') / warm).toBeGreaterThan(0.7);
  });
});

describe('happenings of street lighting', () => {
  it('takes 0.72 A for each of six failed lamps, with the contactor closed, until they are replaced', async () => {
    const run = await runPlant(createPlant, evening, 1);
    const before = amps(run, 'circuit-3');
    const truth = happen(run, 'lamp-failure', 'circuit-3', 6, 600);
    run.go(2, 1);
    expect(truth).toMatchObject({ decoy: false, asset: 'circuit-3', affected: ['circuit-3'] });
    const lostA = before - amps(run, 'circuit-3');
    expect(Math.abs(lostA / (6 * 0.7177) - 1)).toBeLessThan(0.04);
    expect(run.role('circuit-3', 'feedback')).toBe(1);
    expect(run.role('circuit-3', 'lamps')).toBe(66);
    run.go(660, 1);
    expect(Math.abs(amps(run, 'circuit-3') / before - 1)).toBeLessThan(0.005);
  });

  it('loses the downstream share of current and power at once by cable theft, on all phases', async () => {
    const run = await runPlant(createPlant, evening, 1);
    const before = phases.map((role) => run.role('circuit-6', role));
    happen(run, 'cable-theft', 'circuit-6', 0.4);
    run.go(1, 1);
    phases.forEach((role, phase) => {
      expect(run.role('circuit-6', role) / (before[phase] as number)).toBeGreaterThan(0.55);
      expect(run.role('circuit-6', role) / (before[phase] as number)).toBeLessThan(0.64);
    });
    expect(run.role('circuit-6', 'feedback')).toBe(1);
    expect(brokenLimits(run, limits, 60, 1)).toEqual([]);
  });

  it('breaks the limit of leakage, and that of danger, as the insulation gets worse, and only while the circuit is on', async () => {
    const broken = async (start: string, mA: number) => {
      const run = await runPlant(createPlant, start, 1);
      happen(run, 'earth-leakage', 'circuit-9', mA);
      return brokenKinds(run).sort();
    };
    const kinds = (...names: string[]) => names.map((name) => `circuit-9/${name}`);
    expect(await broken(evening, 50)).toEqual([]);
    expect(await broken(evening, 150)).toEqual(kinds('earth-leakage'));
    expect(await broken(evening, 350)).toEqual(kinds('earth-leakage'));
    expect(await broken(evening, 600)).toEqual(kinds('earth-leakage', 'leakage-dangerous'));
    expect(await broken(noon, 600)).toEqual([]);
  });

  it('leaks a little more in the rain, a wet fault half as much again, and dries within half a day', async () => {
    const run = await runPlant(createPlant, evening, 1);
    happen(run, 'earth-leakage', 'circuit-9', 200);
    run.go(1, 1);
    const leakages = () => ['circuit-1', 'circuit-9'].map((id) => run.role(id, 'leakage')) as [number, number];
    const [soundMa, faultMa] = leakages();
    const rain = { ...harbinWeather(1)(run.timeMs), rainMmH: 6, outdoorC: 8 };
    for (let minute = 0; minute < 60; minute++) {
      run.timeMs += 60_000;
      run.plant.step({ timeMs: run.timeMs, dtS: 60, ...localTime(run.timeMs), weather: rain });
    }
    const [soundWetMa, faultWetMa] = leakages();
    expect(soundWetMa - soundMa).toBeGreaterThan(4);
    expect(soundWetMa).toBeLessThan(40);
    expect(faultWetMa / faultMa).toBeGreaterThan(1.3);
    expect(faultWetMa / faultMa).toBeLessThan(1.55);
    run.go(9 * 3600, 60);
    expect(run.role('circuit-9', 'leakage') / faultMa).toBeLessThan(1.05);
  });

  it.each([
    ['contactor-open', evening, 0],
    ['contactor-welded', noon, 1],
  ] as const)(
    'shows %s as feedback against command, with the current of the feedback',
    async (kind, start, feedback) => {
      const run = await runPlant(createPlant, start, 1);
      happen(run, kind, 'circuit-2', 1, 120);
      expect(brokenKinds(run)).toEqual([`circuit-2/${kind}`]);
      expect([run.role('circuit-2', 'command'), run.role('circuit-2', 'feedback')]).toEqual([1 - feedback, feedback]);
      expect(amps(run, 'circuit-2') > 10).toBe(feedback === 1);
      run.go(90, 1);
      expect(run.role('circuit-2', 'feedback')).toBe(1 - feedback);
    },
  );

  it('breaks no limit by the decoy of lamps switched on by day, though they burn', async () => {
    const run = await runPlant(createPlant, noon, 2);
    expect(happen(run, 'maintenance-on', 'circuit-7', 1, 1_200).decoy).toBe(true);
    expect(brokenLimits(run, limits, 1_100, 1)).toEqual([]);
    expect([run.role('circuit-7', 'command'), run.role('circuit-7', 'feedback')]).toEqual([1, 1]);
    expect(run.role('circuit-7', 'power')).toBeGreaterThan(10);
    expect(run.role('circuit-7', 'lux')).toBeGreaterThan(1_000);
    expect(brokenLimits(run, limits, 300, 1)).toEqual([]);
    expect(amps(run, 'circuit-7')).toBe(0);
  });

  it('feeds two phases when a fuse has blown, and loads one more when somebody taps the cable', async () => {
    const run = await runPlant(createPlant, evening, 1);
    const currents = () => phases.map((role) => run.role('circuit-4', role));
    const before = currents();
    happen(run, 'phase-loss', 'circuit-4', 1, 60);
    run.go(2, 1);
    expect(currents()[0]).toBe(0);
    expect(currents()[1]! / before[1]!).toBeCloseTo(1, 2);
    run.go(120, 1);
    happen(run, 'tapping', 'circuit-4', 3000);
    run.go(2, 1);
    // 3 kW at 220 V and a power factor of 0.98
    expect(currents()[1]! - before[1]!).toBeCloseTo(3000 / (220 * 0.98), 0);
    expect(currents()[2]! / before[2]!).toBeCloseTo(1, 2);
  });

  it('lights early at dusk by a fast clock and late at dawn by a slow one; the photocell makes good the other two', async () => {
    const switches = async (start: string, clockMin: number) => {
      const run = await runPlant(createPlant, start, 1);
      if (clockMin !== 0) happen(run, 'clock-wrong', 'circuit-6', clockMin);
      const before = run.role('circuit-6', 'command');
      let minutes = 0;
      for (; run.role('circuit-6', 'command') === before && minutes < 240; minutes++) run.go(60, 60);
      return minutes;
    };
    const [dusk, dawn] = ['2026-04-20T17:00:00+08:00', '2026-04-20T03:00:00+08:00'];
    const [atDusk, atDawn] = [await switches(dusk, 0), await switches(dawn, 0)];
    expect(atDusk - (await switches(dusk, 30))).toBeGreaterThan(20);
    expect((await switches(dawn, -30)) - atDawn).toBeGreaterThan(20);
    expect((await switches(dusk, -30)) - atDusk).toBeLessThan(10);
    expect(atDawn - (await switches(dawn, 30))).toBeLessThan(10);
  });

  it('burns by day when snow covers the photocell, which then shows darkness', async () => {
    const run = await runPlant(createPlant, noon, 1);
    happen(run, 'day-burning', 'circuit-2', 100, 3600);
    run.go(600, 1);
    expect([run.role('circuit-2', 'command'), run.role('circuit-2', 'lux')]).toEqual([1, 0]);
    expect(amps(run, 'circuit-2')).toBeGreaterThan(10);
    run.go(3 * 3600, 10);
    expect(run.role('circuit-2', 'command')).toBe(0);
  });

  it('draws more by the decoy of festive lights and dims nothing meanwhile, and breaks no limit', async () => {
    const run = await runPlant(createPlant, '2026-02-16T22:50:00+08:00', 3);
    const before = run.role('circuit-1', 'power');
    expect(happen(run, 'festival', 'circuit-1', 3000, 6 * 3600).decoy).toBe(true);
    expect(brokenLimits(run, limits, 3600, 10)).toEqual([]);
    expect(run.role('circuit-1', 'power') - before).toBeCloseTo(3, 0);
    expect(run.role('circuit-1', 'dimming')).toBe(100);
  });

  it('refuses unknown kinds and targets', async () => {
    const run = await runPlant(createPlant, noon, 1);
    expect(() => happen(run, 'moonlight', 'circuit-1', 1)).toThrow(RangeError);
    expect(() => happen(run, 'lamp-failure', 'circuit-27', 1)).toThrow(RangeError);
  });
});

const words: Partial<Record<PlcPoint['type'], number>> = { int32: 2, uint32: 2, float32: 2, int64: 4, float64: 4 };

describe('cabinets of street lighting', () => {
  it('lay their points out without overlaps, with unique names and at least 60 points, in all four word orders', async () => {
    const { plant } = await runPlant(createPlant, noon, 1);
    expect(plant.plcs.map((plc) => plc.id)).toEqual([1, 2, 3, 4, 5].map((cabinet) => `light-cab-${cabinet}`));
    const orders = plant.plcs.map((plc) => plc.points.find((point) => point.name === 'scan-clock')?.order);
    expect(new Set(orders).size).toBe(4);
    for (const plc of plant.plcs) {
      expect(plc.points.length).toBeGreaterThanOrEqual(60);
      expect(new Set(plc.points.map((point) => point.name)).size).toBe(plc.points.length);
      const used = new Set<string>();
      for (const point of plc.points) {
        for (let word = 0; word < (words[point.type] ?? 1); word++) {
          const place = `${point.table} ${point.address + word}`;
          expect(used.has(place), `${plc.id} ${point.name} at ${place}`).toBe(false);
          used.add(place);
        }
      }
    }
  });

  it('fit their coding: every true value is within the instrument and the register, by day and night', async () => {
    for (const start of [noon, evening, '2026-07-15T12:00:00+08:00']) {
      const { plant } = await runPlant(createPlant, start, 1);
      for (const point of plant.plcs.flatMap((plc) => plc.points)) {
        expect(point.read(), point.name).toBeGreaterThanOrEqual(point.low);
        expect(point.read(), point.name).toBeLessThanOrEqual(point.high);
        if (point.type === 'int16') expect(point.high / point.scale, point.name).toBeLessThanOrEqual(32_767);
        if (point.type === 'uint16') expect(point.high / point.scale, point.name).toBeLessThanOrEqual(65_535);
        if (point.type === 'uint32') expect(point.high / point.scale, point.name).toBeLessThanOrEqual(4_294_967_295);
      }
    }
  });

  it("fill every role of the pack in the pack's unit", async () => {
    const { plant } = await runPlant(createPlant, noon, 1);
    const points = plant.plcs.flatMap((plc) => plc.points);
    expect(plant.assets.length).toBe(26);
    for (const asset of plant.assets) {
      for (const [role, expected] of Object.entries(pack.assets['circuit']!.roles)) {
        const point = points.find((candidate) => candidate.asset === asset.id && candidate.role === role);
        expect(point?.unit, `${asset.id} ${role}`).toBe(expected.unit);
      }
    }
  });

  it('obey a written coil until the clock switches next, and a written time table', async () => {
    const run = await runPlant(createPlant, '2026-01-20T14:00:00+08:00', 1);
    const point = (name: string) => run.plant.plcs[0]!.points.find((entry) => entry.name === name)!;
    point('c1-command').write?.(1);
    run.go(2, 1);
    expect([run.role('circuit-1', 'feedback'), run.role('circuit-2', 'feedback')]).toEqual([1, 0]);
    point('dim-from').write?.(17);
    point('dim-level').write?.(30);
    run.go(4 * 3600, 60);
    expect(run.role('circuit-1', 'dimming')).toBeCloseTo(30, 6);
    run.go(18 * 3600, 60);
    expect(run.role('circuit-1', 'command')).toBe(0);
  });

  it('confirm a command 0.3 to 1 s later', async () => {
    const run = await runPlant(createPlant, noon, 1);
    for (const { id } of run.plant.assets) {
      happen(run, 'maintenance-on', id, 1);
      let steps = 0;
      while (run.role(id, 'feedback') === 0 && steps < 20) {
        run.go(0.1, 0.1);
        steps++;
      }
      expect(steps, id).toBeGreaterThanOrEqual(3);
      expect(steps, id).toBeLessThanOrEqual(11);
    }
  });

  it('show the milliseconds of the day by their own clock and a counter of seconds at every step', async () => {
    const run = await runPlant(createPlant, '2026-05-10T04:00:00Z', 1);
    const before = run.point('light-cab-2/heartbeat');
    run.go(7, 1);
    expect(run.point('light-cab-2/heartbeat')).toBe((before + 7) % 65_536);
    expect(run.point('light-cab-2/scan-clock')).toBe(deviceClock('light-cab-2')(run.timeMs) % 86_400_000);
  });
});
