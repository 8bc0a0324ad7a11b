import type { HappeningKind } from '../../city/plant.ts';
import { waterHappenings } from '../happenings.ts';
import type { NetworkLayout } from './layout.ts';

/** What can happen to a user's network: the kinds of the default city, at its own stations and districts. */
export function networkHappenings(layout: NetworkLayout): readonly HappeningKind[] {
  const stations = layout.stations.map(({ id }) => id);
  const districts = layout.districts.map(({ id }) => id);
  return waterHappenings
    .map((kind) => ({ ...kind, targets: kind.kind === 'water.pump-trip' ? stations : districts }))
    .filter(({ targets }) => targets.length > 0);
}
