import { conveyance } from './circular-pipe.ts';

/** A circular sewer between two manholes, or from the last one to the river. */
export interface SewerPipe {
  readonly lengthM: number;
  readonly diameterM: number;
  /** Manning's n, s/m^(1/3). */
  readonly manning: number;
  /** Height of the invert at the upper and at the lower end, m above the datum. */
  readonly upperM: number;
  readonly lowerM: number;
}

/** Flow of a pipe and how it answers to the levels at its ends. */
export interface PipeFlow {
  /** m³/s, positive downhill. */
  flowM3S: number;
  /** Change of the flow with the level at the upper and at the lower end, m²/s. */
  byUpper: number;
  byLower: number;
}

/** Falls below this are taken as laminar, which rounds the square root off at rest, m. */
const smoothFallM = 0.005;

/**
 * Flow of a pipe by Manning's formula with the slope of the water surface (diffusive wave: Bates and De Roo, J. Hydrology
 * 236, 2000; depth of flow is the higher of both levels above the higher invert). Where the water below stands lower than
 * the pipe would carry it away at its own depth, the bed's slope counts (kinematic wave), so that uniform flow is exactly
 * Manning's; higher water below backs it up, drowns it and turns it round.
 * @param openShare conveyance left by what lies in the pipe, 0..1
 */
export function pipeFlow(
  pipe: SewerPipe,
  upperLevelM: number,
  lowerLevelM: number,
  openShare: number,
  into: PipeFlow,
): void {
  const { lengthM, diameterM, manning, upperM, lowerM } = pipe;
  const fromAbove = upperLevelM >= lowerLevelM;
  const depthM = Math.max(upperLevelM, lowerLevelM) - upperM;
  into.flowM3S = 0;
  into.byUpper = 0;
  into.byLower = 0;
  if (depthM <= 0 || openShare <= 0) return;
  const [carried, slope] = conveyance(diameterM, manning, depthM);
  const ownDepthM = Math.min(diameterM, Math.max(0, upperLevelM - upperM));
  const freeM = lowerM + ownDepthM;
  const backed = lowerLevelM > freeM;
  const fallM = upperLevelM - (backed ? lowerLevelM : freeM);
  const fallByUpper = backed || ownDepthM === 0 || ownDepthM === diameterM ? 1 : 0;
  const rounded = fallM ** 2 + smoothFallM ** 2;
  const root = fallM / rounded ** 0.25;
  const rootByFall = (0.5 * fallM ** 2 + smoothFallM ** 2) / rounded ** 1.25;
  const factor = openShare / Math.sqrt(lengthM);
  into.flowM3S = factor * carried * root;
  into.byUpper = factor * ((fromAbove ? slope * root : 0) + carried * rootByFall * fallByUpper);
  into.byLower = factor * ((fromAbove ? 0 : slope * root) - (backed ? carried * rootByFall : 0));
}
