import { medianOfFinite } from '../../../edge/detection/order-statistics.ts';
import {
  downstreamPrefix,
  feederOf,
  fewestPeers,
  peersPrefix,
  plainRole,
  upstreamPrefix,
} from '../../../edge/detection/role-tags.ts';

/** What an asset's roles were, minute by minute; NaN where nobody knows. */
export interface AssetRows {
  /** ms since epoch, rising. */
  readonly timesMs: Float64Array;
  readonly columns: ReadonlyMap<string, Float32Array>;
}

/** One after another in time. */
export function joinRows(parts: readonly AssetRows[]): AssetRows {
  const length = parts.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
  const timesMs = new Float64Array(length);
  const columns = new Map<string, Float32Array>();
  let at = 0;
  for (const part of parts) {
    timesMs.set(part.timesMs, at);
    for (const [role, values] of part.columns) {
      const column = columns.get(role) ?? new Float32Array(length).fill(Number.NaN);
      columns.set(role, column);
      column.set(values, at);
    }
    at += part.timesMs.length;
  }
  return { timesMs, columns };
}

/** What is fed by what. */
interface Feeding {
  readonly id: string;
  readonly upstreamOf: readonly string[];
}

/** All assets whatever their kind, and what the roles of each were where anybody knows. */
export interface Surroundings {
  readonly assets: readonly Feeding[];
  rowsOf(id: string): Pick<AssetRows, 'columns'> | undefined;
}

/** The rows of assets of one kind with those of others that some roles speak of: medians of peers, what each one feeds and is fed by. */
export function withOthers(
  kin: readonly Feeding[],
  all: readonly AssetRows[],
  roles: Iterable<string>,
  { assets, rowsOf }: Surroundings,
): AssetRows[] {
  const wanted = [...roles];
  return withPeers(all, wanted).map((own, index) => {
    const asset = kin[index] as Feeding;
    const below = all[kin.findIndex(({ id }) => id === asset.upstreamOf[0])];
    const feeder = feederOf(asset, assets);
    const above = feeder && wanted.some((role) => role.startsWith(upstreamPrefix)) ? rowsOf(feeder.id) : undefined;
    const found = wanted.flatMap((role) => {
      const other = role.startsWith(downstreamPrefix) ? below : role.startsWith(upstreamPrefix) ? above : undefined;
      const column = other?.columns.get(plainRole(role));
      return column ? [[role, column] as const] : [];
    });
    return { timesMs: own.timesMs, columns: new Map([...own.columns, ...found]) };
  });
}

/** The same rows with the medians over all assets of a kind, by `peers.<role>`; all have the same times. */
export function withPeers(all: readonly AssetRows[], roles: Iterable<string>): AssetRows[] {
  const medians = new Map<string, Float32Array>();
  for (const role of roles) {
    if (!role.startsWith(peersPrefix)) continue;
    const own = all.flatMap(({ columns }) => columns.get(plainRole(role)) ?? []);
    if (own.length < fewestPeers) continue;
    const row = (_: number, place: number) => medianOfFinite(own.map((column) => column[place] as number));
    medians.set(role, Float32Array.from(own[0] ?? [], row));
  }
  return all.map(({ timesMs, columns }) => ({ timesMs, columns: new Map([...columns, ...medians]) }));
}

/** Changes from row to row; NaN where the row before is not a minute older. */
export function ratesOf(values: Float32Array, timesMs: Float64Array): Float32Array {
  return values.map((value, row) =>
    row > 0 && (timesMs[row] as number) - (timesMs[row - 1] as number) === 60_000
      ? value - (values[row - 1] as number)
      : Number.NaN,
  );
}
