import { type Friction, frictionFunctions } from '../network/friction.ts';

/** Fittings pass less than this in laminar flow, kg/s. */
const trickleKgS = 1e-3;

/** What a link loses at a flow: pressure drop in Pa along the flow's direction, and its slope in Pa per kg/s (> 0). */
export interface Loss {
  dropPa: number;
  slope: number;
}

/**
 * Turbulent law of a fitting or pump, dp = R m|m| with R in Pa/(kg/s)², straight below a trickle so that drop and slope
 * agree and Newton's method finds its way through closed valves. Writes into `into`.
 */
export function squareLoss(resistance: number, flowKgS: number, into: Loss): void {
  const size = Math.abs(flowKgS);
  into.dropPa = resistance * flowKgS * Math.max(size, trickleKgS);
  into.slope = resistance * (size < trickleKgS ? trickleKgS : 2 * size);
}

/** A pipe as the friction law sees it. */
export interface PipeBore {
  readonly lengthM: number;
  readonly diameterM: number;
  /** Absolute roughness, m. */
  readonly roughnessM: number;
  /** Sum of local losses on the velocity head. */
  readonly zeta: number;
  readonly densityKgM3: number;
  /** Kinematic viscosity, m²/s. */
  readonly viscosityM2S: number;
}

/**
 * Darcy–Weisbach as a function of mass flow (kg/s, signed): dp = (λ L/D + ζ) ρ v|v|/2 with λ by Prandtl–Colebrook–White, 64/Re where that is
 * more, and the exact slope. Writes into `into`, which keeps the solver free of garbage.
 */
export function pipeLoss(bore: PipeBore): (flowKgS: number, into: Loss) => void {
  const { lengthM, diameterM, zeta, densityKgM3, viscosityM2S } = bore;
  const area = (Math.PI * diameterM ** 2) / 4;
  const relativeRoughness = bore.roughnessM / diameterM;
  const reynoldsPerFlow = diameterM / (densityKgM3 * area * viscosityM2S);
  const headPerFlow2 = 1 / (2 * densityKgM3 * area ** 2);
  const lengthsPerReynolds = lengthM / diameterM / reynoldsPerFlow;
  const friction: Friction = { poiseuille: 0, slope: 0, inverseRoot: 0 };
  return (flowKgS, into) => {
    const size = Math.abs(flowKgS);
    const reynolds = size * reynoldsPerFlow;
    // The same start for every flow: what is lost does not depend on what was asked before, not even in its last digit.
    friction.inverseRoot = 0;
    frictionFunctions.colebrook(reynolds, relativeRoughness, friction);
    const { poiseuille, slope } = friction;
    into.dropPa = headPerFlow2 * flowKgS * (lengthsPerReynolds * poiseuille + zeta * size);
    into.slope = headPerFlow2 * (lengthsPerReynolds * (poiseuille + slope * reynolds) + 2 * zeta * size);
  };
}
