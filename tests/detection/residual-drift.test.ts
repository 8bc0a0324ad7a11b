import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResidualCalibration, ResidualPart } from '../../edge/detection/calibration.ts';
import { driftBetween } from '../../edge/detection/residual/drift.ts';

const input = { role: 'flow', centre: 50, spread: 10, low: 20, high: 80 };
/** value = level + 0.5 · (flow − 50), as a regression says it. */
const part = (level: number, over: Partial<ResidualPart> = {}): ResidualPart => ({
  ...{ role: 'value', rate: false, moves: 'up', scale: 0.5, of: [input], weights: [level, 5, 0] },
  ...over,
});
const claim = (...parts: ResidualPart[]): ResidualCalibration => ({ parts, allowance: 4, limit: 24 });

describe('what moves between two calibrations', () => {
  it('is counted in deviations of the older one, the way of the claim, wherever the newer one has its centre', () => {
    const centred = (centre: number) => {
      const weights = [30.5 + 0.5 * (centre - 50), 5, 0];
      return claim(part(0, { of: [{ ...input, centre }], weights, scale: 3 }));
    };
    fc.assert(
      fc.property(fc.integer({ min: 15, max: 85 }), (centre) => {
        expect(driftBetween(claim(part(30)), centred(centre))).toBeCloseTo(1, 9);
        expect(driftBetween(claim(part(30, { moves: 'down' })), centred(centre))).toBeCloseTo(-1, 9);
      }),
    );
  });

  it('is a drift both ways where the claim is of either', () => {
    const either = (level: number) => claim(part(level, { moves: 'either' }));
    expect(driftBetween(either(30), either(29))).toBeCloseTo(2, 9);
  });

  it('is none where one of several parts stays at home', () => {
    const pair = (one: number, two: number) => claim(part(one), part(two, { role: 'other' }));
    expect(driftBetween(pair(30, 40), pair(33, 40))).toBe(0);
    expect(driftBetween(pair(30, 40), pair(32, 42))).toBeCloseTo(8 / Math.SQRT2, 9);
  });

  it('is the mean over the hours of a day', () => {
    const daily = { working: [0, 2], free: [9, 9] };
    expect(driftBetween(claim(part(30)), claim(part(30, { daily })))).toBeCloseTo(2, 9);
  });

  it('is unknown where the older one was not trained, or asked for other roles', () => {
    const beyond = claim(part(30, { of: [{ ...input, centre: 87 }] }));
    expect(driftBetween(claim(part(30)), beyond)).toBeUndefined();
    expect(driftBetween(claim(part(30, { rises: 1 })), beyond)).toBeUndefined();
    const other = claim(part(30, { of: [{ ...input, role: 'head' }] }));
    expect(driftBetween(claim(part(30)), other)).toBeUndefined();
    expect(driftBetween(claim(part(30)), claim(part(30), part(30)))).toBeUndefined();
  });
});
