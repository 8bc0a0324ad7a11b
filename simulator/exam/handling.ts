import type { Event } from '../../edge/core/event.ts';

/** What the gateway did with alarms beside raising them. Nobody acknowledges in an exam, so that none is announced anew. */
export interface Handling {
  /** Announced and not acknowledged in the time that its response allows. */
  readonly escalated: number;
  /** Comings and goings of a chattering alarm that were held back. */
  readonly held: number;
  /** Kept out of view by another alarm or a state of the plant. */
  readonly suppressed: number;
  /** Left in the list when the condition was over, for somebody to reset. */
  readonly latched: number;
  /** Times with more than ten announcements in ten minutes. */
  readonly floods: number;
}

export function handlingOf(events: readonly Pick<Event, 'type' | 'data'>[]): Handling {
  const count = (type: Event['type'], states = '') =>
    events.filter((event) => event.type === type && String(event.data['state'] ?? '').startsWith(states)).length;
  return {
    escalated: count('alarm.escalated'),
    held: count('alarm.condition-changed', 'active'),
    suppressed: count('alarm.suppressed'),
    latched: count('alarm.cleared', 'latched'),
    floods: count('gateway.flood-began'),
  };
}
