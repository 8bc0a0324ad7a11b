import type { Step } from '../city/plant.ts';

/** A stairwell's temperature lies between rooms and air by these shares, with this lag, s (design choice). */
const roomShare = 0.7;
const airShare = 0.3;
const lagS = 4 * 3600;
/** Standing water in a riser starts to freeze below the first temperature and thaws above the second, °C. */
const freezesC = -0.5;
const thawsC = 2;
/** Kelvin-hours of frost until all risers of a house are shut, and of warmth until all are open again. */
const shutKh = 12;
const openKh = 24;
/** Houses of a district that hang on district heating. */
const heatedShare = 0.6;

/** Risers in the stairwells of a district: without heating they freeze, and the flats behind them draw nothing. */
export class Risers {
  private stairwellC: number | undefined;
  private shut = 0;

  /** Share of the household demand that still gets through, 0..1, at a mean temperature of the heated rooms, °C. */
  step({ dtS, weather }: Step, roomC: number): number {
    const goalC = roomShare * roomC + airShare * weather.outdoorC;
    const before = this.stairwellC ?? goalC;
    this.stairwellC = goalC + (before - goalC) * Math.exp(-dtS / lagS);
    const hours = dtS / 3600;
    const frostKh = Math.max(0, freezesC - this.stairwellC) * hours;
    const warmKh = Math.max(0, this.stairwellC - thawsC) * hours;
    this.shut = Math.min(1, Math.max(0, this.shut + frostKh / shutKh - warmKh / openKh));
    return 1 - heatedShare * this.shut;
  }
}
