import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { type ChartState, stepChart } from '../../edge/detection/charts/cusum.ts';

const chart = { allowance: 0.5, limit: 4 };
const newState = (): ChartState => ({ up: 0, down: 0, active: false });

/** Largest of all sums of neighbouring `residual − allowance` that end at `index`, or 0: what a CUSUM is. */
function bruteForce(residuals: readonly number[], index: number, sign: number): number {
  let largest = 0;
  let sum = 0;
  for (let from = index; from >= 0; from--) {
    sum += sign * (residuals[from] as number) - chart.allowance;
    largest = Math.max(largest, sum);
  }
  return largest;
}

/** Samples until the upper sum of N(shift, 1) passes the limit; mean over runs. */
function meanRunLength(shift: number, runs: number): number {
  const random = seededRandom(7, `run-length/${shift}`);
  let total = 0;
  for (let run = 0; run < runs; run++) {
    const state = newState();
    do total++;
    while (stepChart(state, random.normal() + shift, chart, 'up') < 1);
  }
  return total / runs;
}

describe('the chart', () => {
  it('is the largest sum of neighbouring residuals beyond the allowance, below its cap', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 }), (residuals) => {
        const wide = { allowance: chart.allowance, limit: 100 };
        const state = newState();
        for (const [index, residual] of residuals.entries()) {
          stepChart(state, residual, wide, 'both');
          expect(state.up).toBeCloseTo(bruteForce(residuals, index, 1), 9);
          expect(state.down).toBeCloseTo(bruteForce(residuals, index, -1), 9);
        }
      }),
    );
  });

  it('runs 335 samples between false alarms and 8.4 to a shift of 1 σ, as published for k = 0.5, h = 4', () => {
    // run lengths are nearly exponential: the standard error of the mean is about mean / √runs; four of them
    const runs = 2000;
    expect(Math.abs(meanRunLength(0, runs) - 335)).toBeLessThan((4 * 335) / Math.sqrt(runs));
    expect(Math.abs(meanRunLength(1, runs) - 8.38)).toBeLessThan((4 * 8.38) / Math.sqrt(runs));
  });

  it('watches only the direction it is told to, and comes down in bounded time', () => {
    const down = newState();
    for (let step = 0; step < 1000; step++) expect(stepChart(down, 3, chart, 'down')).toBe(0);
    const up = newState();
    for (let step = 0; step < 1000; step++) stepChart(up, 3, chart, 'up');
    expect(up.active).toBe(true);
    let steps = 0;
    for (; up.active; steps++) stepChart(up, 0, chart, 'up');
    expect(steps).toBeLessThanOrEqual(10);
  });
});
