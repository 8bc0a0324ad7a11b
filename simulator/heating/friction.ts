const ln10Half = Math.LN10 / 2;
/** Laminar below, Colebrook above; between them the friction factor is blended, which keeps Newton's method on its way. */
const laminarRe = 2300;
const turbulentRe = 4000;
/** Fittings pass less than this in laminar flow, kg/s. */
const trickleKgS = 1e-3;

/**
 * 1/√λ by Prandtl–Colebrook–White, 1/√λ = −2 log10(2.51/(Re √λ) + k/(3.71 D)) (domain reference 1.2), solved by Newton's
 * method on x = 1/√λ from a guess. `relativeRoughness` is k/D.
 */
function inverseRootFriction(reynolds: number, relativeRoughness: number, guess: number): number {
  const slip = 2.51 / reynolds;
  const rough = relativeRoughness / 3.71;
  let x = guess;
  for (let round = 0; round < 20; round++) {
    const inside = slip * x + rough;
    const change = (x + Math.log(inside) / ln10Half) / (1 + slip / (ln10Half * inside));
    x -= change;
    if (Math.abs(change) < 1e-12 * x) break;
  }
  return x;
}

/** Start for Newton's method: Swamee–Jain (1976), within 1–3 % of Colebrook. */
function swameeJain(reynolds: number, relativeRoughness: number): number {
  return -2 * Math.log10(relativeRoughness / 3.7 + 5.74 / reynolds ** 0.9);
}

/** Darcy friction factor and its derivative by Reynolds number; 64/Re where the flow is laminar. */
export function frictionFactor(reynolds: number, relativeRoughness: number): { factor: number; slope: number } {
  if (reynolds <= laminarRe) return { factor: 64 / reynolds, slope: -64 / reynolds ** 2 };
  if (reynolds < turbulentRe) {
    const low = 64 / laminarRe;
    const high = frictionFactor(turbulentRe, relativeRoughness).factor;
    const slope = (high - low) / (turbulentRe - laminarRe);
    return { factor: low + slope * (reynolds - laminarRe), slope };
  }
  const x = inverseRootFriction(reynolds, relativeRoughness, swameeJain(reynolds, relativeRoughness));
  const slip = 2.51 / reynolds;
  const inside = slip * x + relativeRoughness / 3.71;
  // Implicit differentiation of x + 2 log10(2.51 x/Re + k/(3.71 D)) = 0.
  const bySlip = -x / (ln10Half * inside) / (1 + slip / (ln10Half * inside));
  return { factor: x ** -2, slope: -2 * x ** -3 * bySlip * (-slip / reynolds) };
}

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
 * Darcy–Weisbach as a function of mass flow (kg/s, signed): dp = (λ L/D + ζ) ρ v|v|/2, with the exact slope. Writes into
 * `into`, which keeps the solver free of garbage.
 */
export function pipeLoss(bore: PipeBore): (flowKgS: number, into: Loss) => void {
  const { lengthM, diameterM, zeta, densityKgM3, viscosityM2S } = bore;
  const area = (Math.PI * diameterM ** 2) / 4;
  const relativeRoughness = bore.roughnessM / diameterM;
  const reynoldsPerFlow = diameterM / (densityKgM3 * area * viscosityM2S);
  const headPerFlow2 = 1 / (2 * densityKgM3 * area ** 2);
  const lengths = lengthM / diameterM;
  const laminarSlope = (64 / reynoldsPerFlow) * lengths * headPerFlow2;
  return (flowKgS, into) => {
    const size = Math.abs(flowKgS);
    const reynolds = size * reynoldsPerFlow;
    if (reynolds <= laminarRe) {
      into.dropPa = flowKgS * (laminarSlope + zeta * headPerFlow2 * size);
      into.slope = laminarSlope + 2 * zeta * headPerFlow2 * size;
      return;
    }
    const { factor, slope } = frictionFactor(reynolds, relativeRoughness);
    const losses = factor * lengths + zeta;
    into.dropPa = losses * headPerFlow2 * flowKgS * size;
    into.slope = headPerFlow2 * (2 * losses * size + lengths * slope * reynoldsPerFlow * size ** 2);
  };
}
