import type { PackAsset } from '../../edge/core/pack.ts';
import type { Calibration } from '../../edge/detection/calibration.ts';
import { residualName, rolesOf } from '../../edge/detection/residual/options.ts';
import { plainRole } from '../../edge/detection/role-tags.ts';
import { calibrateNightFlow, nightFlowIn } from './night-flow.ts';
import { calibrateAsset, residualsIn } from './residuals/calibrate-asset.ts';
import type { AssetRows } from './residuals/rows.ts';

/** What minutes of history teach of an asset. */
export type Taught = Pick<Calibration['assets'][string], 'residuals' | 'nightFlow'>;

/** A claim that has to be taught: its name in the calibration, its roles, and whether the calibration has it. */
export interface TaughtClaim {
  readonly name: string;
  readonly roles: readonly string[];
  readonly isIn: (taught: Taught) => boolean;
}

/** All that a pack asks for and the rows of an asset can tell. */
export function calibrateRows(packAsset: PackAsset, rows: AssetRows, utcOffsetMinutes: number): Taught {
  const residuals = calibrateAsset(packAsset, rows, utcOffsetMinutes);
  const nightFlow = calibrateNightFlow(packAsset, rows, utcOffsetMinutes);
  return nightFlow ? { residuals, nightFlow } : { residuals };
}

/** The claims about a kind of asset that have to be taught. */
export function taughtClaims(packAsset: PackAsset): TaughtClaim[] {
  const night = nightFlowIn(packAsset);
  return [
    ...residualsIn(packAsset).map(({ kind, options }): TaughtClaim => {
      const name = residualName(kind, options);
      return { name, roles: rolesOf(options), isIn: ({ residuals }) => residuals?.[name] !== undefined };
    }),
    ...(night
      ? [{ name: night.kind, roles: [night.options.inflow], isIn: (taught: Taught) => taught.nightFlow !== undefined }]
      : []),
  ];
}

/** Every role, of an asset itself or of others, whose minutes teach something of the kind. */
export function taughtRoles(packAsset: PackAsset): ReadonlySet<string> {
  const { outflow } = nightFlowIn(packAsset)?.options ?? {};
  const named = [...taughtClaims(packAsset).flatMap(({ roles }) => roles), ...(outflow === undefined ? [] : [outflow])];
  return new Set(named.map(plainRole));
}
