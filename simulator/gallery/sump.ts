/** Sump pit of a compartment, and the floor that floods above it. */
const pitM2 = 4;
const pitDepthM = 1.5;
/** Pumped by one pump, m³/h. */
const pumpM3H = 15;
/** Switching levels, m: the leading pump, the lagging one, the high float, and both off. */
const levels = { lead: 0.8, lag: 0.95, high: 1.1, off: 0.3 } as const;

/** A submersible pump. */
export interface Pump {
  run: boolean;
  hours: number;
}

/** Pit with two pumps that lead in turn. Level by mass balance A dh/dt = q_in − q_pump. */
export class Sump {
  levelM: number;
  readonly pumps: readonly [Pump, Pump];
  private leader = 0;
  /** Motor protection has opened. */
  tripped = false;
  private readonly floorM2: number;

  constructor(levelM: number, floorM2: number) {
    this.levelM = levelM;
    this.floorM2 = floorM2;
    this.pumps = [
      { run: false, hours: 312 },
      { run: false, hours: 287 },
    ];
  }

  get high(): boolean {
    return this.levelM >= levels.high;
  }

  /** Water in the pit and on the floor, m³. */
  get waterM3(): number {
    return pitM2 * Math.min(this.levelM, pitDepthM) + this.floorM2 * Math.max(0, this.levelM - pitDepthM);
  }

  /** Advances by `dtS` with `inflowM3H`; returns what was pumped out, m³. `broken`: no pump starts, both have tripped. */
  step(dtS: number, inflowM3H: number, broken = false): number {
    this.tripped = broken;
    this.switchPumps();
    if (broken) for (const pump of this.pumps) pump.run = false;
    const running = this.pumps.filter((pump) => pump.run);
    const inflow = (inflowM3H * dtS) / 3600;
    const pumped = Math.min(this.waterM3 + inflow, (running.length * pumpM3H * dtS) / 3600);
    const water = this.waterM3 + inflow - pumped;
    const pit = pitM2 * pitDepthM;
    this.levelM = water <= pit ? water / pitM2 : pitDepthM + (water - pit) / this.floorM2;
    for (const pump of running) pump.hours += dtS / 3600;
    return pumped;
  }

  private switchPumps(): void {
    const lead = this.pumps[this.leader] as Pump;
    const lag = this.pumps[1 - this.leader] as Pump;
    if (this.levelM >= levels.lead) lead.run = true;
    if (this.levelM >= levels.lag) lag.run = true;
    if (this.levelM <= levels.off && (lead.run || lag.run)) {
      lead.run = false;
      lag.run = false;
      this.leader = 1 - this.leader;
    }
  }
}
