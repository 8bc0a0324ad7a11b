import type { Event, NewEvent } from '../../core/event.ts';
import type { IncidentWork, ReopeningReason, WorkEntry } from '../../core/incident-work.ts';
import { isAnnouncement } from '../flood.ts';
import { isUntouched, untouched, worked } from './work.ts';

/** Incidents in which nothing stands and which people have not closed; beyond it the gateway closes the oldest. */
const mostUnclosed = 500;
/** Closed incidents in which nothing stands that can still be looked at; beyond it the oldest go. */
const mostClosed = 256;

/** An incident as people work on it. */
export interface WorkedIncident {
  readonly id: string;
  readonly work: IncidentWork;
  /** When nothing of it stood any more, ms since epoch; undefined while something does. */
  readonly endedAt: number | undefined;
  /** What was told of it last, in the words of the root. */
  readonly told: NewEvent;
  /** Ids of every alarm that it had, in the order in which they came. */
  readonly alarms: ReadonlySet<string>;
}

type Kept = WorkedIncident & { readonly alarms: Set<string> };

/** In the order in which they came there. */
type Shelf = Map<string, Kept>;

/**
 * What people do about incidents. Which alarms make one is not decided here: an incident is over when nothing of it stands,
 * and closed when a person says so. One that nobody has touched goes when it is over.
 */
export class WorkBook {
  private readonly standing: Shelf = new Map();
  /** Over, and not closed. */
  private readonly unclosed: Shelf = new Map();
  /** Over and closed. */
  private readonly closed: Shelf = new Map();

  get(id: string): WorkedIncident | undefined {
    return this.find(id);
  }

  /** Those that are over: not closed yet, and closed, the oldest first. */
  over(): { readonly unclosed: readonly WorkedIncident[]; readonly closed: readonly WorkedIncident[] } {
    return { unclosed: [...this.unclosed.values()], closed: [...this.closed.values()] };
  }

  /**
   * Takes in what the change of an alarm told of its incident.
   * @param gateway in whose name it does what nobody asked for
   * @returns what is to be journaled: the same with the work on it, and what follows from it
   */
  follow(change: NewEvent, told: readonly NewEvent[], gateway: string): readonly NewEvent[] {
    const id = String(change.data['incident']);
    const before = this.find(id);
    const withWork = told.map((event) => this.hear(event));
    const after = this.find(id);
    const why = before && after && reasonToReopen(before, after, change);
    const alarm = alarmOf(change);
    after?.alarms.add(alarm);
    const came = isAnnouncement(change.type) ? alarm : '';
    const entry = { did: 'reopened', why, alarm: came, by: gateway, note: '', at: change.time } as const;
    const reopened = why && this.act(id, { ...entry, why });
    return [...withWork, ...(reopened ? [reopened] : []), ...this.closeTooMany(gateway, change.time)];
  }

  /** What somebody does; undefined where there is no such incident, or where it changes nothing. */
  act(id: string, entry: WorkEntry): NewEvent | undefined {
    const before = this.find(id);
    const work = before && worked(before.work, entry);
    if (!before || !work) return undefined;
    const { at: time, did, ...said } = entry;
    const { subject, utility } = before.told;
    const data = { ...before.told.data, members: [...before.alarms], work };
    const told: NewEvent = { type: `incident.${did}`, time, subject, utility, data };
    this.keep({ ...before, work, told });
    return { ...told, data: { ...data, ...said } };
  }

  /** Replays a journaled event after a restart. */
  restore(event: Event): void {
    const { type, data } = event;
    const id = data['incident'];
    if (typeof id !== 'string') return;
    if (type.startsWith('incident.')) this.hear(event, data['work'] as IncidentWork | undefined);
    else if (type.startsWith('alarm.')) this.find(id)?.alarms.add(alarmOf(event));
  }

  /** Takes over incidents that it does not have. */
  recall({ unclosed, closed }: WorkBook): void {
    for (const [own, other] of [[this.unclosed, unclosed] as const, [this.closed, closed] as const]) {
      const recalled = [...other].filter(([id]) => !this.find(id));
      const kept = [...recalled, ...own];
      own.clear();
      for (const [id, incident] of kept) own.set(id, incident);
    }
    for (const id of [...this.closed.keys()].slice(0, -mostClosed)) this.closed.delete(id);
  }

  private find(id: string): Kept | undefined {
    return this.standing.get(id) ?? this.unclosed.get(id) ?? this.closed.get(id);
  }

  /** Takes an event of an incident in; the same with the work on it. */
  private hear({ type, time, subject, utility, data }: NewEvent, journaled?: IncidentWork): NewEvent {
    const id = String(data['incident']);
    const before = this.find(id);
    const work = journaled ?? before?.work ?? untouched;
    const ended = type === 'incident.closed' ? time : data['endedAt'];
    const stillOver = type === 'incident.opened' ? undefined : before?.endedAt;
    const endedAt = typeof ended === 'number' ? ended : stillOver;
    const told: NewEvent = { type, time, subject, utility, data: { ...data, endedAt: endedAt ?? null, work } };
    const members = Array.isArray(data['members']) ? data['members'].map(String) : [];
    this.keep({ id, work, endedAt, told, alarms: before?.alarms ?? new Set(members) });
    return told;
  }

  private keep(incident: Kept): void {
    const { id, work, endedAt } = incident;
    const shelf = endedAt === undefined ? this.standing : work.stage === 'closed' ? this.closed : this.unclosed;
    for (const other of [this.standing, this.unclosed, this.closed]) if (other !== shelf) other.delete(id);
    if (endedAt !== undefined && isUntouched(work)) shelf.delete(id);
    else shelf.set(id, incident);
    const [oldest] = this.closed.keys();
    if (oldest !== undefined && this.closed.size > mostClosed) this.closed.delete(oldest);
  }

  /** Nobody looks at a list without an end; what is taken from it is journaled. */
  private closeTooMany(gateway: string, at: number): readonly NewEvent[] {
    const many = this.unclosed.size - mostUnclosed;
    if (many <= 0) return [];
    const note = `more than ${mostUnclosed} are over and not closed`;
    const oldest = [...this.unclosed.keys()].slice(0, many);
    return oldest.flatMap((id) => this.act(id, { did: 'closed-out', at, by: gateway, note }) ?? []);
  }
}

const alarmOf = ({ data }: NewEvent): string => `${data['asset']}/${data['kind']}`;

/** Roman numerals sort as they stand. */
const levelOf = ({ told }: WorkedIncident): string => String(told.data['riskLevel']);

/** Why a closed incident cannot stay so: that alarms of it still stand is no reason; that one comes, or that it gets graver, is. */
function reasonToReopen(before: Kept, after: Kept, change: NewEvent): ReopeningReason | undefined {
  if (before.work.stage !== 'closed') return undefined;
  if (isAnnouncement(change.type)) return before.alarms.has(alarmOf(change)) ? 'raised-again' : 'new-alarm';
  return levelOf(after) < levelOf(before) ? 'graver' : undefined;
}
