/**
 * The limit that a new block passes with probability ≤ alpha: the ⌈(n+1)(1−alpha)⌉-th smallest score of n held-out
 * blocks (split conformal, Vovk et al. 2005); the largest when n is too small for alpha.
 */
export function conformalLimit(scores: readonly number[], alpha: number): number {
  const sorted = [...scores].sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.ceil((sorted.length + 1) * (1 - alpha)));
  const limit = sorted[rank - 1];
  if (limit === undefined) throw new RangeError('a limit needs at least one score');
  return limit;
}

/** Median; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Largest of many; −∞ of nothing. */
export const largest = (values: Iterable<number>): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > most) most = value;
  return most;
};

/** Rounds to significant digits, so that files do not carry figures that mean nothing. */
export const significant = (value: number, digits = 5): number => Number(value.toPrecision(digits));
