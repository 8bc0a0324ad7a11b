import type { Random } from '../../edge/core/random.ts';
import type { Step } from '../city/plant.ts';
import { Wander } from '../city/wander.ts';

/** Load of a mixed neighbourhood by hour, share of the peak, linear in between (design choice). */
const shape = [
  0.5, 0.45, 0.43, 0.42, 0.44, 0.5, 0.62, 0.74, 0.82, 0.86, 0.87, 0.86, 0.83, 0.82, 0.83, 0.85, 0.9, 0.97, 1, 0.99,
  0.93, 0.84, 0.71, 0.58,
] as const;
/** Electric heaters add this below, coolers above, share of the peak per kelvin (design choice). */
const heating = { belowC: -5, perK: 0.006 } as const;
const cooling = { aboveC: 24, perK: 0.02 } as const;
/** Standard deviation around the expectation, share. */
const wanderShare = 0.02;
/** Active share of the apparent power in city networks with compensation. */
export const powerFactor = 0.95;
/** Mvar per MW. */
export const reactiveShare = Math.tan(Math.acos(powerFactor));

function hourly(hour: number): number {
  const before = Math.floor(hour);
  const share = hour - before;
  const at = (index: number) => shape[index % 24] ?? 0;
  return at(before) * (1 - share) + at(before + 1) * share;
}

/** Load of the neighbourhood on one feeder. */
export class Demand {
  private readonly peakMw: number;
  private readonly wander: Wander;

  constructor(peakMw: number, random: Random) {
    this.peakMw = peakMw;
    this.wander = new Wander(random, wanderShare);
  }

  /** MW at the end of a step at nominal voltage. */
  at({ timeMs, hour, weather: { outdoorC } }: Step): number {
    const heated = heating.perK * Math.max(0, heating.belowC - outdoorC);
    const cooled = cooling.perK * Math.max(0, outdoorC - cooling.aboveC);
    return this.peakMw * (hourly(hour) + heated + cooled) * (1 + this.wander.at(timeMs));
  }
}
