import { type Profile, profileAt } from '../detection/calibration.ts';
import { median, quantileOfSorted, robustDeviation } from '../detection/order-statistics.ts';
import { fitDayProfile, spansSeasons } from '../detection/seasonal/day-profile.ts';
import { type Feature, readFeatures } from './features.ts';
import type { Table } from './table.ts';

/** Interquartile range of a normal distribution, in standard deviations. */
const QUARTILES_TO_SIGMA = 1.349;
/** What lies outside these quantiles does not widen a column. */
const WINSOR = 0.05;
/** A state is scaled by no less than this, so that a rare one does not outweigh the others. */
const LEAST_STATE_DEVIATION = 0.15;
/** A season is believed when it narrows days that it was not fitted to at least this much. */
const SEASON_WORTH = 0.9;
const DAY_MS = 86_400_000;
/** Standardised values are cut here: one wild value must not fill the charts for hours. */
const CUT = 30;

/** Centre and width of each feature, and its course over the day where it has one. */
export interface Standardisation {
  readonly centres: Float64Array;
  readonly deviations: Float64Array;
  readonly profiles: readonly (Profile | undefined)[];
}

/** Fits robustly to the given rows. */
export function fitStandardisation(table: Table, features: readonly Feature[], rows: Int32Array): Standardisation {
  const values = sampleOf(table, features, rows);
  const times = seasonTimes(table, rows);
  const profiles = values.map((of, at) => (features[at]?.condition || !times ? undefined : seasonOf(times, of)));
  const centres = new Float64Array(features.length);
  const deviations = new Float64Array(features.length);
  for (const [at, of] of values.entries()) {
    const profile = profiles[at];
    const rest =
      profile && times ? of.map((value, index) => value - profileAt(profile, times[index] as number, 0)) : of;
    const sorted = rest.filter(Number.isFinite).sort();
    centres[at] = quantileOfSorted(sorted, 0.5);
    deviations[at] = deviationOf(sorted, features[at]?.form === 'indicator');
  }
  return { centres, deviations, profiles };
}

/** Features of one row, standardised in place. */
export function standardise(
  { centres, deviations, profiles }: Standardisation,
  values: Float64Array,
  timeMs: number,
): void {
  for (let at = 0; at < values.length; at++) {
    const profile = profiles[at];
    const expected = profile === undefined || !Number.isFinite(timeMs) ? 0 : profileAt(profile, timeMs, 0);
    const value = ((values[at] as number) - expected - (centres[at] as number)) / (deviations[at] as number);
    values[at] = Math.max(-CUT, Math.min(CUT, value));
  }
}

function sampleOf(table: Table, features: readonly Feature[], rows: Int32Array): Float64Array[] {
  const values = features.map(() => new Float64Array(rows.length));
  const row = new Float64Array(features.length);
  for (const [index, at] of rows.entries()) {
    readFeatures(table, features, at, row);
    for (const [feature, of] of values.entries()) of[index] = row[feature] as number;
  }
  return values;
}

/** Times of the rows where they are of a calendar. */
function seasonTimes({ times, timeFormat }: Table, rows: Int32Array): Float64Array | undefined {
  if (!times || timeFormat === 'number') return undefined;
  return Float64Array.from(rows, (row) => times[row] as number);
}

/** The day's course, if one fitted to every other day narrows the days between. */
function seasonOf(times: Float64Array, values: Float64Array): Profile | undefined {
  if (!spansSeasons(times)) return undefined;
  const isOdd = (at: number) => Math.floor((times[at] as number) / DAY_MS) % 2 === 1;
  const odd = values.map((value, at) => (isOdd(at) ? value : Number.NaN));
  const half = fitDayProfile(times, odd);
  if (!half) return undefined;
  const even = Array.from(values.keys()).filter((at) => !isOdd(at) && Number.isFinite(values[at]));
  const before = robustDeviation(even.map((at) => values[at] as number));
  const after = robustDeviation(even.map((at) => (values[at] as number) - profileAt(half, times[at] as number, 0)));
  return after < SEASON_WORTH * before ? fitDayProfile(times, values) : undefined;
}

function deviationOf(sorted: Float64Array, isState: boolean): number {
  const low = quantileOfSorted(sorted, WINSOR);
  const high = quantileOfSorted(sorted, 1 - WINSOR);
  const quartiles = (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / QUARTILES_TO_SIGMA;
  const winsorised = deviation(sorted.map((value) => Math.min(high, Math.max(low, value))));
  const robust = Math.max(quartiles, winsorised);
  // a column that hardly ever moves has no robust width: its whole width then
  const width = robust > 0 ? robust : deviation(sorted);
  if (isState) return Math.max(LEAST_STATE_DEVIATION, width);
  const least = 1e-9 * Math.max(1, Math.abs(median(sorted)));
  return Math.max(least, width);
}

function deviation(values: Float64Array): number {
  if (values.length === 0) return 1;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
