import { whereFallsTo } from '../../edge/detection/limits/falling.ts';
import { chanceOf, fitTailScale, type TailScale } from '../../edge/detection/limits/tail-scale.ts';
import { largest, quantileOfSorted } from '../../edge/detection/order-statistics.ts';

/** Weight of the newest score in the mean that is held against the limit: EWMA on the error, as the detection reference has it. */
export const SMOOTHING = 0.1;
/** Share of normal rows whose smoothed score may pass the limit; they come in runs, so false alarms are rarer. Design choice. */
export const ALPHA = 1e-4;
/** Every other row passes this quantile of the errors: a unit that anomalies cannot spoil. */
const UNIT_QUANTILE = 0.5;
/** A smoothed score beyond so many units may be an anomaly in history … */
const ANOMALY_UNITS = 20;
/** … where that is in few stretches, for what happens again and again is normal operation … */
const MOST_STRETCHES = 3;
/** … which are no large share of the rows: 5 % of a history may all lie in the quarter that sets the limit. */
const MOST_ANOMALOUS = 0.35;
/** Rows this close together are one stretch, and so many after one are left out with it. */
const STRETCH_GAP = 60;
const BISECTIONS = 60;

/** What the rows that shaped nothing say of a model. */
export interface HeldOut {
  readonly limit: number;
  /** Inner bounds of ten equally filled bins of the smoothed score. */
  readonly deciles: readonly number[];
  readonly limitRows: number;
  /** Rows that were taken for anomalies in the history and left out. */
  readonly anomalousRows: number;
  readonly verifyRows: number;
  /** Share of the newest fifth above what 1 in 100 and 1 in 1,000 should pass, and above the limit. */
  readonly verifyShares: { readonly percent: number; readonly permille: number; readonly limit: number };
}

/**
 * The limit that follows from scores of use `limit`, and what it is worth on those of use `verify`.
 * @param scores in units of `unitOf`, in order of time
 */
export function holdOut(scores: readonly number[], verify: readonly number[]): HeldOut {
  const usual = smoothed(withoutAnomalies(scores));
  const scale = fitTailScale(usual);
  const limit = scoreOfChance(scale, ALPHA);
  const verified = smoothed(verify);
  const above = (bound: number) => verified.filter((score) => score > bound).length / Math.max(1, verified.length);
  return {
    ...{ limit, limitRows: usual.length, anomalousRows: scores.length - usual.length },
    deciles: Array.from({ length: 9 }, (_, index) => quantileOfSorted(scale.sorted, (index + 1) / 10)),
    verifyRows: verified.length,
    verifyShares: {
      ...{ percent: above(quantileOfSorted(scale.sorted, 0.99)), permille: above(scoreOfChance(scale, 0.001)) },
      limit: above(limit),
    },
  };
}

/** The error that every other row passes. */
export function unitOf(errors: readonly number[]): number {
  return Math.max(Number.EPSILON, quantileOfSorted(Float64Array.from(errors).sort(), UNIT_QUANTILE));
}

/** As the gateway forms it: an exponentially weighted mean that begins at nothing and goes on over gaps. */
function smoothed(scores: readonly number[]): Float64Array {
  let mean = 0;
  const means = scores.map((score) => {
    mean += SMOOTHING * (score - mean);
    return mean;
  });
  return Float64Array.from(means);
}

/** The scores without stretches that look like anomalies in history. */
function withoutAnomalies(scores: readonly number[]): readonly number[] {
  let stretches = 0;
  let last = Number.NEGATIVE_INFINITY;
  const means = smoothed(scores);
  const calm = scores.filter((_, row) => {
    const high = (means[row] as number) >= ANOMALY_UNITS;
    if (high && row - last > STRETCH_GAP) stretches++;
    if (high) last = row;
    return row - last > STRETCH_GAP;
  });
  const few = stretches <= MOST_STRETCHES && calm.length >= (1 - MOST_ANOMALOUS) * scores.length;
  return few ? calm : scores;
}

/** The score that normal rows reach with this chance. */
function scoreOfChance(scale: TailScale, chance: number): number {
  const low = scale.sorted[0] as number;
  let high = Math.max(1, 2 * largest(scale.sorted));
  while (chanceOf(scale, high) > chance && high < 1e9) high *= 2;
  return whereFallsTo((score) => chanceOf(scale, score), chance, low, high, BISECTIONS);
}
