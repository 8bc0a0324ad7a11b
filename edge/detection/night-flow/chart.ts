import { cusumRunLength } from '../charts/run-length.ts';

/**
 * Allowance and limit of the CUSUM (Page 1954) over nights, in standard deviations. Independent nights pass it once in
 * 5,300 (`cusumRunLength`); with a level and a spread that two weeks have taught, less often than once in 350 (tests/training).
 */
const allowance = 1;
const limit = 3.5;
/** The share of that run length that two weeks of nights leave of it, at the least. */
const taughtShare = 350 / 5300;
/** A night counts no more than this: one alone is never enough, it may be a feast or a hydrant. */
const mostDeviations = 4;
/** … and no tolerance makes it so. */
const leastLimit = 1.05 * (mostDeviations - allowance);
/** So many nights in a row with no more than the allowance end a claim. */
const quietNights = 2;

/** Sum in standard deviations, and how many nights have been quiet: plain data. */
export interface NightChart {
  sum: number;
  quiet: number;
  active: boolean;
}

export const newNightChart = (): NightChart => ({ sum: 0, quiet: 0, active: false });

/**
 * One night into the chart, in place.
 * @param deviation how far its level is above what is expected, in standard deviations
 * @param tolerance how many times as wide as that the limit is
 * @returns the sum over its limit
 */
export function stepNight(chart: NightChart, deviation: number, tolerance: number): number {
  chart.sum = Math.max(0, chart.sum + Math.min(mostDeviations, deviation) - allowance);
  chart.quiet = deviation <= allowance ? chart.quiet + 1 : 0;
  const ratio = chart.sum / limitAt(tolerance);
  if (!chart.active) chart.active = ratio >= 1;
  else if (chart.quiet >= quietNights) Object.assign(chart, newNightChart());
  return ratio;
}

const limitAt = (tolerance: number): number => Math.max(leastLimit, limit * tolerance);

/** Nights between two false alarms of a district, on average: never fewer with more tolerance. */
export const nightRunLength = (tolerance: number): number =>
  taughtShare * cusumRunLength(allowance, limitAt(tolerance));
