import type { TagCalibration } from '../calibration.ts';

/** By windows of its own polls a tag is stuck after this many times its longest normal run of equal samples … */
const stuckRuns = 4;
/** … but never before this many samples: the windows are short. */
const stuckLeastSamples = 60;
/**
 * By days of its history, whose steps of a minute miss what goes on in one, a tag is stuck after twice as long as it ever
 * stood, and no fewer samples than this. Lengths of runs have a geometric tail: what came once among n samples comes twice as
 * long once among n² (decision 0041).
 */
const stuckStands = 2;
const stoodLeastSamples = 10;
/** What may stand for longer than this, s, is set by hand or by a programme; design choice. */
const longestStandS = 4 * 3600;
/** From this period on, ms, the days tell more than the windows. */
const slowPollMs = 60_000;
/** After so many equal samples at the latest, whatever need not move, a change is the end of a standstill. */
const standstillSamples = 60;
/** What goes with time is stuck after so many equal samples: nothing lets it stand. */
const clockSamples = 10;
/** A spike is this many robust standard deviations of the difference … */
const spikeScales = 10;
/** … this much larger than the largest there-and-back of normal operation, and larger than any change within a minute of it. */
const spikeMargin = 2;
/** So many spikes, each forgotten after the time below, and the tag is distrusted. */
const spikeCount = 3;
const spikeMemorySamples = 60;
/** No more are counted: noise is full of them, and is over when it is over. */
const mostSpikes = spikeCount + 1;
/** A restless sample turns back by more than this many robust standard deviations of the difference … */
const restlessScales = 4;
/** … and a tag is noisy when of the last samples, weighted over so many, this share is restless. */
const restlessShare = 0.25;
const restlessMemorySamples = 40;
/** Spikes among samples that turn back as often as this are noise that begins. */
const restlessSpikes = 0.18;
/** It is calm again below this share. */
const calmShare = 0.05;
/** So many samples of other value with one time stamp, and the clock behind it stands. */
const frozenSamples = 20;

/** How an instrument fails by itself, seen from sample to sample. */
export type Failing = 'stuck' | 'spikes' | 'noise' | 'frozen-time';

/** Places in the row of a tag: the two newest values, newest first. */
const newest = 0;
const previous = 1;
/** Samples in a row that did not change. */
const run = 2;
/** Spikes counted, fading by one in `spikeMemorySamples`. */
const spikes = 3;
/** Share of the newest samples that turned back far. */
const restless = 4;
/** 1 for noisy. */
const noisy = 5;
/** Time stamp of the newest, and samples in a row that changed without it. */
const timeMs = 6;
const timeless = 7;
/** What the tag is held to: after so many equal samples it is stuck; Infinity for one that need not move. */
const stuckSamples = 8;
/** From this there-and-back on a sample is a spike, tag's unit; Infinity for states and constants. */
const spikeSize = 9;
/** From this turn on a sample is restless. */
const restlessSize = 10;
const width = 11;

/**
 * What is remembered of the samples of all tags: a row of numbers each, one after another, since every sample of the
 * gateway passes here and what lies apart costs more to fetch than to reckon with.
 */
export class Habits {
  private readonly rows: Float64Array;

  /** @param periodsMs how often tags are polled */
  constructor(tags: readonly (TagCalibration | undefined)[], periodsMs: readonly number[]) {
    this.rows = new Float64Array(width * tags.length);
    for (const [tag, calibration] of tags.entries()) {
      const bounds = boundsOf(calibration, periodsMs[tag] as number);
      this.rows.set([Number.NaN, Number.NaN, 0, 0, 0, 0, Number.NaN, 0, ...bounds], tag * width);
    }
  }

  /**
   * Takes one sample in. A spike departs and comes back within one sample: a step that stays (a burst) is none. Noise turns
   * back all the time where a ramp does not.
   */
  watch(tag: number, value: number, time: number): Failing | undefined {
    const { rows } = this;
    const at = tag * width;
    const last = rows[at + newest] as number;
    const changed = value !== last;
    // what is switched off shows nothing, as long as it takes
    const equal = changed || value === 0 ? 0 : (rows[at + run] as number) + 1;
    let undated = rows[at + timeless] as number;
    if (changed) undated = time === rows[at + timeMs] ? undated + 1 : 0;
    const there = last - (rows[at + previous] as number);
    const back = last - value;
    const excursion = there * back > 0 ? Math.min(Math.abs(there), Math.abs(back)) : 0;
    const spiked = excursion > (rows[at + spikeSize] as number) ? 1 : 0;
    const spikesNow = Math.min(
      mostSpikes,
      Math.max(0, (rows[at + spikes] as number) - 1 / spikeMemorySamples) + spiked,
    );
    const restlessBefore = rows[at + restless] as number;
    const turned = excursion > (rows[at + restlessSize] as number) ? 1 : 0;
    const restlessNow = restlessBefore + (turned - restlessBefore) / restlessMemorySamples;
    const noisyNow = restlessNow > (rows[at + noisy] === 1 ? calmShare : restlessShare);
    rows[at + newest] = value;
    rows[at + previous] = last;
    rows[at + run] = equal;
    rows[at + spikes] = spikesNow;
    rows[at + restless] = restlessNow;
    rows[at + noisy] = noisyNow ? 1 : 0;
    rows[at + timeMs] = time;
    rows[at + timeless] = undated;
    if (equal >= (rows[at + stuckSamples] as number)) return 'stuck';
    if (undated >= frozenSamples) return 'frozen-time';
    if (noisyNow) return 'noise';
    if (spikesNow <= spikeCount - 1) return undefined;
    return restlessNow > restlessSpikes ? 'noise' : 'spikes';
  }

  isCalm(tag: number): boolean {
    return (this.rows[tag * width + restless] as number) < calmShare;
  }

  /** Whether so many samples in a row did not change that the next change ends a standstill. */
  stands(tag: number): boolean {
    const { [tag * width + run]: equal = 0, [tag * width + stuckSamples]: bound = 0 } = this.rows;
    return equal >= Math.min(standstillSamples, bound);
  }

  /** Forgets restlessness that something else has explained. */
  calmDown(tag: number): void {
    for (const place of [spikes, restless, noisy]) this.rows[tag * width + place] = 0;
  }

  /** What is remembered of a tag, sharing memory; `set` puts it back. */
  remembered(tag: number): Float64Array {
    return this.rows.subarray(tag * width, tag * width + stuckSamples);
  }
}

/** After how many equal samples a tag is stuck, from which there-and-back on one spikes, and from which turn on it is restless. */
export function boundsOf(
  tag: TagCalibration | undefined,
  periodMs: number,
): readonly [stuck: number, spike: number, restless: number] {
  const never = Number.POSITIVE_INFINITY;
  const { factor, step } = tag?.caution ?? { factor: 1, step: 0 };
  const stuck = tag ? factor * stuckAfter(tag, periodMs) : never;
  if (tag === undefined || !(tag.differenceScale > 0)) return [stuck, never, never];
  const spike = Math.max(spikeScales * tag.differenceScale, spikeMargin * tag.thereAndBack, tag.largestStep ?? 0);
  const restless = Math.max(restlessScales * tag.differenceScale, tag.thereAndBack / 2);
  return [stuck, Math.max(step, factor * spike), Math.max(step / 2, factor * restless)];
}

/** Samples that do not change; Infinity for what need not move. */
function stuckAfter({ advance, longestRun, standsS }: TagCalibration, periodMs: number): number {
  if (advance !== undefined) return clockSamples;
  const byWindows = longestRun > 0 ? Math.max(stuckLeastSamples, stuckRuns * longestRun) : Number.POSITIVE_INFINITY;
  if (standsS === undefined) return byWindows;
  const samples = Math.ceil((stuckStands * 1000 * standsS) / periodMs);
  const byDays = standsS > longestStandS ? Number.POSITIVE_INFINITY : Math.max(stoodLeastSamples, samples);
  return periodMs >= slowPollMs ? byDays : Math.min(byWindows, byDays);
}
