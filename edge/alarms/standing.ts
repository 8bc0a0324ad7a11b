import type { Event } from '../core/event.ts';
import type { IncidentWork } from '../core/incident-work.ts';
import { isUntouched, untouched } from './incidents/work.ts';

/** The journal as it stood when this was written down: what of it the standing alarms and incidents rest on. */
export interface StandingRecord {
  /** Sequence of the newest event that was taken into account. */
  readonly upTo: number;
  /** In the order in which they are to be replayed. */
  readonly sequences: readonly number[];
}

/** Maintenance tags that hang, values set by hand, limits that verdicts have widened. */
const begins: ReadonlySet<string> = new Set(['maintenance.began', 'value.substituted', 'detection.tolerance-changed']);
const ends: ReadonlySet<string> = new Set(['maintenance.ended', 'value.restored']);
const keyOf = ({ type, data }: Event): string =>
  `${type.split('.')[0]} ${data['tag'] ?? data['subject'] ?? `${data['asset']}/${data['kind']}`}`;

/** Whether an incident wants nothing any more: nothing of it stands, and nobody has it in hand. */
function isDone({ type, data }: Event): boolean {
  const work = (data['work'] ?? untouched) as IncidentWork;
  const over = type === 'incident.closed' || typeof data['endedAt'] === 'number';
  return over && (work.stage === 'closed' || isUntouched(work));
}

interface Newest {
  readonly sequence: number;
  readonly incident: string | undefined;
  readonly normal: boolean;
}

/**
 * Which events of the journal tell of what stands, however old they are: the newest of each alarm that is not back to
 * normal or belongs to an incident that is not done, the newest of each of these, and those of maintenance, of values set by
 * hand and of widened limits. Each carries the whole of what it tells of.
 */
export class StandingEvents {
  private readonly alarms = new Map<string, Newest>();
  private readonly incidents = new Map<string, number>();
  /** What was set and nobody has taken back: the newest event by what it is about. */
  private readonly set = new Map<string, number>();
  private newest = 0;

  hear(event: Event): void {
    const { type, data, sequence } = event;
    this.newest = Math.max(this.newest, sequence);
    if (begins.has(type)) this.set.set(keyOf(event), sequence);
    if (ends.has(type) || data['factor'] === 1) this.set.delete(keyOf(event));
    const incident = typeof data['incident'] === 'string' ? data['incident'] : undefined;
    if (type.startsWith('alarm.')) {
      this.alarms.set(`${data['asset']}/${data['kind']}`, { sequence, incident, normal: data['state'] === 'normal' });
    }
    if (incident === undefined) return;
    const about = type.startsWith('incident.');
    if (about && isDone(event)) this.incidents.delete(incident);
    else this.incidents.set(incident, about ? sequence : (this.incidents.get(incident) ?? 0));
  }

  /** Whether a restart will ask for the event. */
  needs(event: Event): boolean {
    const { sequence, type, data } = event;
    if (begins.has(type)) return this.set.get(keyOf(event)) === sequence;
    if (type.startsWith('incident.')) return this.incidents.get(`${data['incident']}`) === sequence;
    const newest = this.alarms.get(`${data['asset']}/${data['kind']}`);
    return newest?.sequence === sequence && this.isWanted(newest);
  }

  record(): StandingRecord {
    for (const [id, newest] of this.alarms) if (!this.isWanted(newest)) this.alarms.delete(id);
    const sorted = (sequences: Iterable<number>) => [...sequences].sort((a, b) => a - b);
    const alarms = sorted(Array.from(this.alarms.values(), ({ sequence }) => sequence));
    const set = sorted(this.set.values());
    return {
      upTo: this.newest,
      sequences: [...set, ...alarms, ...sorted(this.incidents.values()).filter((one) => one > 0)],
    };
  }

  private isWanted({ normal, incident = '' }: Newest): boolean {
    return !normal || this.incidents.has(incident);
  }
}

/** What was written down; undefined where that is none of ours. */
export function standingRecordOf(text: string | undefined): StandingRecord | undefined {
  if (text === undefined) return undefined;
  const { upTo, sequences } = JSON.parse(text) as Partial<StandingRecord>;
  return Number.isSafeInteger(upTo) && Array.isArray(sequences) ? { upTo: Number(upTo), sequences } : undefined;
}
