import { isUnacknowledged as owes, type Priority } from '../../../core/alarm.ts';
import type { AlarmTallies, AlarmTally } from '../../alarm-wire.ts';
import type { AlarmView } from '../../wire.ts';
import { picture } from './feed.ts';
import { type AssetView, type Point, utilityOf } from './model.ts';
import { readingAt } from './reading.ts';

export const priorities: readonly Priority[] = ['critical', 'high', 'medium', 'low'];

/** How many alarms something has, and the most urgent of them. */
export interface Standing {
  readonly count: number;
  /** Its alarm. */
  readonly id: string;
  readonly priority: Priority;
  /** Somebody has acknowledged it. */
  readonly settled: boolean;
}

function standingOf(tally: AlarmTally | undefined): Standing | undefined {
  if (!tally) return undefined;
  const [id, count, urgency] = tally;
  return { count, id, priority: priorities[urgency >> 1] ?? 'low', settled: urgency % 2 === 1 };
}

let tallied: AlarmTallies | undefined;
let byAsset: ReadonlyMap<string, AlarmTally> = new Map();

/** All alarms of an asset, a device or the gateway together; undefined where it has none. */
export function standingOfAsset(asset: string): Standing | undefined {
  const { tallies } = picture.alarms;
  if (tallied !== tallies) {
    tallied = tallies;
    byAsset = new Map(tallies.assets.map((tally) => [tally[0].split('/', 1)[0] ?? '', tally]));
  }
  return standingOf(byAsset.get(asset));
}

/** All alarms of a utility together; undefined where it has none. */
export const standingOfUtility = (utility: string): Standing | undefined =>
  standingOf(picture.alarms.tallies.utilities[utility]);

/** All alarms together; undefined where there is none. */
export function standingOfAll(): Omit<Standing, 'id'> | undefined {
  const { total, tallies } = picture.alarms;
  const priority = priorities.find((one) => tallies.priorities[one][0] > 0);
  return priority && { count: total, priority, settled: tallies.priorities[priority][1] === 0 };
}

/** The alarms of one asset that the feed has, the most urgent first. */
export const alarmsOfAsset = (asset: string): readonly AlarmView[] =>
  picture.alarms.alarms.filter((alarm) => alarm.asset === asset);

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

/** Those of an asset's alarms that rest on a point's value. */
export const alarmsOfPoint = ({ definition }: Point, alarms: readonly AlarmView[]): readonly AlarmView[] =>
  alarms.filter(({ finding }) => finding.evidence.some(({ tag }) => tag === definition.name));
