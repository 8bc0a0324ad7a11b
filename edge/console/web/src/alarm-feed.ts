import type { AlarmDetailView, AlarmFilter, AlarmListName, AlarmListView } from '../../alarm-wire.ts';
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
const readAlarm = async (id: string): Promise<AlarmDetailView | undefined> =>
  id === '' ? undefined : getJson(`/api/alarm?${new URLSearchParams({ id })}`);

/** One page of a list, read anew as often as alarms change. */
export function useAlarmList({ list, from, unacknowledged, ...texts }: AlarmPlace) {
  const place = { list, from: `${from}`, most: `${alarmsPerPage}`, unacknowledged: `${unacknowledged}` };
  return useFollowed(readList, `${new URLSearchParams({ ...place, ...texts })}`, picture.alarms);
}

/** One alarm whatever became of it; no view where none of that id is known, or no id is given. */
export function useAlarm(id: string) {
  const { view, problem } = useFollowed(readAlarm, id, picture.alarms);
  return { view: view?.alarm.id === id ? view : undefined, problem };
}

/** The alarms of one asset, the most urgent first; those that the feed has until the gateway has told all. */
export function useAlarmsOfAsset(asset: string): readonly AlarmView[] {
  const { view } = useFollowed(readList, `${new URLSearchParams({ asset })}`, picture.alarms);
  return view?.alarms ?? alarmsOfAsset(asset);
}
