/** City seconds in a second, 0 while the clock stands, or as many as the machine can. */
export type Speed = number | 'max';

/** Greatest stated speed. */
export const fastest = 10_000;

/** How the city's clock goes; people change it while it does. */
export class Pace {
  speed: Speed;
  private owedS = 0;

  constructor(speed: Speed) {
    this.speed = speed;
  }

  /** Lets the clock go on by `seconds` beside its speed, as when it stands and people look step by step. */
  step(seconds: number): void {
    this.owedS += seconds;
  }

  /** Seconds asked for by `step` since the last call. */
  takeOwed(): number {
    const owedS = this.owedS;
    this.owedS = 0;
    return owedS;
  }
}
