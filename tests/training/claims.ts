import { loadPacks } from '../../edge/config/packs.ts';
import { Departure } from '../../edge/detection/residual/departure.ts';
import { residualName, rolesOf } from '../../edge/detection/residual/options.ts';
import { calibrateAsset, residualsIn } from '../../models/training/residuals/calibrate-asset.ts';
import { cityRows } from '../../models/training/residuals/city-rows.ts';
import { type AssetRows, withOthers } from '../../models/training/residuals/rows.ts';
import { createCity } from '../../simulator/city/city.ts';
import type { Happening } from '../../simulator/city/plant.ts';

const utcOffsetMinutes = 480;
const dayMs = 86_400_000;

/** A utility whose residuals were calibrated on quiet days, and what they claim of other days. */
export interface Watch {
  /** `asset/kind` of what is claimed, in order, within `hours` of the days after the history. */
  claims(hours: number, happenings?: readonly WantedHappening[]): Promise<readonly string[]>;
}

/** What happens, `atH` hours after the history. */
export interface WantedHappening {
  readonly kind: string;
  readonly target: string;
  readonly magnitude: number;
  readonly atH: number;
  readonly hours: number;
}

/** Calibrates the residuals of one kind of asset, such as `lighting.circuit`, on `days` of quiet history. */
export async function watch(type: string, seed: number, start: string, days: number): Promise<Watch> {
  const [utility = '', kind = ''] = type.split('.');
  const { packs } = await loadPacks('models');
  const packAsset = packs.get(utility)?.assets[kind];
  if (!packAsset) throw new Error(`no pack tells of ${type}`);
  const startMs = Date.parse(start);
  const base = { seed, equipment: 'lean', utilities: [utility] } as const;
  const city = await createCity({ ...base, startMs });
  const { assets } = city;
  const kin = assets.filter((asset) => asset.type === type);
  city.dispose();
  const wanted = residualsIn(packAsset);
  const roles = wanted.flatMap(({ options }) => rolesOf(options));
  const rowsOf = async (fromMs: number, hours: number, happenings: readonly Happening[]) => {
    const { assets: rows } = await cityRows({ ...base, startMs: fromMs, hours, happenings }, 60, () => {});
    return withOthers(
      kin,
      kin.flatMap(({ id }) => rows.get(id) ?? []),
      ...([roles, { assets, rowsOf: (id: string) => rows.get(id) }] as const),
    );
  };
  const charts = (await rowsOf(startMs, 24 * days, [])).map((rows) =>
    calibrateAsset(packAsset, rows, utcOffsetMinutes),
  );
  const afterMs = startMs + days * dayMs;
  return {
    async claims(hours, happenings = []) {
      const rows = await rowsOf(
        afterMs,
        hours,
        happenings.map(({ atH, hours: lasting, ...what }, index) => ({
          ...{ ...what, id: `h-${index}`, startMs: afterMs + atH * 3_600_000, durationS: lasting * 3600 },
        })),
      );
      return rows.flatMap((own, place) =>
        wanted.flatMap(({ kind: claimed, options }) => {
          const calibration = charts[place]?.[residualName(claimed, options)];
          return calibration && claimedIn(own, calibration, options.when) ? [`${kin[place]?.id}/${claimed}`] : [];
        }),
      );
    },
  };
}

type Calibration = NonNullable<ReturnType<typeof calibrateAsset>[string]>;

/** Whether a chart passes its limit at any row. */
function claimedIn(
  { timesMs, columns }: AssetRows,
  calibration: Calibration,
  when: { readonly role: string; readonly equals: number } | undefined,
): boolean {
  const roles = [...columns.keys()];
  const at = (row: number) => Float64Array.from(roles, (role) => columns.get(role)?.[row] ?? Number.NaN);
  const departure = new Departure(calibration, (role) => roles.indexOf(role));
  let before = at(0);
  for (const [row, timeMs] of timesMs.entries()) {
    const values = at(row);
    if (!when || columns.get(when.role)?.[row] === when.equals)
      departure.step({ values, before } as Parameters<Departure['step']>[0], timeMs, utcOffsetMinutes, 1);
    if (departure.state.active) return true;
    before = values;
  }
  return false;
}
