import { waterHeatJKgK } from './pipe.ts';
import { designOutdoorC, designReturnC, designRoomC, designSupplyC, radiatorExponent } from './weather-curve.ts';

/** The houses behind one substation, taken together. */
export interface BuildingDesign {
  readonly heatedM2: number;
  /** Heat demand at design weather, W/m². */
  readonly designWM2: number;
  /** Time constant of the houses, h (50–120, domain reference 1.2). */
  readonly timeConstantH: number;
  /** Glass that lets sun in, m² of full transmission per m² heated. */
  readonly apertureShare: number;
}

/** Weather and people around the houses. */
export interface BuildingSurroundings {
  readonly outdoorC: number;
  readonly windMS: number;
  readonly solarWM2: number;
  /** Heat from people, cooking and lamps against its daily mean. */
  readonly gainFactor: number;
}

/** Internal gains of homes, W/m² (JGJ 26: 3.8). */
const gainsWM2 = 3.8;
const ventilationShare = 0.4;
const airCapacityShare = 0.08;
/** Coupling of walls, furniture and air against the whole loss: about 8 W/m²K over 2.5 m² of surface per m² heated. */
const wallCoupling = 15;
/** Ventilation grows by this share per m/s beyond a light breeze. */
const windShare = 0.03;
const breezeMS = 3;
/** Windows open above this room temperature, up to this many times the winter's ventilation within 3 K. */
const windowC = 24.5;
const windowFactor = 8;
/** Water and metal of radiators and risers, J/K per W of design heat (8 kg of water per kW and as much in metal). */
const radiatorJKW = 45;
/** Share of the design flow below which a radiator is no more fed evenly. */
const trickle = 0.02;
/** Rooms out of the season begin no colder: their walls still hold the summer's or the last weeks' warmth. */
const unheatedC = 16;

/**
 * Houses as 2R2C: Ca dTi/dt = (Tm−Ti)/Rim + (To−Ti)/Rv + Qr + Qg; Cm dTm/dt = (Ti−Tm)/Rim + (To−Tm)/Rmo, with radiators
 * Qr = Qd (dT/dTd)^1.3 (domain reference 1.2). Solved implicitly, so any step is stable.
 */
export class Building {
  roomC = designRoomC;
  massC = designRoomC;
  /** Water leaving the radiators, °C. */
  returnC = designReturnC;
  /** Heat that the radiators give, W. */
  radiatorW = 0;
  readonly designW: number;
  /** Water through the radiators at design, kg/s. */
  readonly designKgS: number;
  private readonly design: BuildingDesign;
  private readonly lossWK: number;
  private readonly gainsW: number;

  constructor(design: BuildingDesign) {
    this.design = design;
    this.designW = design.heatedM2 * design.designWM2;
    this.designKgS = this.designW / (waterHeatJKgK * (designSupplyC - designReturnC));
    this.gainsW = design.heatedM2 * gainsWM2;
    this.lossWK = (this.designW + this.gainsW) / (designRoomC - designOutdoorC);
  }

  /** Brings the rooms to where constant weather and radiators at a mean temperature (none: no heating) would hold them. */
  settle(outdoorC: number, radiatorMeanC: number | undefined): void {
    this.roomC = Math.max(outdoorC, radiatorMeanC === undefined ? outdoorC : designRoomC);
    for (let round = 0; round < 200; round++) {
      const heatW = radiatorMeanC === undefined ? 0 : this.givenW(radiatorMeanC - this.roomC);
      const goalC = outdoorC + (heatW + this.gainsW) / (this.lossWK + this.openWindowWK(this.roomC));
      this.roomC += 0.3 * (goalC - this.roomC);
    }
    if (radiatorMeanC === undefined) {
      this.roomC = Math.max(unheatedC, this.roomC);
      this.returnC = this.roomC;
    }
    this.massC = outdoorC + (this.roomC - outdoorC) * (1 - (1 - ventilationShare) / wallCoupling);
  }

  /** Moves by `dtS` with water of `supplyC` flowing at `kgS`. */
  step(dtS: number, supplyC: number, kgS: number, around: BuildingSurroundings): void {
    this.stepRadiators(dtS, supplyC, kgS);
    this.stepRooms(dtS, around);
  }

  private stepRadiators(dtS: number, supplyC: number, kgS: number): void {
    const weight = (0.5 * (1 + trickle) * kgS) / (kgS + trickle * this.designKgS);
    const excessK = weight * supplyC + (1 - weight) * this.returnC - this.roomC;
    const heatW = this.givenW(excessK);
    const slopeWK = excessK > 0 ? (radiatorExponent * heatW * (1 - weight)) / excessK : 0;
    const capacity = this.designW * radiatorJKW;
    const flow = kgS * waterHeatJKgK;
    const change = (dtS * (flow * (supplyC - this.returnC) - heatW)) / (capacity + dtS * (flow + slopeWK));
    this.returnC += change;
    this.radiatorW = heatW + slopeWK * change;
  }

  private stepRooms(dtS: number, around: BuildingSurroundings): void {
    const { outdoorC } = around;
    const wall = wallCoupling * this.lossWK;
    const opaque = (1 - ventilationShare) * this.lossWK;
    const outer = (wall * opaque) / (wall - opaque);
    const windy = 1 + windShare * (around.windMS - breezeMS);
    const air = ventilationShare * this.lossWK * windy + this.openWindowWK(this.roomC);
    const sunW = around.solarWM2 * this.design.heatedM2 * this.design.apertureShare;
    const gainsW = this.gainsW * around.gainFactor + sunW + this.radiatorW;
    const capacity = this.lossWK * this.design.timeConstantH * 3600;
    const airJK = (airCapacityShare * capacity) / dtS;
    const massJK = ((1 - airCapacityShare) * capacity) / dtS;
    // Two linear equations in the new temperatures, by Cramer's rule.
    const a = airJK + wall + air;
    const d = massJK + wall + outer;
    const right = airJK * this.roomC + air * outdoorC + gainsW;
    const left = massJK * this.massC + outer * outdoorC;
    const determinant = a * d - wall * wall;
    this.roomC = (right * d + wall * left) / determinant;
    this.massC = (left * a + wall * right) / determinant;
  }

  private givenW(excessK: number): number {
    const designK = (designSupplyC + designReturnC) / 2 - designRoomC;
    return excessK > 0 ? this.designW * (excessK / designK) ** radiatorExponent : 0;
  }

  private openWindowWK(roomC: number): number {
    const open = Math.max(0, Math.min(1, (roomC - windowC) / 3));
    return open * windowFactor * ventilationShare * this.lossWK;
  }
}
