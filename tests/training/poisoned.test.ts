import { expect, it } from 'vitest';
import type { PackAsset } from '../../edge/core/pack.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { ExpectedValue } from '../../edge/detection/residual/expected-value.ts';
import { calibrateAsset } from '../../models/training/residuals/calibrate-asset.ts';

const minutes = 14 * 1440;
const noise = 0.1;
/** What is wrong in the poisoned minutes: ten deviations. */
const poison = 10 * noise;
const startMs = Date.UTC(2026, 0, 5);
const pack = {
  detectors: [
    { detector: 'residual', kind: 'worn', options: { residuals: [{ role: 'head', of: ['flow'], moves: 'down' }] } },
  ],
} as unknown as PackAsset;

/** Calibrates a pump on a fortnight, of which `isPoisoned` minutes are wrong. */
function calibrated(isPoisoned: (minute: number) => boolean) {
  const random = seededRandom(35, 'poison');
  const [flow, head] = [new Float32Array(minutes), new Float32Array(minutes)];
  for (let minute = 0; minute < minutes; minute++) {
    const now = 60 + 8 * Math.sin(minute / 229) + 3 * random.normal();
    flow[minute] = now;
    head[minute] = 40 - 0.002 * now ** 2 + noise * random.normal() - (isPoisoned(minute) ? poison : 0);
  }
  const timesMs = Float64Array.from({ length: minutes }, (_, minute) => startMs + minute * 60_000);
  return calibrateAsset(pack, { timesMs, columns: new Map(Object.entries({ flow, head })) }, 480)['worn'];
}

it.each<readonly [how: string, isPoisoned: (minute: number) => boolean]>([
  ['in one piece, in what limits come from', (minute) => minute > 0.9 * minutes && minute <= 0.95 * minutes],
  ['in one piece, in what is fitted', (minute) => minute > 600 && minute <= 600 + 0.05 * minutes],
  ['an hour of each twenty', (minute) => minute % 1200 < 60],
  ['a minute of each twenty', (minute) => minute % 20 === 0],
])('5 % of a history that are wrong by ten deviations, %s, lead no regression astray', (_, isPoisoned) => {
  const chart = calibrated(isPoisoned);
  const [part] = chart?.parts ?? [];
  if (!chart || !part) throw new Error('nothing was calibrated');
  for (const flow of [50, 60, 70]) {
    const expected = new ExpectedValue(part).at([flow], startMs, 480);
    expect(Math.abs(expected - (40 - 0.002 * flow ** 2))).toBeLessThan(2 * noise);
  }
  // twice as much as the poison counts in every minute, and is claimed within half an hour
  const perMinute = Math.min(8, (2 * poison) / part.scale - chart.allowance);
  expect(perMinute).toBeGreaterThan(0);
  expect(chart.limit / perMinute).toBeLessThan(60);
});
