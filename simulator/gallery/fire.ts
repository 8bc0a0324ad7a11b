/** Growth of a cable fire, kW/s² (medium t² fire, NFPA 72 annex B). */
const growthKWS2 = 0.0117;
/** Yields of burning cable jackets per MJ (SFPE handbook, PVC and PE mixed): smoke and CO in mg, oxygen in m³. */
const smokeMgMJ = 4_000;
const coMgMJ = 2_500;
const oxygenM3MJ = 1 / (13.1 * 1.33);
/** The flame dies as oxygen falls from the first to the second volume fraction. */
const flameOxygen = { full: 0.19, none: 0.13 } as const;
/** Share of the heat that reaches the air; the rest goes to walls and cables. */
const convectiveShare = 0.65;

/** What a fire gives to a compartment. */
export interface FireOutput {
  readonly heatW: number;
  readonly smokeMgS: number;
  readonly coMgS: number;
  readonly oxygenM3S: number;
}

/** A t² fire `ageS` seconds old that grows up to `peakKW`, limited by the oxygen of the compartment. */
export function fireOutput(ageS: number, peakKW: number, oxygenFraction: number): FireOutput {
  const air = (oxygenFraction - flameOxygen.none) / (flameOxygen.full - flameOxygen.none);
  const kW = Math.min(peakKW, growthKWS2 * ageS ** 2) * Math.min(1, Math.max(0, air));
  const mJs = kW / 1000;
  return {
    heatW: 1000 * kW * convectiveShare,
    smokeMgS: mJs * smokeMgMJ,
    coMgS: mJs * coMgMJ,
    oxygenM3S: mJs * oxygenM3MJ,
  };
}
