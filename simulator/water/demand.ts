import type { Random } from '../../edge/core/random.ts';
import type { Step } from '../city/plant.ts';
import type { District, LandUse } from './network.ts';

/** Share of the mean supply that leaks away at 36 m; it is what is left of the minimum night flow when all sleep. */
export const leakageShare = 0.08;

/**
 * Hourly shapes, mean 1. Residential: domain reference 1.1 (two peaks, 06–09 and 18–21, minimum at 02–04);
 * commercial by opening hours, industrial by two shifts: design choices.
 */
const shapes: Readonly<Record<LandUse, readonly number[]>> = {
  residential: [
    0.35, 0.3, 0.28, 0.28, 0.32, 0.55, 1.1, 1.55, 1.45, 1.25, 1.15, 1.2, 1.25, 1.1, 1.0, 1.0, 1.1, 1.35, 1.65, 1.75,
    1.6, 1.3, 0.85, 0.51,
  ],
  commercial: [
    0.3, 0.25, 0.22, 0.22, 0.25, 0.4, 0.7, 1.0, 1.3, 1.5, 1.55, 1.6, 1.65, 1.55, 1.5, 1.45, 1.4, 1.45, 1.45, 1.3, 1.1,
    0.85, 0.6, 0.4,
  ],
  industrial: [
    0.6, 0.55, 0.55, 0.55, 0.6, 0.75, 1.0, 1.25, 1.35, 1.35, 1.3, 1.2, 1.2, 1.3, 1.35, 1.3, 1.25, 1.15, 1.1, 1.05, 1.0,
    0.9, 0.8, 0.7,
  ],
};

/** Sunday … Saturday. */
const weekdays: Readonly<Record<LandUse, readonly number[]>> = {
  residential: [1.06, 0.98, 0.97, 0.97, 0.98, 0.99, 1.05],
  commercial: [0.9, 1.02, 1.02, 1.02, 1.03, 1.08, 0.96],
  industrial: [0.8, 1.06, 1.06, 1.06, 1.06, 1.05, 0.9],
};

/** Value at `t` in 0..1 between `b` and `c` on the cubic through four equidistant points (Catmull and Rom 1974). */
function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

const smoothStep = (x: number) => x * x * (3 - 2 * x);

/** Value of a list taken as a ring. */
const ring = (values: readonly number[], index: number) =>
  values[((index % values.length) + values.length) % values.length] ?? 1;

/** Mean course of one land use as a multiple of its mean: smooth over the hours, weekdays blended around midnight. */
export function meanCourse(use: LandUse, hour: number, weekday: number, outdoorC: number): number {
  const shape = shapes[use];
  // A shape's figure stands for the middle of its hour.
  const place = hour - 0.5;
  const index = Math.floor(place);
  const [a, b, c, d] = [-1, 0, 1, 2].map((step) => ring(shape, index + step)) as [number, number, number, number];
  const today = ring(weekdays[use], weekday);
  const neighbour = hour < 12 ? ring(weekdays[use], weekday - 1) : ring(weekdays[use], weekday + 1);
  const fromMidnight = Math.min(1, hour < 12 ? hour : 24 - hour);
  const day = neighbour + (today - neighbour) * (0.5 + 0.5 * smoothStep(fromMidnight));
  const heat = use === 'industrial' ? 1 : 1 + 0.006 * Math.max(0, outdoorC - 20);
  return catmullRom(a, b, c, d, place - index) * day * heat;
}

const gridMs = 15 * 60_000;
const phi = 0.9;
const sigma = 0.05;

/** AR(1) on a 15 min grid (domain reference 1.1), drawn through smoothly so that no step appears at the grid. */
class QuarterHourNoise {
  private readonly random: Random;
  private cell = Number.NaN;
  /** Points at cell − 1, cell, cell + 1, cell + 2. */
  private points: number[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  at(timeMs: number): number {
    const place = timeMs / gridMs;
    const cell = Math.floor(place);
    if (this.points.length === 0) {
      this.points = [sigma * this.random.normal()];
      while (this.points.length < 4) this.advance();
      this.cell = cell;
    }
    for (; this.cell < cell; this.cell++) this.advance();
    const [a = 0, b = 0, c = 0, d = 0] = this.points;
    return catmullRom(a, b, c, d, place - cell);
  }

  private advance(): void {
    const next = phi * (this.points.at(-1) ?? 0) + sigma * Math.sqrt(1 - phi * phi) * this.random.normal();
    this.points = [...this.points.slice(-3), next];
  }
}

const drawLps = 0.06;
const drawMeanS = 30;
/** Taps of the visible kind that are open on average in a district at mean demand. */
const openDraws = 8;

/** Household draws as shot noise: the number open is an M/M/∞ queue, advanced exactly over any time step. */
class HouseholdDraws {
  private readonly random: Random;
  private open = openDraws;

  constructor(random: Random) {
    this.random = random;
  }

  /** Deviation from the mean in L/s after `dtS`, while use is `level` times its mean. */
  step(dtS: number, level: number): number {
    const stay = Math.exp(-dtS / drawMeanS);
    let open = 0;
    for (let draw = 0; draw < this.open; draw++) if (this.random.next() < stay) open++;
    this.open = open + poisson(this.random, openDraws * level * (1 - stay));
    return drawLps * (this.open - openDraws * level);
  }
}

/** A Poisson number of small mean (D. Knuth, TAOCP 2, 3.4.1). */
function poisson(random: Random, mean: number): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > floor; product *= random.next()) count++;
  return count;
}

/** One district's consumption: call `step`, then read `multiple` per land use. */
export class DistrictDemand {
  private readonly district: District;
  private readonly noise: QuarterHourNoise;
  private readonly draws: HouseholdDraws;

  constructor(district: District, random: Random) {
    this.district = district;
    this.noise = new QuarterHourNoise(random.fork('quarter-hours'));
    this.draws = new HouseholdDraws(random.fork('draws'));
  }

  /** Consumption as multiples of the mean per land use at the end of a step; leakage comes on top. */
  step(step: Step): Readonly<Record<LandUse, number>> {
    const { shares, meanLps } = this.district;
    const course = (use: LandUse) => meanCourse(use, step.hour, step.weekday, step.weather.outdoorC);
    const plain = {
      residential: course('residential'),
      commercial: course('commercial'),
      industrial: course('industrial'),
    };
    const level =
      shares.residential * plain.residential +
      shares.commercial * plain.commercial +
      shares.industrial * plain.industrial;
    const used = meanLps * (1 - leakageShare);
    const factor =
      (1 - leakageShare) * (1 + this.noise.at(step.timeMs)) * (1 + this.draws.step(step.dtS, level) / (used * level));
    return {
      residential: plain.residential * factor,
      commercial: plain.commercial * factor,
      industrial: plain.industrial * factor,
    };
  }
}
