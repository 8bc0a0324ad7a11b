import { calendarDay } from './local-time.ts';

const smoothStep = (x: number) => x * x * (3 - 2 * x);

/**
 * A figure of the day at a local hour: from an hour before midnight to an hour after it, it passes over to the next day's,
 * so that nothing jumps (design choice). `of(0)` is today's figure, `of(-1)` and `of(1)` are those of the days beside it.
 */
export function overMidnight(hour: number, of: (daysAfter: -1 | 0 | 1) => number): number {
  const neighbour = of(hour < 12 ? -1 : 1);
  const fromMidnight = Math.min(1, hour < 12 ? hour : 24 - hour);
  return neighbour + (of(0) - neighbour) * (0.5 + 0.5 * smoothStep(fromMidnight));
}

/** Hours from the midnight in which the lunar year begins, −24 ≤ h < 24, at a local hour; undefined on any other day. */
export function hoursFromLunarNewYear(timeMs: number, hour: number): number | undefined {
  const inFestival = (daysAfter: number) => calendarDay(timeMs, daysAfter).holiday === 'spring-festival';
  if (!inFestival(0)) return undefined;
  if (!inFestival(-1)) return hour - 24;
  return inFestival(-2) ? undefined : hour;
}

/** Multiples of a usual course on the night of the lunar New Year, by hours from its midnight, ascending. */
export type NightCourse = readonly (readonly [hours: number, multiple: number])[];

/** The multiple that holds at a moment, linear in between; 1 before the course, after it, and on any other day. */
export function onLunarNewYear(course: NightCourse, timeMs: number, hour: number): number {
  const hours = hoursFromLunarNewYear(timeMs, hour);
  if (hours === undefined) return 1;
  const next = course.findIndex(([at]) => at > hours);
  const [after, before] = [course[next], course[next - 1]];
  if (!after || !before) return 1;
  const share = (hours - before[0]) / (after[0] - before[0]);
  return before[1] + share * (after[1] - before[1]);
}
