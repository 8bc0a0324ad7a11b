import type { Weather } from '../city/plant.ts';

/** Air that holes in the cover let through, m³/h: in calm, per m/s of wind, per root kelvin that the sewer is warmer. */
const calmM3H = 4;
const windM3HMS = 2;
const chimneyM3HK = 2;
/** An open shaft breathes this much more. */
const openFactor = 25;
/** Wet concrete takes up hydrogen sulphide, 1/h. */
const wallUptakeH = 5;
/** Of the sulphide that leaves the water, this share reaches the air of the manhole; the rest is oxidised. */
const emittedShare = 0.25;
/** Methane from deposits, m³/h at 15 °C, more by 7 % for each kelvin. */
const depositsM3H = 0.004;
/** Lower explosive limit of methane, volume share (GB/T 50493-2019, appendix). */
const lowerExplosiveLimit = 0.05;

/** What goes into the air of a manhole. */
export interface HeadspaceInputs {
  readonly airM3: number;
  /** Sulphide that leaves the water, mg/s. */
  readonly sulphideMgS: number;
  /** Gas that comes through the ground, m³/h. */
  readonly gasM3H: number;
  readonly waterC: number;
  readonly coverOpen: boolean;
  readonly weather: Weather;
}

/**
 * Air of a manhole as one mixed volume; what would travel along the sewer is left out. V dC/dt = source − exchange · C,
 * exact over a step. All factors without a source are design choices.
 */
export class Headspace {
  /** Methane, volume share; hydrogen sulphide, mg/m³; temperature, °C. */
  methane = 0;
  h2sMgM3 = 0;
  airC = 8;

  /** Methane as a share of the lower explosive limit, %. */
  get lel(): number {
    return (100 * this.methane) / lowerExplosiveLimit;
  }

  step(dtS: number, inputs: HeadspaceInputs): void {
    const { airM3, weather, waterC } = inputs;
    const ventM3H = this.ventilationM3H(inputs);
    const gasM3H = inputs.gasM3H + depositsM3H * 1.07 ** (waterC - 15);
    const methaneM3H = ventM3H + gasM3H;
    this.methane = approach(this.methane, gasM3H / methaneM3H, (methaneM3H / airM3 / 3600) * dtS);
    const sulphideM3H = ventM3H + wallUptakeH * airM3;
    const sulphideMgH = emittedShare * inputs.sulphideMgS * 3600;
    this.h2sMgM3 = approach(this.h2sMgM3, sulphideMgH / sulphideM3H, (sulphideM3H / airM3 / 3600) * dtS);
    // Water and walls warm the air about as well as fifteen air changes an hour would cool it.
    const changesH = ventM3H / airM3;
    const restingC = (15 * waterC + changesH * weather.outdoorC) / (15 + changesH);
    this.airC = approach(this.airC, restingC, ((15 + changesH) / 3600) * dtS);
  }

  private ventilationM3H({ weather, coverOpen }: HeadspaceInputs): number {
    const warmer = Math.max(0, this.airC - weather.outdoorC);
    const through = calmM3H + windM3HMS * weather.windMS + chimneyM3HK * Math.sqrt(warmer);
    return coverOpen ? openFactor * through : through;
  }
}

/** Where a value stands that moves to `resting` by a first-order lag, after `time` of its time constants. */
const approach = (value: number, resting: number, time: number) => resting + (value - resting) * Math.exp(-time);
