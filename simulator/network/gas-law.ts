import { type Balance, type FluidLaw, gravity } from './fluid-law.ts';
import type { Network } from './format.ts';
import type { LinkLosses } from './link-losses.ts';
import type { NetworkModel } from './model.ts';
import type { PumpCurve } from './pump-curve.ts';

const normalPa = 101_325;
const normalK = 273.15;
/** Where Newton's method strays beyond vacuum, properties are taken at this pressure, Pa. */
const thinPa = 1000;

/** p_m = 2/3 (p1³ − p2³)/(p1² − p2²), the mean absolute pressure along a pipe (domain reference 1.3). */
export function meanPressure(p1Pa: number, p2Pa: number): number {
  return (2 / 3) * (p1Pa + p2Pa - (p1Pa * p2Pa) / (p1Pa + p2Pa));
}

/** Real-gas factor Z = offset + slope p, p absolute. */
interface RealGasFactor {
  readonly offset: number;
  readonly slopePerPa: number;
}

function realGasFactor({ compressibility }: Network['fluid']): RealGasFactor {
  if (typeof compressibility === 'number') return { offset: compressibility, slopePerPa: 0 };
  return { offset: compressibility.offset, slopePerPa: compressibility.slopePerBar / 1e5 };
}

/**
 * Isothermal gas: p1² − p2² + ρ(p_m) g (h1 − h2)(p1 + p2) = [pn/(Tn ρn A²)] Z(p_m) T (λ L/D + ζ) m|m| (domain reference
 * 1.3), T the mean of the temperatures at the ends. Potentials are squared absolute pressures, in which level pipes are
 * linear. `smoothing` is a linear loss in Pa² per kg/s of what has no length.
 */
export class GasLaw implements FluidLaw {
  private readonly model: NetworkModel;
  private readonly losses: LinkLosses;
  private readonly curves: readonly PumpCurve[];
  private readonly smoothing: number;
  private readonly factor: RealGasFactor;
  /** p/(ρ Z T), J/(kg·K). */
  private readonly gasConstant: number;
  /** R T/A², and g Δh/(R T), by link; the mean temperature T, K. */
  private readonly perLoss: Float64Array;
  private readonly rise: Float64Array;
  private readonly meanK: Float64Array;

  constructor(model: NetworkModel, losses: LinkLosses, curves: readonly PumpCurve[], smoothing: number) {
    this.model = model;
    this.losses = losses;
    this.curves = curves;
    this.smoothing = smoothing;
    const { fluid } = model.network;
    this.factor = realGasFactor(fluid);
    this.gasConstant = normalPa / (normalK * fluid.densityKgM3);
    const { from, to, heightM, temperatureK, areaM2 } = model;
    this.meanK = Float64Array.from(
      from,
      (start, link) => ((temperatureK[start] as number) + (temperatureK[to[link] as number] as number)) / 2,
    );
    this.perLoss = areaM2.map((area, link) =>
      area > 0 ? (this.gasConstant * (this.meanK[link] as number)) / area ** 2 : 0,
    );
    this.rise = Float64Array.from(from, (start, link) => {
      const height = (heightM[start] as number) - (heightM[to[link] as number] as number);
      return (gravity * height) / (this.gasConstant * (this.meanK[link] as number));
    });
  }

  potential(pressurePa: number): number {
    return pressurePa ** 2;
  }

  pressurePa(potential: number): number {
    return potential > thinPa ** 2 ? Math.sqrt(potential) : thinPa;
  }

  possible(potential: number): boolean {
    return potential > 0;
  }

  balance(link: number, flowKgS: number, from: number, to: number, lifts: boolean, balance: Balance): void {
    const { losses, factor } = this;
    const p1 = this.pressurePa(from);
    const p2 = this.pressurePa(to);
    const sum = p1 + p2;
    const mean = meanPressure(p1, p2);
    // Derivatives of the mean pressure by the potentials, dp/dp² = 1/(2p).
    const meanByFrom = (1 - (p2 / sum) ** 2) / (3 * p1);
    const meanByTo = (1 - (p1 / sum) ** 2) / (3 * p2);
    const z = factor.offset + factor.slopePerPa * mean;
    losses.at(link, flowKgS);
    const perLoss = this.perLoss[link] as number;
    const straight = this.model.lengthM[link] === 0 ? this.smoothing : 0;
    const rise = this.rise[link] as number;
    const column = (rise * mean * sum) / z;
    const byMean = perLoss * factor.slopePerPa * losses.value - (rise * sum * factor.offset) / z ** 2;
    balance.gap = perLoss * z * losses.value + straight * flowKgS - (from - to) - column;
    balance.byFlow = perLoss * z * losses.slope + straight;
    balance.byFrom = -1 + byMean * meanByFrom - (rise * mean) / (2 * p1 * z);
    balance.byTo = 1 + byMean * meanByTo - (rise * mean) / (2 * p2 * z);
    if (lifts) this.lift(link, flowKgS, p1, p2, balance);
  }

  drivePa(link: number, fromPa: number, toPa: number): number {
    const mean = meanPressure(fromPa, toPa);
    const z = this.factor.offset + this.factor.slopePerPa * mean;
    return fromPa - toPa + ((this.rise[link] as number) * mean) / z;
  }

  densityKgM3(link: number, fromPa: number, toPa: number): number {
    const mean = meanPressure(fromPa, toPa);
    const z = this.factor.offset + this.factor.slopePerPa * mean;
    return mean / (this.gasConstant * (this.meanK[link] as number) * z);
  }

  liftPa(link: number, flowKgS: number, fromPa: number, toPa: number): number {
    const curve = this.curves[link - this.model.first.pumps];
    curve?.at(flowKgS * this.curveVolume(link, fromPa, toPa));
    return curve?.liftPa ?? 0;
  }

  /** m³ of a kg as the curve of a pump counts them, at the temperature of its inlet. */
  private curveVolume(link: number, fromPa: number, toPa: number): number {
    const pressure = fromPa + this.outletShare(link) * (toPa - fromPa);
    const z = this.factor.offset + this.factor.slopePerPa * pressure;
    return (this.gasConstant * this.inletK(link) * z) / pressure;
  }

  /** Share of the outlet's pressure in that at which a curve counts volumes. */
  private outletShare(link: number): number {
    return this.model.network.pumps[link - this.model.first.pumps]?.flowAt === 'mean' ? 0.5 : 0;
  }

  private inletK(link: number): number {
    return this.model.temperatureK[this.model.from[link] as number] as number;
  }

  /** p2² − p1² = lift (p1 + p2), the lift by the volume that the curve counts. */
  private lift(link: number, flowKgS: number, p1: number, p2: number, balance: Balance): void {
    const curve = this.curves[link - this.model.first.pumps];
    if (!curve) return;
    const volume = this.curveVolume(link, p1, p2);
    const share = this.outletShare(link);
    curve.at(flowKgS * volume);
    const { liftPa, slope } = curve;
    const volumeByPressure =
      (-this.gasConstant * this.inletK(link) * this.factor.offset) / (p1 + share * (p2 - p1)) ** 2;
    const falling = Math.min(0, slope);
    const byPressure = falling * flowKgS * volumeByPressure * (p1 + p2);
    balance.gap -= liftPa * (p1 + p2);
    balance.byFlow -= falling * volume * (p1 + p2);
    balance.byFrom -= (liftPa + (1 - share) * byPressure) / (2 * p1);
    balance.byTo -= (liftPa + share * byPressure) / (2 * p2);
  }
}
