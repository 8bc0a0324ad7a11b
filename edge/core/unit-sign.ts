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

/** A unit as people write it; codes that need no other sign stay as they are. */
export const unitSign = (unit: string): string => unitSigns[unit] ?? unit;
