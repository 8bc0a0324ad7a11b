import { lagged, ramped, SeasonCourse } from './season.ts';
import { onCurve, secondaryCurve } from './weather-curve.ts';

/** What the controller measures. */
export interface SubstationReadings {
  readonly outdoorC: number;
  readonly secondarySupplyC: number;
  readonly roomC: number;
  readonly pumpRuns: boolean;
  readonly season: boolean;
}

const outdoorFilterS = 1.5 * 3600;
const gainPerK = 0.006;
const resetS = 150;
/** Set-points move no faster than this, K/s (15 K/h). */
const rampKS = 15 / 3600;
const lowestC = 25;
const highestC = 85;
/** Rooms count as heated up from here, with the supply this close to its set-point. */
const heatedUpC = 18.5;
const closeK = 2;
const hourS = 3600;

/** Weather-compensated control of the secondary supply by PI on the primary valve, with the season's course. */
export class SubstationControl {
  readonly course = new SeasonCourse(10 * 24 * hourS, 6 * hourS);
  /** Set-point of the secondary supply, °C. */
  setpointC = lowestC;
  /** Parallel shift of the curve, K: the operators' own. */
  shiftK = 0;
  /** Shift by happenings, K. */
  handShiftK = 0;
  /** Command to the valve, 0..1. */
  valve = 0;
  /** Command to the circulation pump. */
  pump = false;
  private readonly staggerS: number;
  private outdoorC = 0;
  private integral = 0;
  private regulates = false;

  /** Pumps start one after the other, `staggerS` after the season's call. */
  constructor(staggerS: number) {
    this.staggerS = staggerS;
  }

  /** The supply temperature that the curve asks for, °C. */
  get curveC(): number {
    const wanted = onCurve(secondaryCurve, this.outdoorC) + this.shiftK + this.handShiftK;
    return Math.max(lowestC, Math.min(highestC, wanted));
  }

  /** Set-point minus supply, K, as the controller shows it: 0 while it does not regulate. */
  deviation(secondarySupplyC: number): number {
    return this.regulates ? this.setpointC - secondarySupplyC : 0;
  }

  /** Begins in the middle of things; `valve` is a first guess of its position. */
  settle(readings: SubstationReadings, valve: number): void {
    this.outdoorC = readings.outdoorC;
    this.course.settle(readings.season);
    this.pump = readings.season;
    this.regulates = readings.season;
    this.setpointC = readings.season ? this.curveC : lowestC;
    this.integral = readings.season ? valve : 0;
    this.valve = this.integral;
  }

  step(dtS: number, readings: SubstationReadings): void {
    const { course } = this;
    this.outdoorC = lagged(this.outdoorC, readings.outdoorC, dtS, outdoorFilterS);
    const error = this.setpointC - readings.secondarySupplyC;
    course.step(dtS, readings.season, readings.roomC >= heatedUpC && Math.abs(error) < closeK);
    this.pump = course.phase !== 'off' && (course.phase !== 'starting' || course.lastedS >= this.staggerS);
    const heating = course.phase === 'on' || course.phase === 'starting';
    this.regulates = readings.pumpRuns;
    if (!readings.pumpRuns) {
      // Without circulation the valve is locked shut, and the ramp begins anew from what is there.
      this.integral = 0;
      this.valve = 0;
      if (course.phase !== 'on') this.setpointC = Math.max(lowestC, Math.min(this.curveC, readings.secondarySupplyC));
      return;
    }
    this.setpointC = ramped(this.setpointC, heating ? this.curveC : lowestC, dtS, rampKS);
    const grown = this.integral + (gainPerK / resetS) * error * dtS;
    this.integral = Math.max(0, Math.min(1, grown));
    this.valve = Math.max(0, Math.min(1, this.integral + gainPerK * error));
  }
}
