import type { Asset } from '../../edge/core/asset.ts';
import { type Grading, recoverS } from './grading.ts';

/** A stretch of time, ms since epoch. */
type Stretch = readonly [fromMs: number, toMs: number];

/** How long it is while any of them lasts, ms. */
function lengthOf(stretches: readonly Stretch[]): number {
  let length = 0;
  let reachedMs = Number.NEGATIVE_INFINITY;
  for (const [fromMs, toMs] of stretches.toSorted(([a], [b]) => a - b)) {
    length += Math.max(0, toMs - Math.max(fromMs, reachedMs));
    reachedMs = Math.max(reachedMs, toMs);
  }
  return length;
}

/**
 * Share 0..1 of the normal time of assets in which no alarm stands on them: time in which no fault is at work on an asset,
 * nor was within the hour that it may take to recover. Undefined where there is no such time.
 */
export function normalAccuracy(
  assets: readonly Pick<Asset, 'id'>[],
  { happenings, falseAlarms, endMs }: Grading,
  hours: number,
): number | undefined {
  const faults = happenings.filter(({ truth }) => !truth.decoy);
  const alarms = [...happenings.flatMap((graded) => graded.alarms), ...falseAlarms];
  let [normalMs, alarmedMs] = [0, 0];
  for (const { id } of assets) {
    const ill = faults
      .filter(({ truth }) => truth.asset === id || truth.affected.includes(id))
      .map((graded): Stretch => [graded.truth.happening.startMs, Math.min(endMs, graded.endMs + recoverS * 1000)]);
    const alarmed = alarms
      .filter(({ asset }) => asset === id)
      .map(({ raisedMs, clearedMs = endMs }): Stretch => [raisedMs, Math.min(endMs, clearedMs)]);
    const illMs = lengthOf(ill);
    normalMs += hours * 3_600_000 - illMs;
    alarmedMs += lengthOf([...ill, ...alarmed]) - illMs;
  }
  return normalMs > 0 ? 1 - alarmedMs / normalMs : undefined;
}
