import type { Random } from '../../edge/core/random.ts';
import type { Step } from '../city/plant.ts';
import { Wander } from '../city/wander.ts';

/** Sewage per person and day, L (GB 50318-2017: some 85 % of the water supplied). */
const litresPerDay = 160;
/** Hourly course, mean 1: that of residential water use (domain reference 1.1) an hour later and flatter by the way. */
const hourly = [
  0.55, 0.45, 0.4, 0.38, 0.38, 0.45, 0.75, 1.1, 1.38, 1.35, 1.22, 1.15, 1.18, 1.18, 1.08, 1.06, 1.06, 1.1, 1.28, 1.48,
  1.55, 1.42, 1.15, 0.9,
];
/** On days off, people get up this much later, h, and use this much more water. */
const laterH = 1.3;
const dayOffFactor = 1.06;
const deviation = 0.06;

/** Dry-weather flow of the people of a catchment. */
export class Sewage {
  flowM3S = 0;
  private readonly people: number;
  private readonly wander: Wander;
  private dayOff: number | undefined;

  constructor(people: number, random: Random) {
    this.people = people;
    this.wander = new Wander(random, deviation);
  }

  step({ timeMs, dtS, hour, workday }: Step): void {
    // The change of habits is spread over the night, in which nobody sees it.
    const target = workday ? 0 : 1;
    const before = this.dayOff ?? target;
    this.dayOff = before + (target - before) * (1 - Math.exp(-dtS / 7200));
    const place = (hour - 0.5 - laterH * this.dayOff + 24) % 24;
    const low = Math.floor(place);
    const at = (index: number) => hourly[index % 24] as number;
    const share = at(low) + (at(low + 1) - at(low)) * (place - low);
    const mean = (this.people * litresPerDay) / 86_400_000;
    const more = 1 + (dayOffFactor - 1) * this.dayOff;
    this.flowM3S = Math.max(0, mean * share * more * (1 + this.wander.at(timeMs)));
  }
}
