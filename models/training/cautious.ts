import type { TagDefinition } from '../../edge/core/tag.ts';
import type { Calibration, ResidualCalibration, TagCalibration } from '../../edge/detection/calibration.ts';

/** How far a calibration of little history is held back; both are design choices, measured (decision 0051). */
interface Caution {
  /** How many times as large as learnt what instruments suffer from must be. */
  readonly tags: number;
  /** How many times as wide as learnt the limits of residuals are. */
  readonly residuals: number;
}

/** Of the first hours, and of the first days. Hours teach nothing but what instruments do. */
export const cautions = {
  'first-hours': { tags: 3, residuals: 1 },
  'first-days': { tags: 1.5, residuals: 2 },
} as const satisfies Readonly<Record<string, Caution>>;

/** However little a tag moved so far, less than this share of its plausible range, or so many of its smallest steps, says nothing. */
const leastShare = 0.05;
const leastQuanta = 4;

/** What is learnt of a tag, to be believed so far only. */
export function cautiousTag(
  found: TagCalibration,
  { low, high, scale, wire }: TagDefinition,
  { tags: factor }: Caution,
): TagCalibration {
  const range = high - low;
  const quantum = wire === undefined || wire.startsWith('float') ? 0 : Math.abs(scale);
  const step = Math.max(leastQuanta * quantum, Number.isFinite(range) ? leastShare * range : 0);
  return { ...found, caution: { factor, step } };
}

type Assets = Calibration['assets'];

/** What is learnt of assets: limits are wider, and what has a course of the day waits until working and free days are known. */
export function cautiousAssets(assets: Assets, caution: Caution): Assets {
  return Object.fromEntries(
    Object.entries(assets).map(([id, { residuals = {}, ...others }]) => {
      const known = Object.entries(residuals).filter(([, { parts }]) => parts.every(({ daily }) => !daily));
      const wider = known.map(([name, residual]) => [name, widened(residual, caution.residuals)] as const);
      return [id, { ...others, residuals: Object.fromEntries(wider) }];
    }),
  );
}

function widened(residual: ResidualCalibration, factor: number): ResidualCalibration {
  const { limit, heldOut, ...others } = residual;
  const rarer = heldOut && { ...heldOut, peaks: heldOut.peaks.map((peak) => peak / factor) };
  return { ...others, limit: factor * limit, ...(rarer ? { heldOut: rarer } : {}) };
}
