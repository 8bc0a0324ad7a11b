/** A place on the map, in pixels. */
export interface Spot {
  x: number;
  y: number;
}

/** A rectangle in pixels: left, top, width, height. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Coordinate = readonly [longitude: number, latitude: number];

/** A schematic may stretch one axis against the other to fill its field, but not beyond recognition. */
const maxStretch = 2.2;
const rounds = 40;

/** How coordinates come to lie on a field that shows all of the given ones: north up, fitted. */
export function project(coordinates: readonly Coordinate[], field: Box): (coordinate: Coordinate) => Spot {
  const [south, north] = rangeOf(coordinates, ([, latitude]) => latitude);
  // One scale for all, that of the middle parallel: each point's own would shear the city.
  const shrink = Math.cos(((south + north) * Math.PI) / 360);
  const [west, east] = rangeOf(coordinates, ([longitude]) => longitude * shrink);
  const fitX = field.width / Math.max(east - west, 1e-6);
  const fitY = field.height / Math.max(north - south, 1e-6);
  const perX = Math.min(fitX, fitY * maxStretch);
  const perY = Math.min(fitY, fitX * maxStretch);
  return ([longitude, latitude]) => ({
    x: field.x + field.width / 2 + (longitude * shrink - (west + east) / 2) * perX,
    y: field.y + field.height / 2 - (latitude - (south + north) / 2) * perY,
  });
}

function rangeOf(
  coordinates: readonly Coordinate[],
  of: (coordinate: Coordinate) => number,
): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const coordinate of coordinates) {
    low = Math.min(low, of(coordinate));
    high = Math.max(high, of(coordinate));
  }
  return [low, high];
}

/** The spots pushed apart where they would cover each other, inside the field. */
export function spread(spots: readonly Spot[], field: Box, nearestPx: number): Spot[] {
  const moved = spots.map((spot) => ({ ...spot }));
  for (let round = 0; round < rounds && pushApart(moved, nearestPx); round++) keepInside(moved, field);
  return moved;
}

/** Spots of the given coordinates in a field: north up, fitted, and pushed apart where they would cover each other. */
export const layOut = (coordinates: readonly Coordinate[], field: Box, nearestPx = 25): Spot[] =>
  spread(coordinates.map(project(coordinates, field)), field, nearestPx);

/** Moves each pair that is too near half the missing distance apart; false when none was. */
function pushApart(spots: readonly Spot[], nearestPx: number): boolean {
  let moved = false;
  for (const [at, a] of spots.entries()) {
    for (const b of spots.slice(at + 1)) {
      const [dx, dy] = [b.x - a.x || 0.01, b.y - a.y];
      const distance = Math.hypot(dx, dy);
      if (distance >= nearestPx - 0.5) continue;
      const share = (nearestPx - distance) / 2 / distance;
      a.x -= dx * share;
      a.y -= dy * share;
      b.x += dx * share;
      b.y += dy * share;
      moved = true;
    }
  }
  return moved;
}

function keepInside(spots: readonly Spot[], field: Box): void {
  for (const spot of spots) {
    spot.x = Math.min(Math.max(spot.x, field.x), field.x + field.width);
    spot.y = Math.min(Math.max(spot.y, field.y), field.y + field.height);
  }
}

/** A text to be placed beside its spot; earlier ones are placed first. */
export interface Label {
  readonly spot: Spot;
  readonly width: number;
  /** Distance from the spot's centre that its drawing needs. */
  readonly clearPx: number;
}

export const labelHeightPx = 14;

/** The square around a spot that its drawing takes. */
export const around = ({ x, y }: Spot, radius: number): Box => ({
  x: x - radius,
  y: y - radius,
  width: 2 * radius,
  height: 2 * radius,
});

/** Boxes of the labels that find room beside their spots without covering what is drawn or each other; undefined for the others. */
export function placeLabels(labels: readonly Label[], drawn: readonly Box[], field: Box): (Box | undefined)[] {
  const taken = [...drawn];
  return labels.map((label) => {
    const free = candidates(label).find((box) => contains(field, box) && !taken.some((other) => overlap(box, other)));
    if (free) taken.push(free);
    return free;
  });
}

function candidates({ spot: { x, y }, width, clearPx }: Label): Box[] {
  const height = labelHeightPx;
  const size = { width, height };
  return [
    { x: x + clearPx, y: y - height / 2, ...size },
    { x: x - clearPx - width, y: y - height / 2, ...size },
    { x: x - width / 2, y: y + clearPx - 1, ...size },
    { x: x - width / 2, y: y - clearPx - height + 1, ...size },
  ];
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const contains = (field: Box, box: Box): boolean =>
  box.x >= field.x &&
  box.y >= field.y &&
  box.x + box.width <= field.x + field.width &&
  box.y + box.height <= field.y + field.height;

/** Width of a text at the map's font size, roughly: a CJK sign is a full square, a Latin one about half. */
export const labelWidth = (text: string, fontPx: number): number =>
  [...text].reduce((width, sign) => width + (sign.charCodeAt(0) > 0x2e80 ? fontPx : fontPx * 0.56), 0);

/** The spot nearest within 45° of a direction, for moving by arrow keys; undefined when there is none. */
export function neighbour(spots: readonly Spot[], from: number, dx: number, dy: number): number | undefined {
  const start = spots[from];
  if (!start) return undefined;
  let best: number | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const [at, spot] of spots.entries()) {
    const along = (spot.x - start.x) * dx + (spot.y - start.y) * dy;
    const across = Math.abs((spot.x - start.x) * dy) + Math.abs((spot.y - start.y) * dx);
    const cost = along + 2 * across;
    if (at === from || along < Math.max(across, 1) || cost >= bestCost) continue;
    best = at;
    bestCost = cost;
  }
  return best;
}

/** Directions of the arrow keys, by the name of the key. */
export const arrowKeys: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
