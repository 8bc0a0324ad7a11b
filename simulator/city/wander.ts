import type { Random } from '../../edge/core/random.ts';

/** Values are drawn on this grid of city time, so that the path does not depend on the step. */
const gridMs = 900_000;
/** AR(1) coefficient per quarter of an hour (domain reference 1.1). */
const persistence = 0.9;

/** A random course with mean 0: AR(1) on a quarter-hour grid, linear in between. Time must not go back. */
export class Wander {
  private readonly random: Random;
  private readonly deviation: number;
  private slot: number | undefined;
  private from = 0;
  private to = 0;

  /** `deviation`: standard deviation on the grid. */
  constructor(random: Random, deviation: number) {
    this.random = random;
    this.deviation = deviation;
  }

  /** The value at a city time in ms. */
  at(timeMs: number): number {
    const slot = Math.floor(timeMs / gridMs);
    if (this.slot === undefined) {
      this.to = this.deviation * this.random.normal();
      this.slot = slot - 1;
    }
    for (; this.slot < slot; this.slot++) {
      this.from = this.to;
      this.to = persistence * this.to + Math.sqrt(1 - persistence ** 2) * this.deviation * this.random.normal();
    }
    return this.from + (this.to - this.from) * (timeMs / gridMs - slot);
  }
}
