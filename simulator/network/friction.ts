export const frictionLaws = ['nikuradse', 'colebrook', 'swamee-jain'] as const;
/** How the friction factor follows from Reynolds number and roughness. */
export type FrictionLaw = (typeof frictionLaws)[number];

/** Darcy's factor λ as its product with the Reynolds number, which stays finite at rest. */
export interface Friction {
  /** λ Re: 64 in laminar flow. */
  poiseuille: number;
  /** Its derivative by Re. */
  slope: number;
  /** 1/√λ of the rough law, from which the next round of Colebrook starts; 0 where there is none yet. */
  inverseRoot: number;
}

/** `friction` from Re ≥ 0 and relative roughness k/D; `inverseRoot` in it is the guess that an implicit law starts from. */
export type FrictionFunction = (reynolds: number, relativeRoughness: number, friction: Friction) => void;

const laminar = 64;
/** Below this the explicit formulas leave their range; every pipe that is not rougher than a tenth of its bore is laminar here. */
const surelyLaminarRe = 100;
const twoPerLn10 = 2 / Math.LN10;

/** λ = (−2 lg(k/(3.71 D)))⁻² + 64/Re: fully rough after Nikuradse (1933), with the laminar term added. */
function nikuradse(reynolds: number, relativeRoughness: number, friction: Friction): void {
  const inverseRoot = -twoPerLn10 * Math.log(relativeRoughness / 3.71);
  friction.inverseRoot = inverseRoot;
  friction.slope = inverseRoot ** -2;
  friction.poiseuille = laminar + friction.slope * reynolds;
}

/** 1/√λ = −2 lg(2.51/(Re √λ) + k/(3.71 D)) by Newton's method on 1/√λ; its error squares with every round. */
function colebrookRoot(slip: number, rough: number, guess: number): number {
  let x = guess;
  for (let round = 0; round < 50; round++) {
    const inside = slip * x + rough;
    const change = (x + twoPerLn10 * Math.log(inside)) / (1 + (twoPerLn10 * slip) / inside);
    x = Math.max(x - change, 1e-3);
    if (Math.abs(change) < 1e-7 * x) break;
  }
  return x;
}

/** Prandtl–Colebrook–White (C. Colebrook, 1939), with the derivative by implicit differentiation. */
function colebrook(reynolds: number, relativeRoughness: number, friction: Friction): void {
  const slip = 2.51 / reynolds;
  const rough = relativeRoughness / 3.71;
  const x = colebrookRoot(slip, rough, friction.inverseRoot || 6);
  const inside = slip * x + rough;
  const growth = (twoPerLn10 * slip) / (inside + twoPerLn10 * slip);
  friction.inverseRoot = x;
  friction.poiseuille = reynolds / x ** 2;
  friction.slope = (1 - 2 * growth) / x ** 2;
}

/** λ = 0.25/lg²(k/(3.7 D) + 5.74/Re^0.9) (P. Swamee and A. Jain, 1976). */
function swameeJain(reynolds: number, relativeRoughness: number, friction: Friction): void {
  const slip = 5.74 / reynolds ** 0.9;
  const inside = relativeRoughness / 3.7 + slip;
  const x = -twoPerLn10 * Math.log(inside);
  friction.inverseRoot = x;
  friction.poiseuille = reynolds / x ** 2;
  friction.slope = (1 - (2 * 0.9 * twoPerLn10 * slip) / (inside * x)) / x ** 2;
}

/** The greater of 64/Re and a turbulent law: continuous, and the drop of pressure rises with the flow everywhere. */
function orLaminar(turbulent: FrictionFunction): FrictionFunction {
  return (reynolds, relativeRoughness, friction) => {
    if (reynolds > surelyLaminarRe) {
      turbulent(reynolds, relativeRoughness, friction);
      if (friction.poiseuille > laminar) return;
    }
    friction.poiseuille = laminar;
    friction.slope = 0;
  };
}

/**
 * The law by name. Colebrook and Swamee–Jain are laws of turbulent flow; where 64/Re is greater (Re below about 1,100),
 * laminar flow is taken. Nikuradse's has its laminar term always.
 */
export const frictionFunctions: Readonly<Record<FrictionLaw, FrictionFunction>> = {
  nikuradse,
  colebrook: orLaminar(colebrook),
  'swamee-jain': orLaminar(swameeJain),
};

/** Darcy's λ by a law, at one Reynolds number > 0. */
export function frictionFactor(law: FrictionLaw, reynolds: number, relativeRoughness: number): number {
  const friction: Friction = { poiseuille: laminar, slope: 0, inverseRoot: 0 };
  frictionFunctions[law](reynolds, relativeRoughness, friction);
  return friction.poiseuille / reynolds;
}
