import type { Weather } from './weather.ts';

/** One step of the city's clock. */
export interface Step {
  /** City time at the end of the step, ms since epoch. */
  readonly timeMs: number;
  /** Length of the step in seconds, > 0; plants sub-step as their physics needs. */
  readonly dtS: number;
  /** Local hour of day 0..24, as Asia/Shanghai clocks show it. */
  readonly hour: number;
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: number;
  readonly heatingSeason: boolean;
  /** Monday to Friday without a public holiday. */
  readonly workday: boolean;
  readonly weather: Weather;
}
