import { naturalGas, specificGasConstant } from './gas.ts';

/** Discharge coefficient of a sharp-edged hole in a pipe wall (domain reference 1.3). */
const dischargeCoefficient = 0.8;

/**
 * Gas mass flow in kg/s through a hole from absolute pressure `insidePa` to `outsidePa`, isentropic nozzle flow with Cd 0.8.
 * Choked when outside/inside < 0.545 for k = 1.31; near ambient pressure it becomes Cd A √(2 Δp ρ). Never negative.
 * Source: domain reference 1.3 (1 mm² at 0.4 MPa gauge: 3.7 m³/h at 15 °C; 100 mm² at 2.5 kPa: 24.5 m³/h).
 */
export function orificeFlow(areaMm2: number, insidePa: number, outsidePa: number, temperatureK: number): number {
  if (areaMm2 <= 0 || insidePa <= outsidePa) return 0;
  const k = naturalGas.isentropicExponent;
  const choking = (2 / (k + 1)) ** (k / (k - 1));
  const ratio = Math.max(outsidePa / insidePa, choking);
  const expansion = ((2 * k) / (k - 1)) * (ratio ** (2 / k) - ratio ** ((k + 1) / k));
  return dischargeCoefficient * areaMm2 * 1e-6 * insidePa * Math.sqrt(expansion / (specificGasConstant * temperatureK));
}
