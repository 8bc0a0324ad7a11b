import { expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { Wander } from '../../simulator/city/wander.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 5);
const course = (fromH: number, hours: number, stepH: number, seed = 7) => {
  const wander = new Wander(seededRandom(seed, 'boilers'), 0.5);
  return Array.from({ length: Math.round(hours / stepH) }, (_, at) =>
    wander.at(startMs + (fromH + at * stepH) * hourMs),
  );
};

it('is the same at one moment however old the city is, and in whatever steps it got there', () => {
  const whole = course(0, 400, 0.5);
  const later = course(300, 100, 0.5);
  const slow = course(0, 400, 10);
  for (const [at, value] of later.entries()) expect(value).toBeCloseTo(whole[600 + at] as number, 5);
  for (const [at, value] of slow.entries()) expect(value).toBeCloseTo(whole[20 * at] as number, 5);
});

it('is another in every week, as wide as it is said to be, and goes on from quarter to quarter by 0.9', () => {
  const quarters = course(0, 24 * 700, 0.25);
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const lagged = (lag: number) => meanOf(quarters.slice(lag).map((value, at) => value * (quarters[at] as number)));
  expect(meanOf(quarters)).toBeCloseTo(0, 1);
  expect(Math.sqrt(lagged(0))).toBeCloseTo(0.5, 1);
  expect(lagged(1) / lagged(0)).toBeCloseTo(0.9, 1);
  expect(Math.abs(lagged(7 * 96) / lagged(0))).toBeLessThan(0.1);
});
