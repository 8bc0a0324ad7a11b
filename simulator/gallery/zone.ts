import {
  airDensityKgM3,
  airHeatJKgK,
  latentHeatJKg,
  moistureOf,
  relativeHumidity,
  relaxed,
  saturatedMoisture,
} from './air.ts';
import { Fan } from './fan.ts';
import type { FireOutput } from './fire.ts';
import { surfaceOf, volumeOf, type ZoneDesign } from './layout.ts';
import { lightingW, person } from './loads.ts';
import { Sump } from './sump.ts';

/** Outdoor air: oxygen fraction, CO2 fraction, CO mg/m³. */
const outside = { oxygen: 0.2095, co2: 420e-6, coMgM3: 0.6 } as const;
/** Heat transfer air to wall W/(m²·K), wall to undisturbed soil W/(m²·K), and the wall's heat capacity J/(m²·K). */
const wall = { airWM2K: 4, soilWM2K: 0.8, heatJM2K: 0.2 * 2_400 * 880 } as const;
/** Mass transfer to a wet wall by Lewis' law, kg/(m²·s). */
const moistureTransfer = wall.airWM2K / airHeatJKgK;
/** Water film that wets the whole wall, kg/m²; it drains to the sump with this time constant, s. */
const fullFilmKgM2 = 0.05;
const drainS = 3_600;
/** Share of the wall that seepage keeps wet. */
const seepageWetShare = 0.005;
/** Smoke settles and dilutes; the detector answers above this, mg/m³, and clears below a third of it. */
const smokeDetectMgM3 = 8;
const smokeSettling = 1 / 3_600;

/** Species of the air that are carried by ventilation alike. */
const species = ['ch4', 'co2', 'oxygenLack', 'co', 'h2s', 'smoke'] as const;
type Species = (typeof species)[number];
/** Volume fractions, and mg/m³ for CO, H2S and smoke. */
type Air = Record<Species, number>;
const outdoorAir: Readonly<Air> = { ch4: 0, co2: outside.co2, oxygenLack: 0, co: outside.coMgM3, h2s: 0, smoke: 0 };

/** Air of a neighbour behind the fire door. */
interface NeighbourAir {
  readonly air: Readonly<Air>;
  readonly temperatureC: number;
}

/** What acts on a compartment in one sub-step. */
export interface ZoneInputs {
  /** Commanded speed of both fans, share of the full one. */
  readonly fanShare: number;
  readonly fanBroken: boolean;
  /** Share of the fans' air that comes through the intake's shutter, 0..1. */
  readonly freshShare: number;
  /** Fans, pumps and lights have voltage. */
  readonly supplied: boolean;
  /** Air changes per hour with fans off, by shafts and open hatches. */
  readonly leakageH: number;
  /** Gas that enters, m³/h at gallery conditions. */
  readonly gasM3H: number;
  /** Nitrogen or carbon dioxide that displaces the air, m³/h. */
  readonly inertM3H: number;
  /** H2S beside that of the sump, mg/s. */
  readonly h2sMgS: number;
  readonly waterM3H: number;
  readonly pumpsBroken: boolean;
  /** Heat and vapour of hot water that escapes nearby, W and kg/s. */
  readonly heatW: number;
  readonly steamKgS: number;
  readonly people: number;
  readonly fire: FireOutput | undefined;
  readonly cableW: number;
  readonly pipeWK: number;
  readonly pipeC: number;
  readonly outdoorC: number;
  readonly outdoorHumidity: number;
  readonly soilC: number;
  /** Flow through each fire door's gaps, m³/h, both ways. */
  readonly gapM3H: number;
  readonly neighbours: readonly NeighbourAir[];
  /** 1; above it the wall warms faster than in nature, to find the starting state. */
  readonly wallHaste: number;
}

/** One fire compartment: mass, heat and moisture balances of well-mixed air, wall and sump (domain reference 1.4). */
export class Zone {
  readonly design: ZoneDesign;
  readonly fans: readonly [Fan, Fan];
  readonly sump: Sump;
  air: Air = { ...outdoorAir };
  temperatureC: number;
  wallC: number;
  moisture: number;
  smoke = false;
  private filmKg = 0;
  private readonly volumeM3: number;
  private readonly surfaceM2: number;

  constructor(design: ZoneDesign, soilC: number, outdoorC: number, outdoorHumidity: number) {
    this.design = design;
    this.fans = [new Fan(design.fanRatedA, 8_120), new Fan(design.fanRatedA * 0.9, 7_960)];
    this.sump = new Sump(design.sumpStartM, design.lengthM * design.widthM);
    this.volumeM3 = volumeOf(design);
    this.surfaceM2 = surfaceOf(design);
    this.temperatureC = soilC;
    this.wallC = soilC;
    this.moisture = Math.min(saturatedMoisture(soilC), moistureOf(outdoorHumidity, outdoorC));
  }

  get oxygenFraction(): number {
    return outside.oxygen * (1 - this.air.ch4) - this.air.oxygenLack;
  }

  get humidity(): number {
    return relativeHumidity(this.moisture, this.temperatureC);
  }

  /** Air changes per hour that the fans give now. */
  get fanChangesH(): number {
    const [exhaust, supply] = this.fans;
    return (this.design.ventilation.emergency * (exhaust.speed + supply.speed)) / 2;
  }

  step(dtS: number, inputs: ZoneInputs): void {
    const [exhaust, supply] = this.fans;
    exhaust.step(dtS, inputs.fanShare, inputs.fanBroken || !inputs.supplied);
    supply.step(dtS, inputs.fanShare, !inputs.supplied);
    const changes = (this.fanChangesH * inputs.freshShare + inputs.leakageH) / 3600;
    this.mixAir(dtS, changes, inputs);
    const condensedKgS = this.mixMoisture(dtS, changes, inputs);
    this.mixHeat(dtS, changes, condensedKgS, inputs);
    const drained = this.filmKg * (1 - Math.exp(-dtS / drainS));
    this.filmKg -= drained;
    const pumpsStand = inputs.pumpsBroken || !inputs.supplied;
    this.sump.step(dtS, inputs.waterM3H + ((drained / 1000) * 3600) / dtS, pumpsStand);
    this.smoke = this.air.smoke > (this.smoke ? smokeDetectMgM3 / 3 : smokeDetectMgM3);
  }

  /** V dC/dt = S + Σ Q (C_j − C) + n V (C_out − C), exact over the step; CH4 by Q (1 − C). */
  private mixAir(dtS: number, changes: number, inputs: ZoneInputs): void {
    const { people, fire } = inputs;
    const perVolume = 1 / this.volumeM3;
    const gas = (inputs.gasM3H / 3600) * perVolume;
    const inert = (inputs.inertM3H / 3600) * perVolume;
    const sources: Air = {
      ch4: gas,
      co2: ((people * person.co2M3H) / 3600) * perVolume,
      oxygenLack: ((people * person.oxygenM3H) / 3600 + (fire?.oxygenM3S ?? 0)) * perVolume + outside.oxygen * inert,
      co: (fire?.coMgS ?? 0) * perVolume,
      h2s: (this.design.h2sMgS + inputs.h2sMgS) * perVolume,
      smoke: (fire?.smokeMgS ?? 0) * perVolume,
    };
    const gap = (inputs.gapM3H / 3600) * perVolume;
    const leaving = changes + gas + inert + gap * inputs.neighbours.length;
    const next: Air = { ...this.air };
    for (const name of species) {
      let gain = sources[name] + changes * outdoorAir[name];
      for (const neighbour of inputs.neighbours) gain += gap * neighbour.air[name];
      next[name] = relaxed(this.air[name], gain, leaving + (name === 'smoke' ? smokeSettling : 0), dtS);
    }
    this.air = next;
  }

  /** Vapour balance: fresh air, people, and the wall, which condenses below the dew point and dries where it is wet. */
  private mixMoisture(dtS: number, changes: number, inputs: ZoneInputs): number {
    const airKg = airDensityKgM3 * this.volumeM3;
    const wallMoisture = saturatedMoisture(this.wallC);
    const wetShare = Math.max(seepageWetShare, Math.min(1, this.filmKg / (fullFilmKgM2 * this.surfaceM2)));
    const wetM2 = this.surfaceM2 * (this.moisture > wallMoisture ? 1 : wetShare);
    const exchange = (moistureTransfer * wetM2) / airKg;
    const fresh = moistureOf(inputs.outdoorHumidity, inputs.outdoorC);
    const gain =
      changes * fresh + exchange * wallMoisture + (inputs.people * person.vapourKgS + inputs.steamKgS) / airKg;
    const before = this.moisture;
    this.moisture = relaxed(before, gain, changes + exchange, dtS);
    const condensed = exchange * airKg * ((before + this.moisture) / 2 - wallMoisture);
    const fog = Math.max(0, this.moisture - saturatedMoisture(this.temperatureC));
    this.moisture -= fog;
    this.filmKg = Math.max(0, this.filmKg + condensed * dtS + fog * airKg);
    return condensed;
  }

  /** ρ cp V dT/dt = U A (T_wall − T) + loads + n V ρ cp (T_out − T); the wall lies between air and soil. */
  private mixHeat(dtS: number, changes: number, condensedKgS: number, inputs: ZoneInputs): void {
    const heat = airDensityKgM3 * airHeatJKgK * this.volumeM3;
    const toWall = wall.airWM2K * this.surfaceM2;
    const toSoil = wall.soilWM2K * this.surfaceM2;
    const gap = (inputs.gapM3H / 3600) * airDensityKgM3 * airHeatJKgK;
    const people = inputs.people > 0 ? inputs.people * person.heatW + (inputs.supplied ? lightingW : 0) : 0;
    let gain = toWall * this.wallC + inputs.pipeWK * inputs.pipeC + heat * changes * inputs.outdoorC;
    for (const neighbour of inputs.neighbours) gain += gap * neighbour.temperatureC;
    gain += inputs.cableW + people + inputs.heatW + (inputs.fire?.heatW ?? 0);
    const rate = toWall + inputs.pipeWK + heat * changes + gap * inputs.neighbours.length;
    const before = this.temperatureC;
    this.temperatureC = relaxed(before, gain / heat, rate / heat, dtS);
    const capacity = (wall.heatJM2K * this.surfaceM2) / inputs.wallHaste;
    const mean = (before + this.temperatureC) / 2;
    const wallGain = toWall * mean + toSoil * inputs.soilC + condensedKgS * latentHeatJKg;
    this.wallC = relaxed(this.wallC, wallGain / capacity, (toWall + toSoil) / capacity, dtS);
  }
}
