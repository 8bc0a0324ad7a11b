/**
 * The gas in the pipes: pipeline gas of the north-east route is 97–98 % methane, so methane's figures are used
 * throughout (NIST webbook; Sutherland viscosity at 10 °C).
 */
export const naturalGas = {
  /** kg/mol. */
  molarMass: 0.01604,
  /** Isentropic exponent. */
  isentropicExponent: 1.31,
  /** Dynamic viscosity, Pa·s. */
  viscosityPaS: 1.08e-5,
  /** Lower explosive limit, volume fraction. */
  lowerExplosiveLimit: 0.05,
  /** Joule–Thomson coefficient near ambient temperature, K per bar. */
  jouleThomsonKBar: 0.45,
} as const;

/** Normal conditions (273.15 K, 101 325 Pa), to which Nm³ refer. */
const normalPressurePa = 101_325;
export const normalTemperatureK = 273.15;
const gasConstant = 8.314_462;

/** Specific gas constant, J/(kg·K). */
export const specificGasConstant = gasConstant / naturalGas.molarMass;
/** Density at normal conditions, kg/Nm³. */
export const normalDensityKgM3 = normalPressurePa / (specificGasConstant * normalTemperatureK);

/** Compressibility falls by this per bar absolute: K = 1 − 0.0022 p (domain reference 1.3). */
const compressibilitySlopePerPa = 0.0022e-5;

/** Compressibility factor at an absolute pressure in Pa, for city networks below 30 bar. */
export function compressibility(pressurePa: number): number {
  return 1 - compressibilitySlopePerPa * pressurePa;
}

/** Mass in kg that a volume (m³) holds at absolute pressure (Pa) and temperature (K). */
export function storedMass(volumeM3: number, pressurePa: number, temperatureK: number): number {
  return (volumeM3 * pressurePa) / (specificGasConstant * temperatureK * compressibility(pressurePa));
}

/** Absolute pressure in Pa of a mass (kg) in a volume: the inverse of `storedMass`. */
export function storedPressure(volumeM3: number, massKg: number, temperatureK: number): number {
  const ideal = (massKg * specificGasConstant * temperatureK) / volumeM3;
  return ideal / (1 + compressibilitySlopePerPa * ideal);
}

/** Ambient pressure at a height, Pa: 1.01325 (1 − 0.0065 h/288.15)^5.255 bar (domain reference 1.3). */
export function ambientPressurePa(heightM: number): number {
  return normalPressurePa * (1 - (0.0065 * heightM) / 288.15) ** 5.255;
}

/** kg/s of a flow in Nm³/h. */
export const massFlowOf = (flowNm3H: number): number => (flowNm3H * normalDensityKgM3) / 3600;
/** Nm³/h of a flow in kg/s. */
export const normalFlowOf = (massKgS: number): number => (massKgS * 3600) / normalDensityKgM3;
