/** Air at gallery temperatures: density kg/m³, heat capacity J/(kg·K). */
export const airDensityKgM3 = 1.22;
export const airHeatJKgK = 1_006;
/** Heat of condensation, J/kg. */
export const latentHeatJKg = 2.48e6;
const ambientPa = 99_500;

/** Saturation vapour pressure in Pa by Magnus (WMO, over water). */
function saturationPa(celsius: number): number {
  return 611.2 * Math.exp((17.62 * celsius) / (243.12 + celsius));
}

/** Vapour cannot displace all air: near and above boiling, as in a fire, its share is capped. */
const highestVapourShare = 0.9;

/** Water in saturated air, kg per kg of dry air. */
export function saturatedMoisture(celsius: number): number {
  const vapour = Math.min(saturationPa(celsius), highestVapourShare * ambientPa);
  return (0.622 * vapour) / (ambientPa - vapour);
}

/** Relative humidity in % of air with `moisture` kg/kg. */
export function relativeHumidity(moisture: number, celsius: number): number {
  const vapour = (moisture * ambientPa) / (0.622 + moisture);
  return (100 * vapour) / saturationPa(celsius);
}

/** Water in air of a relative humidity 0..1, kg/kg. */
export function moistureOf(humidity: number, celsius: number): number {
  const vapour = humidity * saturationPa(celsius);
  return (0.622 * vapour) / (ambientPa - vapour);
}

/** Exact course of dx/dt = gain − rate · x over `dtS`; rates per second. */
export function relaxed(value: number, gain: number, rate: number, dtS: number): number {
  if (rate <= 0) return value + gain * dtS;
  const resting = gain / rate;
  return resting + (value - resting) * Math.exp(-rate * dtS);
}
