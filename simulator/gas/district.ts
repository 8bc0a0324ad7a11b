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

/** What leaves a district's mains at one station outlet pressure, kg/s. */
export interface Outflow {
  /** Drawn by customers. */
  readonly drawnKgS: number;
  /** Lost through a hole. */
  readonly leakKgS: number;
}

/** What a district asks of its mains. */
export interface DistrictLoad {
  /** Consumption at sufficient pressure, kg/s. */
  readonly fullKgS: number;
  /** Hole in one main, mm². */
  readonly holeMm2: number;
}

/** Flow of appliances in kg/s at a gauge pressure, from their flow at sufficient pressure. */
function drawnAt(fullKgS: number, gaugePa: number): number {
  return gaugePa >= appliancePa ? fullKgS : fullKgS * Math.sqrt(Math.max(0, gaugePa) / appliancePa);
}

/**
 * A low-pressure district: equal mains in parallel, each with its customers spread over three pieces. A hole sits at the
 * end of the first piece of one main, whose far end is the monitored one. Steady in every step: its time constant is
 * below a minute (domain reference 1.3).
 */
export class District {
  /** Gas space of the mains, m³. */
  readonly volumeM3: number;
  private readonly mains: number;
  private readonly piece: Pipe;

  constructor(design: DistrictDesign) {
    this.mains = design.mains;
    this.volumeM3 = design.mains * design.mainLengthM * Math.PI * (districtMain.diameterM / 2) ** 2;
    this.piece = { ...districtMain, lengthM: design.mainLengthM / thirds.length };
  }

  /** Customers' draw and leak at a gauge pressure of the station's outlet, Pa. */
  outflow(outletPa: number, load: DistrictLoad, around: Surroundings): Outflow {
    const drawnKgS = drawnAt(load.fullKgS, outletPa);
    if (load.holeMm2 <= 0) return { drawnKgS, leakKgS: 0 };
    const inletPa = around.ambientPa + outletPa;
    const perMain = drawnKgS / this.mains;
    return { drawnKgS, leakKgS: leakAt(load.holeMm2, (leak) => this.after(inletPa, perMain + leak, around), around) };
  }

  /** Gauge pressure at the end of the worst main, Pa. */
  endPressure(outletPa: number, outflow: Outflow, around: Surroundings): number {
    const perMain = outflow.drawnKgS / this.mains;
    let pressure = around.ambientPa + outletPa;
    thirds.forEach((share, index) => {
      pressure = this.after(pressure, perMain * share + (index === 0 ? outflow.leakKgS : 0), around);
    });
    return pressure - around.ambientPa;
  }

  private after(pressurePa: number, flowKgS: number, around: Surroundings): number {
    return Math.max(around.ambientPa, outletPressure(this.piece, pressurePa, flowKgS, around.soilK));
  }
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
