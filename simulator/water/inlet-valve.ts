const strokeS = 75;
/** Loss coefficient of an open inlet, on its velocity head. */
export const openLoss = 0.5;
const shutLoss = 1e7;

/** Motorised inlet valve of a district: runs to its command at the actuator's speed. Positions in % open. */
export class InletValve {
  positionPercent = 100;
  private command = 100;

  get commandPercent(): number {
    return this.command;
  }

  set commandPercent(percent: number) {
    this.command = Math.min(100, Math.max(0, percent));
  }

  step(dtS: number): void {
    const reach = (100 * dtS) / strokeS;
    const missing = this.command - this.positionPercent;
    this.positionPercent += Math.min(reach, Math.max(-reach, missing));
  }

  /** What it takes beyond an open one: 0 when it is fully open. */
  get addedLoss(): number {
    return this.lossCoefficient - openLoss;
  }

  /** Loss coefficient on the velocity head; a shut valve still seeps, as old ones do. */
  get lossCoefficient(): number {
    return Math.min(shutLoss, openLoss / Math.max(1e-9, this.positionPercent / 100) ** 2.5);
  }
}
