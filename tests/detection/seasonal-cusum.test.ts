import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { type ChartState, stepChart } from '../../edge/detection/charts/cusum.ts';
import { bench, calibrationFile } from './plant.ts';

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

describe('the detector', () => {
  const flat = (value: number) => ({ working: Array(48).fill(value), free: Array(48).fill(value) });
  const seasonal = { value: { profile: flat(50), scale: flat(2), ...chart } };
  const start = () =>
    bench({
      roles: ['value'],
      detectors: [{ detector: 'seasonal-cusum', kind: 'drift', options: { role: 'value' } }],
      parts: { calibrationFile: calibrationFile({ assets: { 'a-1': { seasonal } } }) },
    });
  const run = async (plant: ReturnType<typeof start>, seconds: number, value: number, quality?: number) => {
    // a moving last digit, as a live transmitter has
    for (let second = 0; second < seconds; second++) {
      await plant.second({ value: value + (second % 2 === 0 ? 0.01 : -0.01) }, quality);
    }
  };

  it('finds a slow departure from the course, says how far, and lets it go when it is over', async () => {
    const plant = start();
    await run(plant, 600, 50);
    expect(plant.findings).toEqual([]);
    await run(plant, 600, 53);
    const [found, ...more] = plant.findings;
    expect(more).toEqual([]);
    expect(found).toMatchObject({ asset: 'a-1', kind: 'drift', from: 'seasonal-cusum', active: true });
    expect(found?.evidence[0]).toMatchObject({ tag: 'plc/value', expected: 50, unit: 'kPa', windowS: 60 });
    expect(found?.evidence[0]?.observed).toBeCloseTo(53, 1);
    await run(plant, 1200, 50);
    expect(plant.findings.map(({ active }) => active)).toEqual([true, false]);
  });

  it('says nothing of values that nobody may trust', async () => {
    const plant = start();
    await run(plant, 60, 50);
    await run(plant, 1200, 80, Quality.comm);
    expect(plant.findings.filter(({ from }) => from === 'seasonal-cusum')).toEqual([]);
  });

  it('goes on where it was after a restart', async () => {
    const before = start();
    await run(before, 200, 53);
    expect(before.findings).toEqual([]);
    const [after, fresh] = [start(), start()];
    after.detection.restore(JSON.parse(JSON.stringify(before.detection.snapshot())));
    for (const plant of [after, fresh]) await run(plant, 90, 53);
    expect(after.findings).toMatchObject([{ kind: 'drift', active: true }]);
    expect(fresh.findings).toEqual([]);
  });
});
