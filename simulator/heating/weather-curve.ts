/** Outdoor design temperature of Harbin, °C (GB 50736). */
export const designOutdoorC = -24.2;
/** Design temperatures of secondary supply and return and of the rooms, °C. */
export const designSupplyC = 75;
export const designReturnC = 50;
export const designRoomC = 20;
/** Exponent of a radiator's heat over its excess temperature. */
export const radiatorExponent = 1.3;

/** Supply and return, °C. */
export interface Temperatures {
  readonly supplyC: number;
  readonly returnC: number;
}

/**
 * Weather compensation by quality regulation (domain reference 1.2): q = (tn − tw)/(tn − twd),
 * supply/return = tn + 0.5 (ts' + tr' − 2 tn) q^(1/1.3) ± 0.5 (ts' − tr') q, for 75/50 °C and rooms of 20 °C.
 */
export function qualityRegulation(outdoorC: number): Temperatures {
  const q = Math.max(0, (designRoomC - outdoorC) / (designRoomC - designOutdoorC));
  const mean = designRoomC + 0.5 * (designSupplyC + designReturnC - 2 * designRoomC) * q ** (1 / radiatorExponent);
  const half = 0.5 * (designSupplyC - designReturnC) * q;
  return { supplyC: mean + half, returnC: mean - half };
}

/** Points of a curve, warmest outdoor temperature first: [outdoor °C, supply °C]. */
export type Curve = readonly (readonly [number, number])[];

/** Value of a curve of points, straight between them and held beyond the ends, as controllers do. */
export function onCurve(curve: Curve, outdoorC: number): number {
  let [warmC, warmSupply] = curve[0] ?? [0, 0];
  if (outdoorC >= warmC) return warmSupply;
  for (const [coldC, coldSupply] of curve) {
    if (outdoorC >= coldC) return coldSupply + ((outdoorC - coldC) / (warmC - coldC)) * (warmSupply - coldSupply);
    [warmC, warmSupply] = [coldC, coldSupply];
  }
  return warmSupply;
}

/** The six curve points that a substation's controller ships with, closer where the regulation bends more. */
export const secondaryCurve: Curve = [10, 5, -2, -10, -20, -30].map((outdoorC) => [
  outdoorC,
  qualityRegulation(outdoorC).supplyC,
]);

/** Supply temperature of the plant by its dispatcher's table: 115/55 °C at design, never below 70 °C in the season. */
export const primaryCurve: Curve = [
  [8, 70],
  [0, 80],
  [-8, 91],
  [-16, 103],
  [-24.2, 115],
  [-30, 120],
];
