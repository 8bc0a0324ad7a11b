import type { Asset } from '../../core/asset.ts';
import type { LifelineError } from '../../core/errors.ts';
import type { BudgetStatus } from '../../core/watch.ts';
import type { Calibration } from '../calibration.ts';
import { claimOf, type DetectorContext } from '../detector.ts';
import { detectionErrors } from '../errors.ts';
import { whereFallsTo } from '../limits/falling.ts';
import { type AlarmRate, alarmRateOf, leastTolerance, mostTolerance } from './alarm-rate.ts';

const bisections = 16;

/** The narrowest limits that keep to a budget, as a multiple of the calibrated ones. */
export function toleranceFor({ at, least, most }: AlarmRate, budget: number): number {
  const wanted = Math.min(most, Math.max(least, budget));
  if (at(leastTolerance) <= wanted) return leastTolerance;
  return whereFallsTo(at, wanted, leastTolerance, mostTolerance, bisections);
}

/** What the budget of the configuration makes of a calibration. */
export function budgetStatus(
  wanted: number | undefined,
  calibration: Calibration | undefined,
  assets: readonly Pick<Asset, 'id'>[],
): BudgetStatus {
  const rate = calibration && alarmRateOf(calibration, assets);
  const tolerance = rate && wanted !== undefined ? toleranceFor(rate, wanted) : 1;
  return {
    ...{ wanted: wanted ?? null, tolerance, expected: rate?.at(tolerance) ?? null },
    supported: rate ? [rate.least, rate.most] : null,
  };
}

/** What is wrong with a budget that cannot be kept to; undefined when nothing is. */
export function budgetProblem({ wanted, supported }: BudgetStatus): LifelineError | undefined {
  if (wanted === null) return undefined;
  const asked = `keep to ${wanted} false alarms per asset-week`;
  if (!supported) {
    return detectionErrors.create('BUDGET', `${asked}: too little was held out for a tail; limits stay as calibrated`);
  }
  const [least, most] = supported;
  if (wanted >= least && wanted <= most) return undefined;
  const range = `${least.toPrecision(2)} to ${most.toPrecision(2)}`;
  return detectionErrors.create('BUDGET', `${asked}: the calibration supports ${range}; the nearest is kept`);
}

/** By how much people's verdicts have widened the limits of a claim, `asset/kind`; 1 for not at all. */
export type ClaimTolerance = (claim: string) => number;

/** The tolerance of a claim: the budget's and the verdicts' together; none for what concerns safety. */
export const toleranceOf =
  (
    budget: Pick<BudgetStatus, 'tolerance'>,
    judged: ClaimTolerance,
    packAssetOf: DetectorContext['packAssetOf'],
  ): DetectorContext['tolerance'] =>
  (claim) =>
    packAssetOf(claim.asset)?.alarms[claim.kind]?.safety === true ? 1 : budget.tolerance * judged(claimOf(claim));
