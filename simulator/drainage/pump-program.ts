import type { PumpGroup, PumpLevels } from './pump-group.ts';

/** A float that has tilted tilts back after this much, m. */
const floatPlayM = 0.1;

/** The float switches of a wet well, which hang at two heights. */
export class Floats {
  low = false;
  high = false;
  private readonly levels: PumpLevels;

  constructor(levels: PumpLevels) {
    this.levels = levels;
  }

  /** Takes the true level in, m above the datum. */
  feel(levelM: number): void {
    const { lowFloat, highFloat } = this.levels;
    this.low = levelM < lowFloat + (this.low ? floatPlayM : 0);
    this.high = levelM > highFloat - (this.high ? floatPlayM : 0);
  }
}

/** Level sensor and floats must disagree this long before the sensor is called faulty, s, by this much, m. */
const disagreesS = 30;
const toleranceM = 0.15;
/** Pumps that run must deliver this share of their rated flow, after this long, s. */
const leastShare = 0.6;
const flowFaultS = 60;

/**
 * The program of a station's PLC, which runs without any gateway: pumps start one after the other with the level and stop
 * together, the leader changes with every run, a faulty pump is passed over; against the sensor, the high float starts
 * all pumps and the low one stops them.
 */
export class PumpProgram {
  /** Sensor and floats disagree. */
  sensorFault = false;
  /** Pumps run and too little flows. */
  flowFault = false;
  /** An operator runs the pumps by hand: whatever the level, down to the low float. */
  hand = false;
  private readonly levels: PumpLevels;
  private readonly group: PumpGroup;
  private leader = 0;
  private wanted = 0;
  private disagreedS = 0;
  private weakS = 0;

  constructor(group: PumpGroup) {
    this.group = group;
    this.levels = group.design.levelsM;
  }

  /** One scan: sets the commands by the level that the sensor shows, m above the datum, and the floats. */
  scan(dtS: number, levelM: number, floats: Floats): void {
    const { pumps } = this.group;
    this.supervise(dtS, levelM, floats);
    const before = this.wanted;
    this.wanted = this.decide(levelM, floats);
    if (before > 0 && this.wanted === 0) this.leader = (this.leader + 1) % pumps.length;
    // A faulty pump keeps its command, so that it comes back by itself when it can, but does not count.
    let missing = this.wanted;
    for (let place = 0; place < pumps.length; place++) {
      const pump = pumps[(this.leader + place) % pumps.length];
      if (!pump) continue;
      pump.command = missing > 0;
      if (pump.command && !pump.fault) missing--;
    }
  }

  /** The controller has lost its supply: no command stands. */
  stop(): void {
    this.wanted = 0;
    for (const pump of this.group.pumps) pump.command = false;
  }

  private supervise(dtS: number, levelM: number, { low, high }: Floats): void {
    const tooLow = high && levelM < this.levels.highFloat - floatPlayM - toleranceM;
    const tooHigh = !high && levelM > this.levels.highFloat + toleranceM;
    const notEmpty = low && levelM > this.levels.lowFloat + floatPlayM + toleranceM;
    this.disagreedS = tooLow || tooHigh || notEmpty ? this.disagreedS + dtS : 0;
    // Once called faulty, the sensor stays so until somebody has cleaned it and all agree in a whole run of the pumps.
    if (this.disagreedS >= disagreesS) this.sensorFault = true;
    else if (this.disagreedS === 0 && !low && !high && levelM <= this.levels.off + toleranceM) this.sensorFault = false;
    const running = this.group.pumps.filter(({ run }) => run).length;
    const weak = running > 0 && this.group.flowM3S < leastShare * running * this.group.design.rated.flowM3S;
    this.weakS = weak ? this.weakS + dtS : 0;
    this.flowFault = this.weakS >= flowFaultS;
  }

  /** How many pumps should run. */
  private decide(levelM: number, { low, high }: Floats): number {
    const { starts, off } = this.levels;
    if (low) return 0;
    if (high) return starts.length;
    if (this.hand && (this.wanted > 0 || levelM > off)) return Math.max(1, this.wanted);
    if (levelM <= off) return 0;
    const reached = starts.filter((start) => levelM >= start).length;
    return Math.max(this.wanted, reached);
  }
}
