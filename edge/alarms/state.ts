import { type AlarmState, type Hiding, hidings, isHidden } from '../core/alarm.ts';
import type { EventType } from '../core/event.ts';

/** What happens to an alarm that is in view: its condition comes or goes, a person acknowledges or resets it, it is announced anew. */
export type AlarmInput = 'active' | 'inactive' | 'acknowledge' | 'reset' | 're-alarm';

export interface Transition {
  readonly to: AlarmState;
  readonly event: EventType;
}

type Row = Partial<Record<AlarmInput, Transition>>;

const raised: Transition = { to: 'active-unacknowledged', event: 'alarm.raised' };
const reAlarmed: Transition = { to: 'active-unacknowledged', event: 'alarm.re-alarmed' };
/** Out of view the condition is followed all the same, and journaled. */
const followed = (to: Hiding): Row => ({
  active: { to, event: 'alarm.condition-changed' },
  inactive: { to, event: 'alarm.condition-changed' },
});

/**
 * Alarm states and transitions of IEC 62682:2022 / ANSI/ISA-18.2-2016, figure "Alarm state transition diagram": A normal,
 * B and C active, D returned, E and F latched, G shelved, H suppressed by design, I out of service. An input without an
 * entry changes nothing.
 */
const transitions: Readonly<Record<AlarmState, Row>> = {
  normal: { active: raised },
  'active-unacknowledged': {
    acknowledge: { to: 'active-acknowledged', event: 'alarm.acknowledged' },
    inactive: { to: 'returned-unacknowledged', event: 'alarm.cleared' },
  },
  'active-acknowledged': {
    inactive: { to: 'normal', event: 'alarm.cleared' },
    're-alarm': reAlarmed,
  },
  'returned-unacknowledged': { active: raised, acknowledge: { to: 'normal', event: 'alarm.acknowledged' } },
  'latched-unacknowledged': {
    active: raised,
    acknowledge: { to: 'latched-acknowledged', event: 'alarm.acknowledged' },
    reset: { to: 'returned-unacknowledged', event: 'alarm.reset' },
  },
  'latched-acknowledged': { active: raised, reset: { to: 'normal', event: 'alarm.reset' } },
  shelved: followed('shelved'),
  suppressed: followed('suppressed'),
  'out-of-service': followed('out-of-service'),
};

/** Where an alarm that latches goes instead of returning. */
const latchedFor: Partial<Record<AlarmState, AlarmState>> = {
  'active-unacknowledged': 'latched-unacknowledged',
  'active-acknowledged': 'latched-acknowledged',
};

/** The transition that an input causes, or undefined when it changes nothing. */
export function transition(state: AlarmState, input: AlarmInput, latching = false): Transition | undefined {
  const found = transitions[state][input];
  const latched = latching && input === 'inactive' ? latchedFor[state] : undefined;
  return found && latched ? { ...found, to: latched } : found;
}

const entering: Readonly<Record<Hiding, EventType>> = {
  shelved: 'alarm.shelved',
  suppressed: 'alarm.suppressed',
  'out-of-service': 'alarm.out-of-service',
};
const leaving: Readonly<Record<Hiding, EventType>> = {
  shelved: 'alarm.unshelved',
  suppressed: 'alarm.unsuppressed',
  'out-of-service': 'alarm.in-service',
};

export const isLatched = (state: AlarmState): boolean => state.startsWith('latched');

/** Whether the condition of an alarm stands, and whether people have been told that it does. */
export type Standing = 'over' | 'untold' | 'told';

/**
 * The transitions that bring an alarm into or out of view, in order. What comes back into view is normal, and where its
 * condition stands it is raised, or announced anew. A latched alarm stays in view until somebody resets it.
 * @param hiding what hides it now
 */
export function viewed(state: AlarmState, hiding: Hiding | undefined, standing: Standing): readonly Transition[] {
  if (state === hiding || isLatched(state)) return [];
  const hide = hiding && { to: hiding, event: entering[hiding] };
  if (!isHidden(state)) return hide ? [hide] : [];
  if (hide && hidings.indexOf(hide.to) > hidings.indexOf(state)) return [hide];
  const show: Transition = { to: 'normal', event: leaving[state] };
  if (hide) return [show, hide];
  return standing === 'over' ? [show] : [show, standing === 'told' ? reAlarmed : raised];
}
