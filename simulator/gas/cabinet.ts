import type { Random } from '../../edge/core/random.ts';
import type { Step } from '../city/plant.ts';
import { naturalGas } from './gas.ts';

/** Cabinet of a regulator station: volume, air changes of its louvres in calm air and per m/s of wind, per hour. */
const volumeM3 = 8;
const calmChangesH = 6;
const windChangesH = 4;
/** Solar supply: panel W at 1000 W/m², share that reaches the battery, load W, battery Wh. */
const panelW = 120;
const chargeShare = 0.7;
const loadW = 3;
const batteryWh = 1_200;
/** Open-circuit voltage of a 12 V lead battery, empty and full, and its lift while charging. */
const emptyV = 11.4;
const fullV = 12.9;
const chargeLiftV = 0.9;
/** The crew visits a station on this share of working days, for 8–20 minutes between 9 and 15 h. */
const visitShare = 0.3;
const dayMs = 86_400_000;

/** What surrounds a regulator: air with perhaps gas in it, a door, and a solar supply. */
export class Cabinet {
  /** Gas in the air, volume fraction. */
  gasFraction = 0;
  batteryV = fullV;
  panelW = 0;
  doorOpen = false;
  /** Share of its capacity that the battery has lost, 0..1. */
  agedShare = 0;
  /** Somebody works here, beside the usual visits. */
  worked = false;
  private charge = 0.9;
  private visitDay = Number.NaN;
  private visit = { fromHour: 0, toHour: 0 };
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** Gas in the air as a share of the lower explosive limit, %. */
  get lel(): number {
    return (100 * this.gasFraction) / naturalGas.lowerExplosiveLimit;
  }

  /** `leakM3H`: gas escaping inside, at ambient conditions. V dC/dt = q (1 − C) − n V C, exact over the step. */
  step(step: Step, leakM3H: number): void {
    const exchange = ((calmChangesH + windChangesH * step.weather.windMS) * volumeM3) / 3600;
    const inflow = leakM3H / 3600;
    const rate = (inflow + exchange) / volumeM3;
    const resting = inflow / (inflow + exchange);
    this.gasFraction = resting + (this.gasFraction - resting) * Math.exp(-rate * step.dtS);
    this.supply(step);
    this.visits(step);
  }

  private supply(step: Step): void {
    this.panelW = (panelW * step.weather.solarWM2) / 1000;
    const net = this.panelW * chargeShare - loadW;
    this.charge = Math.min(1, Math.max(0, this.charge + (net * step.dtS) / 3600 / (batteryWh * (1 - this.agedShare))));
    const lift = Math.max(0, Math.min(1, net / 20)) * chargeLiftV;
    this.batteryV = emptyV + (fullV - emptyV) * this.charge + lift;
  }

  private visits(step: Step): void {
    const day = Math.floor((step.timeMs - step.hour * 3_600_000) / dayMs + 0.5);
    if (day !== this.visitDay) {
      this.visitDay = day;
      const comes = this.random.next() < visitShare && step.workday;
      const fromHour = 9 + 6 * this.random.next();
      const hours = (8 + 12 * this.random.next()) / 60;
      this.visit = comes ? { fromHour, toHour: fromHour + hours } : { fromHour: 0, toHour: 0 };
    }
    this.doorOpen = this.worked || (step.hour >= this.visit.fromHour && step.hour < this.visit.toHour);
  }
}
