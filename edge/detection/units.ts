const flowLs: Readonly<Record<string, number>> = { 'L/s': 1, 'l/s': 1, 'm3/h': 1 / 3.6, 'm³/h': 1 / 3.6, 'm3/s': 1000 };
const pressureKpa: Readonly<Record<string, number>> = {
  kPa: 1,
  MPa: 1000,
  Pa: 0.001,
  bar: 100,
  m: 9.80665,
  mH2O: 9.80665,
};

/** Factor from a flow unit to L/s; undefined for a unit that is no flow. */
export const toLitresPerSecond = (unit: string): number | undefined => flowLs[unit];

/** Factor from a pressure unit (metres of water included) to kPa; undefined for a unit that is no pressure. */
export const toKilopascal = (unit: string): number | undefined => pressureKpa[unit];
