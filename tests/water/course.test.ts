import { describe, expect, it } from 'vitest';
import { localTime } from '../../simulator/city/local-time.ts';
import type { Weather } from '../../simulator/city/plant.ts';
import { courseAt } from '../../simulator/water/course.ts';
import { type LandUse, landUses } from '../../simulator/water/network.ts';

const weather = { outdoorC: 5 } as Weather;
const hourMs = 3_600_000;
const courseOf = (use: LandUse, timeMs: number) => courseAt(use, { timeMs, dtS: 60, ...localTime(timeMs), weather });
const course = (use: LandUse, local: string) => courseOf(use, Date.parse(`${local}+08:00`));
/** Mean over a local day. */
function mean(use: LandUse, day: string): number {
  const startMs = Date.parse(`${day}T00:00:00+08:00`);
  let sum = 0;
  for (let quarter = 0; quarter < 96; quarter++) sum += courseOf(use, startMs + (quarter / 4) * hourMs);
  return sum / 96;
}

describe('the course of water demand', () => {
  it('has a mean of 1 over an ordinary week, within 2 %', () => {
    for (const use of landUses) {
      const days = [11, 12, 13, 14, 15, 16, 17].map((day) => mean(use, `2026-05-${day}`));
      expect(Math.abs(days.reduce((sum, value) => sum + value, 0) / 7 - 1), use).toBeLessThan(0.02);
    }
  });

  it('treats a public holiday in the middle of a week as a Sunday at every hour', () => {
    for (const use of landUses) {
      for (const hour of ['01', '07', '12', '19', '22']) {
        // Thursday of the National Day's week against a Sunday without a holiday
        const sunday = course(use, `2026-10-18T${hour}:30:00`);
        expect(course(use, `2026-10-01T${hour}:30:00`), `${use} at ${hour}`).toBeCloseTo(sunday, 12);
      }
      expect(mean(use, '2026-10-01')).not.toBeCloseTo(mean(use, '2026-10-15'), 2);
    }
  });

  it('lets works and shops sink in the Spring Festival, and homes not', () => {
    expect(mean('industrial', '2027-02-09')).toBeLessThan(0.65 * mean('industrial', '2027-01-26'));
    expect(mean('commercial', '2027-02-09')).toBeLessThan(0.75 * mean('commercial', '2027-01-26'));
    expect(mean('residential', '2027-02-09')).toBeGreaterThan(mean('residential', '2027-01-26'));
  });

  it('shows the night of the lunar New Year in homes: the dinner, the gala, a town awake at midnight', () => {
    const against = (hour: string, eve: string, usual: string) =>
      course('residential', `2027-${eve}T${hour}`) / course('residential', `2027-${usual}T${hour}`);
    expect(against('15:30:00', '02-05', '02-08')).toBeGreaterThan(1.2);
    expect(against('20:30:00', '02-05', '02-08')).toBeLessThan(0.85);
    expect(against('00:30:00', '02-06', '02-09')).toBeGreaterThan(1.6);
    expect(against('06:00:00', '02-06', '02-09')).toBeCloseTo(1, 12);
  });

  it('goes through holidays, their edges and the festival night without a step', () => {
    for (const [from, days] of [
      ['2027-02-03', 12],
      ['2026-09-29', 11],
    ] as const) {
      const startMs = Date.parse(`${from}T00:00:00+08:00`);
      for (const use of landUses) {
        let largest = 0;
        let last = courseOf(use, startMs);
        for (let second = 60; second <= days * 86_400; second += 60) {
          const next = courseOf(use, startMs + second * 1000);
          largest = Math.max(largest, Math.abs(next - last));
          last = next;
        }
        expect(largest, `${use} from ${from} on, a minute`).toBeLessThan(0.015);
      }
    }
  });
});
