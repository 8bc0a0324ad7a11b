import { powerFactor, reactiveShare } from './demand.ts';
import type { FeederData } from './network.ts';

/** YJV22 3×240 mm²: resistance and reactance, Ω/km; earth-fault capacitance as residual current, A/km. */
const cable = { ohmPerKm: 0.091, reactancePerKm: 0.087, residualAPerKm: 0.9 } as const;
/** Rated current of the line, A. */
export const ratedA = 400;
/** Overload protection: above this share of the rated current for this long, s. */
const overload = { share: 1.25, forS: 600 } as const;
/** The relay tries to close once after a trip, s. */
const recloseS = 1;
/** What the arc-suppression coil leaves of an earth fault's current, A. */
const residualFaultA = 8;
/** Standing unbalance of the phases, and the same figure with one phase lost, %. */
const usualUnbalance = 2.5;
const lostPhaseUnbalance = 100;
/** Positive-sequence voltage behind a 10/0.4 kV Dyn transformer when one 10 kV phase is lost, share. */
const lostPhaseShare = 0.5;
/** Shares of the mean current in the three phases of a healthy line. */
const phaseShares = [1.02, 0.99, 0.99] as const;

/** What happenings do to a feeder. */
export interface FeederEffects {
  /** Current of the fault that its protection cleared, kA; 0 none. */
  readonly faultKa: number;
  /** The breaker has opened by itself and does not close. */
  readonly refuses: boolean;
  readonly phaseLost: boolean;
  /** Displacement of the neutral by an earth fault on this line, 0..1. */
  readonly displacement: number;
  /** Its load is carried by its ring partner. */
  readonly transferred: boolean;
}

/** A 10 kV line: breaker with protection, currents, and the voltage along it. */
export class Feeder {
  readonly data: FeederData;
  closed = true;
  /** What the breaker is asked to be. */
  command = true;
  /** Protection has operated. */
  tripped = false;
  /** Opened by hand from the control room. */
  openedRemotely = false;
  /** Current of the last fault, kA. */
  faultKa = 0;
  trips: number;
  powerMw = 0;
  amperes: [number, number, number] = [0, 0, 0];
  residualA = 0;
  unbalance = usualUnbalance;
  busKv = 0;
  phaseLost = false;
  energyMwh: number;
  private overloadedS = 0;
  private overloadTrip = false;
  private openS = 0;

  constructor(data: FeederData, index: number) {
    this.data = data;
    this.trips = 3 + index;
    this.energyMwh = 21_000 + 2_300 * index;
  }

  /** Breaker and protection; `wantedMw` is what its consumers want. */
  protect(dtS: number, effects: FeederEffects, wantedMw: number): void {
    const wantedA = (wantedMw * 1000) / (Math.sqrt(3) * 10 * powerFactor);
    this.overloadedS = this.closed && wantedA > overload.share * ratedA ? this.overloadedS + dtS : 0;
    if (this.overloadedS >= overload.forS) this.overloadTrip = true;
    if (wantedA <= ratedA) this.overloadTrip = false;
    const wasTripped = this.tripped;
    this.tripped = effects.faultKa > 0 || effects.refuses || this.overloadTrip;
    if (this.tripped && !wasTripped) this.trips++;
    if (effects.faultKa > 0) this.faultKa = effects.faultKa;
    this.closed = !this.tripped && !this.openedRemotely && !effects.transferred;
    this.openS = this.closed ? 0 : this.openS + dtS;
    // A breaker that refuses is asked again and again; any other one that has tripped waits for the crew.
    this.command = this.closed || (effects.refuses && this.openS > recloseS);
    this.phaseLost = effects.phaseLost;
  }

  /** Currents and voltage at a bus of `busKv` whose neutral is displaced by `busDisplacement` (0..1). */
  carry(dtS: number, wantedMw: number, busKv: number, effects: FeederEffects, busDisplacement: number): void {
    this.busKv = busKv;
    const live = this.closed && busKv > 0;
    this.powerMw = live ? wantedMw * (this.phaseLost ? lostPhaseShare : 1) : 0;
    const mean = live ? (this.powerMw * 1000) / (Math.sqrt(3) * busKv * powerFactor) : 0;
    const lost = this.phaseLost && live;
    this.amperes = lost
      ? [0, 1.5 * mean, 1.5 * mean]
      : [mean * phaseShares[0], mean * phaseShares[1], mean * phaseShares[2]];
    this.unbalance = !live ? 0 : lost ? lostPhaseUnbalance : usualUnbalance;
    const capacitive = cable.residualAPerKm * this.data.lengthKm * busDisplacement;
    this.residualA = live ? capacitive + residualFaultA * effects.displacement : 0;
    this.energyMwh += (this.powerMw * dtS) / 3600;
  }

  /** Line voltage, kV, at a distance from the bus: less (P R + Q X)/U of the cable up to there. */
  voltageAt(distanceKm: number): number {
    if (!this.closed || this.busKv <= 0) return 0;
    const ohms = cable.ohmPerKm + reactiveShare * cable.reactancePerKm;
    const drop = (this.powerMw * ohms * distanceKm) / this.busKv;
    return Math.max(0, this.busKv - drop) * (this.phaseLost ? lostPhaseShare : 1);
  }
}
