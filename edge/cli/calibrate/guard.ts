import type { Calibration, ResidualCalibration } from '../../detection/calibration.ts';
import { driftBetween } from '../../detection/residual/drift.ts';
import { codedText } from '../coded-text.ts';
import { pastErrors } from '../past/errors.ts';
import type { Calibrated, Omission } from './work.ts';

/**
 * A calibration made anew, held against the one that is there. A claim whose expectation has moved its own way by more than
 * the allowance of its chart, all calibrations since the first together, stays as it was: what the chart would have charged
 * as a fault must not be learnt as normal, and many small steps are no better than one. `acceptDrift` takes it in and
 * begins to count anew.
 */
export function guarded(before: Calibration | undefined, made: Calibrated, acceptDrift: boolean): Calibrated {
  if (!before) return made;
  const refused: Omission[] = [];
  const assets = Object.entries(made.calibration.assets).map(([id, asset]) => {
    const residuals = Object.entries(asset.residuals ?? {}).flatMap(([name, newer]) => {
      const older = before.assets[id]?.residuals?.[name];
      const drift = older && !acceptDrift ? sinceTheFirst(older, newer) : 0;
      if (!older || drift <= older.allowance) return [[name, { ...newer, ...(drift > 0 ? { drift } : {}) }] as const];
      refused.push(refusal(`${id}/${name}`, drift, older));
      return [];
    });
    return [id, asset.residuals ? { ...asset, residuals: Object.fromEntries(residuals) } : asset] as const;
  });
  return {
    ...{ ...made, not: [...made.not, ...refused] },
    calibration: { ...made.calibration, assets: Object.fromEntries(assets) },
  };
}

/** Ways back count as well; what cannot be compared adds nothing. */
function sinceTheFirst(older: ResidualCalibration, newer: ResidualCalibration): number {
  const drift = (older.drift ?? 0) + (driftBetween(older, newer) ?? 0);
  return Number(Math.max(0, drift).toPrecision(4));
}

function refusal(subject: string, drift: number, { allowance }: ResidualCalibration): Omission {
  const figures = `${drift.toFixed(1)} deviations since the first calibration, ${allowance.toFixed(1)} are allowed`;
  const error = pastErrors.create('DRIFT', `calibrate ${subject}: what is expected moved by ${figures}`);
  return { subject, error: codedText(error) };
}
