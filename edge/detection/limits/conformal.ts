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
