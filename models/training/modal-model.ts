import { modeIn, modeKeyOf, type OperatingModes } from '../../edge/detection/learned/operating-modes.ts';
import { judgeRow, type LinearModel, type LinearVerdict } from './linear-model.ts';

/** A linear model for each operating mode, or a single one for all. Their scores are in one unit: that of the common limit. */
export interface ModalModel {
  /** Undefined where one part is for all. */
  readonly modes: Pick<OperatingModes, 'by' | 'known'> | undefined;
  /** One for each known mode, in their order; all of the same roles and lags. */
  readonly parts: readonly LinearModel[];
}

/** The model of rows that know no modes. */
export const modeless = (part: LinearModel): ModalModel => ({ modes: undefined, parts: [part] });

/**
 * The reference that the ONNX graph is held against: the verdict of the mode's part, nothing at all in a mode never seen,
 * which is for the gateway to call out of model.
 * @param row [width + 2 + states]: values, hour, free day, states
 */
export function judgeModal({ modes, parts }: ModalModel, row: ArrayLike<number>): LinearVerdict {
  const [first] = parts as readonly [LinearModel];
  if (!modes) return judgeRow(first, row);
  const states = Array.from(row).slice(first.origin.length + 2);
  const part = parts[modeIn(modes.known, modeKeyOf(modes.by, states))];
  return part ? judgeRow(part, row) : { t2: 0, spe: 0, score: 0, contributions: new Float64Array(first.roles) };
}
