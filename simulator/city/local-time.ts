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
}

/** Local time of the city at a moment in ms since epoch. */
export function localTime(timeMs: number): LocalTime {
  const local = new Date(timeMs + offsetMs);
  const monthDay = (local.getUTCMonth() + 1) * 100 + local.getUTCDate();
  return {
    hour: ((((timeMs + offsetMs) % dayMs) + dayMs) % dayMs) / hourMs,
    weekday: local.getUTCDay(),
    heatingSeason: monthDay >= 1020 || monthDay <= 420,
  };
}

/** Place of a moment in its local calendar year, 0..1. */
export function yearFraction(timeMs: number): number {
  const year = new Date(timeMs + offsetMs).getUTCFullYear();
  const start = Date.UTC(year, 0, 1) - offsetMs;
  return (timeMs - start) / (Date.UTC(year + 1, 0, 1) - offsetMs - start);
}
