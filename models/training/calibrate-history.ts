import type { Asset } from '../../edge/core/asset.ts';
import { type Pack, packAssetOf } from '../../edge/core/pack.ts';
import type { Calibration, TagCalibration } from '../../edge/detection/calibration.ts';
import { boundsOf } from '../../edge/detection/instrument/habits.ts';
import { calibrateRows, taughtClaims } from './calibrate-rows.ts';
import { calibrateSamples, widest } from './calibrate-tags.ts';
import { type AssetRows, type Surroundings, withOthers } from './residuals/rows.ts';
import { type SeenOfTag, SeenTag } from './seen-tag.ts';
import type { StepGrid } from './step-grid.ts';

/** Samples of one window of a tag, windows of a tag, and the gap in poll periods that ends one. */
const windowSamples = 1200;
const mostWindows = 24;
const endingGap = 2.5;
/** Fewer samples say nothing of a tag. */
const leastSamples = 120;

/** What a history says of a claim of an asset, or why nothing. */
export interface ClaimReport {
  readonly asset: string;
  readonly kind: string;
  readonly found: boolean;
  /** Roles that are missing; empty when it is the history that does not tell. */
  readonly missing: readonly string[];
}

/** What a grid of minutes teaches of all assets, and what became of every claim that the packs want. */
export function calibrateGrid(
  assets: readonly Asset[],
  packs: ReadonlyMap<string, Pack>,
  grid: StepGrid,
  columnOf: (tag: number) => number,
  utcOffsetMinutes: number,
): { readonly assets: Calibration['assets']; readonly claims: readonly ClaimReport[] } {
  const found: Calibration['assets'] = {};
  const claims: ClaimReport[] = [];
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const around: Surroundings = {
    assets,
    rowsOf(id) {
      const asset = byId.get(id);
      return asset && rowsOf(asset, grid, columnOf);
    },
  };
  for (const [type, kin] of Map.groupBy(assets, (asset) => asset.type)) {
    const packAsset = packAssetOf(packs, type);
    const wanted = packAsset ? taughtClaims(packAsset) : [];
    if (!packAsset || wanted.length === 0) continue;
    const roles = wanted.flatMap(({ roles: own }) => own);
    const rows = withOthers(
      kin,
      kin.map((asset) => rowsOf(asset, grid, columnOf)),
      ...([roles, around] as const),
    );
    for (const [index, { id }] of kin.entries()) {
      const own = rows[index] as AssetRows;
      const taught = calibrateRows(packAsset, own, utcOffsetMinutes);
      found[id] = taught;
      for (const { name, roles: needed, isIn } of wanted) {
        const missing = needed.filter((role) => !own.columns.has(role));
        claims.push({ asset: id, kind: name, found: isIn(taught), missing });
      }
    }
  }
  return { assets: found, claims };
}

function rowsOf({ roles }: Asset, grid: StepGrid, columnOf: (tag: number) => number): AssetRows {
  const columns = Object.entries(roles).flatMap(([role, tag]) => {
    const column = grid.columns[columnOf(tag)];
    return column ? [[role, column] as const] : [];
  });
  return {
    timesMs: Float64Array.from({ length: grid.steps }, (_, step) => grid.timeMs(step)),
    columns: new Map(columns),
  };
}

/** What tags do from poll to poll, from stretches of their history. */
export class TagWindows {
  private readonly windows = new Map<number, TagCalibration[]>();
  private readonly least: number;

  /** @param least samples of a window, fewer say nothing */
  constructor(least = leastSamples) {
    this.least = least;
  }

  /** Takes a stretch of a tag's good values in order of time: its longest unbroken part, a window of it, counts. */
  take(tag: number, periodMs: number, times: Float64Array, values: Float64Array): void {
    const own = this.windows.get(tag) ?? [];
    if (own.length >= mostWindows) return;
    const [from, to] = longestUnbroken(times, endingGap * periodMs);
    if (to - from < this.least) return;
    const first = from + Math.floor((to - from - Math.min(windowSamples, to - from)) / 2);
    own.push(calibrateSamples([...values.subarray(first, Math.min(to, first + windowSamples))]));
    this.windows.set(tag, own);
  }

  /** The widest of all windows of each tag, with what its steps in `columnOf(tag)` tell, `stepS` seconds each. */
  found(columnOf: (tag: number) => Float32Array | undefined, stepS: number): ReadonlyMap<number, TagCalibration> {
    return new Map(
      [...this.windows].map(([tag, parts]) => {
        const column = columnOf(tag);
        return [tag, column ? { ...widest(parts), ...seenIn(column, stepS) } : widest(parts)];
      }),
    );
  }

  /** Whether the newest window of a tag would have passed what all others of it teach; one window alone proves nothing. */
  holds(tag: number, periodMs: number, cautious: (found: TagCalibration) => TagCalibration): boolean {
    const own = this.windows.get(tag) ?? [];
    const newest = own.at(-1);
    if (!newest || own.length < 2) return false;
    const [stuck, spike] = boundsOf(cautious(widest(own.slice(0, -1))), periodMs);
    const { longestRun, thereAndBack } = newest;
    return longestRun < stuck && thereAndBack <= spike;
  }
}

/** The longest run of times with no gap above `mostMs`, half open. */
function longestUnbroken(times: Float64Array, mostMs: number): readonly [from: number, to: number] {
  let best: readonly [number, number] = [0, 0];
  let from = 0;
  for (let at = 1; at <= times.length; at++) {
    const gap = (times[at] ?? Number.POSITIVE_INFINITY) - (times[at - 1] as number);
    if (gap >= 0 && gap <= mostMs) continue;
    if (at - from > best[1] - best[0]) best = [from, at];
    from = at;
  }
  return best;
}

function seenIn(column: Float32Array, stepS: number): SeenOfTag {
  const seen = new SeenTag(stepS);
  for (const value of column) seen.take(value);
  return seen.found();
}
