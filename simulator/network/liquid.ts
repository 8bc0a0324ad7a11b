import { type Balance, type FluidLaw, gravity } from './fluid-law.ts';
import type { LinkLosses } from './link-losses.ts';
import type { NetworkModel } from './model.ts';
import type { PumpCurve } from './pump-curve.ts';

/**
 * A liquid of constant density: p1 − p2 + ρ g (h1 − h2) = (λ L/D + ζ) m|m|/(2 ρ A²) in absolute pressures, which are the
 * potentials (Darcy–Weisbach). `smoothing` is a linear loss in Pa per kg/s of what has no length, by which lossless links keep a slope.
 */
export class LiquidLaw implements FluidLaw {
  private readonly model: NetworkModel;
  private readonly losses: LinkLosses;
  private readonly curves: readonly PumpCurve[];
  private readonly smoothing: number;
  /** 1/(2 ρ A²) and the weight of the column between the ends in Pa, by link. */
  private readonly perLoss: Float64Array;
  private readonly column: Float64Array;
  private readonly density: number;

  constructor(model: NetworkModel, losses: LinkLosses, curves: readonly PumpCurve[], smoothing: number) {
    this.model = model;
    this.losses = losses;
    this.curves = curves;
    this.smoothing = smoothing;
    const density = model.network.fluid.densityKgM3;
    this.density = density;
    this.perLoss = model.areaM2.map((area) => (area > 0 ? 1 / (2 * density * area ** 2) : 0));
    this.column = Float64Array.from(
      model.from,
      (from, link) =>
        density * gravity * ((model.heightM[from] as number) - (model.heightM[model.to[link] as number] as number)),
    );
  }

  potential(pressurePa: number): number {
    return pressurePa;
  }

  pressurePa(potential: number): number {
    return potential;
  }

  possible(): boolean {
    return true;
  }

  balance(link: number, flowKgS: number, from: number, to: number, lifts: boolean, balance: Balance): void {
    const { losses } = this;
    losses.at(link, flowKgS);
    const perLoss = this.perLoss[link] as number;
    const straight = this.model.lengthM[link] === 0 ? this.smoothing : 0;
    balance.gap = perLoss * losses.value + straight * flowKgS - (from - to) - (this.column[link] as number);
    balance.byFlow = perLoss * losses.slope + straight;
    balance.byFrom = -1;
    balance.byTo = 1;
    const curve = lifts ? this.curves[link - this.model.first.pumps] : undefined;
    if (!curve) return;
    curve.at(flowKgS / this.density);
    balance.gap -= curve.liftPa;
    balance.byFlow += Math.max(0, -curve.slope / this.density);
  }

  drivePa(link: number, fromPa: number, toPa: number): number {
    return fromPa - toPa + (this.column[link] as number);
  }

  densityKgM3(): number {
    return this.density;
  }

  liftPa(link: number, flowKgS: number): number {
    const curve = this.curves[link - this.model.first.pumps];
    curve?.at(flowKgS / this.density);
    return curve?.liftPa ?? 0;
  }
}
