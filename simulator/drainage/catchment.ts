import { snowMeltMmH } from '../city/snow.ts';

/** Ground that drains to one place. */
export interface CatchmentDesign {
  readonly areaHa: number;
  /** Roofs and roads that drain to the sewer. */
  readonly pavedShare: number;
  /** Time from rain to runoff: the two linear stores in a row hold half of it each, s. */
  readonly lagS: number;
}

/** What falls on a catchment and how warm it is. */
export interface CatchmentWeather {
  readonly rainMmH: number;
  readonly snowMmH: number;
  readonly outdoorC: number;
  /** Whether the soil below the turf is frozen. */
  readonly frozen: boolean;
}

/** Water that wets a surface before any runs off, mm (usual values of EPA SWMM 5 manuals: 1.3–2.5 paved, 2.5–5 lawn). */
const depressionMm = { paved: 1.5, open: 4 } as const;
/** Infiltration of urban loam by Horton (1940), mm/h: dry, wet; how fast it falls, 1/h. Frozen soil keeps this share. */
const dryMmH = 75;
const wetMmH = 10;
const fallPerH = 4;
const frozenShare = 0.1;
/** Soil dries with this time constant, h; depressions lose this much to the air, mm/h, when it does not freeze. */
const dryingH = 72;
const evaporationMmH = 0.15;
/** Snow that is carted off from paved ground, share. */
const clearedShare = 0.7;
/** Of the water that soaks in, this share finds leaky sewers, over this time constant, s. */
const toSewerShare = 0.06;
const groundwaterS = 2 * 86_400;
/** Groundwater that always seeps in, L/(s·ha). */
const seepageLsHa = 0.08;

/** One kind of surface: what it holds. */
interface Surface {
  readonly share: number;
  readonly depressionMm: number;
  snowMm: number;
  heldMm: number;
}

/**
 * Rain and snow to runoff: depression storage, infiltration by Horton, melt by degree-day, two linear reservoirs in a row
 * (Nash, 1957, n = 2), and a slow one for what reaches leaky sewers through the soil.
 */
export class Catchment {
  /** Surface runoff now, m³/s; share of it that was snow; and groundwater that seeps into the sewers, m³/s. */
  runoffM3S = 0;
  meltShare = 0;
  seepageM3S: number;
  /** Water that fell or came up from deep soil since the beginning; what left by air, deep soil and carts, m³. */
  broughtM3 = 0;
  lostM3 = 0;
  private readonly paved: Surface;
  private readonly open: Surface;
  private readonly design: CatchmentDesign;
  /** Infiltrated beyond the wet rate, mm: Horton's curve is a straight line in it. */
  private soakedMm = 0;
  private readonly storesM3: [number, number] = [0, 0];
  private groundM3: number;

  constructor(design: CatchmentDesign) {
    this.design = design;
    this.paved = { share: design.pavedShare, depressionMm: depressionMm.paved, snowMm: 0, heldMm: 0 };
    this.open = { share: 1 - design.pavedShare, depressionMm: depressionMm.open, snowMm: 0, heldMm: 0 };
    this.seepageM3S = (seepageLsHa * design.areaHa) / 1000;
    this.groundM3 = this.seepageM3S * groundwaterS;
  }

  /** Lets snow lie as it does on open ground; for the beginning. */
  cover(snowCoverMm: number): void {
    this.open.snowMm = snowCoverMm;
    this.paved.snowMm = (1 - clearedShare) * snowCoverMm;
  }

  /** Water on the ground, on its way and in the soil above the sewers, m³. */
  storedM3(): number {
    const { paved, open, storesM3, groundM3 } = this;
    const mm = (surface: Surface) => surface.share * (surface.snowMm + surface.heldMm);
    return (mm(paved) + mm(open)) * this.design.areaHa * 10 + storesM3[0] + storesM3[1] + groundM3;
  }

  step(dtS: number, weather: CatchmentWeather): void {
    const hours = dtS / 3600;
    const paved = this.wet(this.paved, weather, hours, 1 - clearedShare, 0);
    const capacity = this.infiltrationMmH(weather.frozen);
    const open = this.wet(this.open, weather, hours, 1, capacity * hours);
    this.soak(open.soakedMm, hours);
    const soakedM3 = this.toM3(open.soakedMm * this.open.share);
    const runMm = paved.runMm * this.paved.share + open.runMm * this.open.share;
    const meltMm = paved.meltMm * this.paved.share + open.meltMm * this.open.share;
    this.route(dtS, this.toM3(runMm), soakedM3);
    const share = runMm > 0 ? Math.min(1, meltMm / runMm) : this.meltShare;
    this.meltShare += (share - this.meltShare) * (1 - Math.exp(-dtS / this.design.lagS));
  }

  private readonly toM3 = (mm: number): number => mm * this.design.areaHa * 10;

  private infiltrationMmH(frozen: boolean): number {
    const capacity = Math.max(wetMmH, dryMmH - fallPerH * this.soakedMm);
    return frozen ? frozenShare * capacity : capacity;
  }

  /** What a surface lets run off and soak in, mm over the step. */
  private wet(surface: Surface, weather: CatchmentWeather, hours: number, snowStays: number, soakableMm: number) {
    const snowMm = weather.snowMmH * hours;
    this.broughtM3 += this.toM3((weather.rainMmH * hours + snowMm) * surface.share);
    surface.snowMm += snowMm * snowStays;
    const meltMm = Math.min(surface.snowMm, snowMeltMmH(weather.outdoorC) * hours);
    surface.snowMm -= meltMm;
    const wetMm = surface.heldMm + weather.rainMmH * hours + meltMm;
    const soakedMm = Math.min(wetMm, soakableMm);
    const dried = weather.outdoorC > 0 && weather.rainMmH === 0 ? evaporationMmH * hours : 0;
    const driedMm = Math.min(wetMm - soakedMm, dried);
    const left = wetMm - soakedMm - driedMm;
    const runMm = Math.max(0, left - surface.depressionMm);
    surface.heldMm = left - runMm;
    const carted = snowMm * (1 - snowStays);
    this.lostM3 += this.toM3((driedMm + carted) * surface.share);
    return { runMm, soakedMm, meltMm };
  }

  private soak(soakedMm: number, hours: number): void {
    this.soakedMm = Math.min((dryMmH - wetMmH) / fallPerH, this.soakedMm + Math.max(0, soakedMm - wetMmH * hours));
    if (soakedMm === 0) this.soakedMm *= Math.exp(-hours / dryingH);
  }

  private route(dtS: number, runM3: number, soakedM3: number): void {
    const [first, second] = this.storesM3;
    const keep = Math.exp(-dtS / (this.design.lagS / 2));
    const fromFirst = (first + runM3) * (1 - keep);
    const fromSecond = (second + fromFirst) * (1 - keep);
    this.storesM3[0] = first + runM3 - fromFirst;
    this.storesM3[1] = second + fromFirst - fromSecond;
    this.runoffM3S = fromSecond / dtS;
    const toGround = toSewerShare * soakedM3;
    this.lostM3 += soakedM3 - toGround;
    const restingM3 = ((seepageLsHa * this.design.areaHa) / 1000) * dtS;
    const seeped = (this.groundM3 + toGround) * (1 - Math.exp(-dtS / groundwaterS));
    this.groundM3 += toGround - seeped + restingM3;
    this.broughtM3 += restingM3;
    this.seepageM3S = seeped / dtS;
  }
}
