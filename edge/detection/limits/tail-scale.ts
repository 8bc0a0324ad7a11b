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
  /** Held-out scores in ascending order, or quantiles made of theirs. */
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
  return scaleOf(
    sorted,
    sorted.length,
    (threshold) => (widened ? excursionsIn(scores, threshold) : Number.POSITIVE_INFINITY),
    leastScale,
  );
}

/**
 * Makes the scale of blocks of finite scores. Each of its quantiles lies half-way between that of all scores and the mean of
 * those of the blocks (Vincent 1912; Ratcliff 1979): one block that stands apart is known to be possible, and does not set
 * every limit. Widened by the excursions of all. Throws when there are no scores.
 * @param blocks each in the order of its rows
 */
export function fitBlockScale(blocks: readonly Float64Array[]): TailScale {
  const count = blocks.reduce((sum, { length }) => sum + length, 0);
  const excursions = (threshold: number) => blocks.reduce((sum, block) => sum + excursionsIn(block, threshold), 0);
  return scaleOf(blockQuantiles(blocks), count, excursions, 0);
}

/** As many quantiles as the longest block has scores. */
function blockQuantiles(blocks: readonly Float64Array[]): Float64Array {
  const sorted = blocks.filter(({ length }) => length > 0).map((block) => block.slice().sort());
  const pooled = Float64Array.from(sorted.flatMap((block) => [...block])).sort();
  const longest = sorted.reduce((most, { length }) => Math.max(most, length), 0);
  return Float64Array.from({ length: longest }, (_, at) => {
    const share = longest === 1 ? 1 : at / (longest - 1);
    const mean = sorted.reduce((sum, block) => sum + quantileOfSorted(block, share), 0) / sorted.length;
    return (mean + quantileOfSorted(pooled, share)) / 2;
  });
}

/**
 * @param count scores that the sorted ones stand for
 * @param excursionsAbove how many independent excursions above a threshold they tell of
 */
function scaleOf(
  sorted: Float64Array,
  count: number,
  excursionsAbove: (threshold: number) => number,
  leastScale: number,
): TailScale {
  if (count === 0) throw new RangeError('a scale needs at least one score');
  const wanted = Math.min(LARGEST_TAIL_SHARE, Math.max(TAIL_SHARE, TAIL_SCORES / count));
  const threshold = quantileOfSorted(sorted, 1 - wanted);
  const above = sorted.subarray(countBelow(sorted, threshold, true));
  const excesses = above.length === 0 ? new Float64Array(1) : above.map((score) => score - threshold);
  const { shape, scale } = fitParetoTail(excesses);
  const widening = 1 / Math.max(LEAST_EXCURSIONS, excursionsAbove(threshold));
  const tail = { shape: shape + widening, scale: Math.max(leastScale, scale) };
  return { sorted, threshold, share: Math.max(above.length, 1) / (sorted.length + 1), tail };
}

/** How many times the scores go above the threshold. */
function excursionsIn(scores: ArrayLike<number>, threshold: number): number {
  let excursions = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < scores.length; at++) {
    if ((scores[at] as number) <= threshold) continue;
    if (at - last > CLUSTER_GAP) excursions++;
    last = at;
  }
  return excursions;
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
