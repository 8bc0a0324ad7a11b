import { expect, it } from 'vitest';
import { leakageShare } from '../../simulator/water/demand.ts';
import { createPlant } from '../../simulator/water/plant.ts';
import { expectPlausible, survey, weeks } from '../city/plausibility.ts';
import { runPlant } from '../gas/city-day.ts';

const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4', 'dma-5', 'dma-6'];
const industrial = 'dma-3';
const oldTown = districts.slice(0, 4);
const stepS = 300;
const perHour = 3600 / stepS;
/** Metres of water of a megapascal. */
const mOfMpa = 1e6 / (1000 * 9.81);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const hourlyMeans = (values: readonly number[]) =>
  Array.from({ length: values.length / perHour }, (_, hour) =>
    mean(values.slice(hour * perHour, (hour + 1) * perHour)),
  );
/** Mean from 02 to 04 over the mean of a course from midnight on. */
const nightShare = (values: readonly number[]) =>
  mean(hourlyMeans(values).filter((_, hour) => hour % 24 === 2 || hour % 24 === 3)) / mean(values);

const week = (start: string) =>
  survey(createPlant, start, 7, stepS, (run) => ({
    ...Object.fromEntries(districts.map((id) => [`inflow of ${id}`, [run.role(id, 'inflow')]])),
    critical: districts.map((id) => run.role(id, 'pressure-critical')),
    inlet: districts.map((id) => run.role(id, 'pressure')),
    'discharge 1': [run.role('ps-1', 'discharge-pressure')],
    'discharge 2': [run.role('ps-2', 'discharge-pressure')],
    velocity: oldTown.map((id) => run.point(`water-${id}/velocity`)),
    power: [run.role('ps-1', 'power')],
    lift: [
      run.role('ps-1', 'flow') *
        (run.role('ps-1', 'discharge-pressure') - run.role('ps-1', 'suction-pressure')) *
        mOfMpa,
    ],
    level: ['tank-1', 'tank-2'].map((id) => run.role(id, 'level')),
    chlorine: districts.map((id) => run.role(id, 'chlorine')),
    turbidity: oldTown.map((id) => run.role(id, 'turbidity')),
  }));

/** Discharge head of the station after one of its two pumps tripped, against that before, m, second by second. */
async function wave(): Promise<readonly number[]> {
  const run = await runPlant(createPlant, '2026-01-15T08:00:00+08:00', 1);
  expect(run.point('water-ps-1/pumps-running')).toBe(2);
  const before = run.role('ps-1', 'discharge-pressure');
  const trip = { id: 'trip', kind: 'water.pump-trip', target: 'ps-1', magnitude: 1, durationS: 0 };
  run.plant.start({ ...trip, startMs: run.timeMs });
  const heads: number[] = [];
  run.go(120, 1, () => heads.push((run.role('ps-1', 'discharge-pressure') - before) * mOfMpa));
  run.plant.dispose();
  return heads;
}

it('water: a week of winter and one of summer are plausible, and the README tells them as they are', async () => {
  const seasons = [await week(weeks[0]), await week(weeks[1])];
  const named = (name: string) => seasons.map((season) => season(name));
  const perDistrict = (ids: readonly string[], figure: (inflow: readonly number[]) => number) =>
    seasons.map((season) => ids.map((id) => figure(season(`inflow of ${id}`))));
  const homes = districts.filter((id) => id !== industrial);
  const peak = (inflow: readonly number[]) => Math.max(...hourlyMeans(inflow)) / mean(inflow);
  expectPlausible('water', [
    {
      quantity: 'pressure at critical points',
      seasons: named('critical'),
      digits: 2,
      unit: 'MPa',
      within: [0.28, 0.6],
    },
    { quantity: 'pressure at district inlets', seasons: named('inlet'), digits: 2, unit: 'MPa', within: [0.28, 0.6] },
    {
      quantity: 'discharge pressure, station 1',
      seasons: named('discharge 1'),
      digits: 2,
      unit: 'MPa',
      within: [0.35, 0.55],
    },
    {
      quantity: 'discharge pressure, station 2',
      seasons: named('discharge 2'),
      digits: 2,
      unit: 'MPa',
      within: [0.35, 0.55],
    },
    { quantity: 'velocity in inlet mains', seasons: named('velocity'), digits: 2, unit: 'm/s', within: [0, 2] },
    {
      quantity: 'largest hour over the mean, districts',
      seasons: perDistrict(districts, peak),
      digits: 1,
      unit: '',
      within: [1.2, 2.2],
    },
    {
      quantity: 'night flow 02–04 over the mean',
      seasons: perDistrict(homes, nightShare),
      digits: 2,
      unit: '',
      within: [0.25, 0.4],
    },
    {
      quantity: 'the same in the industrial district',
      seasons: perDistrict([industrial], nightShare),
      digits: 2,
      unit: '',
      within: [0.35, 0.55],
    },
    {
      quantity: 'background leakage at 36 m',
      seasons: [[100 * leakageShare]],
      digits: 0,
      unit: '% of the supply',
      within: [0, 10],
    },
    {
      ...{ quantity: 'energy of lift at 40 m, station 1', digits: 3, unit: 'kWh/m³', within: [0.136, 0.175] },
      seasons: seasons.map((season) => [(40 * mean(season('power'))) / mean(season('lift'))]),
    },
    { quantity: 'tank levels of 8 m', seasons: named('level'), digits: 1, unit: 'm', within: [1, 7] },
    {
      quantity: 'free chlorine at district meters and ends',
      seasons: named('chlorine'),
      digits: 2,
      unit: 'mg/L',
      within: [0.05, 2],
    },
    { quantity: 'turbidity', seasons: named('turbidity'), digits: 2, unit: 'NTU', within: [0, 1] },
    {
      quantity: 'wave after a trip of one of two pumps',
      seasons: [await wave()],
      digits: 0,
      unit: 'm',
      within: [-40, 15],
    },
  ]);
}, 300_000);
