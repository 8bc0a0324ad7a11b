import { quantileOfSorted } from '../order-statistics.ts';

/** Share of the scores above which the Pareto tail takes over (SPOT, Siffer et al. 2017), and how many it wants at least. */
const TAIL_SHARE = 0.02;
const TAIL_SCORES = 30;
const LARGEST_TAIL_SHARE = 0.25;
/** Scores above the threshold this close together tell of one excursion. */
const CLUSTER_GAP = 20;
/** Fewer excursions than this are taken for so many: a tail of shape 1 would put every limit out of reach. Design choice. */
const LEAST_EXCURSIONS = 4;
/** Beyond this no chance is told apart. */
const LEAST_CHANCE = 1e-300;

/** Generalised Pareto distribution of what exceeds a threshold: shape ξ and scale σ. */
export interface ParetoTail {
  readonly shape: number;
  readonly scale: number;
}

/**
 * Fits ξ and σ by moments (Hosking & Wallis 1987): ξ = ½(1 − m²/v), σ = ½m(m²/v + 1). Good for ξ < ½; the end of a
 * bounded tail is not believed (design choice): ξ below 0 becomes an exponential tail of the same mean.
 * @param excesses amounts above the threshold, ≥ 0
 */
export function fitParetoTail(excesses: ArrayLike<number>): ParetoTail {
  let sum = 0;
  for (let index = 0; index < excesses.length; index++) sum += excesses[index] ?? 0;
  const mean = sum / excesses.length;
  let squares = 0;
  for (let index = 0; index < excesses.length; index++) squares += ((excesses[index] ?? 0) - mean) ** 2;
  const ratio = mean ** 2 / (squares / excesses.length);
  const shape = Number.isFinite(ratio) ? (1 - ratio) / 2 : 0;
  if (shape <= 0) return { shape: 0, scale: Math.max(mean, Number.EPSILON) };
  return { shape, scale: Math.max((mean * (ratio + 1)) / 2, Number.EPSILON) };
}

/** Chance that an exceedance is larger than `excess`. */
export const paretoSurvival = ({ shape, scale }: ParetoTail, excess: number): number =>
  shape === 0 ? Math.exp(-excess / scale) : (1 + (shape * excess) / scale) ** (-1 / shape);

/**
 * How rare a score is among scores of normal data that the model has not seen: counted below the threshold (split
 * conformal, Vovk et al. 2005), by a Pareto tail above it. Plain data: may be saved and restored.
 */
export interface TailScale {
  /** Held-out scores in ascending order. */
  readonly sorted: Float64Array;
  readonly threshold: number;
  /** Share of scores above the threshold. */
  readonly share: number;
  readonly tail: ParetoTail;
}

/**
 * Makes the scale of at least one finite score. A tail fitted to few independent excursions is widened to what the next
 * one may be: the predictive distribution of exponential excesses after m of them is a Pareto tail of shape 1/m.
 * @param scores in the order of their rows: neighbours above the threshold count as one excursion
 * @param widened not where a later scale is: once is enough
 * @param leastScale the tail is no narrower: what rounding or a bound of the scores hides is not known to be absent
 */
export function fitTailScale(scores: ArrayLike<number>, widened = true, leastScale = 0): TailScale {
  const sorted = Float64Array.from(scores).sort();
  const count = sorted.length;
  if (count === 0) throw new RangeError('a scale needs at least one score');
  const wanted = Math.min(LARGEST_TAIL_SHARE, Math.max(TAIL_SHARE, TAIL_SCORES / count));
  const threshold = quantileOfSorted(sorted, 1 - wanted);
  const above = sorted.subarray(countBelow(sorted, threshold, true));
  const excesses = above.length === 0 ? new Float64Array(1) : above.map((score) => score - threshold);
  const { shape, scale: fitted } = fitParetoTail(excesses);
  const scale = Math.max(leastScale, fitted);
  const tail = {
    shape: widened ? shape + 1 / Math.max(LEAST_EXCURSIONS, excursionsIn(scores, threshold)) : shape,
    scale,
  };
  return { sorted, threshold, share: Math.max(above.length, 1) / (count + 1), tail };
}

/** How many times the scores go above the threshold, at least 1. */
function excursionsIn(scores: ArrayLike<number>, threshold: number): number {
  let excursions = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < scores.length; at++) {
    if ((scores[at] as number) <= threshold) continue;
    if (at - last > CLUSTER_GAP) excursions++;
    last = at;
  }
  return Math.max(1, excursions);
}

/** Chance that a score of normal data is at least this large: in (0, 1]. */
export function chanceOf({ sorted, threshold, share, tail }: TailScale, score: number): number {
  if (score > threshold) return Math.max(LEAST_CHANCE, share * paretoSurvival(tail, score - threshold));
  return (sorted.length - countBelow(sorted, score, false) + 1) / (sorted.length + 1);
}

/** How many of the sorted are below `value`, or, with `orEqual`, not above it. */
function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] as number;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
