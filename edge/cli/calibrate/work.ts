import type { ConfiguredNetwork } from '../../config/networks.ts';
import type { LifelineError } from '../../core/errors.ts';
import type { LearningStage } from '../../core/watch.ts';
import type { Calibration } from '../../detection/calibration.ts';
import type { PlaceMatrix } from '../../detection/place/matrix.ts';
import type { CodedText } from '../coded-text.ts';
import type { PastWish } from '../past/wish.ts';

/** Which history, and how far a gateway that learns by itself is; as `lifeline calibrate` learns when left out. */
export interface CalibrationWish extends PastWish {
  readonly stage?: LearningStage;
}

/** What the calibrating thread tells: how far it is, at last what came of it. */
export type CalibrationNews =
  | { readonly share: number; readonly doing: string }
  | { readonly calibrated: Calibrated }
  | { readonly failed: CodedText & Pick<LifelineError, 'told'> };

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

/** What the placing thread is asked, and what it tells: the share 0..1 that is done, at last the matrices. */
export interface PlacingWork {
  readonly networks: readonly ConfiguredNetwork[];
}
export type PlacingNews =
  | { readonly share: number }
  | { readonly placed: readonly Placed[] }
  | { readonly failed: CodedText };

/** The matrix of a network, and the hash of the file that it came from. */
export interface Placed {
  readonly sha256: string;
  readonly matrix: PlaceMatrix;
}
