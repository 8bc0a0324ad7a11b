import type { HappeningKind } from '../../city/happening.ts';
import { waterHappenings } from '../happenings.ts';
import { isLeak } from '../leaks.ts';
import type { NetworkLayout } from './layout.ts';

/** What can happen to a user's network: the kinds of the default city that need no more than junctions and pumps. */
export function networkHappenings(layout: NetworkLayout): readonly HappeningKind[] {
  const stations = layout.stations.map(({ id }) => id);
  const districts = layout.districts.map(({ id }) => id);
  const leaks = waterHappenings.filter(({ kind }) => isLeak(kind)).map((kind) => ({ ...kind, targets: districts }));
  const pumps = waterHappenings
    .filter(({ kind }) => kind === 'water.pump-trip' || kind === 'water.pump-wear')
    .map((kind) => ({ ...kind, targets: stations }));
  return [...leaks, ...pumps].filter(({ targets }) => targets.length > 0);
}
