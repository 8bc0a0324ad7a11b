/** UCUM-like codes of point tables that people write in another way. */
const unitSigns: Readonly<Record<string, string>> = {
  Cel: '°C',
  'm3/h': 'm³/h',
  'Nm3/h': 'Nm³/h',
  'mg/m3': 'mg/m³',
  'mg/Nm3': 'mg/Nm³',
  m3: 'm³',
  'W/m2': 'W/m²',
  'cm/s2': 'cm/s²',
  'kW.h': 'kWh',
  'MW.h': 'MWh',
  deg: '°',
  Ohm: 'Ω',
  mOhm: 'mΩ',
};

/** Whether a quantity is a number of things: without a unit, or with what UCUM (§ 2.4) writes in braces beside none: `{lamp}`. */
export const isCount = (unit: string): boolean => /^(\{[^}]*\})?$/.test(unit);

/** A unit as people write it; codes that need no other sign stay as they are, and things that are counted have none. */
export const unitSign = (unit: string): string => (isCount(unit) ? '' : (unitSigns[unit] ?? unit));
