import { loadPacks } from '../../edge/config/packs.ts';
import type { Plant, PlantContext } from '../../simulator/city/plant.ts';
import { createPlant as createDrainage } from '../../simulator/drainage/plant.ts';
import { createPlant as createGallery } from '../../simulator/gallery/plant.ts';
import { createPlant as createGas } from '../../simulator/gas/plant.ts';
import { createPlant as createHeating } from '../../simulator/heating/plant.ts';
import { createPlant as createLighting } from '../../simulator/lighting/plant.ts';
import { createPlant as createPower } from '../../simulator/power/plant.ts';
import { createPlant as createWater } from '../../simulator/water/plant.ts';
import { brokenLimits, limitsByType, runPlant } from '../gas/city-day.ts';

/** Days of all seasons on which nothing happens in a utility, and how finely its limits are watched. */
export interface QuietDays {
  readonly utility: string;
  readonly create: (context: PlantContext) => Promise<Plant>;
  readonly starts: readonly [string, ...string[]];
  readonly seeds: readonly number[];
  readonly forS: number;
  readonly stepS: number;
}

/** From noon of the lunar year's last day on. */
const newYearsEve = '2027-02-05T12:00:00+08:00';
const daily = { seeds: [1, 2, 3], forS: 86_400 };
const seasons = [
  '2026-01-15T00:00:00+08:00',
  '2026-04-20T00:00:00+08:00',
  '2026-07-15T00:00:00+08:00',
  '2026-10-20T00:00:00+08:00',
] as const;

export const quietDays: readonly QuietDays[] = [
  {
    ...{ utility: 'water', create: createWater, ...daily, stepS: 60 },
    starts: [
      '2026-01-14T00:00:00Z',
      '2026-04-15T00:00:00Z',
      '2026-07-12T00:00:00Z',
      '2026-10-20T00:00:00Z',
      newYearsEve,
    ],
  },
  {
    ...{ utility: 'heating', create: createHeating, ...daily, stepS: 60 },
    // January, over the end of the season, July, over its start, after its start, the Spring Festival's night
    starts: [
      '2026-01-15T00:00:00+08:00',
      '2026-04-20T12:00:00+08:00',
      '2026-07-15T00:00:00+08:00',
      '2026-10-19T12:00:00+08:00',
      '2026-10-22T00:00:00+08:00',
      newYearsEve,
    ],
  },
  { utility: 'gas', create: createGas, ...daily, stepS: 60, starts: [...seasons, newYearsEve] },
  { utility: 'gallery', create: createGallery, ...daily, stepS: 20, starts: seasons },
  { utility: 'lighting', create: createLighting, ...daily, stepS: 9, starts: seasons },
  { utility: 'power', create: createPower, ...daily, stepS: 60, starts: seasons },
  {
    ...{ utility: 'drainage', create: createDrainage, seeds: [1, 2], forS: 2 * 86_400, stepS: 30 },
    starts: [
      '2027-01-15T00:00:00+08:00',
      '2027-03-25T00:00:00+08:00',
      '2026-07-08T00:00:00+08:00',
      '2026-10-14T00:00:00+08:00',
    ],
  },
];

const { packs } = await loadPacks('models');

/** The limits of its pack that a utility breaks while nothing happens in it. */
export async function brokenWhileQuiet(days: QuietDays, start: string, seed: number): Promise<string[]> {
  const pack = packs.get(days.utility);
  if (!pack) throw new Error(`models/${days.utility}/pack.yaml does not load`);
  const run = await runPlant(days.create, start, seed);
  const broken = brokenLimits(run, limitsByType(pack), days.forS, days.stepS);
  run.plant.dispose();
  return broken;
}
