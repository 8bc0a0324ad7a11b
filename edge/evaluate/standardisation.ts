import { median, quantileOfSorted } from '../detection/order-statistics.ts';
import { DAY_MS, expectedAt, fitSeason, type Season, spansTwice, WEEK_MS } from '../detection/seasonal/season.ts';
import { type Feature, readFeatures } from './features.ts';
import type { Table } from './table.ts';

/** Interquartile range of a normal distribution, in standard deviations. */
const QUARTILES_TO_SIGMA = 1.349;
/** What lies outside these quantiles does not widen a column. */
const WINSOR = 0.05;
/** A state is scaled by no less than this, so that a rare one does not outweigh the others. */
const LEAST_STATE_DEVIATION = 0.15;
/** A season is believed when it narrows periods that it was not fitted to at least this much, the longer one beyond the shorter. */
const SEASON_WORTH = 0.9;
/** How wide a column is with and without its season: free days are two of seven, so the middle half does not show them. */
const SEASON_WIDTH = 0.9;
/** Standardised values are cut here: one wild value must not fill the charts for hours. */
const CUT = 30;

/** Centre and width of each feature, and its course over the day or the week where it has one. */
export interface Standardisation {
  readonly centres: Float64Array;
  readonly deviations: Float64Array;
  readonly seasons: readonly (Season | undefined)[];
}

/** Fits robustly to the given rows. */
export function fitStandardisation(table: Table, features: readonly Feature[], rows: Int32Array): Standardisation {
  const values = sampleOf(table, features, rows);
  const times = seasonTimes(table, rows);
  const seasons = values.map((of, at) => (features[at]?.condition || !times ? undefined : seasonOf(times, of)));
  const centres = new Float64Array(features.length);
  const deviations = new Float64Array(features.length);
  for (const [at, of] of values.entries()) {
    const season = seasons[at];
    const rest = season && times ? withoutSeason(season, times, of) : of;
    const sorted = rest.filter(Number.isFinite).sort();
    centres[at] = quantileOfSorted(sorted, 0.5);
    deviations[at] = deviationOf(sorted, features[at]?.form === 'indicator');
  }
  return { centres, deviations, seasons };
}

/** Features of one row, standardised in place. */
export function standardise(
  { centres, deviations, seasons }: Standardisation,
  values: Float64Array,
  timeMs: number,
): void {
  for (let at = 0; at < values.length; at++) {
    const season = seasons[at];
    const expected = season === undefined || !Number.isFinite(timeMs) ? 0 : expectedAt(season, timeMs);
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

/** The course over the day or the week, whichever narrows most what it was not fitted to; undefined when none does. */
function seasonOf(times: Float64Array, values: Float64Array): Season | undefined {
  let period = 0;
  let width = 1;
  for (const candidate of [DAY_MS, WEEK_MS]) {
    const left = widthLeft(times, values, candidate);
    if (left < SEASON_WORTH * width) [period, width] = [candidate, left];
  }
  return period === 0 ? undefined : fitSeason(times, values, period);
}

/** How wide every other period is without the course of those between, over how wide it was; 1 when that cannot be told. */
function widthLeft(times: Float64Array, values: Float64Array, periodMs: number): number {
  if (!spansTwice(times, periodMs)) return 1;
  const first = times.find(Number.isFinite) ?? 0;
  const isOdd = (at: number) => Math.floor(((times[at] as number) - first) / periodMs) % 2 === 1;
  const odd = fitSeason(
    times,
    values.map((value, at) => (isOdd(at) ? value : Number.NaN)),
    periodMs,
  );
  if (!odd) return 1;
  const even = values.map((value, at) => (isOdd(at) ? Number.NaN : value));
  return widthOf(withoutSeason(odd, times, even)) / widthOf(even) || 1;
}

const withoutSeason = (season: Season, times: Float64Array, values: Float64Array): Float64Array =>
  values.map((value, at) => value - expectedAt(season, times[at] as number));

/** Distance from the middle that nine of ten values keep. */
function widthOf(values: Float64Array): number {
  const known = values.filter(Number.isFinite);
  const middle = median(known);
  return quantileOfSorted(known.map((value) => Math.abs(value - middle)).sort(), SEASON_WIDTH);
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
