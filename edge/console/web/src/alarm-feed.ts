import type { AlarmPerformance } from '../../../core/alarm-performance.ts';
import type { AlarmDetailView, AlarmFilter, AlarmHistoryView, AlarmListName, AlarmListView } from '../../alarm-wire.ts';
import type { AlarmView } from '../../wire.ts';
import { getJson, picture } from './feed.ts';
import { alarmsOfAsset } from './situation.ts';
import { useFollowed } from './use-followed.ts';

/** Alarms of one page of a list. */
export const alarmsPerPage = 100;

/** What is asked of a list: those that pass from a place on. */
export interface AlarmPlace extends AlarmFilter {
  readonly list: AlarmListName;
  readonly from: number;
}

const readList = (query: string): Promise<AlarmListView> => getJson(`/api/alarm-list?${query}`);
const readAlarm = async (query: string): Promise<AlarmDetailView | undefined> =>
  query === '' ? undefined : getJson(`/api/alarm?${query}`);
/** How the alarm system did over so many ms up to now. */
export const readPerformance = (lastMs: string): Promise<AlarmPerformance> =>
  getJson(`/api/alarm-performance?${new URLSearchParams({ lastMs })}`);
/** Part of the past that a query asks for, newest first. */
export const readPast = (query: string): Promise<AlarmHistoryView> => getJson(`/api/alarm-history?${query}`);

/** One page of a list, read anew as often as alarms change. */
export function useAlarmList({ list, from, unacknowledged, ...texts }: AlarmPlace) {
  const place = { list, from: `${from}`, most: `${alarmsPerPage}`, unacknowledged: `${unacknowledged}` };
  return useFollowed(readList, `${new URLSearchParams({ ...place, ...texts })}`, picture.alarms);
}

/**
 * One alarm whatever became of it; no view where none of that id is known, or no id is given.
 * @param event sequence of an event of the past that tells of it, where one is known
 */
export function useAlarm(id: string, event: string) {
  const query = new URLSearchParams({ id, event: /^\d{1,15}$/.test(event) ? event : '0' });
  const { view, problem } = useFollowed(readAlarm, id === '' ? '' : `${query}`, picture.alarms);
  return { view: view?.alarm.id === id ? view : undefined, problem };
}

/** The alarms of one asset, the most urgent first; those that the feed has until the gateway has told all. */
export function useAlarmsOfAsset(asset: string): readonly AlarmView[] {
  const { view } = useFollowed(readList, `${new URLSearchParams({ asset })}`, picture.alarms);
  return view?.alarms ?? alarmsOfAsset(asset);
}
