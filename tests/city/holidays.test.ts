import { describe, expect, it } from 'vitest';
import { holidayOf } from '../../simulator/city/holidays.ts';
import { localTime } from '../../simulator/city/local-time.ts';

const dayMs = 86_400_000;

describe('holidays', () => {
  it.each([
    ['2027-02-05', 'spring-festival'],
    ['2027-02-06', 'spring-festival'],
    ['2027-02-12', 'spring-festival'],
    ['2027-02-13', undefined],
    ['2027-01-01', 'new-year'],
    ['2026-04-05', 'tomb-sweeping'],
    ['2024-04-04', 'tomb-sweeping'],
    ['2026-06-19', 'dragon-boat'],
    ['2026-09-25', 'mid-autumn'],
    ['2026-10-07', 'national-day'],
    ['2026-10-08', undefined],
    ['2027-07-01', undefined],
  ])('%s: %s', (day, holiday) => {
    expect(holidayOf(Date.parse(`${day}T00:00:00Z`))).toBe(holiday);
  });

  it('of the lunar calendar agree with the calendar of the system within a day', () => {
    const format = new Intl.DateTimeFormat('en-US-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
    const isNear = (timeMs: number, wanted: string) =>
      [-1, 0, 1].some((days) => {
        const parts = format.formatToParts(timeMs + days * dayMs);
        const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value;
        return `${part('month')}/${part('day')}` === wanted;
      });
    for (let time = Date.UTC(2020, 0, 1); time < Date.UTC(2036, 0, 1); time += dayMs) {
      const holiday = holidayOf(time);
      const first = holidayOf(time - dayMs) !== holiday;
      if (holiday === 'spring-festival' && first)
        expect(isNear(time + dayMs, '1/1'), new Date(time).toISOString()).toBe(true);
      if (holiday === 'dragon-boat') expect(isNear(time, '5/5'), new Date(time).toISOString()).toBe(true);
      if (holiday === 'mid-autumn') expect(isNear(time, '8/15'), new Date(time).toISOString()).toBe(true);
    }
  });

  it('are days off, as weekends are, from one local midnight to the next', () => {
    const workdays = (iso: string) => localTime(Date.parse(iso)).workday;
    expect(workdays('2027-02-04T23:59:59+08:00')).toBe(true);
    expect(workdays('2027-02-05T00:00:00+08:00')).toBe(false);
    expect(workdays('2027-02-27T12:00:00+08:00')).toBe(false);
    expect(workdays('2027-02-26T12:00:00+08:00')).toBe(true);
  });
});
