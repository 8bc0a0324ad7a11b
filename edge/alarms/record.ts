import { type Alarm, type AlarmState, isActive } from '../core/alarm.ts';
import type { Event, EventType, NewEvent } from '../core/event.ts';

/** A thing that alarms can be about, with what the city platform needs to place it. */
export interface AlarmSubject {
  readonly id: string;
  readonly name: string;
  readonly utility: string;
  readonly grid: string;
  readonly location: readonly [number, number] | undefined;
}

/** The event that tells of a changed alarm; its data carries the whole alarm, so that a restart can rebuild it. */
export function alarmEvent(type: EventType, alarm: Alarm, subject: AlarmSubject, time: number): NewEvent {
  const { finding } = alarm;
  return {
    type,
    time,
    subject: alarm.asset,
    utility: alarm.utility,
    data: {
      asset: alarm.asset,
      utility: alarm.utility,
      kind: alarm.kind,
      priority: alarm.priority,
      riskLevel: alarm.riskLevel,
      safety: alarm.safety,
      eventClass: alarm.eventClass ?? null,
      state: alarm.state,
      active: finding.active,
      message: alarm.message,
      value: alarm.value,
      limit: alarm.limit,
      unit: alarm.unit,
      evidence: finding.evidence,
      cause: alarm.cause,
      response: alarm.response,
      grid: subject.grid,
      location: subject.location ?? null,
      incident: null,
      detector: finding.from,
      score: finding.score,
      decision: finding.decision ?? null,
      place: finding.place ?? null,
      detectedAt: finding.time,
      raisedAt: alarm.raisedAt,
      announcedAt: alarm.announcedAt ?? null,
      acknowledgedAt: alarm.acknowledgedAt ?? null,
      acknowledgedBy: alarm.acknowledgedBy ?? null,
      clearedAt: alarm.clearedAt ?? null,
      activations: alarm.activations,
      activatedAt: alarm.activatedAt,
      ...(alarm.fleeting === undefined ? {} : { fleeting: alarm.fleeting }),
      escalatedAt: alarm.escalatedAt ?? null,
      judgement: alarm.judgement ?? null,
      ...(finding.simulated ? { simulated: true } : {}),
      ...(alarm.shelving ? { shelving: alarm.shelving } : {}),
      ...(alarm.hiddenBy === undefined ? {} : { hiddenBy: alarm.hiddenBy }),
      ...(alarm.cityCase ? { cityCase: alarm.cityCase } : {}),
      ...(alarm.comments ? { comments: alarm.comments } : {}),
    },
  };
}

/** The alarm as an event of ours left it; undefined when the event is not about an alarm. */
export function alarmFromEvent(event: Event): Alarm | undefined {
  if (!event.type.startsWith('alarm.')) return undefined;
  const data = event.data as unknown as Omit<Alarm, 'id' | 'finding' | 'state' | 'eventClass' | 'announcedAt'> & {
    readonly eventClass?: string | null;
    readonly state: AlarmState;
    readonly evidence: Alarm['finding']['evidence'];
    readonly detector: string;
    readonly score: number;
    readonly decision: Alarm['finding']['decision'] | null;
    readonly place?: Alarm['finding']['place'] | null;
    readonly simulated?: boolean;
    readonly detectedAt: number;
    readonly announcedAt?: number | null;
    /** Left out by versions in which the state told it. */
    readonly active?: boolean;
  };
  const { asset, kind, utility, state, priority, riskLevel, safety, message, cause, response } = data;
  const active = data.active ?? isActive(state);
  const { raisedAt, activations = 1, activatedAt = [raisedAt] } = data;
  const announcedAt = data.announcedAt === undefined ? raisedAt : (data.announcedAt ?? undefined);
  const finding = { asset, kind, from: data.detector, active, score: data.score, time: data.detectedAt };
  return {
    id: `${asset}/${kind}`,
    ...{ asset, kind, utility, state, priority, riskLevel, safety, message, cause, response },
    eventClass: data.eventClass ?? undefined,
    value: data.value ?? Number.NaN,
    limit: data.limit ?? Number.NaN,
    unit: data.unit,
    finding: {
      ...{ ...finding, evidence: data.evidence },
      ...(data.decision ? { decision: data.decision } : {}),
      ...(data.place ? { place: data.place } : {}),
      ...(data.simulated ? { simulated: true as const } : {}),
    },
    ...{ raisedAt, announcedAt, activations, activatedAt },
    ...(data.fleeting === undefined ? {} : { fleeting: data.fleeting }),
    acknowledgedAt: data.acknowledgedAt ?? undefined,
    acknowledgedBy: data.acknowledgedBy ?? undefined,
    clearedAt: data.clearedAt ?? undefined,
    ...(typeof data.escalatedAt === 'number' ? { escalatedAt: data.escalatedAt } : {}),
    ...(data.shelving ? { shelving: data.shelving } : {}),
    ...(data.hiddenBy === undefined ? {} : { hiddenBy: data.hiddenBy }),
    judgement: data.judgement ?? undefined,
    ...(data.cityCase ? { cityCase: data.cityCase } : {}),
    ...(data.comments ? { comments: data.comments } : {}),
  };
}
