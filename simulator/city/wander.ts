import type { Random } from '../../edge/core/random.ts';

/** Values are drawn on this grid of city time, so that the path does not depend on the step. */
const gridMs = 900_000;
/** AR(1) coefficient per quarter of an hour (domain reference 1.1). */
const persistence = 0.9;
/** Of what was drawn so many quarters ago next to nothing is left: 0.9^128 = 1.4e-6. */
const memorySlots = 128;

/** Which quarter of an hour a city time in ms is in, and how far it has got in it, 0..1. */
export function quarterOf(timeMs: number): readonly [slot: number, share: number] {
  const slot = Math.floor(timeMs / gridMs);
  return [slot, timeMs / gridMs - slot];
}

/**
 * AR(1) with mean 0, quarter by quarter of city time. Each quarter has a draw of its own, so that the course is the same at
 * one moment however old the city is: a history goes over into what follows it, and no two weeks are alike.
 */
export class QuarterCourse {
  private readonly random: Random;
  /** Standard deviation of a draw. */
  private readonly scale: number;
  private slot = Number.NEGATIVE_INFINITY;
  private value = 0;

  /** `deviation`: standard deviation of the course. */
  constructor(random: Random, deviation: number) {
    this.random = random;
    this.scale = Math.sqrt(1 - persistence ** 2) * deviation;
  }

  /** The value of a quarter; quarters must not go back. */
  at(slot: number): number {
    if (slot - this.slot > memorySlots) [this.slot, this.value] = [slot - memorySlots, 0];
    while (this.slot < slot) {
      this.slot++;
      this.value = persistence * this.value + this.scale * this.random.fork(`${this.slot}`).normal();
    }
    return this.value;
  }
}

/** A random course with mean 0: linear from quarter to quarter. Time must not go back. */
export class Wander {
  private readonly course: QuarterCourse;
  private slot = Number.NaN;
  private from = 0;
  private to = 0;

  /** `deviation`: standard deviation on the grid. */
  constructor(random: Random, deviation: number) {
    this.course = new QuarterCourse(random, deviation);
  }

  /** The value at a city time in ms. */
  at(timeMs: number): number {
    const [slot, share] = quarterOf(timeMs);
    if (slot !== this.slot) {
      this.from = slot === this.slot + 1 ? this.to : this.course.at(slot);
      this.to = this.course.at(slot + 1);
      this.slot = slot;
    }
    return this.from + (this.to - this.from) * share;
  }
}
