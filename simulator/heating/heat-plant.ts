import { type Loss, squareLoss } from './friction.ts';
import { returnWater } from './network.ts';
import { waterHeatJKgK } from './pipe.ts';
import { lagged, ramped, SeasonCourse } from './season.ts';
import { onCurve, primaryCurve } from './weather-curve.ts';

/** What the plant meets in one sub-step. */
export interface PlantSurroundings {
  readonly season: boolean;
  /** Circulation through the plant and what leaks out of the network, kg/s. */
  readonly flowKgS: number;
  readonly leakKgS: number;
  /** Water coming back, make-up mixed in, °C. */
  readonly returnC: number;
  /** Smallest difference between supply and return over the substations, Pa. */
  readonly farDifferencePa: number;
  /** Rate at which the network's water swells, m³/s; negative while it cools. */
  readonly swellingM3S: number;
  /** Deviation of the boilers' outlet from its set-point, K. */
  readonly firingK: number;
}

const hourS = 3600;
/** Dispatchers go by half a day's weather, not by the hour's. */
const outdoorFilterS = 6 * hourS;
const rampKS = 15 / hourS;
const outletLagS = 180;
const standbyC = 40;
/** The hall is kept this warm; in summer it takes the air's temperature. */
const hallC = 15;
const hallS = 3 * hourS;
/** Boilers together, W. */
export const boilerW = 92e6;
/** Circulation pump: head at no flow and full speed, Pa; fall with the square of flow, Pa/(kg/s)². */
const shutOffPa = 700_000;
const pumpFallPa = 2.25;
/** The pump is stopped below the first pressure at its suction and let go above the second, Pa gauge. */
const lockPa = 80_000;
const unlockPa = 250_000;
const slowestPump = 0.35;
const fastestPump = 1.05;
const pumpRampPerS = 1 / 240;
/** Without supply the pump runs out by itself. */
const pumpCoastPerS = 1 / 12;
/** The program smooths the pressure that it holds over this, s. */
const pressureFilterS = 60;
const pumpResetS = 90;
const pumpEfficiency = 0.76;
/** Difference that the pump keeps for the worst placed substation, Pa. */
const farSetPa = 150_000;
/** Gas cushion of the expansion vessel, m³/Pa: 18 m³ at 4.5 bar absolute. */
const cushionM3Pa = 4e-5;
/** Proportional and integral action of the make-up pump on the pressure, kg/s per Pa and per Pa s. */
const makeupGain = 8e-5;
const makeupResetS = 900;
/** Make-up pumps are sized for 4 % of the circulation (CJJ 34), kg/s. */
const largestMakeupKgS = 11;
/** Seals, vents and sampling at the set pressure, kg/s. */
const seepageKgS = 0.28;
const spillBandPa = 30_000;
const spillKgSPa = 2e-4;
const tankM3 = 120;
const refillM3H = 28;
const makeupC = 18;

/** What the plant's program reads through its instruments: °C and Pa gauge. */
export type PlantInputs = Readonly<Record<'outdoorC' | 'supplyC' | 'suctionPa' | 'farDifferencePa', () => number>>;

/** The heat plant: boilers, circulation pump, pressure holding with make-up and expansion vessel (domain reference 1.2). */
export class HeatPlant {
  readonly course = new SeasonCourse(24 * hourS, 8 * hourS);
  /** Speed of the circulation pump against its rated one. */
  speed = 0;
  /** Low suction pressure keeps the circulation pump stopped. */
  locked = false;
  /** Its pumps and boilers have electricity. */
  supplied = true;
  supplyC = hallC;
  returnC = hallC;
  setpointC = standbyC;
  /** Operators' shift of the dispatcher's table, K. */
  shiftK = 0;
  /** Share of the boilers' heat that has tripped, 0..1. */
  trippedShare = 0;
  /** Water that a make-up valve lets in although it is not asked for, kg/s. */
  surgeKgS = 0;
  /** Pressure at the suction side that make-up holds, and as it is, Pa gauge. */
  setPa = 350_000;
  suctionPa = 350_000;
  makeupKgS = seepageKgS;
  spillKgS = 0;
  heatW = 0;
  flowKgS = 0;
  farDifferencePa = 0;
  tankLevel = 0.8;
  refills = false;
  energyGJ = 2_480_000;
  makeupM3 = 61_400;
  private readonly inputs: PlantInputs;
  /** Outdoor temperature and held pressure as the program has smoothed them. */
  private outdoorC = 0;
  private heldPa = this.suctionPa;
  private integralKgS = seepageKgS;

  constructor(inputs: PlantInputs) {
    this.inputs = inputs;
  }

  /** Temperature of make-up water, °C. */
  readonly makeupC = makeupC;

  get runs(): boolean {
    return this.course.phase !== 'off';
  }

  /** Lift of the circulation pump, Pa. */
  get liftPa(): number {
    return Math.max(0, shutOffPa * this.speed ** 2 - pumpFallPa * this.flowKgS ** 2);
  }

  /** Electric power of the circulation pump, W: P = Q dp / eta. */
  get pumpW(): number {
    return ((this.flowKgS / returnWater.densityKgM3) * this.liftPa) / pumpEfficiency;
  }

  /** Law of the circulation pump: dp = −(H0 n² − b Q²), H by the affinity laws. */
  readonly loss = (flowKgS: number, into: Loss): void => {
    squareLoss(pumpFallPa, flowKgS, into);
    into.dropPa -= shutOffPa * this.speed ** 2;
  };

  settle(season: boolean, outdoorC: number): void {
    this.course.settle(season);
    this.outdoorC = outdoorC;
    this.setpointC = season ? this.tableC : standbyC;
    this.supplyC = season ? this.setpointC : Math.max(hallC, outdoorC);
    this.returnC = Math.max(hallC, outdoorC);
    this.speed = season ? 0.85 : 0;
  }

  step(dtS: number, around: PlantSurroundings): void {
    this.outdoorC = lagged(this.outdoorC, this.inputs.outdoorC(), dtS, outdoorFilterS);
    this.heldPa = lagged(this.heldPa, this.inputs.suctionPa(), dtS, pressureFilterS);
    const seenC = this.inputs.supplyC();
    this.course.step(dtS, around.season, Math.abs(seenC - this.tableC) < 2);
    this.flowKgS = around.flowKgS;
    this.farDifferencePa = around.farDifferencePa;
    this.movePump(dtS);
    this.fire(dtS, around, seenC - this.supplyC);
    this.holdPressure(dtS, around);
    this.energyGJ += (this.heatW * dtS) / 1e9;
    this.makeupM3 += (this.makeupKgS * dtS) / 1000;
  }

  /** What the dispatcher's table asks for, °C. */
  private get tableC(): number {
    return onCurve(primaryCurve, this.outdoorC) + this.shiftK;
  }

  private movePump(dtS: number): void {
    if (this.heldPa < lockPa) this.locked = true;
    if (this.heldPa > unlockPa) this.locked = false;
    if (!this.runs || this.locked || !this.supplied) {
      const coasting = ramped(this.speed, 0, dtS, this.supplied ? pumpRampPerS : pumpCoastPerS);
      this.speed = coasting < 0.01 ? 0 : coasting;
      return;
    }
    const lacking = 1 - this.inputs.farDifferencePa() / farSetPa;
    const wanted = this.speed + 0.25 * Math.max(-1, Math.min(1, lacking)) * (dtS / pumpResetS);
    const bounded = Math.max(slowestPump, Math.min(fastestPump, wanted));
    this.speed = ramped(this.speed, bounded, dtS, pumpRampPerS);
  }

  /** The boilers bring what the sensor of the supply shows to its set-point; it shows `amissK` too much. */
  private fire(dtS: number, around: PlantSurroundings, amissK: number): void {
    const { flowKgS, returnC } = around;
    const heating = this.course.phase === 'on' || this.course.phase === 'starting';
    if (!this.runs || !this.supplied || flowKgS < 0.5) {
      this.heatW = 0;
      const airC = Math.max(hallC, this.outdoorC);
      this.supplyC = lagged(this.supplyC, airC, dtS, hallS);
      this.returnC = lagged(this.returnC, airC, dtS, hallS);
      this.setpointC = Math.max(standbyC, Math.min(this.setpointC, this.supplyC));
      return;
    }
    this.setpointC = ramped(this.setpointC, heating ? this.tableC : standbyC, dtS, rampKS);
    const most = returnC + (boilerW * (1 - this.trippedShare)) / (flowKgS * waterHeatJKgK);
    const wanted = Math.max(returnC, Math.min(most, this.setpointC + around.firingK - amissK));
    this.supplyC = Math.max(returnC, lagged(this.supplyC, wanted, dtS, outletLagS));
    this.returnC = returnC;
    this.heatW = flowKgS * waterHeatJKgK * (this.supplyC - returnC);
  }

  /** dp/dt = (make-up − leaks − spill + swelling)/cushion; the spill valve opens by itself above its band. */
  private holdPressure(dtS: number, around: PlantSurroundings): void {
    const lowPa = this.setPa - this.heldPa;
    const bounded = (kgS: number) => Math.max(0, Math.min(this.tankLevel > 0.02 ? largestMakeupKgS : 0, kgS));
    this.integralKgS = bounded(this.integralKgS + (makeupGain / makeupResetS) * lowPa * dtS);
    const wantedKgS = bounded(this.integralKgS + makeupGain * lowPa) + this.surgeKgS;
    this.makeupKgS = this.supplied ? bounded(wantedKgS) : 0;
    this.spillKgS = Math.max(0, this.suctionPa - this.setPa - spillBandPa) * spillKgSPa;
    const seepage = seepageKgS * Math.sqrt(Math.max(0, this.suctionPa) / this.setPa);
    const gainedM3S = (this.makeupKgS - seepage - around.leakKgS - this.spillKgS) / 1000 + around.swellingM3S;
    this.suctionPa = Math.max(0, this.suctionPa + (gainedM3S * dtS) / cushionM3Pa);
    if (this.tankLevel < 0.7) this.refills = true;
    if (this.tankLevel > 0.9) this.refills = false;
    const filledM3S = (this.refills ? refillM3H / 3600 : 0) + (this.spillKgS - this.makeupKgS) / 1000;
    this.tankLevel = Math.max(0, Math.min(1, this.tankLevel + (filledM3S * dtS) / tankM3));
  }
}
