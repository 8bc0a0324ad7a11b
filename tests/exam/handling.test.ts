import { expect, it } from 'vitest';
import type { AlarmState } from '../../edge/core/alarm.ts';
import type { EventType } from '../../edge/core/event.ts';
import { handlingOf } from '../../simulator/exam/handling.ts';

it('tells what was escalated, held back, suppressed and latched, each by the event and the state that say so', () => {
  const event = (type: EventType, state?: AlarmState) => ({ type, data: state ? { state } : {} });
  const told = handlingOf([
    event('alarm.raised', 'active-unacknowledged'),
    event('alarm.escalated', 'active-unacknowledged'),
    event('alarm.condition-changed', 'active-unacknowledged'),
    event('alarm.condition-changed', 'suppressed'),
    event('alarm.suppressed', 'suppressed'),
    event('alarm.cleared', 'latched-unacknowledged'),
    event('alarm.cleared', 'returned-unacknowledged'),
    event('gateway.flood-began'),
  ]);
  expect(told).toEqual({ escalated: 1, held: 1, suppressed: 1, latched: 1, floods: 1 });
});
