import { describe, expect, it } from 'vitest';
import { guarded } from '../../edge/cli/calibrate/guard.ts';
import type { Calibrated } from '../../edge/cli/calibrate/work.ts';
import type { Calibration, ResidualPart } from '../../edge/detection/calibration.ts';

/** A claim that a value is higher than expected, which is `level` whatever else; deviations of 0.1. */
function calibrationOf(level: number): Calibration {
  const part: ResidualPart = { role: 'value', rate: false, moves: 'up', scale: 0.1, of: [], weights: [level] };
  const residuals = { warm: { parts: [part], allowance: 4, limit: 24 } };
  return {
    ...{ schema: 'lifeline-calibration/1', made: {}, utcOffsetMinutes: 480 },
    ...{ assets: { 'zone-1': { residuals } }, tags: {} },
  };
}
const made = (level: number): Calibrated => ({ calibration: calibrationOf(level), source: '', notes: [], not: [] });
const claimIn = ({ calibration }: Calibrated) => calibration.assets['zone-1']?.residuals?.['warm'];
const codesOf = ({ not }: Calibrated) => not.map(({ error }) => error.code);

describe('a calibration made again', () => {
  it('takes in what moved less than the detector allows, and remembers by how much', () => {
    const taken = guarded(calibrationOf(30), made(30.25), false);
    expect(codesOf(taken)).toEqual([]);
    expect(claimIn(taken)).toMatchObject({ drift: 2.5, parts: [{ weights: [30.25] }] });
  });

  it('refuses what moved further than that, in many small steps too', () => {
    expect(codesOf(guarded(calibrationOf(30), made(30.5), false))).toEqual(['LL-PAST-DRIFT']);
    const first = guarded(calibrationOf(30), made(30.25), false);
    const second = guarded(first.calibration, made(30.5), false);
    expect(second.not).toMatchObject([{ subject: 'zone-1/warm', error: { code: 'LL-PAST-DRIFT' } }]);
    expect(second.not[0]?.error.message).toContain('5.0 deviations since the first calibration, 4.0 are allowed');
    expect(claimIn(second)).toBeUndefined();
  });

  it('forgets of the drift what comes back, and takes in anything the other way', () => {
    const first = guarded(calibrationOf(30), made(30.3), false);
    expect(claimIn(guarded(first.calibration, made(30.2), false))).toMatchObject({ drift: 2 });
    expect(claimIn(guarded(first.calibration, made(20), false))?.drift).toBeUndefined();
  });

  it('takes in everything where drift is accepted, and counts anew from there', () => {
    const taken = guarded(calibrationOf(30), made(35), true);
    expect([codesOf(taken), claimIn(taken)?.drift]).toEqual([[], undefined]);
    expect(codesOf(guarded(taken.calibration, made(35.3), false))).toEqual([]);
  });
});
