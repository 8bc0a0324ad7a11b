import { seededRandom } from '../../edge/core/random.ts';
import type { Equipment, Happening, PlantAsset } from '../../simulator/city/plant.ts';
import type { NetworkFile } from '../../simulator/water/network-file/source.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Local midnight (UTC+8) of 5 January 2026, a Monday. */
const FIRST_MONDAY_MS = Date.UTC(2026, 0, 5) - 8 * HOUR_MS;

export const utcOffsetMinutes = 480;
export const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4'] as const;

/** The water districts of a city. */
export const districtsOf = (assets: readonly PlantAsset[]): readonly string[] =>
  assets.flatMap(({ id, type }) => (type === 'water.district' ? [id] : []));

/** A stretch of the city's life without a fault: what happens in it is ordinary operation. */
export interface NormalWindow {
  readonly seed: number;
  readonly startMs: number;
  readonly hours: number;
  readonly happenings: readonly Happening[];
  /** The city, where it is not the default one. */
  readonly utilities?: readonly string[];
  readonly waterNetwork?: NetworkFile;
  readonly equipment?: Equipment;
}

/** One week per seed, evenly over the year. */
export function courseWeeks(seeds: readonly number[]): NormalWindow[] {
  return seeds.map((seed, index) => ({
    ...{ seed, hours: 7 * 24, happenings: [] },
    startMs: FIRST_MONDAY_MS + Math.floor((index * 52) / seeds.length) * 7 * DAY_MS,
  }));
}

/** Where the ordinary operation of windows takes place. */
export interface OperatingPlan {
  /** First local midnight that a window may follow, ms since epoch, and the days that they spread over. */
  readonly fromMs: number;
  readonly days: number;
  readonly districts: readonly string[];
  readonly pumpStation: string;
}

const defaultCity: OperatingPlan = { fromMs: FIRST_MONDAY_MS, days: 365, districts, pumpStation: 'ps-1' };

/**
 * Twenty minutes each, second by second, at hours of the day, weekdays and seasons that change from window to window;
 * a seed of its own each. In every one each district has a hydrant flushed once, over the whole range that the water
 * works do, and in every third the lead pump trips.
 */
export function operatingWindows(firstSeed: number, count: number, plan: OperatingPlan = defaultCity): NormalWindow[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = firstSeed + index;
    const random = seededRandom(seed, 'operating-window');
    const day = Math.floor((index * plan.days) / count) + random.integer(0, 6);
    const startMs = plan.fromMs + day * DAY_MS + ((index * 7 + random.integer(0, 2)) % 24) * HOUR_MS;
    const at = (minute: number) => startMs + minute * 60_000 + random.integer(0, 59_999);
    const happenings = plan.districts.map((target, place): Happening => {
      const minute = 1 + ((place * 4 + random.integer(0, 3)) % 14);
      const magnitude = 6 + (8 * ((index + place * 5) % count)) / (count - 1);
      const durationS = 60 + random.integer(0, 240);
      return {
        id: `flush-${index}-${target}`,
        ...{ kind: 'water.hydrant-flush', target, startMs: at(minute), durationS, magnitude },
      };
    });
    const trip: Happening = {
      ...{ id: `trip-${index}`, kind: 'water.pump-trip', target: plan.pumpStation },
      ...{ startMs: at(random.integer(1, 15)), durationS: 300, magnitude: 1 },
    };
    return { seed, startMs, hours: 1 / 3, happenings: index % 3 === 0 ? [...happenings, trip] : happenings };
  });
}

/** Short stretches of the whole city at all seasons and times of day, for what a single tag does. */
export function tagWindows(seeds: readonly number[]): NormalWindow[] {
  return seeds.map((seed, index) => ({
    ...{ seed, hours: 1 / 3, happenings: [] },
    startMs:
      FIRST_MONDAY_MS +
      (Math.floor((index * 365) / seeds.length) + (index % 7)) * DAY_MS +
      ((index * 5) % 24) * HOUR_MS,
  }));
}

/** `count` whole numbers from `first` on. */
export const seedsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);
