import { District, type DistrictLoad, type Outflow, type Surroundings } from './district.ts';
import { massFlowOf, storedMass } from './gas.ts';
import { type DistrictDesign, gateDesign } from './network.ts';
import { orificeFlow } from './orifice.ts';

/** Set pressure of the stations, gauge Pa (low-pressure class). */
export const stationSetPa = 2_500;
/**
 * Static curve as (P2 / set, opening): droop between 0.95 and 1.02, lock-up at 1.12 (domain reference 1.3: +10..20 %).
 */
const curve = [
  [0.95, 1],
  [1.02, 0.02],
  [1.12, 0],
] as const;
const lagS = 2;
/** Relief valve: opens at 1.18 × set, this area full open at 1.28 × set. */
const relief = { opens: 1.18, full: 1.28, areaMm2: 700 } as const;
/**
 * Slam-shut valve: closes above and below these shares of the set pressure; reset by hand only. After a reset the lower
 * trip is armed once the pressure is back, as a crew holds it open until then.
 */
const slam = { above: 1.3, below: 0.45, armed: 0.8 } as const;
/** Filter pressure loss at full flow and nominal inlet pressure, Pa. */
const filterDropPa = 14_000;
const bisections = 40;
/** Pressures are sought up to this, gauge Pa. */
const highestPa = 2 * stationSetPa;

/** What acts on a station in one step. */
export interface StationInputs {
  /** Absolute inlet pressure, Pa. */
  readonly inletPa: number;
  readonly load: DistrictLoad;
  /** Flow that the damaged seat lets through when the valve is closed, Nm³/h. */
  readonly seatLeakNm3H: number;
  /** Share of the regulator's capacity that ice blocks, 0..1. */
  readonly frozenShare: number;
  /** Pressure loss of the filter in terms of that of a clean one. */
  readonly filterFactor: number;
  readonly around: Surroundings;
}

/** Opening 0..1 of the regulator at an outlet pressure, by its static curve. */
function openingAt(outletGaugePa: number): number {
  const ratio = outletGaugePa / stationSetPa;
  let [fromRatio, fromOpening]: readonly [number, number] = curve[0];
  if (ratio <= fromRatio) return fromOpening;
  for (const [toRatio, toOpening] of curve) {
    if (ratio <= toRatio)
      return fromOpening + ((toOpening - fromOpening) * (ratio - fromRatio)) / (toRatio - fromRatio);
    [fromRatio, fromOpening] = [toRatio, toOpening];
  }
  return 0;
}

/** A district regulator station with its low-pressure district: filter, slam-shut, regulator, relief, meter. */
export class RegulatorStation {
  /** Gauge outlet pressure, Pa. */
  outletPa = stationSetPa;
  /** Through the station's meter, kg/s. */
  flowKgS = 0;
  /** Blown off by the relief valve, kg/s. */
  ventedKgS = 0;
  filterDropPa = 0;
  opening = 0;
  slammed = false;
  outflow: Outflow = { drawnKgS: 0, leakKgS: 0 };
  /** Gauge pressure at the district's far end, Pa. */
  endPa = stationSetPa;
  private armed = true;
  private readonly fullKgS: number;
  private readonly district: District;
  private readonly nominalInletPa: number;

  constructor(design: DistrictDesign, ambientPa: number) {
    this.fullKgS = massFlowOf(design.capacityNm3H);
    this.district = new District(design);
    this.nominalInletPa = ambientPa + gateDesign.setPa;
  }

  /** Closes the slam-shut valve. */
  slamShut(): void {
    this.slammed = true;
  }

  /** The crew's reset: opens the slam-shut valve again. */
  reset(): void {
    if (!this.slammed) return;
    this.slammed = false;
    this.armed = false;
  }

  /** Puts the station at rest for these inputs, as after a long time. */
  balance(inputs: StationInputs): void {
    this.outletPa = this.slammed ? 0 : this.restingPressure(inputs);
    this.step(1e-6, inputs);
  }

  /** Advances by `dtS`: the outlet follows its resting pressure with a lag of 2 s, a closed station empties its mains. */
  step(dtS: number, inputs: StationInputs): void {
    const before = this.outletPa;
    this.outletPa = this.slammed ? this.filled(dtS, 0, inputs) : this.regulated(dtS, inputs);
    this.outflow = this.district.outflow(this.outletPa, inputs.load, inputs.around);
    this.endPa = this.district.endPressure(this.outletPa, this.outflow, inputs.around);
    this.ventedKgS = reliefFlow(this.outletPa, inputs.around);
    const packed = this.packed(this.outletPa, inputs.around) - this.packed(before, inputs.around);
    const leaving = this.outflow.drawnKgS + this.outflow.leakKgS + this.ventedKgS;
    this.flowKgS = this.slammed ? 0 : Math.max(0, leaving + packed / dtS);
    const load = this.flowKgS / this.fullKgS;
    this.filterDropPa = this.filterPaPerFlow2(inputs) * this.flowKgS ** 2;
    const behind = (inputs.inletPa - this.filterDropPa) * (1 - inputs.frozenShare);
    this.opening = this.slammed ? 0 : Math.min(1, (load * (this.nominalInletPa - filterDropPa)) / behind);
    const ratio = this.outletPa / stationSetPa;
    if (ratio > slam.armed) this.armed = true;
    if (ratio > slam.above || (this.armed && ratio < slam.below)) this.slammed = true;
  }

  /** Loss of the filter per square of the flow, Pa/(kg/s)². */
  private filterPaPerFlow2({ filterFactor, inletPa }: StationInputs): number {
    return (filterDropPa * filterFactor * this.nominalInletPa) / inletPa / this.fullKgS ** 2;
  }

  /**
   * Flow at an opening, kg/s: choked, so in proportion to the pressure behind the filter, which falls with the square of
   * the flow: w = a (p − k w²), solved for w.
   */
  private valveFlow(opening: number, inputs: StationInputs): number {
    const a = (this.fullKgS * (1 - inputs.frozenShare) * opening) / (this.nominalInletPa - filterDropPa);
    const k = this.filterPaPerFlow2(inputs);
    return (2 * a * inputs.inletPa) / (1 + Math.sqrt(1 + 4 * a * a * k * inputs.inletPa));
  }

  private leaving(outletPa: number, inputs: StationInputs): number {
    const { drawnKgS, leakKgS } = this.district.outflow(outletPa, inputs.load, inputs.around);
    return drawnKgS + leakKgS + reliefFlow(outletPa, inputs.around);
  }

  /** The pressure at which the valve's flow (choked, so by inlet pressure and opening) equals what leaves. */
  private restingPressure(inputs: StationInputs): number {
    const seat = massFlowOf(inputs.seatLeakNm3H);
    let low = 0;
    let high = highestPa;
    for (let round = 0; round < bisections; round++) {
      const middle = (low + high) / 2;
      const enters = Math.max(seat, this.valveFlow(openingAt(middle), inputs));
      if (enters > this.leaving(middle, inputs)) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  /** Follows the resting pressure with the regulator's lag; beyond lock-up only the seat's leak still fills the mains. */
  private regulated(dtS: number, inputs: StationInputs): number {
    const lagged = this.outletPa + (this.restingPressure(inputs) - this.outletPa) * (1 - Math.exp(-dtS / lagS));
    if (openingAt(lagged) > 0) return lagged;
    return Math.min(lagged, this.filled(dtS, massFlowOf(inputs.seatLeakNm3H), inputs));
  }

  /** Outlet pressure after `dtS` of a fixed inflow, kg/s: implicit step of the mains' mass balance. */
  private filled(dtS: number, inflowKgS: number, inputs: StationInputs): number {
    const held = this.packed(this.outletPa, inputs.around);
    let low = 0;
    let high = highestPa;
    for (let round = 0; round < bisections; round++) {
      const middle = (low + high) / 2;
      const gained = this.packed(middle, inputs.around) - held;
      if (gained < dtS * (inflowKgS - this.leaving(middle, inputs))) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  private packed(outletPa: number, around: Surroundings): number {
    return storedMass(this.district.volumeM3, around.ambientPa + outletPa, around.soilK);
  }
}

/** Flow of the relief valve in kg/s: its area opens linearly over its lift. */
function reliefFlow(outletPa: number, around: Surroundings): number {
  const lift = (outletPa / stationSetPa - relief.opens) / (relief.full - relief.opens);
  if (lift <= 0) return 0;
  return orificeFlow(relief.areaMm2 * Math.min(1, lift), around.ambientPa + outletPa, around.ambientPa, around.soilK);
}
