import { frictionFactor } from '../network/friction.ts';
import { compressibility, naturalGas, specificGasConstant } from './gas.ts';

/** A straight pipe; local losses are in the length as their equivalent. */
export interface Pipe {
  readonly lengthM: number;
  readonly diameterM: number;
  readonly roughnessMm: number;
}

/** Mass flow in kg/s, and its slope by the driving difference of squared pressures, kg/(s·Pa²). */
export interface DrivenFlow {
  readonly flow: number;
  readonly slope: number;
}

const areaOf = (pipe: Pipe) => (Math.PI * pipe.diameterM ** 2) / 4;

/**
 * (p1² − p2²) of a pipe per λ and m|m|: the isothermal equation of domain reference 1.3,
 * p1 − p2 = [pn/(Tn ρn A²)] K m|m| (λ L/D) T/(p1 + p2), with pn/(Tn ρn) the specific gas constant.
 */
function resistance(pipe: Pipe, temperatureK: number, pressurePa: number): number {
  const perArea = specificGasConstant / areaOf(pipe) ** 2;
  return (perArea * compressibility(pressurePa) * temperatureK * pipe.lengthM) / pipe.diameterM;
}

/** Reynolds number per kg/s. */
const reynoldsPerFlow = (pipe: Pipe) => pipe.diameterM / (areaOf(pipe) * naturalGas.viscosityPaS);

/**
 * Flow through a pipe under `drive` = p1² − p2² in Pa² (less the weight of the gas column): Prandtl–Colebrook–White, explicit
 * because Re√λ follows from the drive alone; odd in the drive, linear through zero by the laminar branch.
 */
export function flowUnder(pipe: Pipe, drive: number, temperatureK: number, pressurePa: number): DrivenFlow {
  const size = Math.abs(drive);
  const perSquare = 1 / resistance(pipe, temperatureK, pressurePa);
  const perFlow = reynoldsPerFlow(pipe);
  const rootFlow = Math.sqrt(size * perSquare);
  const reynoldsRoot = perFlow * rootFlow;
  const laminarSlope = (perFlow * perSquare) / 64;
  const relativeRoughness = (pipe.roughnessMm * 1e-3) / (3.71 * pipe.diameterM);
  const viscous = 2.51 / Math.max(reynoldsRoot, 1);
  const inverseRoot = -2 * Math.log10(viscous + relativeRoughness);
  if (reynoldsRoot < 64 * inverseRoot) return { flow: laminarSlope * drive, slope: laminarSlope };
  const bend = ((2 / Math.LN10) * viscous) / (viscous + relativeRoughness);
  const slope = ((inverseRoot + bend) * perSquare) / (2 * rootFlow);
  return { flow: Math.sign(drive) * rootFlow * inverseRoot, slope };
}

/** Absolute pressure in Pa at a pipe's end when `massKgS` enters at `inletPa`; 0 where the pipe cannot carry that flow. */
export function outletPressure(pipe: Pipe, inletPa: number, massKgS: number, temperatureK: number): number {
  const reynolds = Math.max(Math.abs(massKgS) * reynoldsPerFlow(pipe), 1e-9);
  const lambda = frictionFactor('colebrook', reynolds, (pipe.roughnessMm * 1e-3) / pipe.diameterM);
  const drop = resistance(pipe, temperatureK, inletPa) * lambda * massKgS * Math.abs(massKgS);
  return Math.sqrt(Math.max(0, inletPa ** 2 - drop));
}
