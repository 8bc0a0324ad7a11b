import type { Alarm, AlarmCase, AlarmComment } from '../core/alarm.ts';
import type { Event, NewEvent } from '../core/event.ts';
import type { Finding } from '../core/finding.ts';
import type { PackAlarm } from '../core/pack.ts';
import { fillText, type Text } from '../core/text.ts';
import { unitSign } from '../core/unit-sign.ts';
import type { Judgement } from '../core/verdict.ts';
import { withPlace } from './place-words.ts';
import { type AlarmSubject, alarmEvent, alarmFromEvent } from './record.ts';
import { type AlarmInput, transition } from './state.ts';

/** Comments kept with one alarm. */
const maxComments = 20;

/** What the register needs to know of subjects; a lookup without an answer is a gap in a pack. */
export interface AlarmCatalogue {
  subject(id: string): AlarmSubject | undefined;
  alarm(subject: string, kind: string): PackAlarm | undefined;
}

/** A change: the alarm as it is now, and the event to be journaled. */
export interface AlarmChange {
  readonly alarm: Alarm;
  readonly event: NewEvent;
}

/** What is known of a subject that the configuration does not name any more: its alarms can still end. */
const formerSubject = ({ asset, utility }: Alarm): AlarmSubject => ({
  id: asset,
  name: asset,
  utility,
  grid: '',
  location: undefined,
});

/** A case that is under way goes on when its alarm is raised again. */
const openCase = (before: Alarm | undefined): AlarmCase | undefined =>
  before?.cityCase && !['closed', 'returned'].includes(before.cityCase.stage) ? before.cityCase : undefined;

/** Three significant digits, as operators read values. */
function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–';
}

/** What a finding puts into the texts of its pack. */
function wordsOf(subject: AlarmSubject, { evidence: [first] }: Finding): Record<string, string> {
  const { observed = Number.NaN, expected = Number.NaN, unit = '', tag = '' } = first ?? {};
  const share = observed / expected;
  return {
    asset: subject.name,
    value: figure(observed),
    limit: figure(expected),
    unit: unitSign(unit),
    share: Number.isFinite(share) ? String(Math.round(100 * share)) : '–',
    tag,
  };
}

const messageOf = ({ message }: PackAlarm, subject: AlarmSubject, finding: Finding): Text =>
  withPlace(fillText(message, wordsOf(subject, finding)), finding.place);

/** All alarms by id. It decides states and texts; journaling and telling others is its caller's. */
export class AlarmRegister {
  private readonly alarms = new Map<string, Alarm>();
  /** Ids restored from the journal whose condition no detector has confirmed since. */
  private readonly unconfirmed = new Set<string>();
  private catalogue: AlarmCatalogue;

  constructor(catalogue: AlarmCatalogue) {
    this.catalogue = catalogue;
  }

  /** Goes on with another catalogue. Alarms of what it does not know any more are cleared: nobody watches that. */
  adopt(catalogue: AlarmCatalogue, nowMs: number): readonly AlarmChange[] {
    const orphans = [...this.alarms.values()].filter(
      ({ asset, kind, finding }) => finding.active && !catalogue.alarm(asset, kind),
    );
    const changes = orphans.flatMap(({ id }) => this.clear(id, nowMs));
    this.catalogue = catalogue;
    return changes;
  }

  /** Alarms that are not normal, newest first. */
  current(): readonly Alarm[] {
    return [...this.alarms.values()]
      .filter((alarm) => alarm.state !== 'normal')
      .sort((a, b) => b.raisedAt - a.raisedAt);
  }

  /** The alarms that were raised last, whatever became of them, newest first. */
  recent(most: number): readonly Alarm[] {
    return [...this.alarms.values()].sort((a, b) => b.raisedAt - a.raisedAt).slice(0, most);
  }

  get(id: string): Alarm | undefined {
    return this.alarms.get(id);
  }

  /** Replays a journaled event after a restart. */
  restore(event: Event): void {
    const alarm = alarmFromEvent(event);
    if (!alarm) return;
    this.alarms.set(alarm.id, alarm);
    if (alarm.finding.active) this.unconfirmed.add(alarm.id);
    else this.unconfirmed.delete(alarm.id);
  }

  /** Takes a detector's claim; undefined when it changes neither the state nor the place. */
  take(finding: Finding): AlarmChange | undefined {
    const id = `${finding.asset}/${finding.kind}`;
    this.unconfirmed.delete(id);
    return this.change(id, finding.active ? 'active' : 'inactive', finding) ?? this.place(id, finding);
  }

  /** A person acknowledges. */
  acknowledge(id: string, by: string, nowMs: number): AlarmChange | undefined {
    const alarm = this.alarms.get(id);
    return alarm && this.change(id, 'acknowledge', alarm.finding, { acknowledgedAt: nowMs, acknowledgedBy: by }, nowMs);
  }

  /** A person says what the alarm, as it was raised last, was worth. */
  judge(id: string, judgement: Judgement): AlarmChange | undefined {
    return this.mark(id, 'alarm.judged', judgement.at, () => ({ judgement }));
  }

  /** Somebody at the centre comments on the alarm. */
  comment(id: string, comment: AlarmComment): AlarmChange | undefined {
    return this.mark(id, 'alarm.commented', comment.at, ({ comments = [] }) => ({
      comments: [...comments, comment].slice(-maxComments),
    }));
  }

  /** The centre tells where its case about the alarm stands. */
  tellCase(id: string, cityCase: AlarmCase): AlarmChange | undefined {
    return this.mark(id, 'alarm.case-changed', cityCase.at, () => ({ cityCase }));
  }

  /** What people add to an alarm; its state stays. */
  private mark(
    id: string,
    type: NewEvent['type'],
    timeMs: number,
    marksOf: (before: Alarm) => Partial<Alarm>,
  ): AlarmChange | undefined {
    const before = this.alarms.get(id);
    const subject = before && (this.catalogue.subject(before.asset) ?? formerSubject(before));
    if (!subject) return undefined;
    const alarm = { ...before, ...marksOf(before) };
    this.alarms.set(id, alarm);
    return { alarm, event: alarmEvent(type, alarm, subject, timeMs) };
  }

  /**
   * Clears alarms that were active before a restart and that no detector has confirmed since. Called once, when the
   * detectors have seen enough data to speak.
   */
  settle(nowMs: number): readonly AlarmChange[] {
    const ids = [...this.unconfirmed];
    this.unconfirmed.clear();
    return ids.flatMap((id) => this.clear(id, nowMs));
  }

  /** What stands is placed anew by the detector that claimed it; its state, and who has acknowledged it, stay. */
  private place(id: string, { active, from, place, time }: Finding): AlarmChange | undefined {
    const before = this.alarms.get(id);
    const text = before && this.catalogue.alarm(before.asset, before.kind);
    const subject = before && this.catalogue.subject(before.asset);
    if (!text || !subject || !active || !before.finding.active || before.finding.from !== from || !place)
      return undefined;
    const finding = { ...before.finding, place };
    const alarm: Alarm = { ...before, finding, message: messageOf(text, subject, finding) };
    this.alarms.set(id, alarm);
    return { alarm, event: alarmEvent('alarm.changed', alarm, subject, time) };
  }

  private clear(id: string, nowMs: number): AlarmChange[] {
    const alarm = this.alarms.get(id);
    const change = alarm && this.change(id, 'inactive', { ...alarm.finding, active: false, time: nowMs });
    return change ? [change] : [];
  }

  private change(
    id: string,
    input: AlarmInput,
    finding: Finding,
    marks: Partial<Alarm> = {},
    timeMs: number = finding.time,
  ): AlarmChange | undefined {
    const before = this.alarms.get(id);
    const step = transition(before?.state ?? 'normal', input);
    const subject = this.catalogue.subject(finding.asset) ?? (before && formerSubject(before));
    if (!step || !subject) return undefined;
    const raised = step.event === 'alarm.raised' ? this.raise(id, finding, subject) : before;
    if (!raised) return undefined;
    const cleared = step.event === 'alarm.cleared' ? { clearedAt: timeMs } : {};
    const active = input === 'acknowledge' ? raised.finding.active : finding.active;
    const alarm: Alarm = { ...raised, ...marks, ...cleared, state: step.to, finding: { ...raised.finding, active } };
    this.alarms.set(id, alarm);
    return { alarm, event: alarmEvent(step.event, alarm, subject, timeMs) };
  }

  private raise(id: string, finding: Finding, subject: AlarmSubject): Alarm | undefined {
    const text = this.catalogue.alarm(finding.asset, finding.kind);
    if (!text) return undefined;
    const { observed = Number.NaN, expected = Number.NaN, unit = '' } = finding.evidence[0] ?? {};
    const words = wordsOf(subject, finding);
    const cityCase = openCase(this.alarms.get(id));
    return {
      id,
      asset: finding.asset,
      kind: finding.kind,
      utility: subject.utility,
      state: 'normal',
      priority: text.priority,
      riskLevel: text.riskLevel,
      safety: text.safety,
      eventClass: text.eventClass,
      message: messageOf(text, subject, finding),
      cause: fillText(text.cause, words),
      response: fillText(text.response, words),
      value: observed,
      limit: expected,
      unit,
      finding,
      raisedAt: finding.time,
      acknowledgedAt: undefined,
      acknowledgedBy: undefined,
      clearedAt: undefined,
      judgement: undefined,
      ...(cityCase ? { cityCase } : {}),
    };
  }
}
