import { isUnacknowledged as owes, type Priority } from '../../../core/alarm.ts';
import type { AlarmView } from '../../wire.ts';
import { picture } from './feed.ts';
import { type AssetView, type Point, utilityOf } from './model.ts';
import { readingAt } from './reading.ts';

export const priorities: readonly Priority[] = ['critical', 'high', 'medium', 'low'];

/** Alarms of one asset, the most urgent first. */
export const alarmsOfAsset = (asset: string): readonly AlarmView[] =>
  picture.alarms.alarms.filter((alarm) => alarm.asset === asset);

/** Alarms of one utility, the most urgent first. */
export const alarmsOfUtility = (utility: string): readonly AlarmView[] =>
  picture.alarms.alarms.filter((alarm) => alarm.utility === utility);

/** The most urgent of the given alarms: the worst priority among those unacknowledged, else among all. */
export function worstOf(alarms: readonly AlarmView[]): AlarmView | undefined {
  return [...alarms].sort((a, b) => rankOf(a) - rankOf(b))[0];
}

const rankOf = (alarm: AlarmView): number => priorities.indexOf(alarm.priority) + (owes(alarm.state) ? 0 : 0.5);

export const isUnacknowledged = ({ state }: AlarmView): boolean => owes(state);

/** Whether none of an asset's points can be trusted at present. */
export function isBlind(asset: AssetView): boolean {
  const points = picture.city?.points.get(asset.id) ?? [];
  return points.length > 0 && points.every((point) => readingAt(point).trust === 'bad');
}

/** Assets of a utility in the order of the configuration. */
export const assetsOf = (utility: string): readonly AssetView[] =>
  (picture.city?.view.assets ?? []).filter((asset) => utilityOf(asset.type) === utility);

/** Alarms that rest on a point's value, on the point's own asset. */
export const alarmsOfPoint = ({ asset, definition }: Point): readonly AlarmView[] =>
  alarmsOfAsset(asset.id).filter(({ finding }) => finding.evidence.some(({ tag }) => tag === definition.name));
