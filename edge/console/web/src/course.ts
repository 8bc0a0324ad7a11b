import { isBad, isGood } from '../../../core/quality.ts';
import type { HistoryView } from '../../wire.ts';

/** The course of one tag as a chart takes it: times in s since epoch, `null` where there is no good or uncertain value. */
export interface Course {
  readonly times: number[];
  readonly values: (number | null)[];
  readonly quality: number[];
}

/** A stretch in which the values were not to be trusted, in s since epoch. */
export interface Doubt {
  readonly from: number;
  readonly to: number;
  readonly bad: boolean;
}

/** Samples of a measured value farther apart than this many usual distances, and this long, have a hole between them. */
const holeSteps = 12;
const leastHoleMs = 30_000;

/**
 * The course of a stretch of history; a hole in it becomes a `null`, so that no line is drawn across. States have no
 * holes: many sources send them on change only.
 */
export function courseOf(history: HistoryView, isState: boolean): Course {
  const course: Course = { times: [], values: [], quality: [] };
  const hole = isState ? Number.POSITIVE_INFINITY : Math.max(leastHoleMs, holeSteps * usualStep(history.times));
  for (const [at, time] of history.times.entries()) {
    const last = history.times[at - 1];
    if (last !== undefined && time - last > hole) push(course, (last + time) / 2000, null, 129);
    push(course, time / 1000, history.values[at] ?? null, history.quality[at] ?? 0);
  }
  return course;
}

function push(course: Course, time: number, value: number | null, quality: number): void {
  course.times.push(time);
  course.values.push(isBad(quality) || value === null || !Number.isFinite(value) ? null : value);
  course.quality.push(quality);
}

/** Median distance of neighbours, ms. */
function usualStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? Number.POSITIVE_INFINITY;
}

/** Samples closer than this share of the span would not be told apart. */
const leastShare = 1 / 4_000;

/**
 * Appends the newest sample when it is newer than the last, and far enough from it to be seen unless its quality is another,
 * and lets go of what left the span; true when it changed.
 */
export function extendCourse(course: Course, timeMs: number, value: number, quality: number, spanMs: number): boolean {
  const time = timeMs / 1000;
  const last = course.times.at(-1) ?? 0;
  const same = quality === course.quality.at(-1);
  if (time <= last || (same && time - last < (spanMs / 1000) * leastShare)) return false;
  push(course, time, value, quality);
  const oldest = time - spanMs / 1000;
  const kept = course.times.findIndex((candidate) => candidate >= oldest);
  for (const column of [course.times, course.values, course.quality]) column.splice(0, Math.max(0, kept - 1));
  return true;
}

/** The same course at another time. */
export const shifted = ({ times, values, quality }: Course, byMs: number): Course => ({
  ...{ times: times.map((time) => time + byMs / 1000), values, quality },
});

/** Index of the last time (s since epoch) that is not after the given one; -1 when there is none. */
export function placeOf(times: ArrayLike<number>, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The columns of a chart up to `nowMs`: the last trusted value holds until then. */
export function columnsUntil({ times, values }: Course, nowMs: number): [number[], (number | null)[]] {
  const held = values.at(-1) ?? null;
  const now = nowMs / 1000;
  return held === null || now <= (times.at(-1) ?? now)
    ? [times, values]
    : [
        [...times, now],
        [...values, held],
      ];
}

/** Stretches of bad or uncertain quality, each reaching to the next trusted sample. */
export function doubts(course: Course): readonly Doubt[] {
  const found: { from: number; to: number; bad: boolean }[] = [];
  for (const [at, quality] of course.quality.entries()) {
    if (isGood(quality)) continue;
    const from = course.times[at] ?? 0;
    const to = course.times[at + 1] ?? from;
    const last = found.at(-1);
    if (last && last.to === from && last.bad === isBad(quality)) last.to = to;
    else found.push({ from, to, bad: isBad(quality) });
  }
  return found;
}

/** Lowest, mean and highest of the values that there are; undefined when there are none. */
export function summary(course: Course): { low: number; mean: number; high: number } | undefined {
  let [count, total, low, high] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of course.values) {
    if (value === null) continue;
    count++;
    total += value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return count > 0 ? { low, mean: total / count, high } : undefined;
}
