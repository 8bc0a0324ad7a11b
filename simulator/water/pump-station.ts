import { station } from './network.ts';

/** One variable speed pump as the station's PLC knows it. */
export interface Pump {
  readonly id: string;
  /** Contactor closed: run feedback. */
  running: boolean;
  /** Tripped and not reset: not available. */
  fault: boolean;
  /** Share of nominal speed, 0..1. */
  speed: number;
  hours: number;
  starts: number;
  /** Share of its head that a worn impeller no longer gives, 0 when new. */
  wear: number;
  /** Temperature of the motor's windings, °C. */
  windingC: number;
}

/** What the PLC reads before it decides. Pressures in metres of water. */
interface StationReadings {
  readonly dischargeM: number;
  readonly flowLps: number;
  /** Level of the floating tank as a share of its depth. */
  readonly tankShare: number;
  /** Local hour of day, for the daily change of duty. */
  readonly hour: number;
}

const roomC = 18;
/** Rise of the windings at full speed, K, and their time constant, s. */
const windingRiseK = 60;
const windingS = 1500;
const minimumSpeed = 0.6;
/** A pump is added when the others have run above this for `stageUpS`… */
const stageUpSpeed = 0.985;
const stageUpS = 60;
/** …and one is taken away when the others would carry less than this each, for `stageDownS`. */
const stageDownLps = 122;
const stageDownS = 600;
/** Drives run fast up to `gentleFrom` of common speed and gently above, where the pump takes or gives up its flow. */
const fastRampPerS = 0.05;
const gentleRampPerS = 0.0015;
const gentleFrom = 0.85;
/** Coast-down after a trip: time constant, s (domain reference 1.1: 1–3 s). */
const coastS = 1.8;
/** A pump that was to run and does not: the stand-by is started after this. */
const standbyDelayS = 5;
const takeOverS = 120;
const rotationHour = 10;
/** PI on common speed, per metre of discharge head and second: about 8 s to follow a disturbance. */
const proportional = 0.003;
const integral = 0.002;
const slewPerS = 0.02;
/** Tank trim: metres of set-point per full tank depth of deviation from the wanted level. */
const trimM = 6;
const wantedTankShare = 0.58;

/**
 * The station's PLC program: one common speed by PI on discharge pressure, pumps staged with hysteresis, stand-by
 * start after a trip, duty changed once a day by running hours, set-point trimmed by the level of the floating tank.
 */
export class PumpStation {
  readonly pumps: readonly Pump[] = station.pumps.map((id, index) => ({
    id,
    running: index < 2,
    fault: false,
    speed: index < 2 ? 0.95 : 0,
    hours: 8200 - index * 640,
    starts: 310 - index * 17,
    wear: 0,
    windingC: index < 2 ? 68 : roomC,
  }));
  /** Set-point of discharge head before the tank trim, m; operators may write it. */
  baseSetpointM = 45;
  setpointM = 45;
  commonSpeed = 0.95;
  /** The pumps have voltage. Without it none runs, and the program waits with what it wanted. */
  supplied = true;
  private wanted = 2;
  private highForS = 0;
  private lowForS = 0;
  private missingForS = 0;
  private lastErrorM: number | undefined;
  private lastHour: number | undefined;
  /** Pump to stop when its successor has taken over, and the seconds left. */
  private retiring: { readonly pump: Pump; leftS: number } | undefined;

  get running(): number {
    return this.pumps.filter((pump) => pump.running).length;
  }

  /** A pump's motor protection opens. */
  trip(pump: Pump): void {
    pump.fault = true;
    pump.running = false;
  }

  /** The pump that leads: most running hours among those that run. */
  lead(): Pump | undefined {
    return this.pumps.filter((pump) => pump.running).sort((a, b) => b.hours - a.hours)[0];
  }

  /** One scan of at most a few seconds: PI, ramps, then staging. */
  scan(dtS: number, read: StationReadings): void {
    this.trim(read);
    if (!this.supplied) {
      this.standStill(dtS);
      return;
    }
    const errorM = this.setpointM - read.dischargeM;
    const change = proportional * (errorM - (this.lastErrorM ?? errorM)) + integral * errorM * dtS;
    this.lastErrorM = errorM;
    const before = this.commonSpeed;
    this.setCommonSpeed(before + Math.min(Math.max(change, -slewPerS * dtS), slewPerS * dtS));
    const moved = Math.max(0, this.commonSpeed - before);
    for (const pump of this.pumps) pump.speed = this.rampedSpeed(pump, dtS, moved);
    this.supervise(dtS, read);
  }

  /** A long step shows none of the fast loops: pumps stand at common speed, only staging and hours count time. */
  settle(dtS: number, read: StationReadings): void {
    this.trim(read);
    if (!this.supplied) {
      this.standStill(dtS);
      return;
    }
    this.lastErrorM = this.setpointM - read.dischargeM;
    this.supervise(dtS, read);
    this.alignPumps();
  }

  /** Contactors have dropped out; the pumps run out and cool, control begins anew afterwards. */
  private standStill(dtS: number): void {
    this.lastErrorM = undefined;
    this.commonSpeed = minimumSpeed;
    for (const pump of this.pumps) {
      pump.running = false;
      pump.speed = coasting(pump.speed, dtS);
      this.warm(pump, dtS);
    }
  }

  /** Sets the speed that all running pumps share, within the drive's range. */
  setCommonSpeed(speed: number): void {
    this.commonSpeed = Math.min(1, Math.max(minimumSpeed, speed));
  }

  /** Brings every pump at once to where its ramp ends. */
  alignPumps(): void {
    for (const pump of this.pumps) pump.speed = pump.running ? this.commonSpeed : 0;
  }

  /** Floating tank: a low tank asks for more head, a full one for less. */
  trim(read: StationReadings): void {
    this.setpointM = this.baseSetpointM + trimM * (wantedTankShare - read.tankShare);
  }

  /** Speed after a scan in which the common speed rose by `moved`. */
  private rampedSpeed(pump: Pump, dtS: number, moved: number): number {
    if (pump.fault) return coasting(pump.speed, dtS);
    const ramp = dtS * (pump.speed > gentleFrom * this.commonSpeed ? gentleRampPerS : fastRampPerS);
    if (!pump.running) return Math.max(0, pump.speed - ramp);
    const missing = this.commonSpeed - pump.speed;
    // A pump in step follows the common speed itself, however fast that moves.
    return missing <= ramp + moved ? this.commonSpeed : pump.speed + ramp;
  }

  private supervise(dtS: number, read: StationReadings): void {
    for (const pump of this.pumps) {
      if (pump.running) pump.hours += dtS / 3600;
      this.warm(pump, dtS);
    }
    this.stage(dtS, read);
    this.replaceMissing(dtS);
    this.rotate(dtS, read.hour);
  }

  private warm(pump: Pump, dtS: number): void {
    const restingC = roomC + windingRiseK * pump.speed ** 3;
    pump.windingC += (restingC - pump.windingC) * (1 - Math.exp(-dtS / windingS));
  }

  private stage(dtS: number, read: StationReadings): void {
    const count = this.running;
    this.highForS = this.commonSpeed > stageUpSpeed ? this.highForS + dtS : 0;
    const spare = count > 1 && read.flowLps / (count - 1) < stageDownLps;
    this.lowForS = spare && !this.retiring ? this.lowForS + dtS : 0;
    if (this.highForS >= stageUpS && count < 3) {
      this.highForS = 0;
      if (this.startNext()) this.wanted = this.running;
    } else if (this.lowForS >= stageDownS) {
      this.lowForS = 0;
      const lead = this.lead();
      if (lead) lead.running = false;
      this.wanted = this.running;
    }
  }

  private replaceMissing(dtS: number): void {
    this.missingForS = this.running < this.wanted ? this.missingForS + dtS : 0;
    if (this.missingForS < standbyDelayS) return;
    this.missingForS = 0;
    if (!this.startNext()) this.wanted = Math.max(1, this.running);
  }

  private rotate(dtS: number, hour: number): void {
    const due = this.lastHour !== undefined && this.lastHour < rotationHour && hour >= rotationHour;
    this.lastHour = hour;
    if (due && !this.retiring && this.running < 3) {
      const lead = this.lead();
      if (lead && this.startNext()) this.retiring = { pump: lead, leftS: takeOverS };
    }
    if (!this.retiring) return;
    this.retiring.leftS -= dtS;
    if (this.retiring.leftS > 0) return;
    if (this.running > this.wanted) this.retiring.pump.running = false;
    this.retiring = undefined;
  }

  /** Starts the available pump with the fewest hours; false when there is none. */
  private startNext(): boolean {
    const next = this.pumps.filter((pump) => !pump.running && !pump.fault).sort((a, b) => a.hours - b.hours)[0];
    if (!next) return false;
    next.running = true;
    next.starts++;
    return true;
  }
}

/** Speed of a pump without torque, `dtS` later. */
const coasting = (speed: number, dtS: number): number => (speed < 0.05 ? 0 : speed * Math.exp(-dtS / coastS));

/** Pump at nominal speed and best efficiency. */
const best = { flowLps: 120, headM: 51, efficiency: 0.82 };

/**
 * Electrical power of a pump in kW from its flow and speed: P ~ n³ with the usual straight shaft power line
 * P/P_best = 0.42 + 0.58 q (affinity laws, domain reference 1.1), motor 0.94, converter 0.97. A worn pump takes what it
 * loses in head as loss of efficiency.
 */
export function pumpPowerKw(flowLps: number, speed: number, wear = 0): number {
  if (speed <= 0) return 0;
  const shaftKw = (9.81 * (best.flowLps / 1000) * best.headM) / (best.efficiency * (1 - wear));
  return (shaftKw * speed ** 3 * (0.42 + (0.58 * flowLps) / (speed * best.flowLps))) / (0.94 * 0.97);
}
