import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { localTime } from '../../simulator/city/local-time.ts';
import type { Weather } from '../../simulator/city/plant.ts';
import { Demand } from '../../simulator/gas/demand.ts';

const mild = { outdoorC: 20 } as Weather;

/** Nm³/h of 1,000 households and no boilers from a local time on, every `dtS`, by one draw of chance. */
function cooking(local: string, hours: number, dtS = 300): number[] {
  const demand = new Demand(1000, 0, seededRandom(1, 'demand'));
  const startMs = Date.parse(`${local}+08:00`);
  return Array.from({ length: (hours * 3600) / dtS }, (_, index) => {
    const timeMs = startMs + (index + 1) * dtS * 1000;
    return demand.step({ timeMs, dtS, ...localTime(timeMs), weather: mild });
  });
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Mean between two local hours of a day. */
const between = (day: string, from: string, hours: number) => mean(cooking(`${day}T${from}`, hours));

describe('gas of households', () => {
  it('comes to 0.45 Nm³ a household on a working day, within its wander', () => {
    expect((24 * between('2026-05-12', '00:00:00', 24)) / 1000).toBeCloseTo(0.45, 1);
  });

  it.each([
    ['2026-10-01', 'National Day, a Thursday'],
    ['2026-06-19', 'Dragon Boat, a Friday'],
    ['2026-06-20', 'a Saturday'],
  ])('is a twelfth more on %s (%s) than on a working day, over 1,000 districts', (day) => {
    const noon = (date: string, district: number) => {
      const demand = new Demand(1000, 0, seededRandom(district, 'demand'));
      const timeMs = Date.parse(`${date}T12:00:00+08:00`);
      return demand.step({ timeMs, dtS: 60, ...localTime(timeMs), weather: mild });
    };
    const allNoon = (date: string) => mean(Array.from({ length: 1000 }, (_, district) => noon(date, district)));
    expect(allNoon(day) / allNoon('2026-06-17')).toBeCloseTo(1.08, 2);
  });

  it("rises for the dinner of the New Year's eve, falls during the gala, and boils dumplings at midnight", () => {
    const usual = (from: string, hours: number) => between('2027-02-09', from, hours);
    const eve = (from: string, hours: number) => between('2027-02-05', from, hours);
    expect(eve('14:00:00', 2) / usual('14:00:00', 2)).toBeGreaterThan(1.4);
    expect(eve('20:00:00', 1) / usual('20:00:00', 1)).toBeLessThan(0.95);
    expect(eve('23:30:00', 1) / usual('23:30:00', 1)).toBeGreaterThan(2.5);
  });

  it("changes from day to day without a step: a minute moves it by less than 3 % of the day's mean", () => {
    for (const start of ['2026-06-18T23:00:00', '2026-06-21T23:00:00', '2027-02-04T23:00:00', '2027-02-12T23:00:00']) {
      const values = cooking(start, 2, 60);
      const dayMean = (1000 * 0.45) / 24;
      for (const [index, value] of values.entries()) {
        if (index > 0) expect(Math.abs(value - (values[index - 1] as number)) / dayMean, start).toBeLessThan(0.03);
      }
    }
  });
});
