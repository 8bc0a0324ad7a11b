import { localTime } from './local-time.ts';
import { type CityWeather, harbinWeather } from './weather.ts';

/** The sun this far below the horizon leaves a street to its lamps (civil twilight), above it to the day, rad. */
const twilight = (6 * Math.PI) / 180;
/** Ground and pipes freeze in earnest, °C. */
const frostC = -5;

interface Moment {
  readonly timeMs: number;
  readonly weather: CityWeather;
}

/** What must be so for something to come to pass. A new condition is a line here. */
const conditions = {
  'heating-season': ({ timeMs }) => localTime(timeMs).heatingSeason,
  summer: ({ timeMs }) => !localTime(timeMs).heatingSeason,
  night: ({ weather }) => weather.sunAltitude < -twilight,
  day: ({ weather }) => weather.sunAltitude > twilight,
  frost: ({ weather }) => weather.outdoorC < frostC,
} as const satisfies Readonly<Record<string, (moment: Moment) => boolean>>;

export type Condition = keyof typeof conditions;

/** Tells whether a condition holds at a time, ms since epoch, in the weather of a seed. */
export function conditionsOf(seed: number): (condition: Condition, timeMs: number) => boolean {
  const weatherAt = harbinWeather(seed);
  return (condition, timeMs) => conditions[condition]({ timeMs, weather: weatherAt(timeMs) });
}
