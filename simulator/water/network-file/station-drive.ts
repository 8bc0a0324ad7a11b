import { lpsFromM3h, mFromMpa } from '../state.ts';
import type { WorkedLink } from './worked-link.ts';

/** Speeds that the drives allow, shares of nominal. */
const slowest = 0.6;
const fastest = 1;
/** Time in which the common speed follows the pressure, s, and what the drives give at most, per s. */
const followS = 8;
const slewPerS = 0.02;
/** A pump is added when the others run above this for so long… */
const addAbove = 0.985;
const addAfterS = 60;
/** …and taken away when the others would carry less than the station's figure each, for so long. */
const dropAfterS = 600;
/** A lift below this, m, says nothing of the pumps' law. */
const leastLiftM = 5;

/** What the drive's program reads: MPa, m³/h. */
export type DriveInputs = Readonly<Record<'suctionMpa' | 'dischargeMpa' | 'flowM3h', () => number>>;

/** What a station is to hold, and when it needs one pump less. */
export interface DriveSettings {
  /** Pressure at the discharge, m. */
  readonly heldM: number;
  /** A pump is taken away when the others would carry less than this each, L/s. */
  readonly dropLps: number;
}

/**
 * Program of a station whose pumps run at variable speed: one common speed holds the discharge pressure, pumps are
 * staged by it, and the one with the fewest hours starts next. Speed goes with the root of the lift (affinity law).
 */
export class StationDrive {
  /** Pressure that is held at the discharge, m; operators may write it. */
  setpointM: number;
  private readonly pumps: readonly WorkedLink[];
  private readonly inputs: DriveInputs;
  private readonly dropLps: number;
  private speed = 0.9;
  private highForS = 0;
  private lowForS = 0;

  constructor(pumps: readonly WorkedLink[], inputs: DriveInputs, { heldM, dropLps }: DriveSettings) {
    this.pumps = pumps;
    this.inputs = inputs;
    this.setpointM = heldM;
    this.dropLps = dropLps;
  }

  /** One scan over `dtS`; without a reading the pumps stay as they are. */
  scan(dtS: number): void {
    const suctionM = mFromMpa(this.inputs.suctionMpa());
    const dischargeM = mFromMpa(this.inputs.dischargeMpa());
    const available = this.pumps.filter(({ auto, fault }) => auto && !fault);
    if (available.length === 0 || !Number.isFinite(dischargeM - suctionM)) return;
    const running = available.filter(({ passing }) => passing);
    const lift = Math.max(leastLiftM, dischargeM - suctionM);
    const wanted = this.speed * Math.sqrt(Math.max(leastLiftM, lift + this.setpointM - dischargeM) / lift);
    const change = (wanted - this.speed) * (1 - Math.exp(-dtS / followS));
    const limited = Math.max(-slewPerS * dtS, Math.min(slewPerS * dtS, change));
    this.speed = Math.max(slowest, Math.min(fastest, this.speed + limited));
    this.stage(dtS, lpsFromM3h(this.inputs.flowM3h()), available, running);
    for (const pump of available) if (pump.passing) pump.follow({ kind: 'setting', value: this.speed });
  }

  private stage(dtS: number, flowLps: number, available: readonly WorkedLink[], running: readonly WorkedLink[]): void {
    this.highForS = this.speed > addAbove ? this.highForS + dtS : 0;
    const spare = running.length > 1 && flowLps / (running.length - 1) < this.dropLps;
    this.lowForS = spare ? this.lowForS + dtS : 0;
    if (running.length === 0 || this.highForS >= addAfterS) {
      this.highForS = 0;
      const resting = available.filter(({ passing }) => !passing).toSorted((a, b) => a.hours - b.hours);
      resting[0]?.follow({ kind: 'open' });
    } else if (this.lowForS >= dropAfterS) {
      this.lowForS = 0;
      running.toSorted((a, b) => b.hours - a.hours)[0]?.follow({ kind: 'closed' });
    }
  }
}
