/** Types of forwarded events, all prefixed with `city.lifeline.`, and what each tells. */
export const eventTypes = {
  'alarm.raised': 'a condition came, or came again after its alarm had gone back to normal',
  'alarm.acknowledged': 'a person has taken it',
  'alarm.cleared': 'its condition is over',
  'alarm.reset': 'a person has let one go that had latched',
  'alarm.re-alarmed': 'it is announced anew: acknowledged, and still standing after the time of its pack',
  'alarm.escalated': 'nobody acknowledged it in the time to respond',
  'alarm.shelved': 'a person has put it aside for a while',
  'alarm.unshelved': 'the time of the shelf is over, or a person brought it back',
  'alarm.suppressed': 'an alarm that says more, or a state, keeps it out of view',
  'alarm.unsuppressed': 'nothing suppresses it any more',
  'alarm.out-of-service': 'a maintenance tag keeps it out of view',
  'alarm.in-service': 'the maintenance tag is gone',
  'alarm.condition-changed': 'its condition came or went while it was out of view',
  'alarm.changed': 'its place is known better than it was',
  'alarm.judged': 'a person said what it was worth',
  'alarm.commented': 'a person has commented on it',
  'alarm.case-changed': 'the city platform told where its case stands',
  'incident.opened': 'alarms of one cause: the first came, or one came again within half an hour of the end',
  'incident.changed': 'another alarm is the root, the risk level is another, or the place of the root is known better',
  'incident.closed': 'over: nothing of it stands any more; whether it is done is for people to say',
  'incident.acknowledged': 'a person has taken it',
  'incident.dispatched': 'a crew was sent',
  'incident.closed-out': 'done: a person has closed it, or the gateway, of more than 500 that are over',
  'incident.reopened': 'a closed one is open again',
  'incident.noted': 'a person has added a note',
  'incident.step-done': 'a step of its checklist was ticked',
  'incident.step-undone': 'a tick was taken back',
  'maintenance.began': 'a maintenance tag was hung on an asset or a device',
  'maintenance.ended': 'it was taken off, or its time is over',
  'value.substituted': 'a person has set a value by hand, or simulates one to test a loop',
  'value.restored': 'the measured value counts again',
  'model.changed': 'another version of a model decides, or scores in shadow',
  'detection.tolerance-changed': 'verdicts have widened the limits of a claim, or taken that back',
  'detection.calibrated':
    'the gateway has learnt by itself what is normal, from its first hours, two days or two weeks',
  'detection.recalibration-proposed': 'what is normal has become another: a new calibration is proposed',
  'detection.recalibration-settled': 'the proposal was taken, put off, or is not called for any more',
  'order.accepted': 'an order of the centre is carried out',
  'order.refused': 'an order was not taken: unsigned, too old, or not allowed over this road',
  'order.failed': 'an order was taken and could not be carried out',
  'offer.received': 'the centre offers a configuration, which waits for a person',
  'offer.applied': 'an offered configuration is in force',
  'offer.refused': 'a person has refused an offered configuration',
  'offer.expired': 'nobody has decided on an offered configuration in its time',
  'command.accepted': 'a value is to be written to a device',
  'command.refused': 'a value was not written: no permission, out of range, or locked',
  'command.done': 'a write ended, with what was read back',
  'gateway.started': 'the gateway runs',
  'gateway.stopped': 'it was stopped',
  'gateway.reconfigured': 'another configuration is in force',
  'gateway.degraded': 'kept for later versions: alarms of the gateway tell what of it does not work',
  'gateway.recovered': 'kept for later versions',
  'gateway.flood-began': 'more than ten alarms within ten minutes',
  'gateway.flood-ended': 'fewer than five within ten minutes',
  'gateway.data-gap': 'values are lost for good: from when to when, and how many',
  'gateway.clock-jumped': 'the wall clock was set',
  'gateway.event-refused': 'a receiver does not take an event',
  'gateway.dead-letters': 'a person had dead letters sent again, or let them go',
} as const satisfies Readonly<Record<string, string>>;
export type EventType = keyof typeof eventTypes;

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
