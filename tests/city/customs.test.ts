import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hoursFromLunarNewYear, type NightCourse, onLunarNewYear, overMidnight } from '../../simulator/city/customs.ts';
import { calendarDay, localTime } from '../../simulator/city/local-time.ts';

const minuteMs = 60_000;
const at = (iso: string) => {
  const timeMs = Date.parse(`${iso}+08:00`);
  return [timeMs, localTime(timeMs).hour] as const;
};

describe('calendarDay', () => {
  it('tells the days beside any moment as it tells today at that hour of those days', () => {
    const moment = fc.integer({ min: Date.UTC(2020, 0, 2), max: Date.UTC(2035, 11, 30) });
    fc.assert(
      fc.property(moment, fc.integer({ min: -2, max: 2 }), (timeMs, daysAfter) => {
        expect(calendarDay(timeMs, daysAfter)).toEqual(calendarDay(timeMs + daysAfter * 86_400_000));
      }),
    );
  });
});

describe('overMidnight', () => {
  const figures = { [-1]: 3, 0: 5, 1: 11 };
  const passed = (hour: number) => overMidnight(hour, (daysAfter) => figures[daysAfter]);

  it("is the day's own figure but for the hour before and after midnight, in which it goes half the way", () => {
    for (const hour of [1, 6, 12, 18, 23]) expect(passed(hour)).toBe(5);
    expect(passed(0)).toBe(4);
    expect(passed(24 - 1e-9)).toBeCloseTo(8, 6);
    expect(passed(0.5)).toBeGreaterThan(passed(0));
    expect(passed(23.5)).toBeLessThan(8);
  });
});

describe('the night of the lunar New Year', () => {
  it('is counted from the midnight after its eve, and known to no other day', () => {
    expect(hoursFromLunarNewYear(...at('2027-02-04T23:59:00'))).toBeUndefined();
    expect(hoursFromLunarNewYear(...at('2027-02-05T00:00:00'))).toBe(-24);
    expect(hoursFromLunarNewYear(...at('2027-02-05T18:00:00'))).toBe(-6);
    expect(hoursFromLunarNewYear(...at('2027-02-06T03:00:00'))).toBe(3);
    expect(hoursFromLunarNewYear(...at('2027-02-07T00:00:00'))).toBeUndefined();
    expect(hoursFromLunarNewYear(...at('2026-10-01T00:00:00'))).toBeUndefined();
  });

  it('multiplies a course by its points and by what lies between, and leaves the rest of the year as it is', () => {
    const course: NightCourse = [
      [-2, 1],
      [0, 3],
      [1, 1],
    ];
    expect(onLunarNewYear(course, ...at('2026-02-16T23:00:00'))).toBe(2);
    expect(onLunarNewYear(course, ...at('2026-02-17T00:00:00'))).toBe(3);
    expect(onLunarNewYear(course, ...at('2026-02-17T00:45:00'))).toBe(1.5);
    let other = 0;
    for (let timeMs = Date.UTC(2026, 0, 1); timeMs < Date.UTC(2027, 0, 1); timeMs += 15 * minuteMs) {
      if (onLunarNewYear(course, timeMs, localTime(timeMs).hour) !== 1) other++;
    }
    // three hours, of which both ends are 1
    expect(other).toBe(11);
  });
});
