import { factorBetween } from '../core/units.ts';

/** Factor from a flow unit to L/s; undefined for a unit that is no flow. */
export const toLitresPerSecond = (unit: string): number | undefined => factorBetween(unit, 'L/s');

/** Factor from a unit of gas flow to Nm³/h; undefined for a unit that is none. */
export const toNormalCubicMetresPerHour = (unit: string): number | undefined => factorBetween(unit, 'Nm3/h');

/** Factor from a unit of gas flow to litres per second at normal conditions; undefined for a unit that is none. */
export const toNormalLitresPerSecond = (unit: string): number | undefined => {
  const factor = toNormalCubicMetresPerHour(unit);
  return factor === undefined ? undefined : factor / 3.6;
};

/** Factor from a pressure unit to kPa, plain metres being metres of water; undefined for a unit that is no pressure. */
export const toKilopascal = (unit: string): number | undefined => factorBetween(unit === 'm' ? 'mH2O' : unit, 'kPa');
