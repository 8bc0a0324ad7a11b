import { median } from '../order-statistics.ts';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;

/** What a value does over a period, again and again: plain data. */
export interface Season {
  readonly periodMs: number;
  /** Median of each hour of the period. */
  readonly course: Float64Array;
  /** Where in their hours the samples stand on average, 0..1: what is read on the hour is not the middle of it. */
  readonly offset: number;
}

/** Whether times in ms span two periods, but for the last hour: a season is not trusted before it came again. */
export function spansTwice(times: ArrayLike<number>, periodMs: number): boolean {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < times.length; at++) {
    const time = times[at] ?? Number.NaN;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return last - first >= 2 * periodMs - HOUR_MS;
}

/**
 * Robust course over the period. Undefined unless every hour has values.
 * @param times ms since epoch, local time as if it were UTC; not finite where unknown
 * @param values NaN where missing
 */
export function fitSeason(times: ArrayLike<number>, values: ArrayLike<number>, periodMs: number): Season | undefined {
  const hours: number[][] = Array.from({ length: periodMs / HOUR_MS }, () => []);
  let [offset, count] = [0, 0];
  for (let at = 0; at < times.length; at++) {
    const hour = hourOf(times[at] ?? Number.NaN, periodMs);
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(hour) || !Number.isFinite(value)) continue;
    hours[Math.floor(hour)]?.push(value);
    offset += hour - Math.floor(hour);
    count++;
  }
  if (hours.some((of) => of.length === 0)) return undefined;
  return { periodMs, course: Float64Array.from(hours, (of) => median(of)), offset: offset / count };
}

/** What the season lets expect at a time, linear between hours; NaN when the time is none. */
export function expectedAt({ periodMs, course, offset }: Season, timeMs: number): number {
  const position = hourOf(timeMs, periodMs) - offset;
  const left = Math.floor(position);
  const share = position - left;
  const at = (hour: number) => course[(hour + course.length) % course.length] as number;
  return at(left) * (1 - share) + at(left + 1) * share;
}

const hourOf = (timeMs: number, periodMs: number): number => (((timeMs % periodMs) + periodMs) % periodMs) / HOUR_MS;
