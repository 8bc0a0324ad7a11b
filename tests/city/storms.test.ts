import { describe, expect, it } from 'vitest';
import { chicagoMmH, stormIntensityMmH, summerStorms } from '../../simulator/city/storms.ts';

const minuteMs = 60_000;

describe('a storm', () => {
  it.each([
    [1, 5],
    [1, 30],
    [10, 15],
    [50, 60],
  ])('that comes every %d years has over its worst %d minutes the mean of the formula', (returnYears, minutes) => {
    const storm = { returnYears, minutes: 120, peakShare: 0.4 };
    const from = 0.4 * (120 - minutes);
    const parts = 20_000;
    let mm = 0;
    for (let part = 0; part < parts; part++) mm += chicagoMmH(storm, from + ((part + 0.5) * minutes) / parts) / parts;
    expect(mm / stormIntensityMmH(returnYears, minutes)).toBeCloseTo(1, 3);
  });

  it('rises to its peak and falls from it', () => {
    const storm = { returnYears: 2, minutes: 100, peakShare: 0.4 };
    const course = Array.from({ length: 101 }, (_, minute) => chicagoMmH(storm, minute));
    expect(course.indexOf(Math.max(...course))).toBe(40);
    for (let minute = 1; minute <= 100; minute++) expect(course[minute]! > course[minute - 1]!).toBe(minute <= 40);
    expect([chicagoMmH(storm, -1), chicagoMmH(storm, 101)]).toEqual([0, 0]);
  });
});

describe('storms of summer', () => {
  /** Heaviest rain of each half hour that storms fill, over `years` summers. */
  function halfHours(years: number): number[] {
    const heaviest: number[] = [];
    for (let seed = 1; seed <= years; seed++) {
      const storms = summerStorms(seed);
      let best = 0;
      let wet = false;
      for (let time = Date.UTC(2026, 3, 25); time < Date.UTC(2026, 9, 5); time += 10 * minuteMs) {
        const { rainMmH } = storms(time);
        if (rainMmH > 0) best = Math.max(best, rainMmH);
        else if (wet) heaviest.push(best);
        if (rainMmH === 0) best = 0;
        wet = rainMmH > 0;
      }
    }
    return heaviest;
  }

  it('come some eight times a year, and the yearly one about once a year', () => {
    const years = 40;
    const peaks = halfHours(years);
    expect(peaks.length / years).toBeGreaterThan(6);
    expect(peaks.length / years).toBeLessThan(10);
    const yearly = peaks.filter((peak) => peak > stormIntensityMmH(1, 10));
    expect(yearly.length / years).toBeGreaterThan(0.4);
    expect(yearly.length / years).toBeLessThan(1.6);
  });

  it('come in whatever order they are asked for, and differ by seed', () => {
    const times = Array.from({ length: 400 }, (_, index) => Date.UTC(2026, 6, 1) + index * 73 * minuteMs);
    const forwards = summerStorms(4);
    const backwards = summerStorms(4);
    const expected = times.map((time) => forwards(time));
    expect(times.toReversed().map((time) => backwards(time))).toEqual(expected.toReversed());
    expect(times.map((time) => summerStorms(5)(time))).not.toEqual(expected);
  });

  it('do not come in winter', () => {
    const storms = summerStorms(1);
    for (let time = Date.UTC(2026, 9, 2); time < Date.UTC(2027, 3, 29); time += 30 * minuteMs)
      expect(storms(time)).toEqual({ rainMmH: 0, overcast: 0 });
  });
});
