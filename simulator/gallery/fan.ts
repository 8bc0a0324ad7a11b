/** Contactor and run feedback of a fan close this long after the command, s. */
const feedbackDelayS = 8;
/** The rotor follows its speed command with this time constant, s. */
const inertiaS = 6;
/** Share of the rated current at very low speed. */
const idleShare = 0.25;
/** A commanded fan without feedback for this long is a fault to the PLC, s. */
const faultDelayS = 30;

/** One axial fan on a frequency converter. */
export class Fan {
  command = false;
  /** Actual speed, share of the full one. */
  speed = 0;
  hours: number;
  private readonly ratedA: number;
  private target = 0;
  private broken = false;
  private commandedS = 0;

  constructor(ratedA: number, hours: number) {
    this.ratedA = ratedA;
    this.hours = hours;
  }

  get run(): boolean {
    return this.command && !this.broken && this.commandedS >= feedbackDelayS;
  }

  get fault(): boolean {
    return this.command && !this.run && this.commandedS >= faultDelayS;
  }

  /** Phase current, A: the fan's load falls with the third power of speed; a tripped motor takes none. */
  get currentA(): number {
    if (!this.command || this.broken || this.speed < 0.02) return 0;
    return this.ratedA * (idleShare * Math.min(1, this.speed * 10) + (1 - idleShare) * this.speed ** 3);
  }

  /** `share`: commanded speed, 0 stops; `broken`: the motor has tripped. */
  step(dtS: number, share: number, broken: boolean): void {
    this.target = share;
    this.broken = broken;
    this.commandedS = share > 0 && this.command ? this.commandedS + dtS : 0;
    this.command = share > 0;
    const goal = broken ? 0 : this.target;
    this.speed = goal + (this.speed - goal) * Math.exp(-dtS / inertiaS);
    if (this.run) this.hours += dtS / 3600;
  }
}
