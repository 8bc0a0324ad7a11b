import type { Evidence } from '../../core/finding.ts';
import type { ExpectedCourse } from '../../core/watch.ts';
import type { ResidualCalibration, ResidualPart } from '../calibration.ts';
import { type ChartState, stepChart } from '../charts/cusum.ts';
import type { Beyond } from '../out-of-model.ts';
import { ExpectedValue } from './expected-value.ts';
import { inputFrom, type Passage, perUnit, rolesOfInput } from './passage.ts';
import { mostWidening } from './reach.ts';
import type { WindowMeans } from './window-means.ts';

/** A departure of a minute counts no more than this, in standard deviations: three at least pass a limit … */
const mostDeviations = 12;
/** … where so much of it is allowed. */
const usualAllowance = 4;
/** Length of a window where a calibration names none, s. */
export const minuteS = 60;
/** The lowest limit of charts of short windows, as a share of that of minutes. */
export const limitShareIn = (windowS: number): number => Math.max(0.25, windowS / minuteS);
/** What the departure of a window counts at the most: three of any length at least pass a limit. */
export const mostIn = (windowS: number): number =>
  usualAllowance + ((mostDeviations - usualAllowance) * limitShareIn(windowS) * minuteS) / windowS;
/** Of departures that count together each must show at least so much. */
const leastDeviations = 2;

/** The departure of one part: positive the way it is said to move. */
export function signedDeviation(deviation: number, moves: ResidualPart['moves']): number {
  return moves === 'down' ? -deviation : deviation;
}

/**
 * Departures that count together, as one: their sum over √n (a matched filter for departures of one size), nothing when
 * one of them does not move as stated.
 * @param most what one of them counts at the most
 */
export function jointDeviation(signed: ArrayLike<number>, most: number = mostDeviations): number {
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < signed.length; index++) {
    const value = Math.max(-most, Math.min(most, signed[index] as number));
    sum += value;
    least = Math.min(least, value);
  }
  if (signed.length > 1 && least < leastDeviations) return Math.min(0, sum);
  return sum / Math.sqrt(signed.length);
}

/** What lies beyond the training when all is known. */
const nothing: readonly Beyond[] = [];

/** What came of a window: judged, a value missing, or an input beyond the training. */
export type StepOutcome = 'none' | 'judged' | 'missing' | 'beyond';

/** Where the means of an input stand, or those of the role that is expected from inputs. */
export type SlotOf = (role: string, isExpected?: boolean) => number;

interface Watched {
  readonly part: ResidualPart;
  readonly expected: ExpectedValue;
  /** Of its own roles, and of those of each input. */
  readonly own: readonly number[];
  readonly slots: readonly (readonly number[])[];
  readonly values: Float64Array;
}

/** One chart of departures from what is expected. */
export class Departure {
  readonly state: ChartState = { up: 0, down: 0, active: false };
  /** The largest sum over its limit after the last step. */
  ratio = 0;
  /** What came of the last step; `none` before the first. */
  outcome: StepOutcome = 'none';
  private readonly windowS: number;
  private readonly calibration: ResidualCalibration;
  private readonly watched: readonly Watched[];
  private readonly signed: Float64Array;
  private readonly observed: Float64Array;
  private readonly levels: Float64Array;

  /** @param windowS of the windows that it will take: as calibrated, or longer */
  constructor(calibration: ResidualCalibration, slotOf: SlotOf, windowS = calibration.windowS ?? minuteS) {
    this.calibration = calibration;
    this.windowS = windowS;
    this.watched = calibration.parts.map((part) => {
      const slots = part.of.map((input) => rolesOfInput(input).map((role) => slotOf(role)));
      const [, ...others] = rolesOfInput(part);
      const own = [slotOf(part.role, true), ...others.map((role) => slotOf(role))];
      return {
        ...{ part, slots, own, expected: new ExpectedValue(part) },
        values: new Float64Array(slots.length),
      };
    });
    this.signed = new Float64Array(this.watched.length);
    this.observed = new Float64Array(this.watched.length);
    this.levels = new Float64Array(this.watched.length);
  }

  /**
   * Takes in one window; a value that is missing or beyond the training leaves the chart as it is.
   * @param tolerance how many times as wide as calibrated the limit is
   * @returns what lay beyond the training, nothing where all was known; undefined where a value was missing
   */
  step(means: WindowMeans, timeMs: number, utcOffsetMinutes: number, tolerance: number): readonly Beyond[] | undefined {
    let known = true;
    this.outcome = 'missing';
    const at = (slots: readonly number[]) => slots.map((slot) => means.values[slot] as number);
    for (const [index, { part, expected, own, slots, values }] of this.watched.entries()) {
      for (const [place, of] of slots.entries()) values[place] = inputFrom(part.of[place] as Passage, at(of));
      const level = expected.at(values, timeMs, utcOffsetMinutes);
      const seen = at(own);
      const value = inputFrom(part, seen) - (part.rate ? (means.before[own[0] as number] as number) : 0);
      const widening = expected.widening(values);
      const deviation = (value - level) / part.scale;
      if (Number.isNaN(deviation)) return undefined;
      known &&= widening <= mostWidening;
      const unit = perUnit(part, seen);
      this.observed[index] = value / unit;
      this.levels[index] = level / unit;
      this.signed[index] = signedDeviation(deviation / widening, part.moves);
    }
    this.outcome = known ? 'judged' : 'beyond';
    if (!known)
      return this.watched.flatMap(({ expected, values }) => (expected.knows(values) ? [] : expected.beyond(values)));
    const either = this.watched.length === 1 && this.watched[0]?.part.moves === 'either';
    const { allowance, limit } = this.calibration;
    const share = this.windowS / minuteS;
    const limits = { allowance: allowance * share, limit: limit * tolerance };
    const departed = share * jointDeviation(this.signed, mostIn(this.windowS));
    this.ratio = stepChart(this.state, departed, limits, either ? 'both' : 'up');
    return nothing;
  }

  /** Roles that the last window had no value of. */
  missing(means: WindowMeans): readonly string[] {
    const isMissing = (slot: number) => Number.isNaN(means.values[slot] as number);
    const roles = this.watched.flatMap(({ part, own, slots }) =>
      [part, ...part.of].flatMap(rolesOfInput).filter((_, place) => isMissing([own, ...slots].flat()[place] as number)),
    );
    return [...new Set(roles)];
  }

  /**
   * What the part that departs most is expected to be, drawn from history: a departure that stays within the allowance adds
   * nothing to the chart.
   * @param tagsOf names of the tags of a role
   */
  course(
    tagsOf: (role: string) => readonly string[],
    unitOf: (tag: string) => string,
    utcOffsetMinutes: number,
  ): ExpectedCourse | undefined {
    const [index = 0] = this.byDeparture();
    const { part, expected } = this.watched[index] as Watched;
    const [tag] = tagsOf(part.role);
    if (tag === undefined) return undefined;
    const reach = this.calibration.allowance * Math.sqrt(this.watched.length) * part.scale;
    const unit = unitOf(tag);
    const all = [part, ...part.of];
    return {
      ...{ quantity: tag, unit: part.rate ? `${unit}/min` : unit },
      columns: all.flatMap(rolesOfInput).map(tagsOf),
      at(now, before, timeMs) {
        let taken = 0;
        const [own = [], ...others] = all.map((one) => {
          const from = taken;
          taken += rolesOfInput(one).length;
          return now.slice(from, taken);
        });
        const inputs = part.of.map((input, index) => inputFrom(input, others[index] ?? []));
        const widening = expected.widening(inputs);
        const one = perUnit(part, own);
        const level = widening <= mostWidening ? expected.at(inputs, timeMs, utcOffsetMinutes) / one : Number.NaN;
        const observed = (own[0] as number) - (part.rate ? (before[0] as number) : 0);
        const low = part.moves === 'up' ? Number.NEGATIVE_INFINITY : level - (widening * reach) / one;
        const high = part.moves === 'down' ? Number.POSITIVE_INFINITY : level + (widening * reach) / one;
        return { observed, expected: level, low, high };
      },
    };
  }

  /** What was seen and what expected in the last window, the largest departure first. */
  evidence(tagOf: (role: string) => { readonly name: string; readonly unit: string }): Evidence[] {
    const { windowS } = this;
    return this.byDeparture().map((index): Evidence => {
      const { part } = this.watched[index] as Watched;
      const { name, unit } = tagOf(part.role);
      const [observed, expected] = [this.observed[index] as number, this.levels[index] as number];
      return { tag: name, observed, expected, unit: part.rate ? `${unit}/min` : unit, windowS };
    });
  }

  /** Parts in the order of their departure, the largest first. */
  private byDeparture(): readonly number[] {
    return [...this.watched.keys()].sort((a, b) => Math.abs(this.signed[b] ?? 0) - Math.abs(this.signed[a] ?? 0));
  }
}
