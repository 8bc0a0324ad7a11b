import { Building, type BuildingSurroundings } from './building.ts';
import { type ExchangerDesign, exchangedW } from './exchanger.ts';
import { type Loss, squareLoss } from './friction.ts';
import { pipeSizes, returnWater, type SubstationDesign, trenchDepthM } from './network.ts';
import { PlugFlowPipe, waterHeatJKgK } from './pipe.ts';
import { lagged, ramped } from './season.ts';
import { SubstationControl } from './substation-control.ts';
import { qualityRegulation } from './weather-curve.ts';

/** What happenings do to a substation. */
export interface SubstationEffects {
  readonly pumpTripped: boolean;
  /** Share of the clean exchanger's heat transfer that dirt has taken, 0..1. */
  readonly fouled: number;
  readonly shiftK: number;
  /** Position in which the control valve sticks, 0..1. */
  readonly stuckAt: number | undefined;
  /** Share of the secondary flow that air in the risers takes, 0..1. */
  readonly airShare: number;
  /** The wires of the secondary supply and return sensors are swapped. */
  readonly swapped: boolean;
  /** Error of the outdoor sensor, K. */
  readonly outdoorK: number;
  /** Share of the primary return's cross-section that ice takes, 0..1. */
  readonly frozenShare: number;
  /** Water that the secondary side loses beside the usual, m³/h. */
  readonly lossM3H: number;
}

/** Nothing is wrong. */
const noEffects: SubstationEffects = {
  ...{ pumpTripped: false, fouled: 0, shiftK: 0, stuckAt: undefined, airShare: 0 },
  ...{ swapped: false, outdoorK: 0, frozenShare: 0, lossM3H: 0 },
};

/** What surrounds a substation in one sub-step. */
export interface SubstationSurroundings extends BuildingSurroundings {
  readonly season: boolean;
  readonly groundC: number;
  readonly nowS: number;
}

const valveStrokeS = 90;
/** Ratio of an equal-percentage valve's largest to smallest controlled flow. */
const valveRange = 50;
/** Below this opening the plug closes linearly; shut, it leaks this share of Kvs. */
const valveSeat = 0.05;
const valveLeak = 1e-5;
const exchangerDropPa = 50_000;
/** Primary water cools from 115 to 55 °C at design; with 75/50 °C behind it the mean difference is 16.8 K. */
const designCoolingK = 60;
const designLmtdK = (40 - 5) / Math.log(40 / 5);
/** Plates and water of the exchanger, J/K per W of design heat. */
const exchangerJKW = 1.2;
const pumpStartS = 20;
const pumpCoastS = 2.5;
const pumpEfficiency = 0.68;
const stillKgS = 0.01;
/** Before its first step a substation's water has this temperature; standing water takes the cellar's in this time. */
const firstC = 15;
const cellarS = 2 * 3600;
/** Secondary pressure rises with the water's temperature into the expansion vessel, MPa/K. */
const expansionMpaK = 0.0006;
const secondaryLossM3H = 0.06;
/** Most that secondary make-up brings, and the fall of pressure for each m³ that is missing, MPa. */
const mostMakeupM3H = 2;
const cushionMpaM3 = 0.08;
/** Make-up runs by the missing water: fully from this on, m³. */
const fullMakeupAtM3 = 0.25;

/** What the controller reads through its instruments, °C. */
export type ControllerInputs = Readonly<Record<'outdoorC' | 'supplyC' | 'roomC', () => number>>;

/** One substation: valve, plate exchanger, circulation pump, secondary loop and the houses behind it. */
export class Substation {
  readonly design: SubstationDesign;
  readonly building: Building;
  readonly control: SubstationControl;
  private readonly inputs: ControllerInputs;
  effects: SubstationEffects = noEffects;
  /** Its pump and valve have electricity. */
  supplied = true;
  /** Position of the valve, 0..1. */
  valve = 0;
  /** Speed of the pump against its set speed. */
  pumpSpeed = 0;
  primaryReturnC = firstC;
  secondarySupplyC = firstC;
  secondaryReturnC = firstC;
  outdoorC = 0;
  heatW = 0;
  energyGJ: number;
  volumeM3: number;
  makeupM3: number;
  /** Water that leaks have taken from the secondary side and make-up has not brought back yet, m³. */
  private missingM3 = 0;
  readonly designKgS: number;
  private readonly exchanger: ExchangerDesign;
  private readonly supplyPipe: PlugFlowPipe;
  private readonly returnPipe: PlugFlowPipe;

  /** The pump starts `staggerS` after the season's call. */
  constructor(design: SubstationDesign, inputs: ControllerInputs, staggerS: number) {
    this.design = design;
    this.inputs = inputs;
    this.building = new Building(design.building);
    this.control = new SubstationControl(staggerS);
    const { designW, designKgS } = this.building;
    this.designKgS = designW / (waterHeatJKgK * designCoolingK);
    this.exchanger = {
      designUaWK: designW / designLmtdK,
      primaryKgS: this.designKgS,
      secondaryKgS: designKgS,
    };
    const pipe = { ...pipeSizes[250], ...returnWater, lengthM: design.secondaryM, depthM: trenchDepthM };
    this.supplyPipe = new PlugFlowPipe(pipe, firstC);
    this.returnPipe = new PlugFlowPipe(pipe, firstC);
    this.energyGJ = design.building.heatedM2 * 1.9;
    this.volumeM3 = design.building.heatedM2 * 9.4;
    this.makeupM3 = design.building.heatedM2 / 140;
  }

  get pumpRuns(): boolean {
    return this.control.pump && this.supplied && !this.effects.pumpTripped;
  }

  get secondaryKgS(): number {
    return this.building.designKgS * this.pumpSpeed * (1 - this.effects.airShare);
  }

  /** Where the sensors are: they may be swapped, or in the sun. */
  get seen(): { readonly supplyC: number; readonly returnC: number; readonly outdoorC: number } {
    const [supplyC, returnC] = this.effects.swapped
      ? [this.secondaryReturnC, this.secondarySupplyC]
      : [this.secondarySupplyC, this.secondaryReturnC];
    return { supplyC, returnC, outdoorC: this.outdoorC + this.effects.outdoorK };
  }

  get secondaryReturnMPa(): number {
    const meanC = (this.secondarySupplyC + this.secondaryReturnC) / 2;
    return Math.max(0, this.design.restMPa + expansionMpaK * (meanC - 50) - cushionMpaM3 * this.missingM3);
  }

  get secondarySupplyMPa(): number {
    return this.secondaryReturnMPa + this.design.headMPa * this.pumpSpeed ** 2;
  }

  /** Electric power of the circulation pump, W: P = Q dp / eta. */
  get pumpW(): number {
    const flowM3S = this.secondaryKgS / returnWater.densityKgM3;
    return (flowM3S * this.design.headMPa * 1e6 * this.pumpSpeed ** 2) / pumpEfficiency;
  }

  /** Law of the primary branch: valve with Kv = Kvs R^(x−1) (domain reference 1.2), and the exchanger's plates. */
  readonly loss = (flowKgS: number, into: Loss): void => {
    const open = valveRange ** (this.valve - 1) * Math.min(1, this.valve / valveSeat);
    const kv = this.design.kvs * Math.max(valveLeak, open);
    const flowPerKg = 3600 / returnWater.densityKgM3;
    const valvePa = 1e5 * (returnWater.densityKgM3 / 1000) * (flowPerKg / kv) ** 2;
    const passage = (1 - this.effects.frozenShare) ** 2;
    const resistance = valvePa + exchangerDropPa / this.designKgS ** 2 / passage;
    squareLoss(resistance, flowKgS, into);
  };

  /** Begins in equilibrium with constant weather; the caller then lets the temperatures settle. */
  settle(around: SubstationSurroundings): void {
    const { season, nowS, groundC } = around;
    const secondary = qualityRegulation(around.outdoorC);
    this.outdoorC = around.outdoorC;
    this.building.settle(around.outdoorC, season ? (secondary.supplyC + secondary.returnC) / 2 : undefined);
    const cellarC = (this.building.roomC + groundC) / 2;
    this.primaryReturnC = cellarC;
    this.secondarySupplyC = season ? secondary.supplyC : cellarC;
    this.secondaryReturnC = season ? secondary.returnC : cellarC;
    if (season) this.building.returnC = secondary.returnC;
    this.supplyPipe.fill(season ? secondary.supplyC : groundC, nowS);
    this.returnPipe.fill(season ? secondary.returnC : groundC, nowS);
    this.control.settle(this.readings(season), 0.7);
    this.pumpSpeed = season ? 1 : 0;
    this.valve = this.control.valve;
  }

  /** Moves by `dtS` with primary water of `inC` flowing at `kgS`; afterwards `primaryReturnC` is what goes back. */
  step(dtS: number, primary: { readonly kgS: number; readonly inC: number }, around: SubstationSurroundings): void {
    this.outdoorC = around.outdoorC;
    this.control.handShiftK = this.effects.shiftK;
    this.control.step(dtS, this.readings(around.season));
    this.moveDrives(dtS);
    const { nowS, groundC } = around;
    const kgS = this.pumpSpeed > 0 ? this.secondaryKgS : 0;
    const housesC = this.supplyPipe.pull(kgS * dtS, 1, nowS, groundC, dtS);
    const backC = this.returnPipe.pull(kgS * dtS, 1, nowS, groundC, dtS);
    this.building.step(dtS, housesC, kgS, around);
    this.exchange(dtS, primary, { kgS, inC: backC }, groundC);
    this.supplyPipe.push(kgS * dtS, this.secondarySupplyC, 0, nowS);
    this.returnPipe.push(kgS * dtS, this.building.returnC, 0, nowS);
    this.energyGJ += (this.heatW * dtS) / 1e9;
    this.volumeM3 += (primary.kgS * dtS) / returnWater.densityKgM3;
    this.replenish(dtS);
  }

  /** Secondary make-up answers what is missing, up to what it can bring. */
  private replenish(dtS: number): void {
    const makeupM3H = mostMakeupM3H * Math.min(1, this.missingM3 / fullMakeupAtM3);
    this.missingM3 = Math.max(0, this.missingM3 + ((this.effects.lossM3H - makeupM3H) * dtS) / 3600);
    this.makeupM3 += ((secondaryLossM3H + makeupM3H) * dtS) / 3600;
  }

  private exchange(
    dtS: number,
    primary: { readonly kgS: number; readonly inC: number },
    secondary: { readonly kgS: number; readonly inC: number },
    groundC: number,
  ): void {
    // A cellar lies between the houses and the ground.
    const cellarC = (this.building.roomC + groundC) / 2;
    const fouled = Math.min(0.95, this.effects.fouled);
    const foulingKW = fouled / (1 - fouled) / this.exchanger.designUaWK;
    this.heatW = exchangedW(this.exchanger, primary, secondary, foulingKW);
    const { kgS, inC } = primary;
    const still = kgS < stillKgS;
    this.primaryReturnC = still
      ? lagged(this.primaryReturnC, cellarC, dtS, cellarS)
      : inC - this.heatW / (kgS * waterHeatJKgK);
    const capacity = this.building.designW * exchangerJKW;
    const flow = secondary.kgS * waterHeatJKgK * dtS;
    const filledC = (capacity * this.secondarySupplyC + this.heatW * dtS + flow * secondary.inC) / (capacity + flow);
    const stands = secondary.kgS < stillKgS;
    this.secondarySupplyC = stands ? lagged(filledC, cellarC, dtS, cellarS) : filledC;
    this.secondaryReturnC = stands ? lagged(this.secondaryReturnC, cellarC, dtS, cellarS) : secondary.inC;
  }

  private moveDrives(dtS: number): void {
    this.valve = ramped(this.valve, this.effects.stuckAt ?? this.control.valve, dtS, 1 / valveStrokeS);
    if (this.pumpRuns) this.pumpSpeed = ramped(this.pumpSpeed, 1, dtS, 1 / pumpStartS);
    else {
      const coasting = lagged(this.pumpSpeed, 0, dtS, pumpCoastS);
      this.pumpSpeed = coasting < 0.01 ? 0 : coasting;
    }
  }

  private readings(season: boolean) {
    const { outdoorC, supplyC, roomC } = this.inputs;
    return { season, outdoorC: outdoorC(), secondarySupplyC: supplyC(), roomC: roomC(), pumpRuns: this.pumpRuns };
  }
}
