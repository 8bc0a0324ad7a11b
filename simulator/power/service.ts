import type { ServiceData } from './network.ts';

/** Low voltage at no load per 10 kV line voltage: off-load tap at +5 %, V per kV; and the nominal line voltage, V. */
const voltsPerKv = 400 / 10.5;
const nominalV = 380;
/** Drop in the consumer's transformer and cables at usual load, share. */
const usualDrop = 0.012;
/** Contactors let go below, and close again above; per unit of the nominal voltage. */
const release = { below: 0.7, above: 0.88 } as const;
/** Change-over to the second feeder after this long without voltage, and back after this long with it, s. */
const changeOverS = 4;
const changeBackS = 120;
/** Rectifier: carries the controllers above this voltage, recharges an empty battery in this time, h. */
const rectifierFrom = 0.85;
const rechargeHours = 10;
/** A controller that was dark needs this to come up, s. */
const bootS = 45;
/** 48 V battery: float voltage, open voltage when full and empty, drop of a new one under the controllers' load, V. */
const battery = { floatV: 54, fullV: 50.4, emptyV: 44, dropV: 0.6 } as const;
/** Resistance of a new block, mΩ; it rises by this share per share of capacity lost (IEEE 1188 practice). */
const newMilliohm = 4.2;
const resistanceGrowth = 2.4;

/** What happenings do to a distribution room. */
export interface ServiceEffects {
  /** Its own main breaker has tripped. */
  readonly tripped: boolean;
  /** Share of the battery's capacity that age has taken, 0..1. */
  readonly aged: number;
  /** The battery carries the controllers for a test. */
  readonly testing: boolean;
}

/** Supply of one consumer: change-over, undervoltage release with restart timer, battery behind a rectifier. */
export class Service {
  readonly data: ServiceData;
  /** Voltage of its low-voltage bus, V. */
  volts = 0;
  onAlternative = false;
  /** Its main breaker is closed. */
  breakerClosed = true;
  /** The consumer's contactors are closed. */
  connected = true;
  /** Seconds until a waiting consumer is connected again. */
  waitingS = 0;
  onBattery = false;
  /** 0..1 of what the battery can hold now. */
  charge = 1;
  /** The controllers run. */
  controls = true;
  /** Active power that the consumer draws, kW. */
  loadKw = 0;
  milliohm = newMilliohm;
  energyKwh = 180_000;
  private missingS = 0;
  private presentS = 0;
  private bootingS = 0;

  constructor(data: ServiceData) {
    this.data = data;
  }

  /** Voltage that reaches the consumer, per unit of the nominal one; 0 while it is held back. */
  get supply(): number {
    return this.connected ? this.volts / nominalV : 0;
  }

  /** Voltage of the battery, V. */
  get batteryV(): number {
    if (!this.onBattery) return battery.floatV - (1 - this.charge) * 2;
    const openV = battery.emptyV + (battery.fullV - battery.emptyV) * this.charge;
    return this.charge > 0 ? openV - (battery.dropV * this.milliohm) / newMilliohm : 0;
  }

  /** `primaryKv`, `alternativeKv`: line voltages that its feeders bring. */
  step(dtS: number, primaryKv: number, alternativeKv: number | undefined, effects: ServiceEffects): void {
    this.changeOver(dtS, perUnit(primaryKv), alternativeKv === undefined ? 0 : perUnit(alternativeKv));
    const kv = this.onAlternative ? (alternativeKv ?? 0) : primaryKv;
    this.breakerClosed = !effects.tripped;
    this.volts = this.breakerClosed ? perUnit(kv) * nominalV : 0;
    this.reconnect(dtS);
    this.carryControls(dtS, effects);
    this.energyKwh += (this.loadKw * dtS) / 3600;
  }

  private changeOver(dtS: number, primary: number, alternative: number): void {
    const there = primary >= release.above;
    this.missingS = there ? 0 : this.missingS + dtS;
    this.presentS = there ? this.presentS + dtS : 0;
    if (this.onAlternative) {
      if (this.presentS >= changeBackS) this.onAlternative = false;
    } else if (this.missingS >= changeOverS && alternative >= release.above) this.onAlternative = true;
  }

  private reconnect(dtS: number): void {
    const pu = this.volts / nominalV;
    if (pu < release.below) {
      this.connected = false;
      this.waitingS = this.data.restartS;
    } else if (!this.connected && pu >= release.above) {
      this.waitingS = Math.max(0, this.waitingS - dtS);
      this.connected = this.waitingS === 0;
    }
  }

  private carryControls(dtS: number, effects: ServiceEffects): void {
    const capacityHours = this.data.batteryHours * Math.max(0.02, 1 - effects.aged);
    this.milliohm = newMilliohm * (1 + resistanceGrowth * effects.aged);
    const mains = this.volts / nominalV >= rectifierFrom;
    this.onBattery = !mains || effects.testing;
    const hours = dtS / 3600;
    const change = this.onBattery ? -hours / capacityHours : hours / rechargeHours;
    this.charge = Math.min(1, Math.max(0, this.charge + change));
    if (!mains && this.charge === 0) {
      this.controls = false;
      this.bootingS = bootS;
    } else if (!this.controls) {
      this.bootingS -= dtS;
      this.controls = this.bootingS <= 0;
    }
  }
}

const perUnit = (kv: number): number => (kv * voltsPerKv * (1 - usualDrop)) / nominalV;
