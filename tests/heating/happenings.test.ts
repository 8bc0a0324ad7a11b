import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import { createPlant } from '../../simulator/heating/plant.ts';
import { brokenLimits, limitsByType, type PlantRun, runPlant } from '../gas/city-day.ts';

const { packs } = await loadPacks('models');
const pack = packs.get('heating');
if (!pack) throw new Error('models/heating/pack.yaml does not load');
const limits = limitsByType(pack);
const winterNight = '2026-01-15T18:00:00Z';

const happen = (run: PlantRun, kind: string, target: string, magnitude: number, durationS = 0) =>
  run.plant.start({ id: 'h-1', kind, target, magnitude, durationS, startMs: run.timeMs });
/** What broke within `seconds`, as `asset/kind`. */
const broken = (run: PlantRun, seconds: number) =>
  new Set(brokenLimits(run, limits, seconds, 10).map((entry) => entry.split(' ')[0]));
const plant = (run: PlantRun, role: string) => run.role('heat-plant-1', role);
const missingKgH = (run: PlantRun) =>
  run.point('heat-plant-1/supply-flow') * 962 - run.point('heat-plant-1/return-flow') * 988;

describe('break of a primary pipe', () => {
  it('shows as water that does not come back, falling pressures and rising make-up', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const before = { supply: plant(run, 'supply-pressure'), near: run.role('sub-5', 'primary-supply-pressure') };
    expect(Math.abs(missingKgH(run))).toBeLessThan(1);
    const truth = happen(run, 'heating.primary-break', 'sub-5', 10);
    expect(truth).toMatchObject({ decoy: false, asset: 'heat-plant-1' });
    expect(truth.affected).toContain('sub-5');
    run.go(30, 1);
    const pressureMPa = run.role('sub-5', 'primary-supply-pressure');
    expect(missingKgH(run) / 3600 / (10 * Math.sqrt(pressureMPa / 0.8))).toBeCloseTo(1, 1);
    expect(before.near - pressureMPa).toBeGreaterThan(before.supply - plant(run, 'supply-pressure'));
    run.go(600, 1);
    expect(plant(run, 'makeup-flow')).toBeGreaterThan(15);
    expect(plant(run, 'return-pressure')).toBeLessThan(0.3);
  });

  it('is told by make-up even when it is small: by much water within twenty minutes, by more than usual within the hour', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    happen(run, 'heating.primary-break', 'sub-2', 3);
    expect([...broken(run, 1200)]).toEqual(['heat-plant-1/makeup-excessive']);
    expect(broken(run, 2400)).toContain('heat-plant-1/makeup-high');
  });

  it('stops the circulation pump by low suction when it is large, and all comes back after the repair', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    happen(run, 'heating.primary-break', 'heat-plant-1', 25, 1800);
    const told = broken(run, 1800);
    expect(told.has('heat-plant-1/return-pressure-low')).toBe(true);
    expect(run.point('heat-plant-1/pump-locked')).toBe(1);
    expect(plant(run, 'flow')).toBe(0);
    run.go(6 * 3600, 10);
    expect(run.point('heat-plant-1/pump-locked')).toBe(0);
    expect(plant(run, 'return-pressure')).toBeGreaterThan(0.34);
    expect(plant(run, 'return-pressure')).toBeLessThan(0.4);
    expect(Math.abs(run.role('sub-3', 'secondary-deviation'))).toBeLessThan(1);
  });
});

describe('trip of a circulation pump', () => {
  it('takes lift, flow and heat away, shuts the valve, cools the rooms, and ends with the repair', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const room = run.role('sub-2', 'room-temperature');
    const lift = () => run.role('sub-2', 'secondary-supply-pressure') - run.role('sub-2', 'secondary-return-pressure');
    expect(lift()).toBeGreaterThan(0.15);
    happen(run, 'heating.pump-trip', 'sub-2', 1, 7200);
    expect([...broken(run, 300)]).toEqual(['sub-2/pump-trip']);
    expect(lift()).toBe(0);
    for (const role of ['pump-speed', 'heat-power', 'valve-position']) expect(run.role('sub-2', role)).toBe(0);
    expect(run.role('sub-2', 'primary-flow')).toBeLessThan(0.01);
    run.go(6900, 10);
    expect(room - run.role('sub-2', 'room-temperature')).toBeGreaterThan(1);
    expect(run.role('sub-1', 'room-temperature')).toBeGreaterThan(19.5);
    run.go(2 * 3600, 10);
    expect(run.role('sub-2', 'pump-run')).toBe(1);
    expect(Math.abs(run.role('sub-2', 'secondary-deviation'))).toBeLessThan(1.5);
  });
});

describe('fouling of an exchanger', () => {
  it('opens the valve and heats the primary return first; the secondary supply falls when the valve is open', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const before = {
      valve: run.role('sub-3', 'valve-position'),
      back: run.role('sub-3', 'primary-return-temperature'),
      neighbour: run.role('sub-2', 'primary-return-temperature'),
    };
    happen(run, 'heating.fouling', 'sub-3', 70);
    run.go(3600, 10);
    expect(run.role('sub-3', 'valve-position')).toBeGreaterThan(before.valve + 5);
    expect(run.role('sub-3', 'primary-return-temperature')).toBeGreaterThan(before.back + 4);
    expect(Math.abs(run.role('sub-3', 'secondary-deviation'))).toBeLessThan(2);
    expect(Math.abs(run.role('sub-2', 'primary-return-temperature') - before.neighbour)).toBeLessThan(2);
    const told = broken(run, 5 * 3600);
    expect(told).toEqual(new Set(['sub-3/primary-return-hot', 'sub-3/supply-off-setpoint']));
  });
});

describe('other faults of substations', () => {
  it('a stuck valve holds its flow while the controller asks for another, and the supply leaves its set-point', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    happen(run, 'heating.valve-stuck', 'sub-4', 25);
    expect([...broken(run, 600)]).toEqual(['sub-4/valve-stuck']);
    run.go(3000, 10);
    expect(run.role('sub-4', 'valve-position')).toBeCloseTo(25, 0);
    expect(run.role('sub-4', 'secondary-deviation')).toBeGreaterThan(5);
    expect(broken(run, 3600)).toEqual(new Set(['sub-4/valve-stuck', 'sub-4/supply-off-setpoint']));
  });

  it('air takes flow at the same lift, and the water comes back colder', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const lift = () => run.role('sub-1', 'secondary-supply-pressure') - run.role('sub-1', 'secondary-return-pressure');
    const spread = () =>
      run.role('sub-1', 'secondary-supply-temperature') - run.role('sub-1', 'secondary-return-temperature');
    const before = { lift: lift(), spread: spread(), heat: run.role('sub-1', 'heat-power') };
    happen(run, 'heating.air-lock', 'sub-1', 60);
    run.go(4 * 3600, 10);
    expect(lift()).toBeCloseTo(before.lift, 2);
    expect(spread()).toBeGreaterThan(1.5 * before.spread);
    expect(run.role('sub-1', 'heat-power')).toBeLessThan(0.9 * before.heat);
  });

  it('a small loss of secondary water is made up and only counted, a large one lowers the pressure', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const counted = run.point('heat-sub-2/makeup-total');
    happen(run, 'heating.secondary-leak', 'sub-2', 1);
    run.go(4 * 3600, 10);
    expect(run.point('heat-sub-2/makeup-total') - counted).toBeGreaterThan(3.5);
    expect(run.role('sub-2', 'secondary-return-pressure')).toBeGreaterThan(0.25);
    happen(run, 'heating.secondary-leak', 'sub-2', 4);
    run.go(3600, 10);
    expect(run.role('sub-2', 'secondary-return-pressure')).toBeLessThan(0.15);
    expect(broken(run, 600).has('sub-2/secondary-pressure-low')).toBe(true);
  });

  it('swapped sensors make the controller heat by the return: the supply shown is colder than the return', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const before = run.role('sub-5', 'secondary-supply-temperature');
    happen(run, 'heating.sensor-swap', 'sub-5', 1);
    run.go(2 * 3600, 10);
    expect(run.role('sub-5', 'secondary-supply-temperature')).toBeLessThan(
      run.role('sub-5', 'secondary-return-temperature') - 3,
    );
    expect(run.role('sub-5', 'secondary-return-temperature')).toBeGreaterThan(before + 2);
    expect(run.role('sub-5', 'valve-position')).toBeGreaterThan(90);
  });

  it('an outdoor sensor that drifts makes houses cold while the supply keeps its set-point', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const quiet = await runPlant(createPlant, winterNight, 1);
    happen(run, 'heating.outdoor-sensor-drift', 'sub-6', 8);
    for (const one of [run, quiet]) one.go(30 * 3600, 30);
    expect(run.role('sub-6', 'outdoor-temperature') - quiet.role('sub-6', 'outdoor-temperature')).toBeCloseTo(8, 6);
    expect(Math.abs(run.role('sub-6', 'secondary-deviation'))).toBeLessThan(1);
    expect(quiet.role('sub-6', 'room-temperature') - run.role('sub-6', 'room-temperature')).toBeGreaterThan(0.8);
  });

  it('ice in the return takes primary flow although the valve opens', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const before = { flow: run.role('sub-3', 'primary-flow'), valve: run.role('sub-3', 'valve-position') };
    happen(run, 'heating.frozen-return', 'sub-3', 90);
    run.go(4 * 3600, 10);
    expect(run.role('sub-3', 'primary-flow')).toBeLessThan(0.7 * before.flow);
    expect(run.role('sub-3', 'valve-position')).toBeGreaterThan(before.valve + 10);
    expect(run.role('sub-3', 'secondary-deviation')).toBeGreaterThan(3);
  });

  it('letting air out is a decoy that breaks no limit', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    expect(happen(run, 'heating.venting', 'sub-1', 1, 1800).decoy).toBe(true);
    expect([...broken(run, 3600)]).toEqual([]);
  });
});

describe('faults of the heat plant', () => {
  it('tripped boilers send a cold front through the town, which reaches the far substations later', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const ids = ['sub-1', 'sub-3'] as const;
    const before = ids.map((id) => run.role(id, 'primary-supply-temperature'));
    const truth = happen(run, 'heating.boiler-trip', 'heat-plant-1', 80);
    expect(truth.affected).toContain('sub-3');
    const arrived: number[] = [];
    for (let minute = 1; minute <= 120; minute++) {
      run.go(60, 10);
      ids.forEach((id, index) => {
        if (before[index]! - run.role(id, 'primary-supply-temperature') > 10) arrived[index] ??= minute;
      });
    }
    expect(plant(run, 'supply-temperature')).toBeLessThan(70);
    expect(arrived[0]).toBeGreaterThan(4);
    expect(arrived[1]! - arrived[0]!).toBeGreaterThan(4);
  });

  it('a make-up valve that runs open raises pressure until the spill valve lets as much out', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const before = { makeup: plant(run, 'makeup-flow'), pressure: plant(run, 'return-pressure') };
    happen(run, 'heating.makeup-surge', 'heat-plant-1', 3);
    run.go(1800, 10);
    expect(plant(run, 'makeup-flow')).toBeGreaterThan(before.makeup + 5);
    expect(plant(run, 'return-pressure')).toBeGreaterThan(before.pressure + 0.025);
    expect(Math.abs(missingKgH(run))).toBeLessThan(50);
  });
});

describe('shift of a heating curve by an operator', () => {
  it.each([4, -4])('of %d K moves the set-point by as much and breaks no limit', async (kelvin) => {
    const run = await runPlant(createPlant, winterNight, 1);
    const quiet = await runPlant(createPlant, winterNight, 1);
    expect(happen(run, 'heating.setpoint-change', 'sub-4', kelvin).decoy).toBe(true);
    expect([...broken(run, 4 * 3600)]).toEqual([]);
    quiet.go(4 * 3600, 10);
    const moved = run.role('sub-4', 'secondary-setpoint') - quiet.role('sub-4', 'secondary-setpoint');
    expect(moved).toBeCloseTo(kelvin, 1);
  });
});

describe('happenings of the heating plant', () => {
  it('are refused when their kind or target is unknown', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    expect(() => happen(run, 'heating.moon', 'sub-1', 1)).toThrow(RangeError);
    expect(() => happen(run, 'heating.pump-trip', 'heat-plant-1', 1)).toThrow(RangeError);
  });

  it('say in both languages what is true', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    for (const { kind, targets, magnitude } of run.plant.happenings) {
      const { text } = happen(run, kind, targets[0] as string, magnitude.low, 1);
      expect(text.zh).toMatch(/[一-龥]{4,}/);
      expect(text.en).toMatch(/^[A-Z][^一-龥]{10,}$/);
    }
  });
});
