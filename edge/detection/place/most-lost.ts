import type { Place } from '../../core/finding.ts';

/** A gauge of a metered district, and how much more it has lost than the flow explains. */
export interface GaugeLoss {
  /** Tag `device/point`. */
  readonly id: string;
  readonly location: Place['location'];
  /** Loss from the meter to it beyond that of its own course with the flow, kPa; 0 at the meter itself. */
  readonly excessKpa: number;
  /** Standard deviation of that in normal operation, kPa. */
  readonly deviationKpa: number;
}

/** Less likely gauges are not told. */
const leastTold = 0.05;

/**
 * Where no network model tells: the gauge that loses most beyond what the flow explains is the nearest. Its probability
 * follows how far the others stay behind it, in standard deviations of the difference. Gauges without a value are left out.
 */
export function mostLost(losses: readonly GaugeLoss[]): readonly Place[] {
  const known = losses.filter(({ excessKpa }) => Number.isFinite(excessKpa));
  const [worst] = known.toSorted((a, b) => b.excessKpa - a.excessKpa);
  if (!worst) return [];
  const weights = known.map(({ excessKpa, deviationKpa }) => {
    const behindKpa = worst.excessKpa - excessKpa;
    if (behindKpa === 0) return 1;
    return Math.exp(-((behindKpa / Math.hypot(deviationKpa, worst.deviationKpa)) ** 2) / 2);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return known
    .map(({ id, location }, index): Place => {
      const probability = Number(((weights[index] ?? 0) / total).toFixed(3));
      return { id, location, probability, distanceM: null, withinM: null };
    })
    .filter(({ probability }) => probability >= leastTold)
    .sort((a, b) => b.probability - a.probability);
}
