import { type WeeklyShift, weekdays } from './roster.ts';

const minutesPerDay = 1_440;
const minutesPerWeek = 7 * minutesPerDay;

/** A stretch of the week that nobody has, or that several shifts have. */
export interface Finding {
  readonly kind: 'gap' | 'overlap';
  /** `mon 08:00`; `to` is the first minute after it. */
  readonly from: string;
  readonly to: string;
}

/** Gaps and overlaps of the shifts of a week, in the order of the week from Monday; a roster without a week has none. */
export function reviewWeek(shifts: readonly WeeklyShift[]): readonly Finding[] {
  if (shifts.length === 0) return [];
  const on = new Uint8Array(minutesPerWeek);
  for (const { days, from, to } of shifts) {
    const [begin, end] = [minuteOf(from), minuteOf(to)];
    const lengthMinutes = end > begin ? end - begin : end + minutesPerDay - begin;
    for (const day of days) {
      const start = mondayFirst(weekdays.indexOf(day)) * minutesPerDay + begin;
      for (let minute = start; minute < start + lengthMinutes; minute++) {
        const at = minute % minutesPerWeek;
        on[at] = Math.min(2, (on[at] ?? 0) + 1);
      }
    }
  }
  return stretches(on);
}

function stretches(on: Uint8Array): readonly Finding[] {
  const found: Finding[] = [];
  let from = 0;
  for (let minute = 1; minute <= minutesPerWeek; minute++) {
    if (minute < minutesPerWeek && on[minute] === on[from]) continue;
    if (on[from] !== 1) found.push({ kind: on[from] === 0 ? 'gap' : 'overlap', from: named(from), to: named(minute) });
    from = minute;
  }
  return found;
}

const mondayFirst = (day: number): number => (day + 6) % 7;
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function named(minute: number): string {
  const day = weekdays[(Math.floor(minute / minutesPerDay) + 1) % 7];
  const within = minute % minutesPerDay;
  return `${day} ${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}
