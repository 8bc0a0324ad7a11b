import type { Asset } from '../../core/asset.ts';
import type { Calibration, ResidualCalibration } from '../calibration.ts';
import { chanceOf, fitTailScale } from '../limits/tail-scale.ts';
import { nightRunLength } from '../night-flow/chart.ts';

/** Limits are no narrower than what normal history has shown: the inverse of the margin that calibration leaves above it. */
export const leastTolerance = 2 / 3;
/** Limits that are wider find nothing any more; design choice. */
export const mostTolerance = 4;
/** Fewer held-out peaks have no tail; design choice. */
const leastPeaks = 50;
const daysOfWeek = 7;

/** How often the statistical detectors of an installation raise a false alarm, by the tolerance of their limits. */
export interface AlarmRate {
  /**
   * Expected false alarms per asset-week; never rises with the tolerance.
   * @param tolerance how many times as wide as calibrated all limits are
   */
  at(tolerance: number): number;
  /** The rates that can be asked for: one alarm in all of the held-out time at the least, and with the narrowest limits. */
  readonly least: number;
  readonly most: number;
}

/**
 * The rate that a calibration's held-out time lets expect. Each chart has the peaks of parts of that time, over the limit that
 * its other parts give (cross-conformal, Vovk 2015): what a new part does to a limit that has not seen it. The peaks of all
 * charts make one tail, counted and beyond that generalised Pareto (peaks over threshold, Davison & Smith 1990). Night flows,
 * of which there are too few nights, come by the run length of their charts.
 * @returns undefined where too little has been held out
 */
export function alarmRateOf(calibration: Calibration, assets: readonly Pick<Asset, 'id'>[]): AlarmRate | undefined {
  const known = assets.flatMap(({ id }) => calibration.assets[id] ?? []);
  const charts = known.flatMap(({ residuals }) => Object.values(residuals ?? {}));
  const heldOut = charts.flatMap((chart) => chart.heldOut ?? []);
  const peaks = heldOut.flatMap((held) => held.peaks);
  if (peaks.length < leastPeaks) return undefined;
  const scale = fitTailScale(peaks, false);
  const blocksAWeek = (charts.length / heldOut.length) * sum(heldOut.map(({ blockDays }) => daysOfWeek / blockDays));
  const nights = known.filter(({ nightFlow }) => nightFlow !== undefined).length * daysOfWeek;
  const nightly = (tolerance: number) => (nights === 0 ? 0 : nights / nightRunLength(tolerance));
  const at = (tolerance: number) => (blocksAWeek * chanceOf(scale, tolerance) + nightly(tolerance)) / assets.length;
  const most = at(leastTolerance);
  const least = Math.max(at(mostTolerance), blocksAWeek / peaks.length / assets.length);
  return { at, least: Math.min(least, most), most };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** In how many parts held-out time is looked at. */
const blocks = 7;

/**
 * What a chart did in held-out time, part by part of equal length.
 * @param sums of its rows, in order
 * @param days that they span
 * @param limitOf the limit that a largest sum gives
 */
export function heldOutPeaks(
  sums: Float64Array,
  days: number,
  limitOf: (largest: number) => number,
): NonNullable<ResidualCalibration['heldOut']> {
  const largest = Array.from({ length: blocks }, (_, block) => {
    const edge = (number: number) => Math.round((number * sums.length) / blocks);
    return sums.subarray(edge(block), edge(block + 1)).reduce((most, value) => Math.max(most, value), 0);
  });
  const peaks = largest.map((peak, block) => {
    const others = largest.filter((_, other) => other !== block);
    return Number((peak / limitOf(Math.max(...others))).toPrecision(3));
  });
  return { blockDays: Number((days / blocks).toPrecision(4)), peaks };
}
