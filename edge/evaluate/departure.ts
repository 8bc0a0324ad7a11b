import { MOST_MISFIT, type Monitor } from './monitor.ts';
import type { NormalModel } from './normal-model.ts';

/** How far beyond the furthest of held-out training the mean of a block must be. */
const MARGIN = 1.15;
/** Rows of a block, as a share of training, and within these bounds. */
const BLOCK_SHARE = 1 / 20;
const [FEWEST_ROWS, MOST_ROWS] = [10, 2000];

/** In deviations: means of blocks stray no less, however quiet training was. */
const LEAST_STRAY = 0.05;

/** Rows over which what is usual is averaged. */
export const blockRowsFor = (trainedRows: number): number =>
  Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, Math.round(BLOCK_SHARE * trainedRows)));

/** How far the means of blocks of normal rows lay at most from what other rows let expect: misfit and level of each signal. */
export class Stray {
  readonly misfits: Float64Array;
  readonly levels: Float64Array;

  constructor(signals: number) {
    this.misfits = new Float64Array(signals).fill(LEAST_STRAY);
    this.levels = new Float64Array(signals).fill(LEAST_STRAY);
  }

  /** Takes in the last block of a monitor. */
  widen(monitor: Monitor): void {
    for (const [place, target] of monitor.targets.entries()) {
      const misfit = Math.abs(monitor.misfitBaseline.strayed(place));
      const level = Math.abs(monitor.levelBaseline.strayed(target));
      this.misfits[place] = Math.max(this.misfits[place] as number, misfit);
      this.levels[place] = Math.max(this.levels[place] as number, level);
    }
  }
}

/** Signals, by their features, that are outside whichever one is taken to be at fault, and how many that one takes along. */
export interface Outside {
  readonly signals: readonly number[];
  readonly explained: number;
}

/**
 * Tells the move of a whole plant from the fault of one signal. An offset of one signal leaves a known trace in the misfits of
 * all (contributions by reconstruction, Dunia & Qin 1998): what remains, whichever signal is taken to be at fault, others did.
 */
export class Departure {
  private readonly stray: Stray;
  private readonly targets: readonly number[];
  /** What an offset of one deviation in each signal adds to all misfits. */
  private readonly traces: readonly Float64Array[];

  constructor({ features, regressions, regressionDeviations }: NormalModel, stray: Stray) {
    const { targets, weights, width } = regressions;
    this.stray = stray;
    this.targets = targets;
    this.traces = targets.map((offset) =>
      Float64Array.from(targets, (target, place) => {
        let sum = target === offset ? 1 : 0;
        for (let at = offset; at < width; at += features.length) sum -= weights[place * width + at] as number;
        return sum / (regressionDeviations[place] as number);
      }),
    );
  }

  /** What was outside in the last block of the monitor. */
  outside(monitor: Monitor): Outside {
    const misfits = this.targets.map((_, place) => monitor.misfitBaseline.strayed(place));
    const levels = this.targets.map((target) => monitor.levelBaseline.strayed(target));
    const besides = (suspect: number, trace: Float64Array, offset: number) =>
      this.targets.filter((_, place) => {
        if (place === suspect) return false;
        const traced = Math.max(-MOST_MISFIT, Math.min(MOST_MISFIT, offset * (trace[place] as number)));
        const misfit = Math.abs((misfits[place] as number) - traced);
        const level = Math.abs(levels[place] as number);
        const { misfits: strayed, levels: roamed } = this.stray;
        return misfit > MARGIN * (strayed[place] as number) || level > MARGIN * (roamed[place] as number);
      });
    const all = besides(-1, new Float64Array(this.targets.length), 0);
    const rest = this.traces
      .map((trace, suspect) => besides(suspect, trace, offsetIn(misfits, trace, this.stray.misfits)))
      .reduce((fewest, left) => (left.length < fewest.length ? left : fewest), all);
    return { signals: rest, explained: all.length - rest.length };
  }
}

/** The offset that explains misfits best, by least squares in units of how far they stray; clipped ones say nothing. */
function offsetIn(misfits: readonly number[], trace: Float64Array, stray: Float64Array): number {
  let products = 0;
  let squares = 0;
  for (const [place, misfit] of misfits.entries()) {
    if (Math.abs(misfit) > 0.9 * MOST_MISFIT) continue;
    const weight = 1 / (stray[place] as number) ** 2;
    products += weight * misfit * (trace[place] as number);
    squares += weight * (trace[place] as number) ** 2;
  }
  return squares > 0 ? products / squares : 0;
}
