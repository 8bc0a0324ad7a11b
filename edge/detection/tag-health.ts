import { Quality } from '../core/quality.ts';
import type { TagCalibration } from './calibration.ts';

/** A tag is stuck after this many times its longest normal run of equal samples … */
const STUCK_RUNS = 4;
/** … but never before this many samples. */
const STUCK_MIN_SAMPLES = 60;
/** A spike is this many robust standard deviations of the difference … */
const SPIKE_SCALES = 10;
/** … and this much larger than the largest there-and-back of normal operation. */
const SPIKE_MARGIN = 2;
/** So many spikes, each forgotten after the time below, and the tag is distrusted. */
const SPIKE_COUNT = 3;
const SPIKE_MEMORY_SAMPLES = 60;

/** What is remembered of one tag: plain numbers. */
export interface TagHealth {
  /** The two newest good values, newest first. */
  newest: number;
  previous: number;
  /** Samples in a row that did not change. */
  run: number;
  /** Spikes counted, fading by one in `SPIKE_MEMORY_SAMPLES`. */
  spikes: number;
}

export const newTagHealth = (): TagHealth => ({ newest: Number.NaN, previous: Number.NaN, run: 0, spikes: 0 });

/** How many equal samples in a row make this tag stuck; Infinity for one that need not move. */
export function stuckAfter(tag: TagCalibration | undefined): number {
  if (!tag || tag.longestRun === 0) return Number.POSITIVE_INFINITY;
  return Math.max(STUCK_MIN_SAMPLES, STUCK_RUNS * tag.longestRun);
}

/** From which there-and-back on a sample is a spike, in the tag's unit; Infinity for states and constants. */
export function spikeFrom(tag: TagCalibration | undefined): number {
  if (!tag || tag.differenceScale === 0) return Number.POSITIVE_INFINITY;
  return Math.max(SPIKE_SCALES * tag.differenceScale, SPIKE_MARGIN * tag.thereAndBack);
}

/**
 * Takes one good sample into a tag's health, in place.
 * A spike departs and comes back within one sample: a step that stays (a burst) is none.
 * @returns `Quality.stuck`, `Quality.spike` or `Quality.good`
 */
export function watchTag(health: TagHealth, value: number, stuckSamples: number, spikeSize: number): number {
  health.run = value === health.newest ? health.run + 1 : 0;
  if (spikeSize !== Number.POSITIVE_INFINITY) {
    const there = health.newest - health.previous;
    const back = health.newest - value;
    const excursion = there * back > 0 ? Math.min(Math.abs(there), Math.abs(back)) : 0;
    health.spikes = Math.max(0, health.spikes - 1 / SPIKE_MEMORY_SAMPLES) + (excursion > spikeSize ? 1 : 0);
  }
  health.previous = health.newest;
  health.newest = value;
  if (health.run >= stuckSamples) return Quality.stuck;
  return health.spikes > SPIKE_COUNT - 1 ? Quality.spike : Quality.good;
}
