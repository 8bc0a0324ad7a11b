import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { type ChartState, stepChart } from '../../edge/detection/charts/cusum.ts';
import { ewmaDeviation, stepEwma } from '../../edge/detection/charts/ewma.ts';
import { cusumLimit, cusumRunLength, ewmaLimit, ewmaRunLength } from '../../edge/detection/charts/run-length.ts';

/** Mean samples until `step` says alarm, over many runs of independent standard normal values. */
function simulated(runs: number, start: () => (value: number) => boolean): number {
  const random = seededRandom(7, 'run length');
  let samples = 0;
  for (let run = 0; run < runs; run++) {
    const step = start();
    do samples++;
    while (!step(random.normal()));
  }
  return samples / runs;
}

describe('run lengths', () => {
  it.each([
    [4, 335],
    [5, 931],
    [8, 18_959],
  ])('of a one-sided CUSUM with k = 0.5 and h = %d are %d samples (published)', (limit, samples) => {
    expect(cusumRunLength(0.5, limit) / samples).toBeCloseTo(1, 1);
  });

  it.each([
    [500, 0.1, 2.815],
    [10_080, 0.1, 3.752],
    [43_200, 0.05, 4.024],
    [43_200, 0.1, 4.124],
  ])('of %d samples need an EWMA with λ = %f and L = %f (published)', (samples, weight, limit) => {
    expect(Math.abs(ewmaLimit(weight, samples) - limit)).toBeLessThan(0.03);
  });

  it('of a CUSUM agree with a simulation of the chart itself', () => {
    const limit = 3;
    const mean = simulated(2000, () => {
      const state: ChartState = { up: 0, down: 0, active: false };
      return (value) => stepChart(state, value, { allowance: 0.5, limit }, 'up') >= 1;
    });
    expect(mean / cusumRunLength(0.5, limit)).toBeGreaterThan(0.93);
    expect(mean / cusumRunLength(0.5, limit)).toBeLessThan(1.07);
  });

  it('of an EWMA agree with a simulation of the chart itself', () => {
    const limit = 2.4;
    const mean = simulated(1500, () => {
      const means = Float64Array.of(0);
      return (value) => {
        stepEwma(means, [value], 0.1);
        return Math.abs(means[0]!) >= limit * ewmaDeviation(0.1);
      };
    });
    expect(mean / ewmaRunLength(0.1, limit)).toBeGreaterThan(0.93);
    expect(mean / ewmaRunLength(0.1, limit)).toBeLessThan(1.07);
  });

  it('and limits are inverse to each other', () => {
    fc.assert(
      fc.property(fc.double({ min: 50, max: 50_000, noNaN: true }), (samples) => {
        expect(cusumRunLength(0.5, cusumLimit(0.5, samples)) / samples).toBeCloseTo(1, 2);
      }),
      { numRuns: 4 },
    );
  });
});
