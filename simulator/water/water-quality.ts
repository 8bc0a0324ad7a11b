import type { Random } from '../../edge/core/random.ts';

const dosedMgL = 0.75;
const worksNtu = 0.22;
/** Decay at 20 °C, 1/s (domain reference 1.1: 0.3–1 per day), and its activation temperature, K. */
const decay20PerS = 0.5 / 86_400;
const activationK = 6000;
/** NTU per m/s that the flow exceeds what the pipe walls are used to. */
const scourNtuPerMs = 2.5;
const scourMixS = 90;
const habitS = 2 * 86_400;

/** Free chlorine decay rate in water of a temperature, 1/s (Arrhenius). */
const decayPerS = (waterC: number): number =>
  decay20PerS * Math.exp(activationK * (1 / 293.15 - 1 / (273.15 + waterC)));

/** River water through the works: coldest in February, warmest in August. `year` is the place in the year, 0..1. */
export const waterTemperatureC = (year: number): number => 11 - 8.5 * Math.cos(2 * Math.PI * (year - 0.12));

/** Slow wandering of the works' dosing: Ornstein–Uhlenbeck with 2 % over six hours, exact for any step. */
export class Dosing {
  private readonly random: Random;
  private deviation = 0;

  constructor(random: Random) {
    this.random = random;
  }

  step(dtS: number): { readonly chlorineMgL: number; readonly turbidityNtu: number } {
    const stay = Math.exp(-dtS / 21_600);
    this.deviation = stay * this.deviation + Math.sqrt(1 - stay * stay) * 0.02 * this.random.normal();
    return { chlorineMgL: dosedMgL * (1 + this.deviation), turbidityNtu: worksNtu * (1 + 2 * this.deviation) };
  }
}

/** Chlorine and turbidity at a district's inlet: a mixed volume of mains on the way, with first-order decay. */
export class InletQuality {
  chlorineMgL = dosedMgL;
  turbidityNtu = worksNtu;
  private readonly volumeM3: number;
  private readonly areaM2: number;
  /** Velocity that the deposits have got used to, m/s. */
  private habitMs = 0;
  private scourNtu = 0;

  /** `volumeM3` of mains between the works and the meter, whose pipe has `diameterMm`. */
  constructor(volumeM3: number, diameterMm: number) {
    this.volumeM3 = volumeM3;
    this.areaM2 = (Math.PI / 4) * (diameterMm / 1000) ** 2;
  }

  /** `flowLps` through the mains on the way, `meterLps` through the meter; implicit, so stable for any step. */
  step(dtS: number, from: ReturnType<Dosing['step']>, flowLps: number, meterLps: number, waterC: number): void {
    const exchange = Math.max(0, flowLps) / 1000 / this.volumeM3;
    const renew = exchange * dtS;
    this.chlorineMgL = (this.chlorineMgL + renew * from.chlorineMgL) / (1 + renew + decayPerS(waterC) * dtS);
    const velocity = Math.max(0, meterLps) / 1000 / this.areaM2;
    const loosened = scourNtuPerMs * Math.max(0, velocity - 1.1 * this.habitMs);
    this.scourNtu += (loosened - this.scourNtu) * (1 - Math.exp(-dtS / scourMixS));
    this.habitMs = Math.max(
      this.habitMs * Math.exp(-dtS / habitS),
      this.habitMs + (velocity - this.habitMs) * (dtS / (dtS + 900)),
    );
    this.turbidityNtu = from.turbidityNtu + this.scourNtu;
  }
}
