import { type Holiday, holidayOf } from './holidays.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Harbin keeps UTC+8 all year (Asia/Shanghai), without summer time. */
const offsetMs = 8 * hourMs;

/** What the city's clocks and calendars show. */
export interface LocalTime {
  /** 0 ≤ hour < 24, with fraction. */
  readonly hour: number;
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: number;
  /** Municipal heating is on: 20 October to 20 April, both included (Harbin heating regulation). */
  readonly heatingSeason: boolean;
  readonly holiday: Holiday | undefined;
  /** Monday to Friday without a holiday. */
  readonly workday: boolean;
}

/** Local time of the city at a moment in ms since epoch. */
export function localTime(timeMs: number): LocalTime {
  const local = new Date(timeMs + offsetMs);
  const monthDay = (local.getUTCMonth() + 1) * 100 + local.getUTCDate();
  const weekday = local.getUTCDay();
  const dayUtcMs = Math.floor((timeMs + offsetMs) / dayMs) * dayMs;
  const holiday = holidayAt(dayUtcMs);
  return {
    hour: ((((timeMs + offsetMs) % dayMs) + dayMs) % dayMs) / hourMs,
    weekday,
    heatingSeason: monthDay >= 1020 || monthDay <= 420,
    holiday,
    workday: weekday > 0 && weekday < 6 && holiday === undefined,
  };
}

let heldDayMs = Number.NaN;
let heldHoliday: Holiday | undefined;

/** `holidayOf`, whose last answer is kept, which changes the speed only. */
function holidayAt(dayUtcMs: number): Holiday | undefined {
  if (dayUtcMs !== heldDayMs) {
    heldHoliday = holidayOf(dayUtcMs);
    heldDayMs = dayUtcMs;
  }
  return heldHoliday;
}

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
