import type { TagCalibration } from '../calibration.ts';

/** A leap is this much larger than the largest change within a minute of the history … */
const leapMargin = 1.5;
/** … and this many robust standard deviations of the difference. */
const leapScales = 10;
/** What else changes by this share of its own largest change, and so many deviations, moves with it. */
const companyShare = 0.1;
const companyScales = 6;
/** What moves more often than so many times an hour is restless by nature: it keeps nobody company. */
const oftenPerHour = 6;
const hourMs = 3_600_000;
/** A leap that has gone back by this share is over. */
const returnShare = 0.5;

/** From which change on a tag leaps, and from which it keeps another company; Infinity where nobody knows. */
export interface LeapBounds {
  readonly leap: number;
  readonly company: number;
}

export function leapBoundsOf(tag: TagCalibration | undefined): LeapBounds {
  // what calibrations leave out are states, whose every change is company
  if (!tag) return { leap: Number.POSITIVE_INFINITY, company: 0 };
  if (tag.differenceScale === 0 || tag.largestStep === undefined) {
    return { leap: Number.POSITIVE_INFINITY, company: Number.POSITIVE_INFINITY };
  }
  const { differenceScale, largestStep } = tag;
  return {
    leap: Math.max(leapMargin * largestStep, leapScales * differenceScale),
    company: Math.max(companyShare * largestStep, companyScales * differenceScale),
  };
}

/** Where a tag stands with regard to leaps: plain numbers, NaN for never. */
export interface LeapState {
  /** The newest value, and the values before and after the leap that is looked at. */
  newest: number;
  from: number;
  to: number;
  /** Monotonic ms of that leap and of the last change that could keep others company. */
  leaptMs: number;
  movedMs: number;
  /** Monotonic ms of the newest leap, forgotten ones included. */
  lastLeapMs: number;
  /** Such changes within the last hour, older ones fading. */
  moves: number;
}

export const newLeapState = (): LeapState => ({
  ...{ moves: 0, lastLeapMs: Number.NaN },
  ...{ newest: Number.NaN, from: Number.NaN, to: Number.NaN, leaptMs: Number.NaN, movedMs: Number.NaN },
});

/** Takes one sample in, in place: a leap begins (of a calm value only), goes on or is over. */
export function stepLeap(state: LeapState, value: number, nowMs: number, bounds: LeapBounds, calm: boolean): void {
  const before = state.newest;
  const size = Math.abs(value - before);
  state.newest = value;
  if (size > bounds.company) {
    const since = Number.isNaN(state.movedMs) ? hourMs : nowMs - state.movedMs;
    state.moves = state.moves * Math.exp(-since / hourMs) + 1;
    state.movedMs = nowMs;
  }
  if (!Number.isNaN(state.leaptMs)) {
    const gone = (value - state.to) / (state.from - state.to);
    if (gone > returnShare) forget(state);
  } else if (calm && size > bounds.leap) {
    Object.assign(state, { from: before, to: value, leaptMs: nowMs, lastLeapMs: nowMs });
  }
}

/** Whether a tag has moved about then, and does not do so all the time. */
export const keptCompany = ({ movedMs, moves }: LeapState, aboutMs: number, withinMs: number): boolean =>
  moves <= oftenPerHour && Math.abs(movedMs - aboutMs) <= withinMs;

export function forget(state: LeapState): void {
  Object.assign(state, { from: Number.NaN, to: Number.NaN, leaptMs: Number.NaN });
}
