import type { Coordinate, PlantAsset } from '../../city/plant.ts';
import type { SiteLimits } from '../../city/site-limits.ts';
import type { NetworkLayout } from './layout.ts';
import type { MapPoint, NetworkModel, NetworkNode } from './model.ts';

/** Where a network's map is laid: longitude and latitude of its middle, and its longer side, °. */
export interface MapPlace {
  readonly centre: readonly [number, number];
  readonly sideDegrees: number;
}

/** Where the middle of some points of a file's map comes to lie in the city; undefined where none of them is on the map. */
export type Plan = (points: readonly MapPoint[]) => Coordinate | undefined;

/** Stations, tanks and districts as assets; reservoirs are none, their meters belong to what they feed. */
export function networkAssets(layout: NetworkLayout, plan: Plan, { centre }: MapPlace): readonly PlantAsset[] {
  const place = (nodes: readonly NetworkNode[]) => plan(nodes) ?? centre;
  const zoneOf = new Map(
    layout.districts.flatMap(({ id, zone }) => zone.junctions.map(({ index }) => [index, id] as const)),
  );
  const stations = layout.stations.map(({ id, pumps, suction, discharge }): PlantAsset => {
    const name = { zh: `泵站 ${suction.id}`, en: `Pump station ${suction.id}` };
    const fed = new Set(pumps.flatMap(({ to }) => zoneOf.get(to) ?? []));
    return {
      id,
      type: 'water.pump-station',
      name,
      grid: '',
      location: place([suction, discharge]),
      upstreamOf: [...fed],
      limits: {}, // a file says nothing of them
    };
  });
  const tanks = layout.sources.flatMap(({ id, node }): PlantAsset[] => {
    if (node.kind !== 'tank') return [];
    const name = { zh: `水池 ${node.id}`, en: `Tank ${node.id}` };
    const asset = { id, type: 'water.tank', name, grid: '', location: place([node]), upstreamOf: [] };
    return [{ ...asset, limits: tankLimits(node) }];
  });
  const districts = layout.districts.map(({ id, zone }): PlantAsset => {
    const name = { zh: `${id.slice(4)}号分区`, en: `District ${id.slice(4)}` };
    const fed = zone.meters
      .filter(({ link, sign }) => sign === -1 && link.kind !== 'pipe')
      .flatMap(({ link }) => zoneOf.get(link.to) ?? []);
    return {
      id,
      type: 'water.district',
      name,
      grid: '',
      location: place(zone.junctions),
      upstreamOf: [...new Set(fed)],
    };
  });
  return [...stations, ...tanks, ...districts];
}

/** A tank of a file may go up to its highest level and down to its lowest: beyond the one it overflows, near the other it runs dry. */
function tankLimits({ leastM, depthM }: NetworkNode): SiteLimits {
  if (depthM <= leastM) return {};
  const metres = (level: number) => Number(level.toPrecision(4));
  return {
    'level-high': { above: metres(depthM + 0.02 * (depthM - leastM)) },
    'level-low': { below: metres(leastM + 0.05 * (depthM - leastM)) },
  };
}

const isMapped = ({ x, y }: MapPoint) => Number.isFinite(x) && Number.isFinite(y);

/** Lays the file's map, whatever its coordinates are, into the city: its middle on the centre, its longer side as given. */
export function planOf({ nodes }: NetworkModel, { centre, sideDegrees }: MapPlace): Plan {
  const mapped = nodes.filter(isMapped);
  const range = (values: readonly number[]) => {
    const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    return { middle: (low + high) / 2, span: high - low };
  };
  const [east, north] = [range(mapped.map(({ x }) => x)), range(mapped.map(({ y }) => y))];
  const degrees = sideDegrees / Math.max(east.span, north.span, Number.MIN_VALUE);
  return (points) => {
    const known = points.filter(isMapped);
    if (known.length === 0) return undefined;
    const mean = (of: (point: MapPoint) => number) => known.reduce((sum, point) => sum + of(point), 0) / known.length;
    const round = (value: number) => Math.round(value * 1e6) / 1e6;
    const x = centre[0] + (mean((point) => point.x) - east.middle) * degrees;
    return [round(x), round(centre[1] + (mean((point) => point.y) - north.middle) * degrees)];
  };
}

/** Ids of everything that stands downstream of a station or district, itself included. */
export function downstreamOf(assets: readonly PlantAsset[], id: string): readonly string[] {
  const found = new Set([id]);
  for (const at of found) for (const next of assets.find((asset) => asset.id === at)?.upstreamOf ?? []) found.add(next);
  return [...found];
}
