import type { Step } from '../city/plant.ts';
import type { ZoneDesign } from './layout.ts';

/** Four three-phase 10 kV circuits: ohms per metre of a phase, current at the day's peak, A. */
const cable = { phases: 12, ohmPerM: 6e-5, peakA: 230 } as const;
/** Load of the circuits by hour, share of the peak, linear in between. */
const cableShape = [
  0.52, 0.48, 0.46, 0.45, 0.47, 0.55, 0.68, 0.82, 0.88, 0.9, 0.9, 0.88, 0.86, 0.85, 0.86, 0.88, 0.93, 1, 1, 0.98, 0.92,
  0.84, 0.72, 0.6,
] as const;
/** Supply and return heat pipe with polyurethane: loss of both, W/(m·K). */
const heatPipeWMK = 0.34;
/** Steps of the heat source at the season's ends are spread over this, s. */
const seasonLagS = 36 * 3600;

/** A person at work: heat W, CO2 m³/h, vapour kg/s (EN 16798 figures for light work). */
export const person = { heatW: 100, co2M3H: 0.025, vapourKgS: 3e-5, oxygenM3H: 0.03 } as const;
/** Lighting of a compartment while people are in it, W. */
export const lightingW = 1_200;

/** Share of the peak current that the cables carry at an hour. */
function cableLoad(hour: number): number {
  const before = Math.floor(hour);
  const share = hour - before;
  const at = (index: number) => cableShape[index % 24] ?? 0;
  return at(before) * (1 - share) + at(before + 1) * share;
}

/** Heat given to the air by what lies in the cabin; the season's changes come slowly, as the network warms. */
export class Loads {
  /** Current of the cables, share of the day's peak. */
  cableShare = 0;
  private cableW = 0;
  pipeC = 30;
  private season: number | undefined;

  step(step: Step): void {
    const target = step.heatingSeason ? 1 : 0;
    this.season ??= target;
    this.season += (target - this.season) * (1 - Math.exp(-step.dtS / seasonLagS));
    this.cableShare = cableLoad(step.hour);
    this.cableW = cable.phases * cable.ohmPerM * (cable.peakA * this.cableShare) ** 2;
    const curve = Math.min(115, Math.max(65, 70 + 1.5 * (5 - step.weather.outdoorC)));
    // Mean of supply and return in the season, tap water heating alone in summer.
    const mean = 0.5 * (curve + 50);
    this.pipeC = this.season * mean + (1 - this.season) * 40;
  }

  /** Cable heat of a compartment, W: I² R′ L. */
  cableHeat(design: ZoneDesign): number {
    return design.loadShare * this.cableW * design.lengthM;
  }

  /** Heat loss of the pipes per kelvin, W/K: U′ L. */
  pipeConductance(design: ZoneDesign): number {
    return design.loadShare * heatPipeWMK * design.lengthM;
  }
}
