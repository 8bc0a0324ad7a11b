/** Specific heat of water, J/(kg K), taken as constant between 10 and 120 °C (within 1 %). */
export const waterHeatJKgK = 4190;
const steelDensityKgM3 = 8000;
const steelHeatJKgK = 500;
/** Polyurethane foam of pre-insulated pipe and unfrozen soil, W/(m K) (domain reference 1.2). */
const insulationWMK = 0.03;
const soilWMK = 1.5;
/** A parcel grows until it holds this share of the pipe, which bounds their number. */
const parcelShare = 1 / 200;
const capacity = 256;

/** A buried pre-insulated pipe. */
export interface ThermalPipeDesign {
  readonly lengthM: number;
  readonly diameterM: number;
  readonly wallM: number;
  readonly casingM: number;
  readonly densityKgM3: number;
  /** Depth of the axis, m. */
  readonly depthM: number;
}

/**
 * Heat loss per metre and kelvin, W/(m K): U' = 2π / (ln(D_ins/D)/λ_ins + ln(4H/D_ins)/λ_soil) (domain reference 1.2).
 */
export function lossCoefficient(design: ThermalPipeDesign): number {
  const steelM = design.diameterM + 2 * design.wallM;
  const foam = Math.log(design.casingM / steelM) / insulationWMK;
  const soil = Math.log((4 * design.depthM) / design.casingM) / soilWMK;
  return (2 * Math.PI) / (foam + soil);
}

/**
 * Plug flow through a pipe as a queue of parcels, each with mass, temperature and the time it came in; it loses heat by
 * its age when it leaves, T* = Tg + (T_in − Tg) exp(−U' τ/(ρ A cp)). The steel wall's heat capacity sits at the outlet:
 * T_w += m cp (T* − T_w) dt/(C_w L), solved implicitly (domain reference 1.2). Flow may go either way: `end` 0 is the
 * from-side, 1 the to-side.
 */
export class PlugFlowPipe {
  /** Mass of water in the pipe, kg. */
  readonly massKg: number;
  /** Heat lost to the ground by what left the pipe in the last pull, J. */
  lostJ = 0;
  private readonly mass = new Float64Array(capacity);
  private readonly temperature = new Float64Array(capacity);
  private readonly enteredS = new Float64Array(capacity);
  private first = 0;
  private count = 0;
  private readonly decayPerS: number;
  private readonly wallJK: number;
  private wallC: number;

  constructor(design: ThermalPipeDesign, temperatureC: number) {
    const area = (Math.PI * design.diameterM ** 2) / 4;
    const steelArea = Math.PI * (design.diameterM + design.wallM) * design.wallM;
    this.massKg = design.densityKgM3 * area * design.lengthM;
    this.decayPerS = lossCoefficient(design) / (design.densityKgM3 * area * waterHeatJKgK);
    this.wallJK = steelArea * design.lengthM * steelDensityKgM3 * steelHeatJKgK;
    this.wallC = temperatureC;
    this.fill(temperatureC, 0);
  }

  /** Fills the pipe evenly, as after a long time. */
  fill(temperatureC: number, nowS: number): void {
    this.first = 0;
    this.count = 1;
    this.mass[0] = this.massKg;
    this.temperature[0] = temperatureC;
    this.enteredS[0] = nowS;
    this.wallC = temperatureC;
  }

  /**
   * Takes `kg` out at an end (less than the pipe holds) and gives its temperature behind the wall, °C. `dtS` lets the
   * wall of a pipe at rest follow its water.
   */
  pull(kg: number, end: 0 | 1, nowS: number, groundC: number, dtS: number): number {
    this.lostJ = 0;
    if (kg <= 0) return this.rest(end, nowS, groundC, dtS);
    let left = kg;
    let sum = 0;
    while (left > 0 && this.count > 0) {
      const slot = this.slotAt(end);
      const held = this.mass[slot] ?? 0;
      const taken = Math.min(held, left);
      const inC = this.temperature[slot] ?? 0;
      const outC = this.cooled(slot, nowS, groundC);
      sum += taken * outC;
      this.lostJ += taken * waterHeatJKgK * (inC - outC);
      left -= taken;
      if (taken < held) this.mass[slot] = held - taken;
      else this.drop(end);
    }
    const water = kg * waterHeatJKgK;
    this.wallC = (this.wallJK * this.wallC + water * (sum / kg)) / (this.wallJK + water);
    return this.wallC;
  }

  /** Puts `kg` of water in at an end. */
  push(kg: number, temperatureC: number, end: 0 | 1, nowS: number): void {
    if (kg <= 0) return;
    const slot = this.slotAt(end);
    const held = this.count > 0 ? (this.mass[slot] ?? 0) : Number.POSITIVE_INFINITY;
    if (held + kg <= this.massKg * parcelShare || this.count === capacity) {
      const share = kg / (held + kg);
      this.mass[slot] = held + kg;
      this.temperature[slot] = mix(this.temperature[slot] ?? 0, temperatureC, share);
      this.enteredS[slot] = mix(this.enteredS[slot] ?? 0, nowS, share);
      return;
    }
    if (end === 0) this.first = (this.first + capacity - 1) % capacity;
    this.count += 1;
    const fresh = this.slotAt(end);
    this.mass[fresh] = kg;
    this.temperature[fresh] = temperatureC;
    this.enteredS[fresh] = nowS;
  }

  /** Mean temperature of the water inside, °C. */
  meanC(nowS: number, groundC: number): number {
    let sum = 0;
    for (let index = 0; index < this.count; index++) {
      const slot = (this.first + index) % capacity;
      sum += (this.mass[slot] ?? 0) * this.cooled(slot, nowS, groundC);
    }
    return sum / this.massKg;
  }

  private rest(end: 0 | 1, nowS: number, groundC: number, dtS: number): number {
    const goalC = this.cooled(this.slotAt(end), nowS, groundC);
    this.wallC = goalC + (this.wallC - goalC) * Math.exp(-dtS * this.decayPerS);
    return this.wallC;
  }

  private cooled(slot: number, nowS: number, groundC: number): number {
    const ageS = nowS - (this.enteredS[slot] ?? nowS);
    return groundC + ((this.temperature[slot] ?? groundC) - groundC) * Math.exp(-this.decayPerS * ageS);
  }

  private slotAt(end: 0 | 1): number {
    return end === 0 ? this.first : (this.first + this.count - 1 + capacity) % capacity;
  }

  private drop(end: 0 | 1): void {
    if (end === 0) this.first = (this.first + 1) % capacity;
    this.count -= 1;
  }
}

const mix = (from: number, to: number, share: number): number => from + (to - from) * share;
