/** Depths at which the circle of diameter 1 is tabulated, from empty to full. */
const steps = 256;

/** Wetted area and conveyance A R^(2/3) of a circle of diameter 1 at depth share `x`. */
function circle(x: number): { readonly area: number; readonly conveyance: number } {
  const angle = 2 * Math.acos(1 - 2 * x);
  const area = (angle - Math.sin(angle)) / 8;
  return { area, conveyance: x > 0 ? area * (area / (angle / 2)) ** (2 / 3) : 0 };
}

const areas = new Float64Array(steps + 1);
const conveyances = new Float64Array(steps + 1);
const full = circle(1);
for (let index = 0; index <= steps; index++) {
  const { area, conveyance } = circle(index / steps);
  areas[index] = area;
  // A circle carries some 7 % more just below its crown than full; no real sewer keeps that surface, and without it the
  // conveyance rises with depth throughout.
  conveyances[index] = Math.min(conveyance, full.conveyance);
}

/** Linear in a table over the depth share, constant above full; with its slope. */
function lookUp(table: Float64Array, x: number): readonly [value: number, slope: number] {
  if (x <= 0) return [0, 0];
  if (x >= 1) return [table[steps] as number, 0];
  const place = x * steps;
  const index = Math.floor(place);
  const low = table[index] as number;
  const rise = (table[index + 1] as number) - low;
  return [low + rise * (place - index), rise * steps];
}

/** Wetted area in m² of a pipe at a depth in m, and its change with depth, m²/m; depth above the crown counts as full. */
export function wettedArea(diameterM: number, depthM: number): readonly [areaM2: number, widthM: number] {
  const [area, slope] = lookUp(areas, depthM / diameterM);
  return [area * diameterM ** 2, slope * diameterM];
}

/**
 * Conveyance K in m³/s of Manning's formula Q = K √S (Chow, Open-Channel Hydraulics, 1959, ch. 5: K = A R^(2/3) / n), and
 * its change with depth.
 */
export function conveyance(
  diameterM: number,
  manning: number,
  depthM: number,
): readonly [conveyanceM3S: number, slope: number] {
  const [share, slope] = lookUp(conveyances, depthM / diameterM);
  return [(share * diameterM ** (8 / 3)) / manning, (slope * diameterM ** (5 / 3)) / manning];
}

/** Hydraulic radius in m at a depth in m. */
export function hydraulicRadius(diameterM: number, depthM: number): number {
  const x = Math.min(1, Math.max(1e-6, depthM / diameterM));
  return (circle(x).area * diameterM) / Math.acos(1 - 2 * x);
}
