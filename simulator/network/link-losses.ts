import { type Friction, frictionFunctions } from './friction.ts';
import type { NetworkModel } from './model.ts';

/** Below this speed what loses by the square alone loses in proportion, which gives it a slope at rest; design choice, m/s. */
const trickleMS = 1e-3;

/** Slower flow cannot be told from rounding. */
const restReynolds = 1e-6;

/** (λ L/D + ζ) m|m| of the bores of a network, kg²/s²: what liquids and gases lose alike, before density and area. */
export class LinkLosses {
  /** The loss at the flow given last, and its slope in kg/s. */
  value = 0;
  slope = 0;
  private readonly model: NetworkModel;
  private readonly friction: Friction = { poiseuille: 0, slope: 0, inverseRoot: 0 };
  private readonly law: (typeof frictionFunctions)[keyof typeof frictionFunctions];
  /** Reynolds number per kg/s, L/D, k/D and trickle in kg/s, by link. */
  private readonly reynoldsPerFlow: Float64Array;
  private readonly lengths: Float64Array;
  private readonly relativeRoughness: Float64Array;
  private readonly trickleKgS: Float64Array;
  private readonly inverseRoot: Float64Array;

  constructor(model: NetworkModel) {
    const { fluid, friction, pipes } = model.network;
    this.model = model;
    this.law = frictionFunctions[friction];
    this.reynoldsPerFlow = model.diameterM.map((diameterM, link) => {
      const area = model.areaM2[link] as number;
      return area > 0 ? diameterM / (area * fluid.viscosityPaS) : 0;
    });
    this.lengths = model.lengthM.map((lengthM, link) =>
      lengthM > 0 ? lengthM / (model.diameterM[link] as number) : 0,
    );
    this.relativeRoughness = new Float64Array(model.links);
    this.relativeRoughness.set(pipes.map(({ roughnessMm, diameterM }) => roughnessMm / 1000 / diameterM));
    this.trickleKgS = model.areaM2.map((area) => area * trickleMS * fluid.densityKgM3);
    this.inverseRoot = new Float64Array(model.links);
  }

  /** Sets `value` and `slope` for a mass flow of either sign. */
  at(link: number, flowKgS: number): void {
    const zeta = this.model.lossCoefficient[link] as number;
    const lengths = this.lengths[link] as number;
    const size = Math.abs(flowKgS);
    if (lengths === 0) {
      const trickle = this.trickleKgS[link] as number;
      this.value = zeta * flowKgS * Math.max(size, trickle);
      this.slope = zeta * (size < trickle ? trickle : 2 * size);
      return;
    }
    const perFlow = this.reynoldsPerFlow[link] as number;
    const reynolds = perFlow * size;
    this.rub(link, reynolds);
    const { poiseuille, slope } = this.friction;
    this.value = flowKgS * ((lengths * poiseuille) / perFlow + zeta * size);
    this.slope = (lengths * (poiseuille + slope * reynolds)) / perFlow + 2 * zeta * size;
  }

  reynolds(link: number, flowKgS: number): number {
    return (this.reynoldsPerFlow[link] as number) * Math.abs(flowKgS);
  }

  /** Darcy's λ; undefined at rest. */
  frictionFactor(link: number, flowKgS: number): number | undefined {
    const reynolds = this.reynolds(link, flowKgS);
    if (reynolds < restReynolds) return undefined;
    this.rub(link, reynolds);
    return this.friction.poiseuille / reynolds;
  }

  private rub(link: number, reynolds: number): void {
    const { friction, inverseRoot } = this;
    friction.inverseRoot = inverseRoot[link] as number;
    this.law(reynolds, this.relativeRoughness[link] as number, friction);
    inverseRoot[link] = friction.inverseRoot;
  }
}
