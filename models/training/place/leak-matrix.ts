import type { Location } from '../../../edge/core/distance.ts';
import type { Gauge } from '../../../edge/core/gauge.ts';
import {
  type Candidate,
  type MatrixSensor,
  type PlaceMatrix,
  packChanges,
} from '../../../edge/detection/place/matrix.ts';

/** A net inflow that rises by less than this with the largest leak is not fed by it, L/s. */
const leastRiseLs = 1;

/** A network that can be let leak, one place at a time. */
export interface LeakingNetwork {
  readonly name: string;
  readonly gauges: readonly Gauge[];
  /** Undefined location where the network is not surveyed. */
  readonly candidates: readonly (Omit<Candidate, 'asset' | 'location'> & { readonly location: Location | undefined })[];
  /** Demand as multiples of its mean, and sizes of leaks, L/s (of gas at normal conditions), growing. */
  readonly loads: readonly number[];
  readonly leaksLs: readonly number[];
  /** Demand moves its pressures by so much within two minutes, kPa. */
  readonly driftKpa: number;
  /** Standard deviation of the changes that it says, as a share of them. */
  readonly modelError: number;
  /**
   * What the gauges show, kPa and L/s; NaN at all of them where the equations do not settle.
   * @param leak index of the candidate that leaks, and of the size
   */
  show(load: number, leak?: { readonly candidate: number; readonly size: number }): Float64Array;
}

/**
 * The sensitivity matrix of a network: every candidate leaks at every size and load, one at a time, and what that
 * changes at the gauges is kept (Pérez et al. 2011, Control Engineering Practice 19: sensitivity to leaks, here not
 * linearised). Candidates at which the equations do not settle are left out.
 */
export function matrixOf(network: LeakingNetwork, onProgress: (share: number) => void): PlaceMatrix {
  const { name, loads, leaksLs, driftKpa, modelError, candidates } = network;
  const byLoad = loads.map((load, at) => changesAt(network, load, (share) => onProgress((at + share) / loads.length)));
  const changes = byLoad.flatMap(({ rows }) => rows);
  const sensors = sensorsOf(network, byLoad[loads.indexOf(1)]?.before ?? network.show(1));
  const settled = [...candidates.keys()].filter((index) =>
    changes.every((row) => (row[index] as Float64Array).every(Number.isFinite)),
  );
  const largest = changes.at(-1) ?? [];
  return {
    ...{ schema: 'lifeline-place/1', network: name, sensors, loads: [...loads], leaksLs: [...leaksLs] },
    ...{ driftKpa, modelError },
    candidates: settled.map((index) => {
      const candidate = candidates[index] as LeakingNetwork['candidates'][number];
      const location = candidate.location ? rounded(candidate.location) : null;
      return { ...candidate, location, asset: assetFed(sensors, largest[index] as Float64Array) };
    }),
    ...packChanges(
      joined(changes.flatMap((row) => settled.map((index) => row[index] as Float64Array))),
      sensors.length,
    ),
  };
}

/** Degrees to a tenth of a metre. */
const rounded = ([longitude, latitude]: Location): [number, number] => [
  Number(longitude.toFixed(6)),
  Number(latitude.toFixed(6)),
];

/** What the gauges show at a load, and one row for each leak with the changes at them for each candidate. */
function changesAt(
  { leaksLs, candidates, show }: LeakingNetwork,
  load: number,
  onProgress: (share: number) => void,
): { readonly before: Float64Array; readonly rows: readonly (readonly Float64Array[])[] } {
  const before = show(load);
  const rows = leaksLs.map((): Float64Array[] => []);
  for (const candidate of candidates.keys()) {
    for (const size of leaksLs.keys()) {
      const after = show(load, { candidate, size });
      rows[size]?.push(after.map((value, sensor) => value - (before[sensor] as number)));
    }
    onProgress((candidate + 1) / candidates.length);
  }
  return { before, rows };
}

function sensorsOf({ gauges }: LeakingNetwork, usual: Float64Array): MatrixSensor[] {
  return gauges.map((gauge, index): MatrixSensor => {
    const { asset, role } = gauge;
    const flow = 'links' in gauge;
    return {
      ...{ asset, role, quantity: flow ? 'flow' : 'pressure', into: flow ? gauge.into : 0 },
      usual: Number((usual[index] as number).toPrecision(5)),
    };
  });
}

/** The asset whose net inflow rises most by the largest leak, when that is most of what its meters see anywhere. */
function assetFed(sensors: readonly MatrixSensor[], change: Float64Array): string | null {
  const rises = new Map<string, number>();
  for (const [index, { asset, into }] of sensors.entries()) {
    rises.set(asset, (rises.get(asset) ?? 0) + into * (change[index] ?? 0));
  }
  const [first, second] = [...rises].sort((a, b) => b[1] - a[1]);
  if (!first || first[1] < leastRiseLs) return null;
  return first[1] > 2 * Math.max(0, second?.[1] ?? 0) ? first[0] : null;
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * width);
  for (const [row, values] of rows.entries()) all.set(values, row * width);
  return all;
}
