import type { Random } from '../../edge/core/random.ts';
import { type NightCourse, onLunarNewYear, overMidnight } from '../city/customs.ts';
import { calendarDay } from '../city/local-time.ts';
import type { Step } from '../city/plant.ts';
import { Wander } from '../city/wander.ts';

/** Cooking and hot water of a household, Nm³ a day. */
const householdNm3Day = 0.45;
/** Share of each hour in a day's cooking: peaks 06–08, 11–12 and 17–19 (domain reference 1.3). */
const cookingShape = [
  0.15, 0.12, 0.1, 0.1, 0.15, 0.5, 1.9, 2.1, 1.2, 0.7, 0.8, 2.2, 1.5, 0.6, 0.5, 0.6, 1.2, 2.6, 2.5, 1.5, 0.9, 0.6, 0.4,
  0.25,
] as const;
const shapeMean = cookingShape.reduce((sum, value) => sum + value, 0) / 24;
/** Families cook more at home on weekends and public holidays. */
const dayOffFactor = 1.08;
/**
 * The night of the lunar New Year: the great dinner takes the afternoon, and dumplings are boiled at midnight (design
 * choice after the custom of the north-east).
 */
const newYearsNight: NightCourse = [
  [-13, 1],
  [-10, 1.6],
  [-8, 1.7],
  [-6.5, 1.25],
  [-5, 0.9],
  [-3, 0.8],
  [-1.5, 1.5],
  [-0.5, 3],
  [0.5, 3],
  [2, 1.5],
  [4, 1],
];
/** Heating starts below this outdoor temperature, °C. */
const heatingBaseC = 18;
/** Buildings smooth the outdoor temperature by this, s; boilers start and stop over this at the season's ends, s. */
const buildingLagS = 12 * 3600;
const seasonLagS = 36 * 3600;
/** Standard deviation of consumption around its expectation, share. */
const wanderShare = 0.03;

/** Cooking factor at a local hour, mean 1 over the day, linear between the middles of hours. */
function cookingFactor(hour: number): number {
  const position = hour - 0.5 + 24;
  const before = Math.floor(position);
  const share = position - before;
  const at = (index: number) => cookingShape[index % 24] ?? 0;
  return (at(before) * (1 - share) + at(before + 1) * share) / shapeMean;
}

/** Cooking at a moment of the city's calendar against a working day's mean. */
function cookingAt({ timeMs, hour }: Step): number {
  const day = overMidnight(hour, (daysAfter) => (calendarDay(timeMs, daysAfter).workday ? 1 : dayOffFactor));
  return cookingFactor(hour) * day * onLunarNewYear(newYearsNight, timeMs, hour);
}

/** What one district consumes: cooking by the hour, boilers by heating degree, and AR(1) wander. */
export class Demand {
  private readonly households: number;
  private readonly boilersNm3HK: number;
  private readonly wander: Wander;
  private feltC: number | undefined;
  private season = 0;

  constructor(households: number, boilersNm3HK: number, random: Random) {
    this.households = households;
    this.boilersNm3HK = boilersNm3HK;
    this.wander = new Wander(random, wanderShare);
  }

  /** Nm³/h at the end of a step, at sufficient pressure. */
  step(step: Step): number {
    const target = step.heatingSeason ? 1 : 0;
    if (this.feltC === undefined) {
      this.feltC = step.weather.outdoorC;
      this.season = target;
    }
    this.feltC += (step.weather.outdoorC - this.feltC) * (1 - Math.exp(-step.dtS / buildingLagS));
    this.season += (target - this.season) * (1 - Math.exp(-step.dtS / seasonLagS));
    const cooking = ((this.households * householdNm3Day) / 24) * cookingAt(step);
    const heating = this.boilersNm3HK * Math.max(0, heatingBaseC - this.feltC) * this.season;
    return (cooking + heating) * (1 + this.wander.at(step.timeMs));
  }
}
