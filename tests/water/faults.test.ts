import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePack } from '../../edge/config/packs.ts';
import { createPlant } from '../../simulator/water/plant.ts';
import { Surge } from '../../simulator/water/surge.ts';
import { brokenLimits, limitsByType, type PlantRun, runPlant } from '../gas/city-day.ts';

const { pack } = parsePack('models/water/pack.yaml', await readFile('models/water/pack.yaml', 'utf8'));
const runs: PlantRun[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.plant.dispose();
});

const start = async (at: string) => {
  const run = await runPlant(createPlant, at);
  runs.push(run);
  return run;
};
const begin = (run: PlantRun, kind: string, target: string, magnitude: number, durationS = 0) =>
  run.plant.start({ id: 'h', kind, target, startMs: run.timeMs, durationS, magnitude });

/** The same city twice, the second with a happening, both gone on for a while. */
async function twins(
  at: string,
  happening: readonly [kind: string, target: string, magnitude: number],
  forS: number,
  dtS = 300,
) {
  const quiet = await start(at);
  const struck = await start(at);
  const truth = begin(struck, ...happening);
  for (const run of [quiet, struck]) run.go(forS, dtS);
  return { quiet, struck, truth };
}

describe('what happens to mains and customers', () => {
  it('water.theft draws softly what it is worth, and the pressure hardly follows', async () => {
    const { quiet, struck } = await twins('2026-05-12T18:30:00Z', ['water.theft', 'dma-1', 8], 120, 1);
    const drawn = struck.role('dma-1', 'inflow') - quiet.role('dma-1', 'inflow');
    expect(drawn / 3.6 / Math.sqrt(struck.role('dma-1', 'pressure') / 0.00980665 / 30)).toBeCloseTo(8, 0);
    expect(quiet.role('dma-1', 'pressure-critical') - struck.role('dma-1', 'pressure-critical')).toBeLessThan(0.006);
  });

  it('water.background-leakage raises the night flow over days in proportion to the usual leakage', async () => {
    const { quiet, struck } = await twins(
      '2026-05-12T19:00:00Z',
      ['water.background-leakage', 'dma-1', 200],
      4 * 86_400,
    );
    const excessLps = (struck.role('dma-1', 'inflow') - quiet.role('dma-1', 'inflow')) / 3.6;
    // 8 % of 47 L/s leak at 36 m; the district stands at about 43 m at night.
    expect(excessLps).toBeCloseTo(2 * 0.08 * 47 * Math.sqrt(43 / 36), 0);
    expect(Math.abs(struck.role('dma-3', 'inflow') - quiet.role('dma-3', 'inflow'))).toBeLessThan(2);
  });

  it('water.valve-left-closed takes pressure behind the valve, most at peak demand, and none before it', async () => {
    const { quiet, struck, truth } = await twins(
      '2026-05-12T04:00:00Z',
      ['water.valve-left-closed', 'dma-2', 6],
      6 * 3600,
    );
    const lost = (run: PlantRun) => run.point('water-dma-2/p-upstream') - run.role('dma-2', 'pressure');
    expect(lost(struck)).toBeGreaterThan(0.05);
    expect(lost(quiet)).toBeLessThan(0.005);
    expect(struck.point('water-dma-2/p-upstream')).toBeGreaterThanOrEqual(quiet.point('water-dma-2/p-upstream'));
    const atPeak = lost(struck);
    struck.go(8 * 3600, 300);
    expect(lost(struck)).toBeLessThan(0.6 * atPeak);
    expect(struck.point('water-dma-2/valve-position')).toBe(100);
    expect(truth.affected).toEqual(['dma-2', 'dma-4']);
  });

  it('water.frozen-main closes in the cold, and never in summer', async () => {
    const winter = await twins('2026-01-12T04:00:00Z', ['water.frozen-main', 'dma-3', 95], 86_400);
    expect(winter.struck.role('dma-3', 'pressure')).toBeLessThan(winter.quiet.role('dma-3', 'pressure') - 0.1);
    expect(winter.struck.role('dma-3', 'inflow')).toBeLessThan(0.85 * winter.quiet.role('dma-3', 'inflow'));
    const summer = await twins('2026-07-12T04:00:00Z', ['water.frozen-main', 'dma-3', 95], 86_400);
    expect(summer.struck.role('dma-3', 'pressure')).toBe(summer.quiet.role('dma-3', 'pressure'));
  });
});

describe('what happens at station, tank and works', () => {
  it('water.pump-wear asks for more speed and power for the same pressure, and shakes', async () => {
    const { quiet, struck } = await twins('2026-05-12T04:00:00Z', ['water.pump-wear', 'ps-1', 12], 24 * 3600);
    expect(struck.role('ps-1', 'discharge-pressure')).toBeCloseTo(quiet.role('ps-1', 'discharge-pressure'), 3);
    expect(struck.role('ps-1', 'flow')).toBeCloseTo(quiet.role('ps-1', 'flow'), -1);
    expect(struck.point('water-ps-1/p1-hz')).toBeGreaterThan(quiet.point('water-ps-1/p1-hz') + 1);
    expect(struck.role('ps-1', 'power')).toBeGreaterThan(1.08 * quiet.role('ps-1', 'power'));
    expect(struck.point('water-ps-1/p1-vibration')).toBeGreaterThan(2 * quiet.point('water-ps-1/p1-vibration'));
  });

  it.each([0.2, 0.8])(
    'water.tank-overflow on a level held at %d m fills the tank to its edge, and water goes on running in',
    async (held) => {
      const struck = await start('2026-05-12T12:00:00Z');
      begin(struck, 'water.tank-overflow', 'tank-1', held);
      let spilling = 0;
      struck.go(86_400, 300, () => {
        if (struck.role('tank-1', 'level') === 8 && struck.role('tank-1', 'flow') > 0) spilling++;
      });
      expect(spilling).toBeGreaterThan(3);
    },
  );

  it('water.chlorine-loss empties the outlet first and the last district hours later', async () => {
    const struck = await start('2026-07-12T04:00:00Z');
    begin(struck, 'water.chlorine-loss', 'ps-1', 100);
    const below: Record<string, number> = {};
    struck.go(86_400, 300, () => {
      if (struck.point('water-ps-1/chlorine') < 0.3) below['ps-1'] ??= struck.timeMs;
      for (const id of ['dma-1', 'dma-4']) if (struck.role(id, 'chlorine') < 0.3) below[id] ??= struck.timeMs;
    });
    expect(below['dma-1']! - below['ps-1']!).toBeGreaterThan(1800_000);
    expect(below['dma-4']!).toBeGreaterThan(below['dma-1']!);
  });

  it('water.filter-backwash draws the clear well down and breaks no limit', async () => {
    const run = await start('2026-01-12T04:00:00Z');
    const [well, suction] = [run.point('water-ps-1/well-level'), run.role('ps-1', 'suction-pressure')];
    begin(run, 'water.filter-backwash', 'ps-1', 200, 720);
    const broken = brokenLimits(run, limitsByType(pack!), 720, 10);
    expect(well - run.point('water-ps-1/well-level')).toBeCloseTo((0.2 * 720) / 320, 1);
    expect((suction - run.role('ps-1', 'suction-pressure')) / 0.00980665).toBeCloseTo((0.2 * 720) / 320, 1);
    expect(broken).toEqual([]);
    run.go(4 * 3600, 60);
    expect(run.point('water-ps-1/well-level')).toBeGreaterThan(well - 0.1);
  });
});

describe('surge', () => {
  it('strikes with a Δv / g and swings with four times the travel time', () => {
    const surge = new Surge();
    surge.step(0, -100);
    const strokeM = (1100 * (0.1 / ((Math.PI / 4) * 0.49))) / 9.81;
    expect(surge.shown(60, 1)).toBeCloseTo(60 - strokeM, 6);
    const periodS = (4 * 4600) / 1100;
    surge.step(periodS / 2, 0);
    expect(surge.shown(60, 1)).toBeGreaterThan(60);
    surge.step(periodS / 2, 0);
    expect(surge.shown(60, 1)).toBeLessThan(60);
    expect(surge.shown(60, 1)).toBeGreaterThan(60 - strokeM / 2);
  });

  it('never shows a pressure below that of vapour', () => {
    const surge = new Surge();
    surge.step(0, -400);
    expect(surge.shown(10, 1)).toBe(-9.5);
  });

  it('follows a trip at the station, weaker in a district, and is over after two minutes', async () => {
    const run = await start('2026-05-12T04:00:00Z');
    run.go(5, 1);
    const [discharge, district] = [run.role('ps-1', 'discharge-pressure'), run.role('dma-1', 'pressure')];
    begin(run, 'water.pump-trip', 'ps-1', 1);
    const swing: number[] = [];
    const local: number[] = [];
    run.go(40, 1, () => {
      swing.push(run.role('ps-1', 'discharge-pressure') - discharge);
      local.push(run.role('dma-1', 'pressure') - district);
    });
    expect(Math.min(...swing)).toBeLessThan(-0.2);
    expect(Math.max(...swing)).toBeGreaterThan(0.05);
    expect(Math.min(...local)).toBeGreaterThan(0.5 * Math.min(...swing));
    run.go(120, 1);
    expect(Math.abs(run.role('ps-1', 'discharge-pressure') - discharge)).toBeLessThan(0.01);
  });
});
