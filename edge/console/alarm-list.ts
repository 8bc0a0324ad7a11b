import { type Alarm, isHidden, isUnacknowledged, type Priority } from '../core/alarm.ts';
import type { AlarmFilter, AlarmListName, AlarmListView, AlarmTallies, AlarmTally } from './alarm-wire.ts';
import type { ConsoleSource } from './api.ts';
import type { AlarmsView } from './wire.ts';

/** Place of each priority, the gravest first. */
export const rank: Readonly<Record<Priority, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
/** Of the alarms that a page is sent at least so many are the newest: those are the ones that sound. */
const newestShown = 20;

/** The alarms as pages see them, at most `most` of each list; the tallies count all. */
export function alarmsView(source: ConsoleSource, most: number): AlarmsView {
  const alarms = mostUrgentFirst(source.alarms());
  const inView = alarms.filter(({ state }) => !isHidden(state));
  const hidden = alarms.filter(({ state }) => isHidden(state));
  return {
    ...{ total: inView.length, alarms: shown(inView, most) },
    ...{ hiddenTotal: hidden.length, hidden: shown(hidden, most), tallies: talliesOf(inView, hidden) },
    ...{ flood: source.flood() ?? null, maintenance: source.maintenance(), manual: source.manual.current() },
  };
}

/**
 * In the order of an alarm list: unacknowledged first, then safety, priority, newest. By class and not by comparison, which
 * takes twice as long of ten thousand.
 */
function mostUrgentFirst(alarms: readonly Alarm[]): Alarm[] {
  const classes: Alarm[][] = Array.from({ length: 16 }, () => []);
  for (const alarm of alarms) {
    const { state, safety, priority } = alarm;
    classes[(isUnacknowledged(state) ? 0 : 8) + (safety ? 0 : 4) + rank[priority]]?.push(alarm);
  }
  return classes.flatMap((one) => one.sort((a, b) => b.raisedAt - a.raisedAt));
}

/** Safety alarms before all others, then the newest, then the most urgent. @param alarms the most urgent first */
function shown(alarms: readonly Alarm[], most: number): readonly Alarm[] {
  if (alarms.length <= most) return alarms;
  const first = [...alarms.filter(({ safety }) => safety), ...newestOf(alarms), ...alarms.slice(0, most)];
  return mostUrgentFirst([...new Set(first)].slice(0, most));
}

/** Those that people were told of last. */
function newestOf(alarms: readonly Alarm[]): readonly Alarm[] {
  const toldAt = ({ announcedAt = 0 }: Alarm): number => announcedAt;
  const newest: Alarm[] = [];
  for (const alarm of alarms) {
    const last = newest[newestShown - 1];
    if (last && toldAt(alarm) <= toldAt(last)) continue;
    const before = newest.findIndex((one) => toldAt(one) < toldAt(alarm));
    newest.splice(before < 0 ? newest.length : before, 0, alarm);
    newest.length = Math.min(newest.length, newestShown);
  }
  return newest;
}

type Tally = [...AlarmTally];

/** @param inView the most urgent first */
function talliesOf(inView: readonly Alarm[], hidden: readonly Alarm[]): AlarmTallies {
  const assets = new Map<string, Tally>();
  const utilities = new Map<string, Tally>();
  const priorities: Record<Priority, [number, number]> = {
    ...{ critical: [0, 0], high: [0, 0] },
    ...{ medium: [0, 0], low: [0, 0] },
  };
  let safety = 0;
  for (const alarm of inView) {
    tally(assets, alarm.asset, alarm);
    tally(utilities, alarm.utility, alarm);
    priorities[alarm.priority][0]++;
    if (isUnacknowledged(alarm.state)) priorities[alarm.priority][1]++;
    if (alarm.safety) safety++;
  }
  return {
    ...{ assets: [...assets.values()], utilities: Object.fromEntries(utilities), priorities, safety },
    shelved: hidden.filter(({ state }) => state === 'shelved').length,
  };
}

function tally(by: Map<string, Tally>, key: string, { id, priority, state }: Alarm): void {
  const urgency = 2 * rank[priority] + (isUnacknowledged(state) ? 0 : 1);
  const before = by.get(key);
  if (!before) by.set(key, [id, 1, urgency]);
  else {
    before[1]++;
    if (urgency < before[2]) [before[0], before[2]] = [id, urgency];
  }
}

/** What is asked of a list: which, what of it, and how many from which place on. */
export interface AlarmListWish extends AlarmFilter {
  readonly list: AlarmListName;
  readonly from: number;
  readonly most: number;
}

/** One page of a list; the last one there is where `from` lies beyond the end. */
export function alarmList(source: ConsoleSource, { list, from, most, ...filter }: AlarmListWish): AlarmListView {
  const found = alarmsOfList(source, list, filter);
  const last = Math.max(0, Math.ceil(found.length / most) - 1) * most;
  const start = Math.min(from, last);
  return { total: found.length, from: start, alarms: found.slice(start, start + most) };
}

/** All alarms of a list that pass a filter, the most urgent first. */
export function alarmsOfList(source: ConsoleSource, list: AlarmListName, filter: AlarmFilter): readonly Alarm[] {
  const passes = filterOf(filter, source.description.assets);
  return mostUrgentFirst(source.alarms().filter((alarm) => listOf(alarm) === list && passes(alarm)));
}

const listOf = ({ state }: Alarm): AlarmListName =>
  !isHidden(state) ? 'standing' : state === 'shelved' ? 'shelved' : 'suppressed';

function filterOf(filter: AlarmFilter, assets: ConsoleSource['description']['assets']): (alarm: Alarm) => boolean {
  const { utility, priority, asset, unacknowledged } = filter;
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const names = words.length === 0 ? undefined : new Map(assets.map(({ id, name }) => [id, name]));
  return (alarm) => {
    if (utility !== '' && alarm.utility !== utility) return false;
    if (priority !== '' && alarm.priority !== priority) return false;
    if (asset !== '' && alarm.asset !== asset) return false;
    if (unacknowledged && !isUnacknowledged(alarm.state)) return false;
    if (!names) return true;
    const { id, message, cause } = alarm;
    const where = [id, names.get(alarm.asset) ?? '', message.zh, message.en, cause.zh, cause.en];
    const text = where.join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
