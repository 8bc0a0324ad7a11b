import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { Baseline } from '../../edge/evaluate/baseline.ts';
import { evaluate } from '../../edge/evaluate/evaluate.ts';
import { tableOf } from './plant.ts';

const trained = 1500;

/** Flow, pressure, level and pump of a small station, with `off` added to the pressure. */
function stationRows(seed: number, rows: number, off: (row: number) => number): number[][] {
  const random = seededRandom(seed, 'station');
  let demand = 0;
  return Array.from({ length: rows }, (_, row) => {
    demand = 0.98 * demand + 0.2 * random.normal();
    const pump = Math.floor(row / 90) % 2;
    const flow = 20 + 4 * demand + 6 * pump + 0.1 * random.normal();
    const pressure = 8 - 0.2 * flow + 0.6 * pump + 0.02 * random.normal() + off(row);
    return [flow, pressure, 3 + 0.4 * demand + 0.02 * random.normal(), pump];
  });
}

function alarmShare(rows: readonly number[][], from: number): number {
  const { verdicts } = evaluate(tableOf(rows), { train: [0, trained], roles: new Map() });
  let alarms = 0;
  for (let row = from; row < rows.length; row++) alarms += verdicts.alarmAt(row) ? 1 : 0;
  return alarms / (rows.length - from);
}

describe('a fault that lasts', () => {
  it.each([
    ['at once after training', 1520],
    ['later', 3000],
  ])('stays alarmed for three times the length of training, when it comes %s', (_, begin) => {
    for (const seed of [1, 2, 3]) {
      const rows = stationRows(seed, begin + 3 * trained, (row) => (row >= begin ? -1.2 : 0));
      expect(alarmShare(rows, begin + 100)).toBeGreaterThan(0.95);
    }
  });

  it('cannot creep in: a leak that grows over twice the length of training is alarmed in the end', () => {
    for (const seed of [4, 5]) {
      const leak = (row: number) => -1.5 * Math.max(0, Math.min(1, (row - 2000) / (2 * trained)));
      expect(alarmShare(stationRows(seed, 7000, leak), 6000)).toBeGreaterThan(0.9);
    }
  });

  it('is not what a sensor does that drifts by a hundredth of its range', () => {
    for (const seed of [6, 7]) {
      const drift = (row: number) => (0.02 * Math.max(0, row - trained)) / (2 * trained);
      expect(alarmShare(stationRows(seed, 5000, drift), trained)).toBeLessThan(0.02);
    }
  });
});

describe('a baseline', () => {
  it('moves by two deviations in the length of training at most, by three altogether, and leaves the rest', () => {
    const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 200 }), (course, length) => {
        const baseline = new Baseline(1, length);
        const settled = Float64Array.of(0);
        let before = 0;
        for (const value of course) {
          settled[0] = value;
          baseline.settle(settled, true);
          const middle = value - settled[0]!;
          expect(Math.abs(middle)).toBeLessThanOrEqual(3 + 1e-9);
          expect(Math.abs(middle - before)).toBeLessThanOrEqual(2 / length + 1e-9);
          before = middle;
        }
      }),
    );
  });

  it('ends at the middle of a shift within its reach, and passes over what is missing', () => {
    const baseline = new Baseline(2, 100);
    const settled = new Float64Array(2);
    for (let row = 0; row < 2000; row++) {
      settled.set([2, Number.NaN]);
      baseline.settle(settled, true);
    }
    expect(settled[0]).toBeCloseTo(0, 3);
    settled.set([0, 7]);
    baseline.settle(settled, true);
    expect(settled[1]).toBe(7);
  });
});
