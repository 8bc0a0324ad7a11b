import type { Place } from '../../core/finding.ts';
import { normalShare } from '../normal-distribution.ts';
import { ranked } from './belief.ts';

/** A cable is told in so many sections, or lamp by lamp where it has fewer. */
const sections = 20;
/** What is left of a load says how many lamps burn to this share of all: they age apart, and their cable takes some (design choice). */
const sameness = 0.01;

/** The load of an asset whose lamps hang on one cable, from the cabinet on. */
export interface CableLoad {
  readonly asset: string;
  /** On the whole cable. */
  readonly lamps: number;
  /** In one unit, over the same window; standard deviation of what is expected in normal operation. */
  readonly observed: number;
  readonly expected: number;
  readonly deviation: number;
}

/**
 * Where a cable is cut of which a part of the load is left: sections by their lamps, counted from the cabinet, the
 * likeliest first; the cut is before a lamp of the section. Lamps are taken for alike. They are not surveyed, so that there are no distances.
 * Empty where less than nothing or more than all of it is left.
 */
export function alongCable({ asset, lamps, observed, expected, deviation }: CableLoad): readonly Place[] {
  const left = (lamps * observed) / expected;
  if (!(lamps >= 2) || !(left >= 0) || left > lamps) return [];
  const spread = lamps * Math.hypot(deviation / expected, sameness);
  const each = Math.max(1, Math.ceil(lamps / sections));
  const candidates = Array.from({ length: Math.ceil(lamps / each) }, (_, section) => {
    const [first, last] = [section * each + 1, Math.min(lamps, (section + 1) * each)];
    const below = (lamp: number) => normalShare((lamp - 0.5 - left) / spread);
    const id = `${asset}/lamp-${first}${last > first ? `-${last}` : ''}`;
    return { id, location: null, weight: below(last) - below(first - 1) };
  });
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  return ranked(
    candidates,
    Float64Array.from(candidates, ({ weight }) => weight / total),
  );
}
