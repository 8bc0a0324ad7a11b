import type { TagCalibration } from '../calibration.ts';

/** A tag is stuck after this many times its longest normal run of equal samples … */
const stuckRuns = 4;
/** … but never before this many samples. */
const stuckLeastSamples = 60;
/** A spike is this many robust standard deviations of the difference … */
const spikeScales = 10;
/** … and this much larger than the largest there-and-back of normal operation. */
const spikeMargin = 2;
/** So many spikes, each forgotten after the time below, and the tag is distrusted. */
const spikeCount = 3;
const spikeMemorySamples = 60;
/** A restless sample turns back by more than this many robust standard deviations of the difference … */
const restlessScales = 4;
/** … and a tag is noisy when of the last samples, weighted over so many, this share is restless. */
const restlessShare = 0.25;
const restlessMemorySamples = 40;
/** Spikes among samples that turn back as often as this are noise that begins. */
const restlessSpikes = 0.18;
/** It is calm again below this share. */
const calmShare = 0.05;
export const isCalm = ({ restless }: Habits): boolean => restless < calmShare;
/** So many samples of other value with one time stamp, and the clock behind it stands. */
const frozenSamples = 20;

/** How an instrument fails by itself, seen from sample to sample. */
export type Failing = 'stuck' | 'spikes' | 'noise' | 'frozen-time';

/** What is remembered of one tag: plain numbers. */
export interface Habits {
  /** The two newest values, newest first. */
  newest: number;
  previous: number;
  /** Samples in a row that did not change. */
  run: number;
  /** Spikes counted, fading by one in `spikeMemorySamples`. */
  spikes: number;
  /** Share of the newest samples that turned back far. */
  restless: number;
  noisy: boolean;
  /** Time stamp of the newest, and samples in a row that changed without it. */
  timeMs: number;
  timeless: number;
}

export const newHabits = (): Habits => ({
  ...{ newest: Number.NaN, previous: Number.NaN, run: 0, spikes: 0 },
  ...{ restless: 0, noisy: false, timeMs: Number.NaN, timeless: 0 },
});

/** Forgets restlessness that something else has explained. */
export function calmDown(habits: Habits): void {
  Object.assign(habits, { spikes: 0, restless: 0, noisy: false });
}

/** What a tag is held to. */
export interface Bounds {
  /** After so many equal samples it is stuck; Infinity for one that need not move. */
  readonly stuckSamples: number;
  /** From this there-and-back on a sample is a spike, tag's unit; Infinity for states and constants. */
  readonly spikeSize: number;
  /** From this turn on a sample is restless. */
  readonly restlessSize: number;
}

export function boundsOf(tag: TagCalibration | undefined): Bounds {
  const moves = tag !== undefined && tag.differenceScale > 0;
  return {
    stuckSamples:
      tag && tag.longestRun > 0 ? Math.max(stuckLeastSamples, stuckRuns * tag.longestRun) : Number.POSITIVE_INFINITY,
    spikeSize: moves
      ? Math.max(spikeScales * tag.differenceScale, spikeMargin * tag.thereAndBack)
      : Number.POSITIVE_INFINITY,
    restlessSize: moves
      ? Math.max(restlessScales * tag.differenceScale, tag.thereAndBack / 2)
      : Number.POSITIVE_INFINITY,
  };
}

/**
 * Takes one sample into a tag's habits, in place. A spike departs and comes back within one sample: a step that stays
 * (a burst) is none. Noise turns back all the time where a ramp does not.
 */
export function watchSample(habits: Habits, value: number, timeMs: number, bounds: Bounds): Failing | undefined {
  const changed = value !== habits.newest;
  // what is switched off shows nothing, as long as it takes
  habits.run = changed || value === 0 ? 0 : habits.run + 1;
  habits.timeless = changed && timeMs === habits.timeMs ? habits.timeless + 1 : changed ? 0 : habits.timeless;
  const there = habits.newest - habits.previous;
  const back = habits.newest - value;
  const excursion = there * back > 0 ? Math.min(Math.abs(there), Math.abs(back)) : 0;
  habits.spikes = Math.max(0, habits.spikes - 1 / spikeMemorySamples) + (excursion > bounds.spikeSize ? 1 : 0);
  habits.restless += ((excursion > bounds.restlessSize ? 1 : 0) - habits.restless) / restlessMemorySamples;
  habits.noisy = habits.restless > (habits.noisy ? calmShare : restlessShare);
  habits.previous = habits.newest;
  habits.newest = value;
  habits.timeMs = timeMs;
  if (habits.run >= bounds.stuckSamples) return 'stuck';
  if (habits.timeless >= frozenSamples) return 'frozen-time';
  if (habits.noisy) return 'noise';
  if (habits.spikes <= spikeCount - 1) return undefined;
  return habits.restless > restlessSpikes ? 'noise' : 'spikes';
}
