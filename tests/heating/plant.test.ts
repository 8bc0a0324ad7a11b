import { describe, expect, it } from 'vitest';
import { registersOf } from '../../drivers/modbus/registers.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { uncoupled } from '../../simulator/city/couplings.ts';
import { soilTemperatureC } from '../../simulator/city/soil.ts';
import { pipeSizes, trenchDepthM, trenches } from '../../simulator/heating/network.ts';
import { lossCoefficient } from '../../simulator/heating/pipe.ts';
import { createPlant } from '../../simulator/heating/plant.ts';
import { deviceClock } from '../../simulator/plc/device-clock.ts';
import { digestOf, runPlant } from '../gas/city-day.ts';

const { packs } = await loadPacks('models');
const pack = packs.get('heating');
if (!pack) throw new Error('models/heating/pack.yaml does not load');
const substations = Array.from({ length: 12 }, (_, index) => `sub-${index + 1}`);
const winterNight = '2026-01-15T18:00:00Z';

/** A plant at an unchanging hour of winter weather, from its first step on; `go` moves it on in steps of 300 s. */
async function inConstantWeather(outdoorC: number, { hour, workday } = { hour: 0, workday: true }) {
  const plant = await createPlant({ random: seededRandom(1, 'plant'), couplings: uncoupled });
  const read = new Map(plant.plcs.flatMap((plc) => plc.points.map((point) => [`${plc.id}/${point.name}`, point.read])));
  const weather = {
    outdoorC,
    relativeHumidity: 0.7,
    windMS: 3,
    rainMmH: 0,
    snowMmH: 0,
    snowCoverMm: 0,
    solarWM2: 0,
    sunAltitude: -0.5,
    lux: 0,
  };
  let timeMs = Date.parse('2026-01-10T16:00:00Z');
  return {
    at: (name: string) => read.get(name)?.() ?? Number.NaN,
    now: () => timeMs,
    go(seconds: number) {
      for (let done = 0; done < seconds; done += 300) {
        timeMs += 300_000;
        plant.step({ timeMs, dtS: 300, hour, weekday: 1, heatingSeason: true, workday, weather });
      }
    },
  };
}

describe('heating plant without happenings', () => {
  it('shows the same figures bit by bit for the same seed, and others for another', async () => {
    const digest = async (seed: number) => digestOf(await runPlant(createPlant, winterNight, seed), 600, 1);
    expect(await digest(7)).toBe(await digest(7));
    expect(await digest(7)).not.toBe(await digest(8));
  });

  it('has rooms a little warmer at noon of a day off, when people are at home, and as warm at night', async () => {
    const roomsC = async (hour: number, workday: boolean) => {
      const run = await inConstantWeather(-10, { hour, workday });
      run.go(6 * 3600);
      return substations.map((id) => run.at(`heat-${id}/room-temp`));
    };
    const [noon, nightly] = [await roomsC(13, true), await roomsC(3, true)];
    for (const [index, offC] of (await roomsC(13, false)).entries()) {
      expect(offC - (noon[index] as number)).toBeGreaterThan(0.05);
      expect(offC - (noon[index] as number)).toBeLessThan(0.6);
    }
    expect(await roomsC(3, false)).toEqual(nightly);
  });

  it('does not depend on the step: 1 s against 60 s within 0.3 K, 1 % of flow and 2 kPa after 3 h', async () => {
    const fine = await runPlant(createPlant, winterNight, 4);
    const coarse = await runPlant(createPlant, winterNight, 4);
    fine.go(3 * 3600, 1);
    coarse.go(3 * 3600, 60);
    const apart = (asset: string, role: string) => Math.abs(fine.role(asset, role) - coarse.role(asset, role));
    for (const role of ['supply-temperature', 'return-temperature'])
      expect(apart('heat-plant-1', role)).toBeLessThan(0.3);
    expect(apart('heat-plant-1', 'flow') / fine.role('heat-plant-1', 'flow')).toBeLessThan(0.01);
    expect(apart('heat-plant-1', 'return-pressure')).toBeLessThan(0.002);
    for (const id of substations) {
      for (const role of ['secondary-supply-temperature', 'secondary-return-temperature', 'primary-return-temperature'])
        expect(apart(id, role), `${id} ${role}`).toBeLessThan(0.3);
      expect(apart(id, 'room-temperature')).toBeLessThan(0.05);
    }
  });

  it('goes from warm-up to live steps without a jump', async () => {
    const run = await runPlant(createPlant, winterNight, 2);
    const watched = [
      ['heat-plant-1', 'supply-temperature', 0.2],
      ['heat-plant-1', 'return-temperature', 0.3],
      ['heat-plant-1', 'return-pressure', 0.002],
      ['heat-plant-1', 'supply-pressure', 0.01],
      ['heat-plant-1', 'makeup-flow', 0.2],
      ['sub-3', 'secondary-supply-temperature', 0.2],
      ['sub-3', 'primary-flow', 1.5],
      ['sub-6', 'room-temperature', 0.02],
    ] as const;
    const before = watched.map(([asset, role]) => run.role(asset, role));
    run.go(120, 1, () => {
      watched.forEach(([asset, role, within], index) => {
        expect(Math.abs(run.role(asset, role) - (before[index] ?? 0)), `${asset} ${role}`).toBeLessThan(within);
      });
    });
  });

  it('begins in equilibrium: two hours of constant weather change next to nothing', async () => {
    const { go, at } = await inConstantWeather(-20);
    go(300);
    const watched = [
      ['heat-plant-1/return-temp', 0.3],
      ['heat-plant-1/return-press', 0.002],
      ['heat-plant-1/supply-flow', 10],
      ['heat-sub-3/s-supply-temp', 0.3],
      ['heat-sub-3/p-return-temp', 0.3],
      ['heat-sub-6/room-temp', 0.1],
    ] as const;
    const before = watched.map(([name]) => at(name));
    go(7200);
    watched.forEach(([name, within], index) => {
      expect(Math.abs(at(name) - (before[index] ?? 0)), name).toBeLessThan(within);
    });
  });

  it('keeps heat in constant weather: the plant gives what substations take and U′ L (T − Tg) loses', async () => {
    const { go, at, now } = await inConstantWeather(-15);
    const totals = () => [at('heat-plant-1/energy-total'), ...substations.map((id) => at(`heat-${id}/energy-total`))];
    go(3 * 86_400);
    const before = totals();
    let lostGJ = 0;
    let makeupGJ = 0;
    for (let hour = 0; hour < 24; hour++) {
      const groundC = soilTemperatureC(now(), trenchDepthM);
      const returnC = at('heat-plant-1/return-temp');
      const warmerK = at('heat-plant-1/supply-temp') + returnC - 2 * groundC;
      for (const trench of trenches) {
        const pipe = { ...pipeSizes[trench.nominal], lengthM: trench.lengthM, densityKgM3: 970, depthM: trenchDepthM };
        lostGJ += (lossCoefficient(pipe) * trench.lengthM * warmerK * 3600) / 1e9;
      }
      makeupGJ += (at('heat-plant-1/makeup-flow') * (returnC - 18) * 4.19) / 1000;
      go(3600);
    }
    const [given = 0, ...taken] = totals().map((total, index) => total - (before[index] ?? 0));
    const takenGJ = taken.reduce((sum, value) => sum + value, 0);
    expect(given).toBeGreaterThan(2000);
    expect(lostGJ / given).toBeGreaterThan(0.008);
    expect(Math.abs(given - takenGJ - lostGJ - makeupGJ) / given).toBeLessThan(0.003);
  });

  it('lies still in summer: no flow, no heat, water at the temperature of hall, cellar and ground', async () => {
    const run = await runPlant(createPlant, '2026-07-20T00:00:00+08:00', 1);
    expect(run.role('heat-plant-1', 'running')).toBe(0);
    expect(run.role('heat-plant-1', 'flow')).toBe(0);
    expect(run.role('heat-plant-1', 'heat-power')).toBe(0);
    for (const id of substations) {
      expect(run.role(id, 'season')).toBe(0);
      expect(run.role(id, 'pump-run')).toBe(0);
      expect(run.role(id, 'primary-flow')).toBe(0);
      expect(run.role(id, 'secondary-supply-temperature')).toBeLessThan(30);
      expect(run.role(id, 'secondary-supply-temperature')).toBeGreaterThan(5);
    }
  });
});

describe('PLCs of the heating plant', async () => {
  const { plant } = await runPlant(createPlant, winterNight, 1);

  it('are one OPC UA server with 25 points and more, twelve Modbus controllers in three layouts, and four heat meters', () => {
    expect(plant.plcs.map(({ id }) => id)).toEqual([
      ...['heat-plant-1', ...substations.map((id) => `heat-${id}`)],
      ...[1, 5, 8, 10].map((number) => `heat-sub-${number}-meter`),
    ]);
    const [source, ...controllers] = plant.plcs;
    expect(source?.protocol).toBe('opcua');
    expect(source?.points.length).toBeGreaterThanOrEqual(25);
    for (const plc of controllers) expect(plc.protocol).toBe('modbus-tcp');
    const orders = new Set(controllers.flatMap((plc) => plc.points.map((point) => point.order)));
    expect([...orders].sort()).toEqual(['abcd', 'badc', 'cdab']);
  });

  it('lay their registers out without overlaps and with unique names', () => {
    for (const plc of plant.plcs) {
      expect(new Set(plc.points.map((point) => point.name)).size).toBe(plc.points.length);
      if (plc.protocol === 'opcua') continue;
      const used = new Set<string>();
      for (const point of plc.points) {
        for (let word = 0; word < registersOf(point.type); word++) {
          const place = `${point.table} ${point.address + word}`;
          expect(used.has(place), `${plc.id} ${point.name} at ${place}`).toBe(false);
          used.add(place);
        }
      }
    }
  });

  it.each([winterNight, '2026-07-20T06:00:00Z'])('fit their coding and instruments at %s', async (moment) => {
    const { plant } = await runPlant(createPlant, moment, 1);
    for (const point of plant.plcs.flatMap((plc) => plc.points)) {
      const value = point.read();
      expect(value, point.name).toBeGreaterThanOrEqual(point.low);
      expect(value, point.name).toBeLessThanOrEqual(point.high);
      if (point.type === 'int16') expect(point.high / point.scale, point.name).toBeLessThanOrEqual(32_767);
      if (point.type === 'uint32') expect(point.high / point.scale, point.name).toBeLessThan(2 ** 32);
    }
  });

  it("fill every role of the pack in the pack's unit, and no other", () => {
    const points = plant.plcs.flatMap((plc) => plc.points);
    for (const asset of plant.assets) {
      const roles = pack.assets[asset.type.split('.')[1] as string]?.roles ?? {};
      const filled = points.filter((point) => point.asset === asset.id);
      expect(filled.map(({ role }) => role).sort()).toEqual(Object.keys(roles).sort());
      for (const point of filled) expect(point.unit, `${asset.id} ${point.role}`).toBe(roles[point.role ?? '']?.unit);
    }
  });

  it('show the milliseconds of the day by their own clock and a counter of seconds at every step', async () => {
    const run = await runPlant(createPlant, '2026-05-10T04:00:00Z', 1);
    for (const plc of ['heat-plant-1', 'heat-sub-4']) {
      const before = run.point(`${plc}/heartbeat`);
      run.go(7, 1);
      expect(run.point(`${plc}/heartbeat`)).toBe((before + 7) % 65_536);
      expect(run.point(`${plc}/scan-clock`)).toBe(deviceClock(plc)(run.timeMs) % 86_400_000);
    }
  });

  it('take a shift of the curve from the outside, within its range', async () => {
    const run = await runPlant(createPlant, winterNight, 1);
    const shift = run.plant.plcs.flatMap((plc) => plc.points).find((point) => point.name === 'curve-shift');
    const before = run.role('sub-1', 'secondary-setpoint');
    shift?.write?.(25);
    expect(shift?.read()).toBe(10);
    run.go(2 * 3600, 60);
    expect(run.role('sub-1', 'secondary-setpoint')).toBeGreaterThan(before + 7);
  });
});
