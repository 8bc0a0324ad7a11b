import { massFlowOf } from './gas.ts';
import { type DistrictDesign, districtMain } from './network.ts';
import { orificeFlow } from './orifice.ts';
import { outletPressure, type Pipe } from './pipe-flow.ts';

/** Appliances keep their flow down to 0.75 of their 2.0 kPa nominal pressure (GB 50028), below it they follow √p. */
const appliancePa = 0.75 * 2_000;
/** Share of a main's draw that passes each third of it, when customers are spread evenly. */
const thirds = [1, 2 / 3, 1 / 3] as const;
const bisections = 40;

/** Conditions around a district's pipes. */
export interface Surroundings {
  readonly ambientPa: number;
  readonly soilK: number;
}

/** Steady state of a low-pressure district at one station outlet pressure. */
export interface DistrictState {
  /** Drawn by customers, kg/s. */
  readonly drawnKgS: number;
  /** Lost through a hole, kg/s. */
  readonly leakKgS: number;
  /** Gauge pressure at the end of the worst main, Pa. */
  readonly endPa: number;
}

/** Flow of appliances in kg/s at a gauge pressure, from their flow at sufficient pressure. */
function drawnAt(fullKgS: number, gaugePa: number): number {
  return gaugePa >= appliancePa ? fullKgS : fullKgS * Math.sqrt(Math.max(0, gaugePa) / appliancePa);
}

/**
 * Low-pressure district: equal mains in parallel, each with its customers spread over three pieces. A hole sits at the end
 * of the first piece of one main, whose far end is the monitored one. Steady in every step: its time constant is below
 * a minute (domain reference 1.3).
 */
export function solveDistrict(
  design: DistrictDesign,
  outletGaugePa: number,
  fullFlowNm3H: number,
  holeMm2: number,
  around: Surroundings,
): DistrictState {
  const drawnKgS = drawnAt(massFlowOf(fullFlowNm3H), outletGaugePa);
  const inletPa = around.ambientPa + outletGaugePa;
  const piece: Pipe = { ...districtMain, lengthM: design.mainLengthM / thirds.length };
  const perMain = drawnKgS / design.mains;
  const after = (pressurePa: number, flow: number) =>
    Math.max(around.ambientPa, outletPressure(piece, pressurePa, flow, around.soilK));
  const leakKgS = leakAt(holeMm2, (leak) => after(inletPa, perMain + leak), around);
  let pressure = after(inletPa, perMain + leakKgS);
  for (const share of thirds.slice(1)) pressure = after(pressure, perMain * share);
  return { drawnKgS, leakKgS, endPa: pressure - around.ambientPa };
}

/** The leak that agrees with the pressure it leaves at the hole, by bisection (outflow falls as the leak grows). */
function leakAt(holeMm2: number, pressureWith: (leakKgS: number) => number, around: Surroundings): number {
  if (holeMm2 <= 0) return 0;
  let low = 0;
  let high = orificeFlow(holeMm2, pressureWith(0), around.ambientPa, around.soilK);
  for (let round = 0; round < bisections; round++) {
    const middle = (low + high) / 2;
    const flows = orificeFlow(holeMm2, pressureWith(middle), around.ambientPa, around.soilK);
    if (flows > middle) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Gas that a district's mains hold per pascal, kg/Pa, at soil temperature. */
export function districtVolumeM3(design: DistrictDesign): number {
  return design.mains * design.mainLengthM * Math.PI * (districtMain.diameterM / 2) ** 2;
}
