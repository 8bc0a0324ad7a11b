import type { TagCalibration } from '../calibration.ts';

/** A leap is this much larger than the largest change within a minute of the history … */
const leapMargin = 1.3;
/** … and this many robust standard deviations of the difference. */
const leapScales = 10;
/** What else changes by this share of its own largest change, and so many deviations, moves with it. */
const companyShare = 0.25;
const companyScales = 8;
/** A leap that has gone back by this share is over. */
const returnShare = 0.5;

/** From which change on a tag leaps, and from which it keeps another company; Infinity where nobody knows. */
export interface LeapBounds {
  readonly leap: number;
  readonly company: number;
}

export function leapBoundsOf(tag: TagCalibration | undefined): LeapBounds {
  if (!tag || tag.differenceScale === 0 || tag.largestStep === undefined) {
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
}

export const newLeapState = (): LeapState => ({
  ...{ newest: Number.NaN, from: Number.NaN, to: Number.NaN, leaptMs: Number.NaN, movedMs: Number.NaN },
});

/** Takes one sample in, in place: a leap begins (of a calm value only), goes on or is over. */
export function stepLeap(state: LeapState, value: number, nowMs: number, bounds: LeapBounds, calm: boolean): void {
  const before = state.newest;
  const size = Math.abs(value - before);
  state.newest = value;
  if (size > bounds.company) state.movedMs = nowMs;
  if (!Number.isNaN(state.leaptMs)) {
    const gone = (value - state.to) / (state.from - state.to);
    if (gone > returnShare) forget(state);
  } else if (calm && size > bounds.leap) {
    Object.assign(state, { from: before, to: value, leaptMs: nowMs });
  }
}

export function forget(state: LeapState): void {
  Object.assign(state, { from: Number.NaN, to: Number.NaN, leaptMs: Number.NaN });
}
