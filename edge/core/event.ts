/** Types of forwarded events, all prefixed with `city.lifeline.`. */
export type EventType =
  | 'alarm.raised'
  | 'alarm.acknowledged'
  | 'alarm.cleared'
  | 'alarm.reset'
  | 'alarm.re-alarmed'
  | 'alarm.escalated'
  | 'alarm.shelved'
  | 'alarm.unshelved'
  | 'alarm.suppressed'
  | 'alarm.unsuppressed'
  | 'alarm.out-of-service'
  | 'alarm.in-service'
  | 'alarm.condition-changed'
  | 'alarm.changed'
  | 'alarm.judged'
  | 'alarm.commented'
  | 'alarm.case-changed'
  | 'incident.opened'
  | 'incident.changed'
  | 'incident.closed'
  | 'incident.acknowledged'
  | 'incident.dispatched'
  | 'incident.closed-out'
  | 'incident.reopened'
  | 'incident.noted'
  | 'incident.step-done'
  | 'incident.step-undone'
  | 'maintenance.began'
  | 'maintenance.ended'
  | 'value.substituted'
  | 'value.restored'
  | 'model.changed'
  | 'detection.tolerance-changed'
  | 'detection.recalibration-proposed'
  | 'detection.recalibration-settled'
  | 'order.accepted'
  | 'order.refused'
  | 'order.failed'
  | 'command.accepted'
  | 'command.refused'
  | 'command.done'
  | 'gateway.started'
  | 'gateway.stopped'
  | 'gateway.reconfigured'
  | 'gateway.degraded'
  | 'gateway.recovered'
  | 'gateway.flood-began'
  | 'gateway.flood-ended'
  | 'gateway.data-gap'
  | 'gateway.clock-jumped'
  | 'gateway.event-refused'
  | 'gateway.dead-letters';

/** What is to be journaled; identity is given by the journal. */
export interface NewEvent {
  readonly type: EventType;
  /** ms since epoch. */
  readonly time: number;
  /** Asset, device or gateway the event is about. */
  readonly subject: string;
  readonly utility: string;
  /** Domain payload, JSON-serialisable. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A journaled event. (stream, epoch, sequence) never names two contents. */
export interface Event extends NewEvent {
  readonly stream: string;
  /** Random per opening of the journal, so that a replaced or restored one never repeats an identity. */
  readonly epoch: string;
  readonly sequence: number;
}
