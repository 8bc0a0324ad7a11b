import type { Calibration } from '../../detection/calibration.ts';
import type { CodedText } from '../train/work.ts';

/** What the calibrating thread tells: how far it is, at last what came of it. */
export type CalibrationNews =
  | { readonly share: number; readonly doing: string }
  | { readonly calibrated: Calibrated }
  | { readonly failed: CodedText };

/** A calibration, and what of it could not be made. */
export interface Calibrated {
  readonly calibration: Calibration;
  readonly source: string;
  readonly notes: readonly string[];
  readonly not: readonly Omission[];
}

/** Something that history did not tell. */
export interface Omission {
  /** Tag, asset, or `asset/kind` of a claim. */
  readonly subject: string;
  readonly error: CodedText;
}
