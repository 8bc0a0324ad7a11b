import { type Alarm, type AlarmCase, type AlarmComment, type Hiding, isHidden, type Shelving } from '../core/alarm.ts';
import type { LifelineError } from '../core/errors.ts';
import type { Event, EventType, NewEvent } from '../core/event.ts';
import type { Finding } from '../core/finding.ts';
import type { PackAlarm } from '../core/pack.ts';
import { respondWithinMin } from '../core/priority-matrix.ts';
import type { Judgement } from '../core/verdict.ts';
import { fleetingAfter, fleetingBefore, holdsBack, isHeld, isQuiet, withActivation } from './chatter.ts';
import { isAnnouncement } from './flood.ts';
import { type AlarmSubject, alarmEvent, alarmFromEvent } from './record.ts';
import { shelvingOf, shelvingRefusal } from './shelving.ts';
import { type AlarmInput, type Standing, transition, viewed } from './state.ts';
import { alarmWords, messageOf, type TagName } from './wording.ts';

/** Comments kept with one alarm. */
const maxComments = 20;
const minuteMs = 60_000;

/** What the register needs to know of subjects; a lookup without an answer is a gap in a pack. */
export interface AlarmCatalogue {
  subject(id: string): AlarmSubject | undefined;
  alarm(subject: string, kind: string): PackAlarm | undefined;
  /** Left out where tags have no names of their own. */
  readonly tagName?: TagName;
  /** What a role of an asset shows now; undefined where nothing good is known. */
  value?(subject: string, role: string): number | undefined;
}

/** Who works on what: the words for it where an asset or a device is taken out of service, undefined where it is in service. */
export type OutOfService = (subjects: () => readonly string[]) => string | undefined;

/** A change: the alarm as it is now, and the event to be journaled. */
export interface AlarmChange {
  readonly alarm: Alarm;
  readonly event: NewEvent;
}

/** Who did it and what they said, beside what the event tells of the alarm. */
type EventWords = Readonly<Record<string, string>>;

/** Nobody has dealt with it yet. */
const unannounced = { acknowledgedAt: undefined, acknowledgedBy: undefined, escalatedAt: undefined };

const standingOf = ({ finding, announcedAt }: Alarm): Standing =>
  !finding.active ? 'over' : announcedAt === undefined ? 'untold' : 'told';

const moved = (time: number | undefined, byMs: number) => (time === undefined ? undefined : time + byMs);

const nothing: readonly AlarmChange[] = [];
const inView = { hiding: undefined } as const;

const listed = (change: AlarmChange | undefined): readonly AlarmChange[] => (change ? [change] : []);

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

const idOf = ({ asset, kind }: Pick<Finding, 'asset' | 'kind'>): string => `${asset}/${kind}`;

/** The asset, and the devices whose signals it rests on. */
const subjectsOf = ({ asset, evidence }: Finding): readonly string[] => [
  asset,
  ...evidence.flatMap(({ tag }) => (tag.includes('/') ? [tag.slice(0, tag.indexOf('/'))] : [])),
];

/** All alarms by id. It decides states and texts; journaling and telling others is its caller's. */
export class AlarmRegister {
  private readonly alarms = new Map<string, Alarm>();
  /** Ids of those that are not normal. */
  private readonly standing = new Set<string>();
  /** Ids restored from the journal whose condition no detector has confirmed since. */
  private readonly unconfirmed = new Set<string>();
  private catalogue: AlarmCatalogue;
  private readonly outOfService: OutOfService;

  constructor(catalogue: AlarmCatalogue, outOfService: OutOfService = () => undefined) {
    this.catalogue = catalogue;
    this.outOfService = outOfService;
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

  /** Alarms that are not normal, those out of view included, newest first. */
  current(): readonly Alarm[] {
    return this.known(this.standing).sort((a, b) => b.raisedAt - a.raisedAt);
  }

  /** How many are not normal. */
  get count(): number {
    return this.standing.size;
  }

  /** The alarms that were raised last, whatever became of them, newest first. */
  recent(most: number): readonly Alarm[] {
    return [...this.alarms.values()].sort((a, b) => b.raisedAt - a.raisedAt).slice(0, most);
  }

  get(id: string): Alarm | undefined {
    return this.alarms.get(id);
  }

  /** Replays a journaled event after a restart. @param alarm as the event left it, where that is known already */
  restore(event: Event, alarm = alarmFromEvent(event)): void {
    if (!alarm) return;
    this.keep(alarm);
    if (alarm.finding.active) this.unconfirmed.add(alarm.id);
    else this.unconfirmed.delete(alarm.id);
  }

  /** Takes over alarms that it does not have. */
  recall({ alarms }: AlarmRegister): void {
    for (const [id, alarm] of alarms) {
      if (this.alarms.has(id)) continue;
      this.keep(alarm);
      if (alarm.finding.active) this.unconfirmed.add(id);
    }
  }

  /**
   * Takes a detector's claim; nothing comes of one that changes neither the condition nor the place. What was simulated so
   * far and is measured now is raised anew, by itself.
   */
  take(finding: Finding): readonly AlarmChange[] {
    const id = idOf(finding);
    this.unconfirmed.delete(id);
    const before = this.alarms.get(id);
    if (finding.active !== (before?.finding.active ?? false))
      return finding.active ? this.begin(id, finding) : this.end(id, finding);
    if (finding.active && before?.finding.simulated && !finding.simulated)
      return [...this.end(id, finding), ...this.begin(id, finding)];
    return listed(this.place(id, finding));
  }

  /** A person acknowledges. */
  acknowledge(id: string, by: string, nowMs: number, note = ''): AlarmChange | undefined {
    const marks = { acknowledgedAt: nowMs, acknowledgedBy: by };
    return this.step(id, 'acknowledge', nowMs, { by, ...(note === '' ? {} : { note }) }, marks);
  }

  /** A person resets an alarm that latched. */
  reset(id: string, by: string, nowMs: number): AlarmChange | undefined {
    return this.step(id, 'reset', nowMs, { by });
  }

  /** A person puts an alarm aside, or changes for how long; an error where that may not be. */
  shelve(id: string, shelving: Shelving): readonly AlarmChange[] | LifelineError {
    const alarm = this.alarms.get(id);
    if (!alarm) return [];
    const shelved = this.known(this.standing).filter((one) => one.shelving !== undefined).length;
    const refusal = shelvingRefusal(alarm, shelving, shelved);
    if (refusal) return refusal;
    const put = { ...alarm, shelving: shelvingOf(alarm, shelving) };
    if (alarm.state === 'shelved') return [this.set(put, 'alarm.shelved', shelving.at)];
    this.keep(put);
    return this.review(id, shelving.at);
  }

  /** A person brings an alarm back before its time. */
  unshelve(id: string, by: string, nowMs: number): readonly AlarmChange[] {
    return this.endShelving(id, nowMs, { by });
  }

  /** A person says what the alarm, as it was raised last, was worth. */
  judge(id: string, judgement: Judgement): AlarmChange | undefined {
    return this.mark(id, 'alarm.judged', judgement.at, () => ({ judgement }));
  }

  /** A person comments on the alarm. */
  comment(id: string, comment: AlarmComment): AlarmChange | undefined {
    return this.mark(id, 'alarm.commented', comment.at, ({ comments = [] }) => ({
      comments: [...comments, comment].slice(-maxComments),
    }));
  }

  /** The centre tells where its case about the alarm stands. */
  tellCase(id: string, cityCase: AlarmCase): AlarmChange | undefined {
    return this.mark(id, 'alarm.case-changed', cityCase.at, () => ({ cityCase }));
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

  /** What time alone changes: shelving ends, chatter quietens, nobody acknowledges, what hides an alarm comes or goes. */
  tick(nowMs: number): readonly AlarmChange[] {
    const changes: AlarmChange[] = [];
    for (const id of this.standing) {
      const alarm = this.alarms.get(id);
      if (alarm) changes.push(...this.overdue(alarm, nowMs));
    }
    return changes;
  }

  /** The wall clock was set by so much: shelving, escalation and chattering last as long as they would have. */
  clockJumped(byMs: number): void {
    for (const alarm of this.known(this.standing)) {
      const { shelving, acknowledgedAt, announcedAt, activatedAt } = alarm;
      this.alarms.set(alarm.id, {
        ...alarm,
        ...{ announcedAt: moved(announcedAt, byMs), acknowledgedAt: moved(acknowledgedAt, byMs) },
        activatedAt: activatedAt.map((time) => time + byMs),
        ...(shelving ? { shelving: { ...shelving, until: shelving.until + byMs } } : {}),
      });
    }
  }

  private overdue(alarm: Alarm, nowMs: number): readonly AlarmChange[] {
    const { id, state, shelving, acknowledgedAt = nowMs, announcedAt = nowMs, escalatedAt } = alarm;
    const pack = this.catalogue.alarm(alarm.asset, alarm.kind);
    const reAlarmMs = (pack?.reAlarmMin ?? Number.POSITIVE_INFINITY) * minuteMs;
    const respondMs = respondWithinMin(pack ?? alarm) * minuteMs;
    if (shelving && nowMs >= shelving.until) return this.endShelving(id, nowMs);
    if (isHeld(alarm) && isQuiet(alarm, nowMs))
      return listed(this.step(id, 'inactive', nowMs, {}, { clearedAt: nowMs }));
    if (state === 'active-acknowledged' && nowMs - acknowledgedAt >= reAlarmMs)
      return listed(this.step(id, 're-alarm', nowMs, {}, { announcedAt: nowMs, escalatedAt: undefined }));
    if (state === 'active-unacknowledged' && escalatedAt === undefined && nowMs - announcedAt >= respondMs)
      return [this.set({ ...alarm, escalatedAt: nowMs }, 'alarm.escalated', nowMs)];
    return this.review(id, nowMs);
  }

  /** Brings an alarm into or out of view, by what hides it now. */
  private review(id: string, nowMs: number, data: EventWords = {}): readonly AlarmChange[] {
    const alarm = this.alarms.get(id);
    if (!alarm) return [];
    const { hiding, by } = this.hidingOf(alarm.finding, alarm.safety, alarm.shelving);
    if (!hiding && !isHidden(alarm.state)) return nothing;
    if (hiding && isHeld(alarm)) {
      const over = listed(this.step(id, 'inactive', nowMs, {}, { clearedAt: nowMs }));
      return [...over, ...this.review(id, nowMs, data)];
    }
    return viewed(alarm.state, hiding, standingOf(alarm)).map(({ to, event }, index) => {
      const announced = {
        ...(isAnnouncement(event) ? { ...unannounced, announcedAt: nowMs } : {}),
        ...(event === 'alarm.raised' ? { raisedAt: nowMs } : {}),
      };
      const hiddenBy = isHidden(to) ? by : undefined;
      const now = this.alarms.get(id) ?? alarm;
      return this.set({ ...now, ...announced, state: to, hiddenBy }, event, nowMs, index === 0 ? data : {});
    });
  }

  /** What hides an alarm, and in which words. Nothing but one shelving hides one of safety. */
  private hidingOf(
    finding: Finding,
    safety: boolean,
    shelving: Shelving | undefined,
  ): { readonly hiding: Hiding | undefined; readonly by?: string } {
    const shelved = shelving ? ({ hiding: 'shelved' } as const) : inView;
    if (safety) return shelved;
    const tag = this.outOfService(() => subjectsOf(finding));
    if (tag !== undefined) return { hiding: 'out-of-service', by: tag };
    const cause = this.suppressorOf(finding);
    return cause === undefined ? shelved : { hiding: 'suppressed', by: cause };
  }

  private suppressorOf({ asset, kind, simulated }: Finding): string | undefined {
    const { suppressedBy, suppressedWhile } = this.catalogue.alarm(asset, kind) ?? {};
    const parent = suppressedBy
      ?.map((parentKind) => this.alarms.get(idOf({ asset, kind: parentKind })))
      .find((alarm) => alarm?.finding.active && !isHidden(alarm.state) && (simulated || !alarm.finding.simulated));
    if (parent) return parent.id;
    if (!suppressedWhile || this.catalogue.value?.(asset, suppressedWhile.role) !== suppressedWhile.equals)
      return undefined;
    return `${suppressedWhile.role} = ${suppressedWhile.equals}`;
  }

  /** The condition has come. */
  private begin(id: string, finding: Finding): readonly AlarmChange[] {
    const pack = this.catalogue.alarm(finding.asset, finding.kind);
    const subject = this.catalogue.subject(finding.asset);
    if (!pack || !subject) return [];
    const before = this.alarms.get(id);
    const activatedAt = withActivation(before?.activatedAt ?? [], finding.time);
    const activations = before && before.state !== 'normal' ? before.activations + 1 : 1;
    const fleeting = { fleeting: before && fleetingBefore(before, finding.time) };
    if (before && isHeld(before)) {
      if (finding.simulated) return [];
      const standing = { ...before.finding, active: true };
      const held = { ...before, ...fleeting, finding: standing, activations, activatedAt };
      return [this.set(held, 'alarm.condition-changed', finding.time)];
    }
    const { state = 'normal', shelving, hiddenBy } = before ?? {};
    const { hiding, by = hiddenBy } = this.hidingOf(finding, pack.safety, shelving);
    const hide = isHidden(state) ? undefined : viewed(state, hiding, 'untold')[0];
    const step = hide ?? transition(state, 'active');
    if (!step) return [];
    const cityCase = openCase(before);
    const alarm: Alarm = {
      ...{ id, asset: finding.asset, kind: finding.kind, utility: subject.utility, state: step.to },
      ...{ priority: pack.priority, riskLevel: pack.riskLevel, safety: pack.safety, eventClass: pack.eventClass },
      ...alarmWords(pack, subject, finding, this.catalogue.tagName),
      ...{ finding, raisedAt: finding.time, activations, activatedAt, ...fleeting },
      announcedAt: isAnnouncement(step.event) ? finding.time : undefined,
      ...{ ...unannounced, clearedAt: undefined, judgement: undefined },
      ...(shelving ? { shelving } : {}),
      ...(isHidden(step.to) && by !== undefined ? { hiddenBy: by } : {}),
      ...(cityCase ? { cityCase } : {}),
    };
    const change = this.set(alarm, step.event, finding.time);
    return [change, ...this.review(id, finding.time)];
  }

  /** The condition is over. */
  private end(id: string, { time }: Finding): readonly AlarmChange[] {
    const before = this.alarms.get(id);
    if (!before) return [];
    const { simulated } = before.finding;
    const fleeting = simulated ? before.fleeting : fleetingAfter(before, time);
    const alarm = { ...before, fleeting, finding: { ...before.finding, active: false } };
    if (!simulated && holdsBack(alarm, time)) return [this.set(alarm, 'alarm.condition-changed', time)];
    const latching = this.catalogue.alarm(before.asset, before.kind)?.latching;
    const step = transition(before.state, 'inactive', latching);
    if (!step) return [];
    // whoever was told that it stands is told that it is over, out of view too
    const event = standingOf(before) === 'told' ? 'alarm.cleared' : step.event;
    const change = this.set({ ...alarm, state: step.to, clearedAt: time }, event, time);
    return before.shelving?.once ? [change, ...this.endShelving(id, time)] : [change];
  }

  private endShelving(id: string, nowMs: number, data: EventWords = {}): readonly AlarmChange[] {
    const alarm = this.alarms.get(id);
    if (!alarm?.shelving) return [];
    const { shelving: _, ...rest } = alarm;
    if (alarm.state !== 'shelved') return [this.set(rest, 'alarm.unshelved', nowMs, data)];
    this.keep(rest);
    return this.review(id, nowMs, data);
  }

  /** What is added to an alarm; its state stays. */
  private mark(
    id: string,
    type: EventType,
    timeMs: number,
    marksOf: (before: Alarm) => Partial<Alarm>,
  ): AlarmChange | undefined {
    const before = this.alarms.get(id);
    return before && this.set({ ...before, ...marksOf(before) }, type, timeMs);
  }

  /** What stands is placed anew by the detector that claimed it; its state, and who has acknowledged it, stay. */
  private place(id: string, { active, from, place, time }: Finding): AlarmChange | undefined {
    const before = this.alarms.get(id);
    const text = before && this.catalogue.alarm(before.asset, before.kind);
    const subject = before && this.catalogue.subject(before.asset);
    if (!text || !subject || !active || !before.finding.active || before.finding.from !== from || !place)
      return undefined;
    const finding = { ...before.finding, place };
    return this.set(
      { ...before, finding, message: messageOf(text, subject, finding, this.catalogue.tagName) },
      'alarm.changed',
      time,
    );
  }

  private clear(id: string, nowMs: number): readonly AlarmChange[] {
    const alarm = this.alarms.get(id);
    return alarm?.finding.active ? this.end(id, { ...alarm.finding, active: false, time: nowMs }) : [];
  }

  private step(
    id: string,
    input: AlarmInput,
    timeMs: number,
    data: EventWords = {},
    marks: Partial<Alarm> = {},
  ): AlarmChange | undefined {
    const before = this.alarms.get(id);
    const latching = before && this.catalogue.alarm(before.asset, before.kind)?.latching;
    const step = before && transition(before.state, input, latching);
    return step && this.set({ ...before, ...marks, state: step.to }, step.event, timeMs, data);
  }

  private set(alarm: Alarm, type: EventType, timeMs: number, data: EventWords = {}): AlarmChange {
    this.keep(alarm);
    const subject = this.catalogue.subject(alarm.asset) ?? formerSubject(alarm);
    const event = alarmEvent(type, alarm, subject, timeMs);
    return { alarm, event: { ...event, data: { ...event.data, ...data } } };
  }

  private keep(alarm: Alarm): void {
    this.alarms.set(alarm.id, alarm);
    if (alarm.state === 'normal') this.standing.delete(alarm.id);
    else this.standing.add(alarm.id);
  }

  private known(ids: Iterable<string>): Alarm[] {
    return [...ids].flatMap((id) => this.alarms.get(id) ?? []);
  }
}
