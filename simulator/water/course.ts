import { type NightCourse, onLunarNewYear, overMidnight } from '../city/customs.ts';
import { type CalendarDay, calendarDay } from '../city/local-time.ts';
import type { Step } from '../city/plant.ts';
import type { LandUse } from './network.ts';

/**
 * Hourly shapes, mean 1. Residential: domain reference 1.1 (two peaks, 06–09 and 18–21, minimum at 02–04);
 * commercial by opening hours, industrial by two shifts: design choices.
 */
const shapes: Readonly<Record<LandUse, readonly number[]>> = {
  residential: [
    0.35, 0.3, 0.28, 0.28, 0.32, 0.55, 1.1, 1.55, 1.45, 1.25, 1.15, 1.2, 1.25, 1.1, 1.0, 1.0, 1.1, 1.35, 1.65, 1.75,
    1.6, 1.3, 0.85, 0.51,
  ],
  commercial: [
    0.3, 0.25, 0.22, 0.22, 0.25, 0.4, 0.7, 1.0, 1.3, 1.5, 1.55, 1.6, 1.65, 1.55, 1.5, 1.45, 1.4, 1.45, 1.45, 1.3, 1.1,
    0.85, 0.6, 0.4,
  ],
  industrial: [
    0.6, 0.55, 0.55, 0.55, 0.6, 0.75, 1.0, 1.25, 1.35, 1.35, 1.3, 1.2, 1.2, 1.3, 1.35, 1.3, 1.25, 1.15, 1.1, 1.05, 1.0,
    0.9, 0.8, 0.7,
  ],
};

/** Sunday … Saturday. */
const weekdays: Readonly<Record<LandUse, readonly number[]>> = {
  residential: [1.06, 0.98, 0.97, 0.97, 0.98, 0.99, 1.05],
  commercial: [0.9, 1.02, 1.02, 1.02, 1.03, 1.08, 0.96],
  industrial: [0.8, 1.06, 1.06, 1.06, 1.06, 1.05, 0.9],
};

/** The eight days of the Spring Festival: families at home, many shops and most works shut (design choice). */
const springFestival: Readonly<Record<LandUse, number>> = { residential: 1.06, commercial: 0.7, industrial: 0.6 };

/**
 * The night of the lunar New Year: the great dinner is cooked from noon on, people sit still before the gala, nobody is
 * asleep at midnight, shops close early (design choice after the custom of the north-east).
 */
const newYearsNight: Readonly<Record<LandUse, NightCourse>> = {
  residential: [
    [-12, 1],
    [-9, 1.25],
    [-7, 1.2],
    [-5, 0.95],
    [-3.5, 0.8],
    [-1.5, 0.9],
    [-0.5, 1.3],
    [0.5, 1.7],
    [2, 1.4],
    [5, 1],
  ],
  commercial: [
    [-12, 1],
    [-7, 0.6],
    [-2, 0.6],
    [6, 1],
  ],
  industrial: [],
};

/** Mean of a day against that of ordinary weeks: a public holiday is as a Sunday, the Spring Festival as nothing else. */
export function dayFactor(use: LandUse, { weekday, holiday }: Pick<CalendarDay, 'weekday' | 'holiday'>): number {
  if (holiday === 'spring-festival') return springFestival[use];
  return ring(weekdays[use], holiday ? 0 : weekday);
}

/** Value at `t` in 0..1 between `b` and `c` on the cubic through four equidistant points (Catmull and Rom 1974). */
export function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** Value of a list taken as a ring. */
const ring = (values: readonly number[], index: number) =>
  values[((index % values.length) + values.length) % values.length] ?? 1;

/**
 * Mean course of one land use as a multiple of its mean: smooth over the hours, on a day of which `day` is the factor
 * at that hour.
 */
export function meanCourse(use: LandUse, hour: number, day: number, outdoorC: number): number {
  const shape = shapes[use];
  // A shape's figure stands for the middle of its hour.
  const place = hour - 0.5;
  const index = Math.floor(place);
  const [a, b, c, d] = [-1, 0, 1, 2].map((step) => ring(shape, index + step)) as [number, number, number, number];
  const heat = use === 'industrial' ? 1 : 1 + 0.006 * Math.max(0, outdoorC - 20);
  return catmullRom(a, b, c, d, place - index) * day * heat;
}

/** Mean course of one land use at a moment of the city's calendar. */
export function courseAt(use: LandUse, { timeMs, hour, weather }: Step): number {
  const day = overMidnight(hour, (daysAfter) => dayFactor(use, calendarDay(timeMs, daysAfter)));
  return meanCourse(use, hour, day, weather.outdoorC) * onLunarNewYear(newYearsNight[use], timeMs, hour);
}
