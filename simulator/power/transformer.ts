import { reactiveShare } from './demand.ts';

/** Rated power MVA, no-load voltage kV at the middle tap, short-circuit impedance and losses in per unit (GB/T 6451). */
const ratedMva = 20;
const noLoadKv = 10.5;
const reactance = 0.09;
const resistance = 0.005;
/** On-load tap changer: 17 positions of 1.25 %. */
const tapShare = 0.0125;
const lastTap = 8;
/** The voltage controller holds this, kV, within its band, kV, after this delay per tap, s. */
const setKv = 10.25;
const bandKv = 0.1;
const tapDelayS = 60;
/**
 * Top-oil rise at rated load, K, its exponent, the ratio of load to no-load loss and the time constant, s
 * (IEC 60076-7, medium power transformers with natural oil flow).
 */
const oil = { ratedRiseK: 52, exponent: 0.8, lossRatio: 6, timeConstantS: 180 * 60 } as const;

const ohmBase = noLoadKv ** 2 / ratedMva;

/** A 66/10 kV transformer with its tap changer and its breaker on the 10 kV side. */
export class Transformer {
  closed = true;
  tap = 0;
  /** Active power, MW. */
  loadMw = 0;
  oilC = 20;
  private waitedS = 0;
  private settled = false;

  /** Apparent power as a share of the rated one, %. */
  get loadPercent(): number {
    return (100 * this.loadMw * Math.hypot(1, reactiveShare)) / ratedMva;
  }

  /**
   * Line voltage at its 10 kV terminals, kV, while it carries `loadMw` from a grid at `gridPu`: the no-load voltage less
   * (P R + Q X)/U.
   */
  voltageKv(gridPu: number, loadMw: number): number {
    const open = noLoadKv * gridPu * (1 + tapShare * this.tap);
    if (open <= 0) return 0;
    const drop = (loadMw * ohmBase * (resistance + reactiveShare * reactance)) / open;
    return Math.max(0, open - drop);
  }

  /** Moves taps and oil; `runaway` taps (0 none) are what a faulty controller holds above the right position. */
  step(dtS: number, gridPu: number, loadMw: number, outdoorC: number, runaway: number): void {
    this.loadMw = this.closed ? loadMw : 0;
    this.regulate(dtS, gridPu, runaway);
    const load = this.loadPercent / 100;
    const share = ((1 + oil.lossRatio * load ** 2) / (1 + oil.lossRatio)) ** oil.exponent;
    const restingC = outdoorC + oil.ratedRiseK * share;
    const course = this.settled ? 1 - Math.exp(-dtS / oil.timeConstantS) : 1;
    this.oilC += (restingC - this.oilC) * course;
    this.settled = true;
  }

  private regulate(dtS: number, gridPu: number, runaway: number): void {
    if (!this.closed) return;
    this.waitedS = this.settled ? this.waitedS + dtS : lastTap * 2 * tapDelayS;
    for (; this.waitedS >= tapDelayS; this.waitedS -= tapDelayS) {
      const wantedKv = setKv + runaway * tapShare * noLoadKv;
      const errorKv = wantedKv - this.voltageKv(gridPu, this.loadMw);
      if (Math.abs(errorKv) <= bandKv) {
        this.waitedS = 0;
        return;
      }
      this.tap = Math.max(-lastTap, Math.min(lastTap, this.tap + Math.sign(errorKv)));
    }
  }
}
