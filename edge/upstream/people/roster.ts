/** Days of the week as `Date` counts them. */
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** Who is on duty on some days between two times of the clock on the wall; `to` at or before `from` is on the next day. */
export interface Shift {
  readonly from: string;
  readonly to: string;
  /** In the order in which they are told. */
  readonly people: readonly string[];
}

export interface WeeklyShift extends Shift {
  readonly days: readonly Weekday[];
}

/** A shift on dates (`2027-02-17`), which on them stands in the place of those of the week. */
export interface HolidayShift extends Shift {
  readonly dates: readonly string[];
}

/** Somebody else between two moments (`2026-12-01T08:00`), whatever week and holidays say. */
export interface Override {
  readonly from: string;
  readonly to: string;
  readonly people: readonly string[];
}

export interface Roster {
  readonly timezone: string;
  readonly weekly: readonly WeeklyShift[];
  readonly holidays: readonly HolidayShift[];
  readonly overrides: readonly Override[];
}

const minutesPerDay = 1_440;

/** People on duty at a moment, first to be told first; empty where the roster has nobody. */
export function onDuty(roster: Roster, wallMs: number): readonly string[] {
  const moment = localMoment(roster.timezone, wallMs);
  const instead = roster.overrides.filter(({ from, to }) => from <= moment && moment < to);
  if (instead.length > 0) return peopleOf(instead);
  const date = moment.slice(0, 10);
  const minute = minuteOf(moment.slice(11));
  const before = previousDate(date);
  const running = [...shiftsOn(roster, date).filter((shift) => holds(shift, minute))];
  running.push(...shiftsOn(roster, before).filter((shift) => holds(shift, minute + minutesPerDay)));
  return peopleOf(running);
}

/** Shifts that begin on a date. */
function shiftsOn({ weekly, holidays }: Roster, date: string): readonly Shift[] {
  const holiday = holidays.filter(({ dates }) => dates.includes(date));
  if (holiday.length > 0) return holiday;
  const weekday = weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()];
  return weekly.filter(({ days }) => weekday !== undefined && days.includes(weekday));
}

/** @param minute since midnight of the day on which the shift begins */
function holds({ from, to }: Shift, minute: number): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  return begin <= minute && minute < (end > begin ? end : end + minutesPerDay);
}

const peopleOf = (shifts: readonly { readonly people: readonly string[] }[]): readonly string[] => [
  ...new Set(shifts.flatMap(({ people }) => people)),
];

/** `HH:MM` as minutes since midnight. */
function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function previousDate(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - minutesPerDay * 60_000).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-12-01T08:05` on the clock on the wall there. */
export function localMoment(timeZone: string, wallMs: number): string {
  let format = formats.get(timeZone);
  if (!format) {
    const two = '2-digit';
    format = new Intl.DateTimeFormat('sv-SE', {
      ...{ timeZone, year: 'numeric', month: two, day: two, hour: two, minute: two, hourCycle: 'h23' },
    });
    formats.set(timeZone, format);
  }
  return format.format(wallMs).replace(' ', 'T');
}
