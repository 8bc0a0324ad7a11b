import type { Random } from '../../edge/core/random.ts';
import type { Step } from '../city/plant.ts';
import { QuarterCourse, quarterOf } from '../city/wander.ts';
import { catmullRom, courseAt } from './course.ts';
import type { District, LandUse } from './network.ts';

/** Share of the mean supply that leaks away at 36 m; it is what is left of the minimum night flow when all sleep. */
export const leakageShare = 0.08;

const sigma = 0.05;

/** The course of quarter hours, drawn through smoothly so that no step appears at the grid. */
class QuarterHourNoise {
  private readonly course: QuarterCourse;
  private slot = Number.NaN;
  /** Values of the quarters slot − 1, slot, slot + 1, slot + 2. */
  private points: readonly number[] = [];

  constructor(random: Random) {
    this.course = new QuarterCourse(random, sigma);
  }

  at(timeMs: number): number {
    const [slot, share] = quarterOf(timeMs);
    if (slot !== this.slot) {
      const known =
        slot === this.slot + 1 ? this.points.slice(1) : [-1, 0, 1].map((after) => this.course.at(slot + after));
      this.points = [...known, this.course.at(slot + 2)];
      this.slot = slot;
    }
    const [a = 0, b = 0, c = 0, d = 0] = this.points;
    return catmullRom(a, b, c, d, share);
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
    const plain = {
      residential: courseAt('residential', step),
      commercial: courseAt('commercial', step),
      industrial: courseAt('industrial', step),
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
