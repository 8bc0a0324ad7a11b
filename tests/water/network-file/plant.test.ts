import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../edge/core/random.ts';
import { localTime } from '../../../simulator/city/local-time.ts';
import type { Plant, Plc } from '../../../simulator/city/plant.ts';
import { harbinWeather } from '../../../simulator/city/weather.ts';
import { createNetworkPlant } from '../../../simulator/water/network-file/plant.ts';
import type { NetworkFile } from '../../../simulator/water/network-file/source.ts';
import { fileOf, townInp, towns } from './networks.ts';

const startMs = Date.parse('2027-01-12T00:00:00+08:00');
const weatherAt = harbinWeather(1);

/** A plant of a file with a clock of its own. */
async function plantOf(file: NetworkFile, seed = 1) {
  const plant = await createNetworkPlant(file, { random: seededRandom(seed, 'water') });
  let nowMs = startMs;
  const step = (dtS: number) => {
    nowMs += dtS * 1000;
    plant.step({ timeMs: nowMs, dtS, ...localTime(nowMs), weather: weatherAt(nowMs) });
  };
  return { plant, step, now: () => nowMs };
}

const pointOf = (plant: Plant, device: string, name: string) => {
  const point = plant.plcs.find(({ id }) => id === device)?.points.find((candidate) => candidate.name === name);
  if (!point) throw new RangeError(`no ${device}/${name}`);
  return point;
};
const read = (plant: Plant, device: string, name: string) => pointOf(plant, device, name).read();
const stray = (plcs: readonly Plc[]) =>
  plcs.flatMap(({ id, points }) =>
    points.filter((point) => !Number.isFinite(point.read())).map(({ name }) => `${id}/${name}`),
  );

describe('a network of the user for a day', () => {
  it.each(Object.entries(towns))('%s: every point has a finite value at every moment', async (_, file) => {
    const { plant, step } = await plantOf(file);
    for (let atS = 0; atS < 86_400; atS += 300) {
      step(300);
      expect(plant.trouble?.()).toBeUndefined();
      expect(stray(plant.plcs)).toEqual([]);
    }
    plant.dispose();
  });

  it('runs 3,500 junctions as districts of about 300', async () => {
    const { plant, step } = await plantOf(
      fileOf('large.inp', townInp(20, { columns: 70, rows: 50, tanks: 4, supply: 'three-point' })),
    );
    for (let atS = 0; atS < 86_400; atS += 1800) {
      step(1800);
      expect(plant.trouble?.()).toBeUndefined();
      expect(stray(plant.plcs)).toEqual([]);
    }
    const districts = plant.assets.filter(({ type }) => type === 'water.district');
    expect(districts.length).toBe(12);
    plant.dispose();
  }, 60_000);
});

describe('what is built into a network', () => {
  it('meters every source and balances: what pumps, tanks and reservoirs give is what districts take in', async () => {
    const { plant, step } = await plantOf(towns['three tanks and a pump of three points'] as NetworkFile);
    for (let round = 0; round < 50; round++) {
      step(600);
      const tanks = ['tank-1', 'tank-2', 'tank-3'].reduce((sum, id) => sum + read(plant, `water-${id}`, 'flow'), 0);
      const source = read(plant, 'water-source-1', 'flow');
      expect(source).toBeCloseTo(read(plant, 'water-ps-1', 'flow'), 6);
      expect(source - tanks).toBeCloseTo(read(plant, 'water-dma-1', 'inflow'), 6);
    }
    plant.dispose();
  });

  it('changes the level of a tank by its flow over its area', async () => {
    const { plant, step } = await plantOf(towns['three tanks and a pump of three points'] as NetworkFile);
    step(3600);
    const level = read(plant, 'water-tank-1', 'level');
    let volumeM3 = 0;
    for (let second = 0; second < 600; second++) {
      volumeM3 += read(plant, 'water-tank-1', 'flow') / 3600;
      step(1);
    }
    expect(read(plant, 'water-tank-1', 'level') - level).toBeCloseTo(volumeM3 / ((Math.PI / 4) * 18 ** 2), 3);
    plant.dispose();
  });

  it('makes two districts of a town that a valve divides, the first upstream of the second', async () => {
    const { plant } = await plantOf(towns['a pressure reducing valve, Darcy–Weisbach'] as NetworkFile);
    expect(plant.assets.map(({ id, upstreamOf }) => [id, upstreamOf])).toEqual([
      ['dma-1', ['dma-2']],
      ['dma-2', []],
    ]);
    plant.dispose();
  });

  it('holds behind a reducing valve what it is set to, and what an operator writes', async () => {
    const { plant, step } = await plantOf(towns['a pressure reducing valve, Darcy–Weisbach'] as NetworkFile);
    step(60);
    expect(read(plant, 'water-dma-2', 'p-inlet')).toBeCloseTo(32 * 0.00980665, 3);
    pointOf(plant, 'water-dma-2', 'auto').write?.(0);
    pointOf(plant, 'water-dma-2', 'v1-set').write?.(0.25);
    step(60);
    expect(read(plant, 'water-dma-2', 'p-inlet')).toBeCloseTo(0.25, 3);
    pointOf(plant, 'water-dma-2', 'v1-command').write?.(0);
    step(60);
    expect(read(plant, 'water-dma-2', 'v1-flow')).toBeCloseTo(0, 3);
    pointOf(plant, 'water-dma-2', 'v1-command').write?.(1);
    step(60);
    expect(read(plant, 'water-dma-2', 'p-inlet')).toBeCloseTo(0.25, 3);
    plant.dispose();
  });

  it('reads ids in GBK as their characters', async () => {
    const { plant } = await plantOf(towns['Chinese ids in GBK'] as NetworkFile);
    expect(JSON.stringify(plant.plcs.map(({ points }) => points.map(({ description }) => description)))).not.toContain(
      '�',
    );
    plant.dispose();
  });

  it('follows the pattern by the hours of the city', async () => {
    const { plant, step } = await plantOf(towns['a looped grid by gravity'] as NetworkFile);
    const hourly = Array.from({ length: 24 }, () => {
      step(3600);
      return read(plant, 'water-dma-1', 'inflow');
    });
    // Values at the ends of hours 1…24; the pattern is lowest at 02–04 and highest at 18–20.
    expect(Math.min(...hourly)).toBe(Math.min(...hourly.slice(1, 4)));
    expect(Math.max(...hourly)).toBe(Math.max(...hourly.slice(17, 20)));
    plant.dispose();
  });

  it('is the same for the same seed, and another for another', async () => {
    const course = async (seed: number) => {
      const { plant, step } = await plantOf(towns['a tree'] as NetworkFile, seed);
      const values = Array.from({ length: 30 }, () => {
        step(20);
        return plant.plcs.flatMap(({ points }) => points.map((point) => point.read()));
      });
      plant.dispose();
      return JSON.stringify(values);
    };
    expect(await course(3)).toBe(await course(3));
    expect(await course(3)).not.toBe(await course(4));
  });
});

describe("a file's controls in the PLCs", () => {
  const pumped = { columns: 6, rows: 4, tanks: 1, supply: 'three-point' } as const;
  const runningAt = async (text: string, hours: number) => {
    const { plant, step } = await plantOf(fileOf('controls.inp', text));
    const states = Array.from({ length: hours }, () => {
      step(3600);
      return read(plant, 'water-ps-1', 'p1-run');
    });
    plant.dispose();
    return states;
  };

  it('act at times of the day by the clock of the city, every day', async () => {
    const controls = ['LINK PU1 CLOSED AT CLOCKTIME 6 AM', 'LINK PU1 OPEN AT CLOCKTIME 8 PM'];
    const states = await runningAt(townInp(3, { ...pumped, controls }), 48);
    const day = Array.from({ length: 24 }, (_, hour) => (hour + 1 >= 6 && hour + 1 < 20 ? 0 : 1));
    expect(states).toEqual([...day, ...day]);
  });

  it('act at times of the run from its start clock time on, anew every day when it lasts one', async () => {
    const text = townInp(3, { ...pumped, controls: ['LINK PU1 CLOSED AT TIME 2', 'LINK PU1 OPEN AT TIME 5'] });
    const states = await runningAt(text.replace('[TIMES]\n', '[TIMES]\nStart ClockTime 6 AM\n'), 48);
    const day = Array.from({ length: 24 }, (_, hour) => (hour + 1 >= 8 && hour + 1 < 11 ? 0 : 1));
    expect(states).toEqual([...day, ...day]);
  });

  it('switch a pump by the level of its tank, which stays between the two levels', async () => {
    const { plant, step } = await plantOf(towns['three tanks and a pump of three points'] as NetworkFile);
    const levels = Array.from({ length: 400 }, () => {
      step(600);
      return read(plant, 'water-tank-1', 'level');
    });
    expect(Math.min(...levels.slice(100))).toBeGreaterThan(1.5);
    expect(Math.max(...levels)).toBeLessThan(6);
    plant.dispose();
  });

  it('follow rules with premises and otherwise', async () => {
    const rules = [
      'RULE night',
      'IF SYSTEM CLOCKTIME >= 10 PM',
      'OR SYSTEM CLOCKTIME < 5 AM',
      'THEN PUMP PU1 STATUS IS CLOSED',
      'ELSE PUMP PU1 STATUS IS OPEN',
    ];
    const states = await runningAt(townInp(3, { ...pumped, rules }), 24);
    expect(states).toEqual(Array.from({ length: 24 }, (_, hour) => (hour + 1 >= 22 || hour + 1 < 5 ? 0 : 1)));
  });

  it('keep the timetable of a pump speed, and leave the speed to the operator in manual mode', async () => {
    const speeds = [0.8, 0.8, 0.8, 0.9, 1, 1, 1, 1, 1, 1, 0.9, 0.9];
    const { plant, step } = await plantOf(fileOf('speeds.inp', townInp(3, { ...pumped, speeds })));
    step(3600);
    expect(read(plant, 'water-ps-1', 'p1-speed')).toBe(80);
    const slow = read(plant, 'water-ps-1', 'p1-flow');
    step(9 * 3600);
    expect(read(plant, 'water-ps-1', 'p1-speed')).toBe(100);
    expect(read(plant, 'water-ps-1', 'p1-flow')).toBeGreaterThan(1.2 * slow);
    pointOf(plant, 'water-ps-1', 'auto').write?.(0);
    pointOf(plant, 'water-ps-1', 'p1-speed-set').write?.(85);
    step(60);
    const manual = read(plant, 'water-ps-1', 'p1-flow');
    step(600);
    expect(read(plant, 'water-ps-1', 'p1-speed')).toBe(85);
    expect(read(plant, 'water-ps-1', 'p1-flow')).toBeLessThan(1.05 * manual);
    plant.dispose();
  });
});

describe('hydraulics that do not settle', () => {
  /** Two pumps of constant power that feed each other: no flow is too large for them. */
  const circle = `
[JUNCTIONS]
A 0 0
B 0 10
C 0 10
D 0 5
[RESERVOIRS]
R 50
[PIPES]
P1 R A 100 300 100
P2 A B 100 100 100
P3 B C 100 100 100
P4 C D 100 100 100
[PUMPS]
U1 B C POWER 50
U2 C B POWER 50
[OPTIONS]
Units LPS
`;

  it('are said, and no instrument shows a number while they last', async () => {
    const { plant, step } = await plantOf(fileOf('circle.inp', circle));
    step(60);
    expect(plant.trouble?.()?.code).toBe('LL-EPANET-UNSTABLE');
    const measuring = plant.plcs.flatMap(({ points }) => points.filter(({ noise }) => noise > 0));
    const shown = measuring.filter(({ unit }) => unit !== '%').map((point) => point.read());
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.every(Number.isNaN)).toBe(true);
    plant.dispose();
  });

  it('are over as soon as there is a solution again', async () => {
    const { plant, step } = await plantOf(fileOf('circle.inp', circle));
    step(60);
    pointOf(plant, 'water-ps-1', 'p1-command').write?.(0);
    pointOf(plant, 'water-ps-2', 'p1-command').write?.(0);
    step(60);
    expect(plant.trouble?.()).toBeUndefined();
    expect(stray(plant.plcs)).toEqual([]);
    plant.dispose();
  });
});

describe('happenings in a network of the user', () => {
  it('a burst raises the inflow of its district and ends when it is repaired', async () => {
    const { plant, step, now } = await plantOf(towns['a looped grid by gravity'] as NetworkFile);
    step(60);
    const before = read(plant, 'water-dma-1', 'inflow');
    const truth = plant.start({
      id: 'b',
      kind: 'water.burst',
      target: 'dma-1',
      startMs: now(),
      durationS: 600,
      magnitude: 40,
    });
    expect(truth.asset).toBe('dma-1');
    step(60);
    expect(read(plant, 'water-dma-1', 'inflow') - before).toBeGreaterThan(0.8 * 40 * 3.6);
    step(1200);
    expect(read(plant, 'water-dma-1', 'inflow') - before).toBeLessThan(0.3 * 40 * 3.6);
    plant.dispose();
  });

  it('a tripped pump stands still until it is reset, whatever the controls say', async () => {
    const { plant, step, now } = await plantOf(towns['three tanks and a pump of three points'] as NetworkFile);
    step(60);
    expect(read(plant, 'water-ps-1', 'p1-run')).toBe(1);
    plant.start({ id: 't', kind: 'water.pump-trip', target: 'ps-1', startMs: now(), durationS: 3600, magnitude: 1 });
    step(60);
    expect([read(plant, 'water-ps-1', 'p1-run'), read(plant, 'water-ps-1', 'p1-fault')]).toEqual([0, 1]);
    expect(read(plant, 'water-ps-1', 'p1-flow')).toBe(0);
    step(3600);
    expect(read(plant, 'water-ps-1', 'p1-fault')).toBe(0);
    plant.dispose();
  });
});
