import { describe, expect, it } from 'vitest';
import { localTime } from '../../simulator/city/local-time.ts';
import { harbinWeather } from '../../simulator/city/weather.ts';

const hourMs = 3_600_000;

/** Hourly figures of one local month, over several seeds. */
function monthOf(month: number, pick: (weather: ReturnType<ReturnType<typeof harbinWeather>>) => number): number[] {
  const values: number[] = [];
  for (let seed = 1; seed <= 12; seed++) {
    const weather = harbinWeather(seed);
    const end = Date.UTC(2026, month + 1, 1) - 8 * hourMs;
    for (let time = Date.UTC(2026, month, 1) - 8 * hourMs; time < end; time += hourMs) values.push(pick(weather(time)));
  }
  return values;
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('weather of Harbin', () => {
  it.each([
    ['January', 0, -17.6],
    ['April', 3, 7.9],
    ['July', 6, 23.4],
    ['October', 9, 6.1],
  ])('has a mean temperature in %s within 1.5 K of the climate normal', (_, month, normalC) => {
    expect(Math.abs(mean(monthOf(month, (weather) => weather.outdoorC)) - normalC)).toBeLessThan(1.5);
  });

  it('reaches the heating design temperature of −24.2 °C in January and stays above −45 °C', () => {
    const coldest = Math.min(...monthOf(0, (weather) => weather.outdoorC));
    expect(coldest).toBeLessThan(-24.2);
    expect(coldest).toBeGreaterThan(-45);
  });

  it('rains in July, 80–250 mm, and not in January, when it snows', () => {
    const rainJulyMm = monthOf(6, (weather) => weather.rainMmH).reduce((sum, rate) => sum + rate, 0) / 12;
    expect(rainJulyMm).toBeGreaterThan(80);
    expect(rainJulyMm).toBeLessThan(250);
    expect(Math.max(...monthOf(0, (weather) => weather.rainMmH * (weather.outdoorC < -1 ? 1 : 0)))).toBe(0);
    expect(Math.max(...monthOf(0, (weather) => weather.snowMmH))).toBeGreaterThan(0);
  });

  it('covers the ground with snow in January, 5–60 mm of water, which the spring takes away', () => {
    const cover = monthOf(0, (weather) => weather.snowCoverMm);
    expect(mean(cover)).toBeGreaterThan(5);
    expect(Math.max(...cover)).toBeLessThan(60);
    const end = Date.UTC(2026, 5, 1);
    for (let seed = 1; seed <= 12; seed++) expect(harbinWeather(seed)(end).snowCoverMm).toBe(0);
  });

  it('melts snow only while it thaws, and lets it lie in a frost', () => {
    const weather = harbinWeather(2);
    let melted = 0;
    for (let day = 0; day < 180; day++) {
      const start = Date.UTC(2026, 10, 1) + day * 24 * hourMs;
      const warmest = Math.max(...[0, 6, 12, 18].map((hour) => weather(start + (hour + 3) * hourMs).outdoorC));
      const lost = weather(start).snowCoverMm - weather(start + 24 * hourMs).snowCoverMm;
      if (warmest < -4) expect(lost).toBeLessThanOrEqual(0.11);
      melted += Math.max(0, lost);
    }
    expect(melted).toBeGreaterThan(10);
  });

  it('sends a cold wave every winter: 8 K colder within a day or 10 K within two (GB/T 21987-2017)', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const weather = harbinWeather(seed);
      const days = Array.from({ length: 181 }, (_, day) => {
        const start = Date.UTC(2026, 9, 1) + day * 24 * hourMs;
        return mean([0, 3, 6, 9, 12, 15, 18, 21].map((hour) => weather(start + hour * hourMs).outdoorC));
      });
      const waves = days.filter(
        (value, day) => day >= 2 && (days[day - 1]! - value >= 8 || days[day - 2]! - value >= 10),
      );
      expect(waves.length, `seed ${seed}`).toBeGreaterThan(0);
    }
  });

  it('keeps every quantity inside its physical range', () => {
    for (const month of [0, 3, 6, 9]) {
      expect(Math.min(...monthOf(month, (weather) => weather.relativeHumidity))).toBeGreaterThan(0);
      expect(Math.max(...monthOf(month, (weather) => weather.relativeHumidity))).toBeLessThan(1);
      expect(Math.max(...monthOf(month, (weather) => weather.solarWM2))).toBeLessThan(1100);
      expect(Math.min(...monthOf(month, (weather) => weather.windMS))).toBeGreaterThan(0);
      expect(Math.max(...monthOf(month, (weather) => weather.windMS))).toBeLessThan(25);
    }
  });

  it('lets the sun rise and set at Harbin within two minutes of the almanac', () => {
    const weather = harbinWeather(1);
    const upAt = (iso: string) => weather(Date.parse(iso)).sunAltitude > (-0.27 * Math.PI) / 180;
    // The upper limb stands on the horizon when the refracted centre is 0.27° below it.
    expect([upAt('2026-12-21T07:09:00+08:00'), upAt('2026-12-21T07:13:00+08:00')]).toEqual([false, true]);
    expect([upAt('2026-12-21T15:49:00+08:00'), upAt('2026-12-21T15:53:00+08:00')]).toEqual([true, false]);
    expect([upAt('2026-06-21T03:41:00+08:00'), upAt('2026-06-21T03:45:00+08:00')]).toEqual([false, true]);
  });

  it('falls from daylight through twilight to night without a jump in illuminance', () => {
    const weather = harbinWeather(1);
    const noon = Date.parse('2026-03-21T12:00:00+08:00');
    let before = weather(noon).lux;
    for (let minute = 1; minute < 12 * 60; minute++) {
      const lux = weather(noon + minute * 60_000).lux;
      expect(Math.abs(Math.log10(lux / before))).toBeLessThan(0.15);
      before = lux;
    }
    expect(before).toBeLessThan(0.01);
  });

  it('changes by less than 0.01 K from one second to the next, across lattice points of its noise too', () => {
    const weather = harbinWeather(3);
    const start = Math.ceil(Date.UTC(2026, 0, 10) / (4.1 * 24 * hourMs)) * 4.1 * 24 * hourMs - 1_800_000;
    for (let second = 0; second < 3600; second++) {
      const time = start + second * 1000;
      expect(Math.abs(weather(time + 1000).outdoorC - weather(time).outdoorC)).toBeLessThan(0.01);
    }
  });

  it('gives the same answer in whatever order times are asked, and another for another seed', () => {
    const times = Array.from({ length: 50 }, (_, index) => Date.UTC(2026, 0, 1) + index * 17 * hourMs);
    const forwards = harbinWeather(5);
    const backwards = harbinWeather(5);
    const expected = times.map((time) => forwards(time));
    expect(
      times
        .toReversed()
        .map((time) => backwards(time))
        .toReversed(),
    ).toEqual(expected);
    expect(harbinWeather(6)(times[9] as number).outdoorC).not.toBe(expected[9]?.outdoorC);
  });
});

describe('local time', () => {
  it('is eight hours ahead of UTC, with weekdays of the local date', () => {
    expect(localTime(Date.parse('2026-11-20T20:30:00Z'))).toMatchObject({
      hour: 4.5,
      weekday: 6,
      heatingSeason: true,
    });
  });

  it.each([
    ['2026-10-19T23:59:59+08:00', false],
    ['2026-10-20T00:00:00+08:00', true],
    ['2026-04-20T23:59:59+08:00', true],
    ['2026-04-21T00:00:00+08:00', false],
  ])('knows whether the heating is on at %s', (iso, on) => {
    expect(localTime(Date.parse(iso)).heatingSeason).toBe(on);
  });
});
