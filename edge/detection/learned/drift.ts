/** Bins of the population stability index. */
export const DRIFT_BINS = 10;
/** Above this a population has changed enough to act (Siddiqi, Credit Risk Scorecards, 2006). */
export const STABILITY_ACT = 0.25;
/** A bin is never taken for emptier than this share. */
const LEAST_SHARE = 1e-4;
/** Page–Hinkley (Page 1954): allowance and limit of the rise of a rank whose mean was one half. A steady output in the topmost tenth reaches the limit after 500 rows. Design choice. */
const RISE_ALLOWANCE = 0.15;
const RISE_LIMIT = 175;

/** Which tenth of the held-out outputs an output belongs to. @param deciles nine inner bounds in ascending order */
export function binOf(deciles: readonly number[], output: number): number {
  let bin = 0;
  while (bin < deciles.length && output > (deciles[bin] as number)) bin++;
  return bin;
}

/**
 * Population stability index of counts in bins that were filled equally in training: Σ (p − q)·ln(p/q), q = 1/10; 0 without rows.
 */
export function stabilityIndex(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  const expected = 1 / counts.length;
  return counts.reduce((sum, count) => {
    const share = Math.max(LEAST_SHARE, count / total);
    return sum + (share - expected) * Math.log(share / expected);
  }, 0);
}

/** The Page–Hinkley statistic after one more output in `bin`: how far ranks have risen above their mean, not below 0. */
export const stepPageHinkley = (rise: number, bin: number): number =>
  Math.max(0, rise + bin / (DRIFT_BINS - 1) - 0.5 - RISE_ALLOWANCE);

/** Whether outputs have risen for good. */
export const hasRisen = (rise: number): boolean => rise > RISE_LIMIT;
