import { describe, expect, it } from 'vitest';
import { accumulate } from '../../edge/calculation/accumulate.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { bench } from './fixture.ts';

const hourMs = 3_600_000;

describe('total', () => {
  it('is the integral by trapezoids, whatever the steps', () => {
    const { at } = bench('total([d/a])');
    const flow = (ms: number) => 120 + (ms / hourMs) * 30;
    const random = seededRandom(5);
    let now = 0;
    let last = { value: Number.NaN, quality: -1 };
    while (now < hourMs) {
      last = at(now, [flow(now)]);
      now = Math.min(hourMs, now + random.integer(200, 3900));
    }
    last = at(hourMs, [flow(hourMs)]);
    expect(last.value).toBeCloseTo(135, 9);
    expect(last.quality).toBe(Quality.good);
  });

  it('adds nothing while its input is bad, nor over a pause of the program', () => {
    const { at } = bench('total([d/a])');
    at(0, [3600]);
    expect(at(1000, [3600]).value).toBe(1);
    expect(at(2000, [3600], [Quality.comm])).toEqual({ value: Number.NaN, quality: Quality.comm });
    expect(at(3000, [3600]).value).toBe(1);
    expect(at(4000, [3600]).value).toBe(2);
    expect(at(4000 + 60_000, [3600]).value).toBe(2);
  });

  it('counts per second when told so, and uncertain values too', () => {
    const { at } = bench("total([d/a], 's')");
    at(0, [10]);
    expect(at(1000, [20], [Quality.outOfRange])).toEqual({ value: 15, quality: Quality.outOfRange });
  });
});

describe('running hours and starts', () => {
  it('count the time that the condition held, and its beginnings as far as seen', () => {
    const { at } = bench('runningHours([d/a] == 1) * 3600 + starts([d/a] == 1) * 1000000');
    const seen = [1, 1, 0, 0, 1, 1, 1, 0].map((state, second) => at(second * 1000, [state]).value);
    expect(seen.map((value) => Math.round(value))).toEqual([0, 1, 2, 2, 1_000_002, 1_000_003, 1_000_004, 1_000_005]);
  });

  it('see no start in an outage between two runs', () => {
    const { at } = bench('starts([d/a])');
    at(0, [1]);
    at(1000, [1], [Quality.comm]);
    expect(at(2000, [1]).value).toBe(0);
    at(3000, [0], [Quality.good]);
    expect(at(4000, [1]).value).toBe(1);
  });
});

describe('rate and delta', () => {
  it('are bad at first, uncertain until the window has passed, then exact on a line', () => {
    const { at } = bench("rate([d/a], '1min', 'min')");
    const line = (ms: number) => 7 + (ms / 60_000) * 2.5;
    expect(at(0, [line(0)])).toEqual({ value: Number.NaN, quality: Quality.bad });
    for (let now = 1000; now < 60_000; now += 1000) {
      const { value, quality } = at(now, [line(now)]);
      expect(value).toBeCloseTo(2.5, 9);
      expect(quality).toBe(Quality.uncertain);
    }
    for (let now = 60_000; now < 600_000; now += 1000) {
      const { value, quality } = at(now, [line(now)]);
      expect(value).toBeCloseTo(2.5, 9);
      expect(quality).toBe(Quality.good);
    }
  });

  it('looks back by its window, at least and not much more', () => {
    const { at } = bench("delta([d/a], '10min')");
    for (let now = 0; now <= 3 * hourMs; now += 700) {
      const { value } = at(now, [now / 1000]);
      if (now < 600_000) continue;
      expect(value).toBeGreaterThanOrEqual(600);
      expect(value).toBeLessThanOrEqual(612);
    }
  });

  it('forgets what lies before an outage longer than the window', () => {
    const { at } = bench("delta([d/a], '1min')");
    for (let now = 0; now <= 120_000; now += 1000) at(now, [1]);
    expect(at(121_000, [1], [Quality.stale]).quality).toBe(Quality.stale);
    expect(at(400_000, [50]).quality).toBe(Quality.bad);
    expect(at(401_000, [51])).toEqual({ value: 1, quality: Quality.uncertain });
  });
});

describe('hold', () => {
  it('gives the last value for a while, marked as substituted, then passes on what is wrong', () => {
    const { at } = bench("hold([d/a], '10s') + 1");
    at(0, [5]);
    expect(at(1000, [0], [Quality.comm])).toEqual({ value: 6, quality: Quality.substituted });
    expect(at(10_000, [0], [Quality.comm])).toEqual({ value: 6, quality: Quality.substituted });
    expect(at(10_001, [0], [Quality.comm])).toEqual({ value: Number.NaN, quality: Quality.comm });
    expect(at(11_000, [7])).toEqual({ value: 8, quality: Quality.good });
  });
});

describe('memory', () => {
  it('goes on after a restart: a counter takes its difference in, a total makes nothing up', () => {
    const text = 'counter([d/a], 500) + 1000000 * total([d/b]) + 1000000000 * starts([d/c])';
    const before = bench(text);
    before.at(0, [100, 3600, 0]);
    expect(before.at(1000, [101, 3600, 1]).value).toBe(1_001_000_001);
    const after = bench(text, [], 1_800_000_000_000 + 8 * hourMs);
    after.program.memory.set(before.program.memory);
    after.program.savedAtMs = before.program.savedAtMs;
    // 2,000 counted in 8 hours of absence are possible, at 500 per hour
    expect(after.at(50, [2101, 3600, 1]).value).toBe(1_001_002_001);
    expect(after.at(1050, [2101, 3600, 1]).value).toBe(1_002_002_001);
    expect(after.exchanges).toEqual([]);
  });

  it('tells an exchange with the readings before and after', () => {
    const { at, exchanges } = bench('counter([d/a], 500)');
    at(0, [90_000]);
    at(1000, [40_000]);
    expect(exchanges).toEqual([[90_000, 40_000]]);
  });
});

it('adds a tenth ten million times without losing it to rounding', () => {
  const cells = new Float64Array(2);
  accumulate(cells, 1e9);
  let sum = 0;
  for (let turn = 0; turn < 10_000_000; turn++) sum = accumulate(cells, 0.1);
  expect(Math.abs(sum - 1_001_000_000)).toBeLessThan(1e-6);
});
