import type { AlarmState } from '../core/alarm.ts';
import type { EventType } from '../core/event.ts';

/** What can happen to an alarm: its process condition comes or goes, or a person acknowledges it. */
export type AlarmInput = 'active' | 'inactive' | 'acknowledge';

interface Transition {
  readonly to: AlarmState;
  readonly event: EventType;
}

/**
 * Alarm states and transitions of IEC 62682:2022 / ANSI/ISA-18.2-2016, figure "Alarm state transition diagram", for
 * alarms that are neither latched, shelved, suppressed nor out of service. An input without an entry changes nothing.
 */
const transitions: Readonly<Record<AlarmState, Partial<Record<AlarmInput, Transition>>>> = {
  normal: { active: { to: 'active-unacknowledged', event: 'alarm.raised' } },
  'active-unacknowledged': {
    acknowledge: { to: 'active-acknowledged', event: 'alarm.acknowledged' },
    inactive: { to: 'returned-unacknowledged', event: 'alarm.cleared' },
  },
  'active-acknowledged': { inactive: { to: 'normal', event: 'alarm.cleared' } },
  'returned-unacknowledged': {
    active: { to: 'active-unacknowledged', event: 'alarm.raised' },
    acknowledge: { to: 'normal', event: 'alarm.acknowledged' },
  },
};

/** The transition that an input causes, or undefined when it changes nothing. */
export function transition(state: AlarmState, input: AlarmInput): Transition | undefined {
  return transitions[state][input];
}
