import type { Place } from '../../core/finding.ts';
import { prior, ranked, updated } from './belief.ts';
import { logLikelihoods } from './likelihood.ts';
import { observationOf, type Shown } from './observation.ts';
import type { Signatures } from './signature.ts';

/** Candidates of a network for where it leaks, the likeliest first, from what its gauges showed before and after. */
export function locate(signatures: Signatures, shown: Shown): readonly Place[] {
  const { matrix } = signatures;
  const likelihoods = logLikelihoods(signatures, observationOf(matrix, shown));
  return ranked(matrix.candidates, updated(prior(matrix.candidates), likelihoods));
}
