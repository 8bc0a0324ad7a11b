import { alarmFromEvent } from '../alarms/record.ts';
import type { HistoryLine, HistoryPage, HistoryWish } from '../console/alarm-history-api.ts';
import type { Alarm } from '../core/alarm.ts';
import type { Asset } from '../core/asset.ts';
import type { Event } from '../core/event.ts';
import type { Journal } from '../store/api.ts';
import { clockSlackMs, eventsPerPage, lastUntil } from './journal-search.ts';
import { storyLine } from './story.ts';

/** Events looked at for one answer: half a second of computing; the asker goes on from there. */
const maxLookedAt = 10_000;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
type Words = Readonly<Record<string, unknown>>;

/** Where an event says who did it and what they said of it; undefined where nobody did. */
function deedOf({ type, data }: Event): Words | undefined {
  if (type === 'alarm.judged') return data['judgement'] as Words;
  if (type === 'alarm.commented') return (data['comments'] as readonly Words[] | undefined)?.at(-1);
  if (type === 'alarm.shelved') return data['shelving'] as Words | undefined;
  if (type === 'alarm.case-changed') return data['cityCase'] as Words | undefined;
  if (type === 'maintenance.ended') return { by: data['endedBy'] };
  // an incident that changes by itself carries the words of its root
  return type === 'incident.opened' || type === 'incident.changed' || type === 'incident.closed' ? undefined : data;
}

function deed(event: Event): { readonly by: string; readonly note: string } {
  const said = deedOf(event) ?? {};
  const parts = [said['verdict'], said['to'], said['note'] ?? said['reason'] ?? said['text']];
  return { by: textOf(said['by']), note: parts.map(textOf).filter(Boolean).join(': ') };
}

/** What a list tells of a journaled event. */
export function historyLine(event: Event): HistoryLine {
  const { sequence, time, type, subject, utility, data } = event;
  const ofAlarm = type.startsWith('alarm.') || type.startsWith('incident.');
  return {
    ...{ sequence, time, type, subject, utility, text: storyLine(event).text, ...deed(event) },
    alarm: ofAlarm ? `${data['asset']}/${data['kind']}` : null,
    priority: ofAlarm ? (data['priority'] as HistoryLine['priority']) : null,
    safety: data['safety'] === true,
  };
}

/**
 * The past as the journal on disk has it, newest first. An answer looks at so many events at most and says where the next one
 * goes on, so that none costs more than another, however old or rare what is asked for is.
 */
export class AlarmHistory {
  private readonly journal: Journal;
  private readonly assets: () => readonly Pick<Asset, 'id' | 'name'>[];

  constructor(journal: Journal, assets: () => readonly Pick<Asset, 'id' | 'name'>[]) {
    this.journal = journal;
    this.assets = assets;
  }

  async find(wish: HistoryWish): Promise<HistoryPage> {
    const passes = filterOf(wish, this.assets());
    const lines: HistoryLine[] = [];
    let position = Math.min(wish.before - 1, await lastUntil(this.journal, wish.to + clockSlackMs));
    const [oldest] = await this.journal.read(0, 1);
    const end = (oldest?.sequence ?? 1) - 1;
    let searchedTo = wish.to;
    for (let looked = 0; position > end && looked < maxLookedAt; looked += eventsPerPage) {
      const after = Math.max(end, position - eventsPerPage);
      const events = (await this.journal.read(after, eventsPerPage)).filter(({ sequence }) => sequence <= position);
      for (const event of events.toReversed()) {
        if (lines.length === wish.most) return { lines, next: lines.at(-1)?.sequence ?? 1, searchedTo };
        if (event.time >= wish.from && event.time < wish.to && passes(event)) lines.push(historyLine(event));
        searchedTo = Math.min(searchedTo, event.time);
      }
      const isBefore = events.length > 0 && events.every(({ time }) => time < wish.from - clockSlackMs);
      position = isBefore ? end : after;
    }
    return position <= end ? { lines, next: null, searchedTo: wish.from } : { lines, next: position + 1, searchedTo };
  }

  /** An alarm as one event of the journal tells of it; undefined where that is none of this alarm. */
  async alarm(id: string, sequence: number): Promise<Alarm | undefined> {
    const [event] = await this.journal.read(sequence - 1, 1);
    const alarm = event?.sequence === sequence ? alarmFromEvent(event) : undefined;
    return alarm?.id === id ? alarm : undefined;
  }
}

function filterOf(wish: HistoryWish, assets: readonly Pick<Asset, 'id' | 'name'>[]): (event: Event) => boolean {
  const { asset, utility, kind, priority } = wish;
  const words = wish.words.toLowerCase().split(/\s+/).filter(Boolean);
  const names = new Map(words.length === 0 ? [] : assets.map(({ id, name }) => [id, name]));
  return (event) => {
    const { type, subject, data } = event;
    if (wish.type !== '' && type !== wish.type && !type.startsWith(`${wish.type}.`)) return false;
    if (asset !== '' && subject !== asset && data['asset'] !== asset) return false;
    if (utility !== '' && event.utility !== utility) return false;
    if (kind !== '' && data['kind'] !== kind) return false;
    if (priority !== '' && data['priority'] !== priority) return false;
    if (words.length === 0) return true;
    const { text, by, note, alarm } = historyLine(event);
    const told = [subject, names.get(subject) ?? '', alarm ?? '', text.zh, text.en, by, note].join(' ').toLowerCase();
    return words.every((word) => told.includes(word));
  };
}
