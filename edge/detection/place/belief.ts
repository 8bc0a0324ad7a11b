import { distanceM } from '../../core/distance.ts';
import type { Place } from '../../core/finding.ts';
import type { Candidate } from './matrix.ts';

/** Candidates that are told at most, and the least that one is worth telling for, when it is not the first. */
const mostTold = 5;
const leastTold = 0.02;
/** Probability that the radius of a place holds. */
const held = 0.9;

/** What is believed before anything was seen: mains break by their length, every candidate may. */
export function prior(candidates: readonly Candidate[]): Float64Array {
  const lengths = Float64Array.from(candidates, ({ lengthM }) => Math.max(1, lengthM));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return lengths.map((length) => length / total);
}

/**
 * Bayes' rule: what is believed after one more observation, whose errors must be its own. One burst is one observation:
 * its minutes share the model's error, and what pumps and valves answer grows in them (decision 0015).
 */
export function updated(before: Float64Array, logLikelihoods: Float64Array): Float64Array {
  const best = logLikelihoods.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const joint = before.map((probability, index) => probability * Math.exp((logLikelihoods[index] as number) - best));
  const total = joint.reduce((sum, value) => sum + value, 0);
  return joint.map((value) => value / total);
}

/** What of a candidate is told. */
type Located = Pick<Place, 'id' | 'location'>;

/** The likeliest candidates, with how far one has to look around each. */
export function ranked(candidates: readonly Located[], probabilities: Float64Array): readonly Place[] {
  const order = [...candidates.keys()].sort((a, b) => probabilityOf(b) - probabilityOf(a));
  const told = order.slice(0, mostTold).filter((index, rank) => rank === 0 || probabilityOf(index) >= leastTold);
  const locationOf = (index: number | undefined) => candidates[index ?? -1]?.location ?? undefined;
  const whole = (metres: number | undefined) => (metres === undefined ? null : Math.round(metres));
  function probabilityOf(index: number): number {
    return probabilities[index] ?? 0;
  }
  return told.flatMap((index) => {
    const candidate = candidates[index];
    if (!candidate) return [];
    return {
      ...{ id: candidate.id, location: candidate.location },
      probability: Number(probabilityOf(index).toFixed(3)),
      distanceM: whole(distanceM(locationOf(told[0]), locationOf(index))),
      withinM: whole(radiusM(candidates, probabilities, index)),
    };
  });
}

/** Radius around a candidate that holds nine tenths of all probability, m; undefined where one that counts is not surveyed. */
function radiusM(candidates: readonly Located[], probabilities: Float64Array, centre: number): number | undefined {
  const from = candidates[centre]?.location ?? undefined;
  const ways = candidates.map(({ location }, index) => ({
    metres: distanceM(from, location ?? undefined) ?? Number.POSITIVE_INFINITY,
    probability: probabilities[index] ?? 0,
  }));
  ways.sort((a, b) => a.metres - b.metres);
  let sum = 0;
  for (const { metres, probability } of ways) {
    sum += probability;
    if (sum >= held) return Number.isFinite(metres) ? metres : undefined;
  }
  return undefined;
}
