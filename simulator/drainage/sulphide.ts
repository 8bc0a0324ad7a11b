import { hydraulicRadius, wettedArea } from './circular-pipe.ts';
import type { SewerPipe } from './sewer-pipe.ts';

/**
 * Sulphide in sewage by Pomeroy and Parkhurst (The forecasting of sulfide build-up rates in sewers, Progress in Water
 * Technology 9, 1977), in their form for gravity sewers: dS/dt = M · EBOD / R − m · S · (s u)^(3/8) / d, per hour, with
 * EBOD = BOD · 1.07^(T−20), hydraulic radius R, slope s, velocity u and mean depth d in m.
 */
const slimeMH = 0.32e-3;
const lossFactor = 0.64;
/** The slime on the walls of a wet well is far from most of its water: hydraulic radius, m. */
const wellRadiusM = 1.5;
/** A film of water below this depth is taken to be this deep, m. */
const filmM = 0.02;

/** What is made in the water, mg/(L·s), and lost from it to air and oxygen, 1/s. */
export interface SulphideRates {
  readonly madeS: number;
  readonly lostS: number;
}

const effective = (bodMgL: number, waterC: number) => bodMgL * 1.07 ** (waterC - 20);

/** In the sewer below a manhole, by the depth and flow at its upper end. */
export function sulphideInSewer(
  pipe: SewerPipe,
  depthM: number,
  flowM3S: number,
  bodMgL: number,
  waterC: number,
): SulphideRates {
  const depth = Math.max(filmM, depthM);
  const radiusM = hydraulicRadius(pipe.diameterM, depth);
  const [areaM2, widthM] = wettedArea(pipe.diameterM, Math.min(depth, 0.99 * pipe.diameterM));
  const velocityMS = Math.max(0, flowM3S) / areaM2;
  const slope = (pipe.upperM - pipe.lowerM) / pipe.lengthM;
  const meanDepthM = areaM2 / widthM;
  return {
    madeS: (slimeMH * effective(bodMgL, waterC)) / radiusM / 3600,
    lostS: (lossFactor * (slope * velocityMS) ** 0.375) / meanDepthM / 3600,
  };
}

/** In the still water of a wet well. */
export const sulphideInWell = (bodMgL: number, waterC: number): SulphideRates => ({
  madeS: (slimeMH * effective(bodMgL, waterC)) / wellRadiusM / 3600,
  lostS: 0,
});
