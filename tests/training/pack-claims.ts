import { loadPacks } from '../../edge/config/packs.ts';
import { type PackAsset, packAssetOf } from '../../edge/core/pack.ts';
import { Departure } from '../../edge/detection/residual/departure.ts';
import { residualName, rolesOf } from '../../edge/detection/residual/options.ts';
import { calibrateAsset, residualsIn } from '../../models/training/residuals/calibrate-asset.ts';
import { cityRows } from '../../models/training/residuals/city-rows.ts';
import { type AssetRows, withOthers } from '../../models/training/residuals/rows.ts';
import type { Happening, PlantAsset } from '../../simulator/city/plant.ts';
import { runHistory } from '../../simulator/exam/history.ts';

const { packs } = await loadPacks('models');
const utcOffsetMinutes = 480;
const minuteS = 60;

/** One utility's quiet days, and what its pack's residuals say of the hours after them. */
export interface Watched {
  /**
   * `asset/kind` of what the residuals claim in `hours` with these happenings.
   * @param afterMinutes minutes from the start of those hours to each happening
   */
  claims(hours: number, ...happenings: readonly Staged[]): Promise<string[]>;
}

/** A happening of that kind; it begins after `afterMinutes` and lasts to the end where nothing else is said. */
export type Staged = Pick<Happening, 'kind' | 'target' | 'magnitude'> & {
  readonly afterMinutes: number;
  readonly lastsMinutes?: number;
};

/** Calibrates a utility's residuals on `days` quiet days before `startMs`, in steps of a minute. */
export async function watch(utility: string, seed: number, startMs: number, days: number): Promise<Watched> {
  const base = { seed, utilities: [utility] };
  const hours = 24 * days;
  const window = { ...base, startMs: startMs - hours * 3_600_000, hours, happenings: [] };
  const { assets: rows } = await cityRows(window, minuteS, () => {});
  let assets: readonly PlantAsset[] = [];
  const record = async (length: number, happenings: readonly Happening[]) => {
    const recorder = new Recorder();
    await runHistory({
      ...{ ...base, startMs, hours: length, stepS: minuteS, happenings },
      onStep(step) {
        assets = step.assets;
        recorder.take(step.timeMs, step.points, step.values);
      },
    });
    return recorder.rows();
  };
  return {
    async claims(length, ...staged) {
      const seen = await record(
        length,
        staged.map(({ afterMinutes, lastsMinutes = 0, ...happening }, index) => ({
          ...{ ...happening, id: `staged-${index}`, startMs: startMs + afterMinutes * 60_000 },
          durationS: lastsMinutes * 60,
        })),
      );
      return [...Map.groupBy(assets, ({ type }) => type)].flatMap(([type, kin]) => {
        const packAsset = packAssetOf(packs, type);
        const known = kin.filter(({ id }) => rows.has(id));
        return packAsset ? claimsOfKind(packAsset, known, assets, rows, seen) : [];
      });
    },
  };
}

class Recorder {
  private readonly times: number[] = [];
  private readonly assets = new Map<string, Map<string, number[]>>();

  take(
    timeMs: number,
    points: readonly { readonly asset?: string; readonly role?: string }[],
    values: Float64Array,
  ): void {
    this.times.push(timeMs);
    for (const [index, { asset, role }] of points.entries()) {
      if (asset === undefined || role === undefined) continue;
      const own = this.assets.get(asset) ?? new Map<string, number[]>();
      this.assets.set(asset, own);
      const column = own.get(role) ?? [];
      own.set(role, column);
      column.push(values[index] as number);
    }
  }

  rows(): ReadonlyMap<string, AssetRows> {
    const timesMs = Float64Array.from(this.times);
    const columnsOf = (own: Map<string, number[]>) =>
      new Map([...own].map(([role, column]) => [role, Float32Array.from(column)]));
    return new Map([...this.assets].map(([id, own]) => [id, { timesMs, columns: columnsOf(own) }]));
  }
}

/** Claims of all assets of one kind, peers' medians included. */
function claimsOfKind(
  packAsset: PackAsset,
  kin: readonly PlantAsset[],
  assets: readonly PlantAsset[],
  history: ReadonlyMap<string, AssetRows>,
  seen: ReadonlyMap<string, AssetRows>,
): string[] {
  const wanted = residualsIn(packAsset);
  const roles = wanted.flatMap(({ options }) => rolesOf(options));
  const of = (all: ReadonlyMap<string, AssetRows>) =>
    withOthers(
      kin,
      kin.map(({ id }) => all.get(id) as AssetRows),
      ...([roles, { assets, rowsOf: (id: string) => all.get(id) }] as const),
    );
  const [before, now] = [of(history), of(seen)];
  return kin.flatMap(({ id }, place) => {
    const calibration = calibrateAsset(packAsset, before[place] as AssetRows, utcOffsetMinutes);
    const rows = now[place] as AssetRows;
    return wanted.flatMap(({ kind, options }) => {
      const { when } = options;
      const chart = calibration[residualName(kind, options)];
      if (!chart) return [];
      const names = [...rows.columns.keys()];
      const departure = new Departure(chart, (role) => names.indexOf(role));
      const valuesAt = (row: number) => Float64Array.from(rows.columns.values(), (column) => column[row] ?? Number.NaN);
      const claimed = [...rows.timesMs.entries()].some(([row, timeMs]) => {
        if (when && rows.columns.get(when.role)?.[row] !== when.equals) return false;
        // the charts look at two windows of means and at nothing else of their keeper
        const means = { values: valuesAt(row), before: valuesAt(row - 1) };
        departure.step(means as unknown as Parameters<typeof departure.step>[0], timeMs, utcOffsetMinutes, 1);
        return departure.state.active;
      });
      return claimed ? [`${id}/${kind}`] : [];
    });
  });
}
