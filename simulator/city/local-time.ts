import { type Holiday, holidayOf } from './holidays.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Harbin keeps UTC+8 all year (Asia/Shanghai), without summer time. */
const offsetMs = 8 * hourMs;

/** A day as the calendar shows it. */
export interface CalendarDay {
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: number;
  readonly holiday: Holiday | undefined;
  /** Monday to Friday without a holiday. */
  readonly workday: boolean;
}

/** What the city's clocks and calendars show. */
export interface LocalTime extends CalendarDay {
  /** 0 ≤ hour < 24, with fraction. */
  readonly hour: number;
  /** Municipal heating is on: 20 October to 20 April, both included (Harbin heating regulation). */
  readonly heatingSeason: boolean;
}

/** Local time of the city at a moment in ms since epoch. */
export function localTime(timeMs: number): LocalTime {
  const local = new Date(timeMs + offsetMs);
  const monthDay = (local.getUTCMonth() + 1) * 100 + local.getUTCDate();
  return {
    hour: ((((timeMs + offsetMs) % dayMs) + dayMs) % dayMs) / hourMs,
    heatingSeason: monthDay >= 1020 || monthDay <= 420,
    ...calendarDay(timeMs),
  };
}

/** The local day of a moment in ms since epoch, or the one so many days after it. */
export function calendarDay(timeMs: number, daysAfter = 0): CalendarDay {
  const number = Math.floor((timeMs + offsetMs) / dayMs) + daysAfter;
  // Neighbours never share a place.
  const place = number & 1;
  const known = held[place];
  if (known?.number === number) return known.day;
  const weekday = new Date(number * dayMs).getUTCDay();
  const holiday = holidayOf(number * dayMs);
  const day = { weekday, holiday, workday: weekday > 0 && weekday < 6 && holiday === undefined };
  held[place] = { number, day };
  return day;
}

/** The last days that were asked for, kept for speed only: today and the one beside it. */
const held: { readonly number: number; readonly day: CalendarDay }[] = [];

/** Local seconds since a Monday's midnight long ago (29 December 1969): whole weeks of them end on Monday, 00:00. */
export const localSeconds = (timeMs: number): number => (timeMs + offsetMs + 3 * dayMs) / 1000;

/** Midnight at which the local day of a moment began, ms since epoch, and the day's month, January 1. */
export function dayStart(timeMs: number): { readonly startMs: number; readonly month: number } {
  const startMs = Math.floor((timeMs + offsetMs) / dayMs) * dayMs - offsetMs;
  return { startMs, month: new Date(startMs + offsetMs).getUTCMonth() + 1 };
}

/** Place of a moment in its local calendar year, 0..1. */
export function yearFraction(timeMs: number): number {
  const year = new Date(timeMs + offsetMs).getUTCFullYear();
  const start = Date.UTC(year, 0, 1) - offsetMs;
  return (timeMs - start) / (Date.UTC(year + 1, 0, 1) - offsetMs - start);
}
