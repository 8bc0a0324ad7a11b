import type { Profile } from '../calibration.ts';
import { median } from '../order-statistics.ts';

const DAY_MINUTES = 1440;
/** Bins of the day: an hour each. */
const BINS = 24;
/** A season is not trusted after one repeat. */
const SEASONS = 2;

/** Whether times in ms since epoch span two full days, but for the last hour. */
export function spansSeasons(times: ArrayLike<number>): boolean {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < times.length; at++) {
    const time = times[at] ?? Number.NaN;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return last - first >= (SEASONS - 1 / BINS) * DAY_MINUTES * 60_000;
}

/**
 * Robust course over the day: the median of each hour, the same for working and free days. Undefined unless every hour
 * has values.
 * @param times ms since epoch, local time as if it were UTC; not finite where unknown
 */
export function fitDayProfile(times: ArrayLike<number>, values: ArrayLike<number>): Profile | undefined {
  const bins: number[][] = Array.from({ length: BINS }, () => []);
  for (let at = 0; at < times.length; at++) {
    const time = times[at] ?? Number.NaN;
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(time) || !Number.isFinite(value)) continue;
    const minutes = (((time / 60_000) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
    bins[Math.floor((minutes / DAY_MINUTES) * BINS)]?.push(value);
  }
  if (bins.some((bin) => bin.length === 0)) return undefined;
  const course = bins.map((bin) => median(bin));
  return { working: course, free: course };
}
