import type { NetworkMap } from '../../../edge/config/networks.ts';
import { earthRadiusM, type Location } from '../../../edge/core/distance.ts';

const radians = Math.PI / 180;

/** A node of a file with its coordinates there, in whatever unit they are; NaN where it has none. */
export interface MappedNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** Where a node is; undefined where it is not on the file's map. */
export type SiteMap = (node: MappedNode) => Location | undefined;

/**
 * Lays a file's map on the ground. Surveyed nodes turn, stretch and move it so that the squares of what is left between
 * them are least (similarity transform; Umeyama 1991, IEEE Transactions on Pattern Analysis and Machine Intelligence 13),
 * on a plane that touches the earth at the first of them.
 */
export function siteMap(map: NetworkMap | undefined, nodes: readonly MappedNode[]): SiteMap {
  if (map === undefined) return () => undefined;
  if (map === 'wgs84') return ({ x, y }) => (isMapped(x, y) ? [x, y] : undefined);
  const [first] = Object.values(map);
  const pairs = nodes.flatMap(({ id, x, y }) => {
    const at = map[id];
    return at && first && isMapped(x, y) ? [{ file: { x, y }, ground: planeOf(first, at) }] : [];
  });
  const [file, ground] = [centreOf(pairs.map((pair) => pair.file)), centreOf(pairs.map((pair) => pair.ground))];
  let [turn, stretch, size] = [0, 0, 0];
  for (const pair of pairs) {
    const [x, y] = [pair.file.x - file.x, pair.file.y - file.y];
    const [east, north] = [pair.ground.x - ground.x, pair.ground.y - ground.y];
    stretch += x * east + y * north;
    turn += x * north - y * east;
    size += x * x + y * y;
  }
  if (!first || size === 0) return () => undefined;
  return ({ x, y }) => {
    if (!isMapped(x, y)) return undefined;
    const [dx, dy] = [(x - file.x) / size, (y - file.y) / size];
    return placeOf(first, { x: ground.x + stretch * dx - turn * dy, y: ground.y + turn * dx + stretch * dy });
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const isMapped = (x: number, y: number) => Number.isFinite(x) && Number.isFinite(y);

const centreOf = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

/** Metres east and north of a place. */
function planeOf(from: Location, [longitude, latitude]: Location): Point {
  return {
    x: (longitude - from[0]) * radians * earthRadiusM * Math.cos(from[1] * radians),
    y: (latitude - from[1]) * radians * earthRadiusM,
  };
}

function placeOf(from: Location, { x, y }: Point): Location {
  const east = x / (radians * earthRadiusM * Math.cos(from[1] * radians));
  return [from[0] + east, from[1] + y / (radians * earthRadiusM)];
}
