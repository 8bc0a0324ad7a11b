import { factorBetween } from '../core/units.ts';

/** Factor from a flow unit to L/s; undefined for a unit that is no flow. */
export const toLitresPerSecond = (unit: string): number | undefined => factorBetween(unit, 'L/s');

/** Factor from a pressure unit to kPa, plain metres being metres of water; undefined for a unit that is no pressure. */
export const toKilopascal = (unit: string): number | undefined => factorBetween(unit === 'm' ? 'mH2O' : unit, 'kPa');
