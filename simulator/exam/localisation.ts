import { distanceM, type Location } from '../../edge/core/distance.ts';
import type { Graded } from './grading.ts';

/** Where assets are; undefined for one that is not surveyed. */
export type AssetPlaces = ReadonlyMap<string, Location | undefined>;

/** A crew sees and hears so far around a place, m. */
const nearM = 300;

/**
 * Metres from where a happening struck to each candidate that its first incident named, the likeliest first. From asset to
 * asset where the truth has no place of its own; to the asset of the cause where no candidate was named. Empty where
 * nobody surveyed them.
 * @param cause asset that the first incident took for its cause
 */
export function missedByM({ truth, alarms }: Graded, cause: string, assets: AssetPlaces): readonly number[] {
  if (!truth.place) return metres(assets.get(truth.asset), [assets.get(cause)]);
  const { location } = truth.place;
  const named = alarms.find(({ incident, place }) => incident === alarms[0]?.incident && place.length > 0);
  return metres(location, named ? named.place.map((candidate) => candidate.location) : [assets.get(cause)]);
}

/** Whether one of the first `most` candidates is near. */
export const isNear = (missed: readonly number[], most: number): boolean =>
  missed.slice(0, most).some((distance) => distance <= nearM);

const metres = (from: Location | undefined, to: readonly (Location | null | undefined)[]): readonly number[] =>
  to.flatMap((each) => distanceM(from, each ?? undefined) ?? []);
