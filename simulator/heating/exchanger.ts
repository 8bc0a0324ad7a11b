import { waterHeatJKgK } from './pipe.ts';

/** A plate exchanger by its design point; both sides have the same film coefficient there. */
export interface ExchangerDesign {
  /** Heat transfer at design flows, clean, W/K. */
  readonly designUaWK: number;
  readonly primaryKgS: number;
  readonly secondaryKgS: number;
}

/** Film coefficients follow the flow to this power (domain reference 1.2). */
const filmExponent = 0.7;
/** Below this flow nothing is exchanged, kg/s. */
const stillKgS = 1e-3;

/** Effectiveness of a counter-flow exchanger: eps = (1 − e^{−NTU(1−Cr)})/(1 − Cr e^{−NTU(1−Cr)}), limit NTU/(1+NTU). */
export function effectiveness(ntu: number, ratio: number): number {
  if (1 - ratio < 1e-6) return ntu / (1 + ntu);
  const decay = Math.exp(-ntu * (1 - ratio));
  return (1 - decay) / (1 - ratio * decay);
}

/** Heat transfer at present flows, W/K: 1/UA = 1/(h1 A) + 1/(h2 A) + Rf; `foulingKW` is Rf, K/W. */
export function heatTransfer(
  design: ExchangerDesign,
  primaryKgS: number,
  secondaryKgS: number,
  foulingKW: number,
): number {
  const film = 2 * design.designUaWK;
  const first = film * (primaryKgS / design.primaryKgS) ** filmExponent;
  const second = film * (secondaryKgS / design.secondaryKgS) ** filmExponent;
  return 1 / (1 / first + 1 / second + foulingKW);
}

/** Heat from the primary to the secondary side in W, at inlet temperatures in °C and flows in kg/s. */
export function exchangedW(
  design: ExchangerDesign,
  primary: { readonly kgS: number; readonly inC: number },
  secondary: { readonly kgS: number; readonly inC: number },
  foulingKW: number,
): number {
  if (primary.kgS < stillKgS || secondary.kgS < stillKgS) return 0;
  const first = primary.kgS * waterHeatJKgK;
  const second = secondary.kgS * waterHeatJKgK;
  const least = Math.min(first, second);
  const ua = heatTransfer(design, primary.kgS, secondary.kgS, foulingKW);
  return effectiveness(ua / least, least / Math.max(first, second)) * least * (primary.inC - secondary.inC);
}
