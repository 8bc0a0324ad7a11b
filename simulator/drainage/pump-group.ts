/** Pumps in parallel on one rising main, as built. Levels in m above the datum. */
export interface PumpGroupDesign {
  readonly count: number;
  readonly rated: { readonly flowM3S: number; readonly headM: number };
  /** Loss of the rising main, m per (m³/s)². */
  readonly mainS2M5: number;
  readonly levelsM: PumpLevels;
}

/** Levels at which the program switches, m above the datum: one start per pump, and two floats as a fallback. */
export interface PumpLevels {
  readonly off: number;
  readonly starts: readonly number[];
  readonly lowFloat: number;
  readonly highFloat: number;
}

/** One submersible pump. */
export interface Pump {
  command: boolean;
  run: boolean;
  /** Its protection has tripped, or it is commanded and has not run for some time. */
  fault: boolean;
  currentA: number;
  hours: number;
  starts: number;
}

/** What acts on the pumps in a step. */
export interface PumpConditions {
  readonly levelM: number;
  readonly deliveryM: number;
  /** Voltage in per unit of the nominal one. */
  readonly supply: number;
  /** Pumps out of order, and head lost by rags in the others, share. */
  readonly broken: number;
  readonly clogged: number;
}

/** Head at no flow and its loss at rated flow, in rated heads: a usual curve of sewage pumps. */
const shutOffShare = 1.35;
/** Efficiency of pump and motor at the rated point, power factor, volts; share of the rated efficiency that is left at worst. */
const bestEfficiency = 0.7;
const powerFactor = 0.85;
const volts = 380;
const worstShare = 0.25;
/** A contactor drops out below this voltage, per unit. */
const dropOut = 0.7;
/** Protection reports a pump that does not run after this, s. */
const faultAfterS = 8;
const waterNM3 = 9810;

/** The pumps of a station: which run, what they deliver against the head, and what they draw. */
export class PumpGroup {
  readonly pumps: readonly Pump[];
  readonly design: PumpGroupDesign;
  flowM3S = 0;
  powerKW = 0;
  private readonly missingS: number[];

  constructor(design: PumpGroupDesign) {
    this.design = design;
    this.pumps = Array.from({ length: design.count }, (_, index) => ({
      command: false,
      run: false,
      fault: false,
      currentA: 0,
      hours: 2400 - 310 * index,
      starts: 5200 - 640 * index,
    }));
    this.missingS = this.pumps.map(() => 0);
  }

  /** Advances by `dtS` with commands as they stand; `mostM3S` is what there is to pump. Check valves: never backwards. */
  step(dtS: number, conditions: PumpConditions, mostM3S: number): void {
    this.switch(dtS, conditions);
    const running = this.pumps.filter(({ run }) => run);
    const headM = Math.max(0, conditions.deliveryM - conditions.levelM);
    const each = running.length > 0 ? this.flowOfEach(running.length, headM, conditions.clogged) : 0;
    this.flowM3S = Math.min(mostM3S, each * running.length);
    const each1 = running.length > 0 ? this.flowM3S / running.length : 0;
    this.draw(running, headM + this.design.mainS2M5 * this.flowM3S ** 2, each1);
  }

  private switch(dtS: number, { supply, broken }: PumpConditions): void {
    this.pumps.forEach((pump, index) => {
      const runs = pump.command && index >= broken && supply >= dropOut;
      if (runs && !pump.run) pump.starts++;
      pump.run = runs;
      if (runs) pump.hours += dtS / 3600;
      const missing = pump.command && !runs ? (this.missingS[index] ?? 0) + dtS : 0;
      this.missingS[index] = missing;
      pump.fault = index < broken || missing > faultAfterS || (pump.fault && pump.command && !runs);
    });
  }

  /** Curve H = 1.35 Hr − 0.35 Hr (Q/Qr)² against static head and rising main, solved for one of `count` equal pumps. */
  private flowOfEach(count: number, staticM: number, clogged: number): number {
    const { rated, mainS2M5 } = this.design;
    const free = shutOffShare * rated.headM * (1 - clogged) ** 2 - staticM;
    if (free <= 0) return 0;
    const curve = ((shutOffShare - 1) * rated.headM) / rated.flowM3S ** 2 / (1 - clogged) ** 2;
    return Math.sqrt(free / (curve + mainS2M5 * count ** 2));
  }

  private draw(running: readonly Pump[], headM: number, flowM3S: number): void {
    const { rated } = this.design;
    const x = flowM3S / rated.flowM3S;
    const efficiency = bestEfficiency * Math.max(worstShare, 2 * x - x ** 2);
    const idleKW = (0.3 * waterNM3 * rated.flowM3S * rated.headM) / bestEfficiency / 1000;
    const eachKW = Math.max(idleKW, (waterNM3 * flowM3S * headM) / efficiency / 1000);
    for (const pump of this.pumps)
      pump.currentA = pump.run ? (eachKW * 1000) / (Math.sqrt(3) * volts * powerFactor) : 0;
    this.powerKW = running.length * eachKW;
  }
}
