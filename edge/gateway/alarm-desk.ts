import type { DeviceNotice } from '../../drivers/api.ts';
import { AlarmBooks } from '../alarms/books.ts';
import { type FloodChange, type FloodWatch, isAnnouncement } from '../alarms/flood.ts';
import type { IncidentBook, IncidentCatalogue } from '../alarms/incidents/incident-book.ts';
import type { WorkBook } from '../alarms/incidents/work-book.ts';
import type { MaintenanceBook } from '../alarms/maintenance.ts';
import { EventRecorder } from '../alarms/recorder.ts';
import type { AlarmChange, AlarmRegister } from '../alarms/register.ts';
import type { VerdictBook } from '../alarms/verdicts/book.ts';
import type { Tolerances } from '../alarms/verdicts/tolerances.ts';
import type {
  AcknowledgeResult,
  AlarmActs,
  ConsoleAlarm,
  JudgeResult,
  MaintenanceWish,
  ShelvingWish,
} from '../console/api.ts';
import type { Alarm, AlarmCase } from '../core/alarm.ts';
import type { AlarmPerformance } from '../core/alarm-performance.ts';
import type { Clock } from '../core/clock.ts';
import { describeError, LifelineError } from '../core/errors.ts';
import type { Event, EventType, NewEvent } from '../core/event.ts';
import type { Finding } from '../core/finding.ts';
import type { Log } from '../core/log.ts';
import type { ShelfChange } from '../core/model-shelf.ts';
import type { Guidance } from '../core/pack.ts';
import { respondWithinMin } from '../core/priority-matrix.ts';
import type { Text } from '../core/text.ts';
import type { Judgement, VerdictReport } from '../core/verdict.ts';
import type { Journal, Snapshots } from '../store/api.ts';
import { reportOn } from './alarm-report.ts';
import { JournalReplay } from './journal-replay.ts';

interface DeskParts {
  readonly gateway: string;
  readonly catalogue: IncidentCatalogue;
  readonly journal: Journal;
  readonly snapshots: Snapshots;
  readonly clock: Clock;
  readonly log: Log;
  onChange(): void;
  /** Whether verdicts may move the limits of a detector. */
  follows(detector: string): boolean;
  /** Hears every claim before it becomes an alarm or not. */
  onFinding(finding: Finding): void;
}

/** Where findings become alarms and alarms become journaled events; what the gateway says of itself passes here too. */
export class AlarmDesk implements AlarmActs {
  readonly register: AlarmRegister;
  readonly incidents: IncidentBook;
  readonly work: WorkBook;
  readonly tolerances: Tolerances;
  readonly flood: FloodWatch;
  readonly maintenance: MaintenanceBook;
  readonly verdicts: VerdictBook;
  private readonly books: AlarmBooks;
  private readonly journaled: JournalReplay;
  private recalling: Promise<void> | undefined;
  private readonly recorder: EventRecorder;
  private readonly parts: DeskParts;
  private catalogue: IncidentCatalogue;
  private raised = 0;
  /** Those that are being made, by the time that they look back, ms. */
  private readonly reports = new Map<number, Promise<AlarmPerformance>>();

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.catalogue = parts.catalogue;
    const { journal, snapshots, clock, log, follows } = parts;
    this.books = new AlarmBooks(parts.catalogue, follows);
    ({ register: this.register, incidents: this.incidents, work: this.work, flood: this.flood } = this.books);
    ({ tolerances: this.tolerances, maintenance: this.maintenance, verdicts: this.verdicts } = this.books);
    this.journaled = new JournalReplay({
      ...{ journal, snapshots, log, books: this.books, fresh: () => new AlarmBooks(this.catalogue, follows) },
    });
    this.recorder = new EventRecorder(journal, clock, log);
    journal.onAppend((events) => {
      for (const event of events) {
        this.verdicts.hear(event);
        this.books.standing.hear(event);
      }
    });
  }

  /** Goes on from what stands and the newest events; see `JournalReplay.replay`. */
  replay(
    now: (event: Event) => void = () => undefined,
    later: (event: Event) => void = () => undefined,
  ): Promise<void> {
    return this.journaled.replay(now, later);
  }

  /** Resolves once all that a restart recalls is recalled, which the first call begins. Never rejects. */
  recalled(): Promise<void> {
    this.recalling ??= this.journaled.recall().then(() => this.parts.onChange());
    return this.recalling;
  }

  /** An alarm; one that is not known waits for what the gateway still has to recall. */
  private async find(alarmId: string): Promise<Alarm | undefined> {
    if (!this.register.get(alarmId)) await this.recalled();
    return this.register.get(alarmId);
  }

  /** Goes on with the catalogue of another configuration. */
  adopt(catalogue: IncidentCatalogue): void {
    this.catalogue = catalogue;
    this.incidents.adopt(catalogue);
    void this.publish(this.register.adopt(catalogue, this.parts.clock.wallMs()));
  }

  /** A detector's claim. */
  take(finding: Finding): void {
    const { asset, kind, from, active, score, evidence, decision } = finding;
    const fields = { finding: `${asset}/${kind}`, from, active, score, evidence, decision };
    this.parts.log.info(fields, active ? 'finding' : 'finding gone');
    this.parts.onFinding(finding);
    void this.publish(this.register.take(finding));
  }

  /**
   * Claims (`asset/kind`) that detectors remember over a restart: their alarms stand. One that the journal has no alarm of
   * had ended, and been told of, after it was written down: it is raised again until its detector ends it.
   */
  confirm(claims: readonly string[]): void {
    for (const claim of claims) {
      const [asset = '', kind = ''] = claim.split('/');
      const finding = { asset, kind, from: 'detection', active: true, score: 1, time: this.parts.clock.wallMs() };
      void this.publish(this.register.take({ ...finding, evidence: [] }));
    }
  }

  /** Something coded is wrong with the gateway itself. */
  claim(kind: string, error: { readonly code: string; readonly message: string }): void {
    const { gateway: asset, clock, log } = this.parts;
    log.warn({ code: error.code, subject: asset }, error.message);
    const evidence = [{ tag: error.code, observed: 1, expected: 0, unit: '', windowS: 0 }];
    const decision = { error: `${error.code} ${error.message}` };
    const finding = { asset, kind, from: 'gateway', active: true, score: 1, time: clock.wallMs(), evidence, decision };
    void this.publish(this.register.take(finding));
  }

  /** What was claimed of the gateway itself holds no longer. */
  unclaim(kind: string): void {
    const { gateway: asset, clock } = this.parts;
    const finding = { asset, kind, from: 'gateway', active: false, score: 0, time: clock.wallMs(), evidence: [] };
    void this.publish(this.register.take(finding));
  }

  /** A lasting condition of a device; the own certificate is the gateway's, whichever device's driver speaks of it. */
  heed(device: string, notice: DeviceNotice): void {
    const { gateway, clock } = this.parts;
    const { kind, active } = notice;
    const asset = kind === 'own-certificate-ends' ? gateway : device;
    const claim = { asset, kind, from: 'driver', active, time: clock.wallMs() };
    if (!notice.active) {
      this.take({ ...claim, score: 0, evidence: [] });
      return;
    }
    const { error, observed, limit, unit } = notice;
    const evidence = [{ tag: error.code, observed, expected: limit, unit, windowS: 0 }];
    this.take({ ...claim, score: 1, evidence, decision: { error: `${error.code} ${error.message}` } });
    if (kind === 'data-gap') void this.note('gateway.data-gap', { device, error: error.message, lost: observed });
  }

  /** Done only when the acknowledgement is on disk. */
  async acknowledge(alarmId: string, by: string, note = ''): Promise<AcknowledgeResult> {
    if (!(await this.find(alarmId))) return 'unknown';
    const change = this.register.acknowledge(alarmId, by, this.parts.clock.wallMs(), note);
    if (!change) return 'already';
    await this.publish([change]);
    return 'done';
  }

  /** Resets an alarm that has latched; `already` where there is nothing to reset. On disk when it resolves. */
  async reset(alarmId: string, by: string): Promise<AcknowledgeResult> {
    if (!(await this.find(alarmId))) return 'unknown';
    const change = this.register.reset(alarmId, by, this.parts.clock.wallMs());
    if (!change) return 'already';
    await this.publish([change]);
    return 'done';
  }

  /** Puts an alarm aside; rejects with a coded reason where that may not be. On disk when it resolves. */
  async shelve(alarmId: string, { by, reason, forMs, once }: ShelvingWish): Promise<'done' | 'unknown'> {
    if (!(await this.find(alarmId))) return 'unknown';
    const at = this.parts.clock.wallMs();
    const changes = this.register.shelve(alarmId, { by, reason, once, at, until: at + forMs });
    if (changes instanceof LifelineError) throw changes;
    await this.publish(changes);
    return 'done';
  }

  /** Brings an alarm back before its time; `already` where it is not put aside. On disk when it resolves. */
  async unshelve(alarmId: string, by: string): Promise<AcknowledgeResult> {
    if (!(await this.find(alarmId))) return 'unknown';
    const changes = this.register.unshelve(alarmId, by, this.parts.clock.wallMs());
    if (changes.length === 0) return 'already';
    await this.publish(changes);
    return 'done';
  }

  /** Hangs a maintenance tag on an asset or a device; false where there is none of that id. On disk when it resolves. */
  async hangTag(subject: string, { by, reason, forMs }: MaintenanceWish): Promise<boolean> {
    const known = this.catalogue.subject(subject);
    if (!known) return false;
    const since = this.parts.clock.wallMs();
    const event = this.maintenance.hang({ subject, by, reason, since, until: since + forMs }, known.utility);
    await Promise.all([this.recorder.record(event), this.publish(this.register.tick(since))]);
    return true;
  }

  /** Takes a maintenance tag off; false where none hangs. On disk when it resolves. */
  async takeTagOff(subject: string, by: string): Promise<boolean> {
    const nowMs = this.parts.clock.wallMs();
    const utility = this.catalogue.subject(subject)?.utility ?? 'gateway';
    const event = this.maintenance.takeOff(subject, utility, by, nowMs);
    if (!event) return false;
    await Promise.all([this.recorder.record(event), this.publish(this.register.tick(nowMs))]);
    return true;
  }

  /**
   * What a person says of an alarm afterwards; done only when it is on disk.
   * @param raisedAt which time it was raised; the last one when left out
   */
  async judge(alarmId: string, given: Omit<Judgement, 'at'>, raisedAt?: number): Promise<JudgeResult> {
    const alarm = await this.find(alarmId);
    if (!alarm) return 'unknown';
    if (raisedAt !== undefined && raisedAt !== alarm.raisedAt) return 'raised-again';
    await this.publishMark(this.register.judge(alarmId, { ...given, at: this.parts.clock.wallMs() }));
    await this.review();
    return 'done';
  }

  /** A person's comment; false where there is no such alarm. On disk when it resolves. */
  async comment(alarmId: string, text: string, by: string): Promise<boolean> {
    await this.find(alarmId);
    return this.publishMark(this.register.comment(alarmId, { text, by, at: this.parts.clock.wallMs() }));
  }

  /** Where the centre's case stands; false where there is no such alarm. On disk when it resolves. */
  async tellCase(alarmId: string, cityCase: AlarmCase): Promise<boolean> {
    await this.find(alarmId);
    return this.publishMark(this.register.tellCase(alarmId, cityCase));
  }

  private async publishMark(change: AlarmChange | undefined): Promise<boolean> {
    if (change) await this.publish([change]);
    return change !== undefined;
  }

  /** Lets the rule of verdicts move limits, and take back what has had its time; resolves once that is on disk. */
  async review(): Promise<void> {
    await this.recalled();
    const moves = this.tolerances.review(this.verdicts.all(), this.parts.clock.wallMs());
    for (const { type, data } of moves) this.parts.log.info({ event: type, ...data }, type);
    await Promise.all(moves.map((event) => this.recorder.record(event)));
    await this.journaled.record();
  }

  /** How the alarm system did over the time before now; one report is made at a time, whoever asks for the same. */
  performance(lastMs: number): Promise<AlarmPerformance> {
    const known = this.reports.get(lastMs);
    if (known) return known;
    const { journal, clock } = this.parts;
    const nowMs = clock.wallMs();
    const standing = () => this.register.current();
    const report = reportOn(journal, [nowMs - lastMs, nowMs], standing).finally(() => this.reports.delete(lastMs));
    this.reports.set(lastMs, report);
    return report;
  }

  verdictReport(): VerdictReport {
    const nowMs = this.parts.clock.wallMs();
    const maintenance = this.maintenance.periods(nowMs);
    return { ...this.verdicts.report(nowMs), widened: this.tolerances.widened(), maintenance };
  }

  /** Clears what was active before a restart and no detector has confirmed since. */
  settle(): void {
    void this.publish(this.register.settle(this.parts.clock.wallMs()));
  }

  /** What time alone changes; called once a second. */
  tick(): void {
    const nowMs = this.parts.clock.wallMs();
    for (const { subject, by } of this.maintenance.expired(nowMs)) void this.takeTagOff(subject, by);
    void this.publish(this.register.tick(nowMs));
    for (const event of this.incidents.tick(nowMs)) this.tellLevel(event);
    this.tellFlood(this.flood.look(nowMs));
  }

  /** An incident has become graver or less so, by evidence alone. */
  private tellLevel(event: NewEvent): void {
    const { gateway, log, onChange } = this.parts;
    onChange();
    for (const one of this.work.follow(event, [event], gateway))
      void this.recorder.record(one).catch((error) => log.error({ subject: 'journal' }, describeError(error)));
  }

  /** The wall clock was set: what is measured by it goes on as if it had not been. */
  clockJumped(byMs: number): void {
    this.register.clockJumped(byMs);
    this.incidents.clockJumped(byMs);
    this.flood.clockJumped(byMs);
  }

  private tellFlood(change: FloodChange | undefined): void {
    if (!change) return;
    const { type, ...data } = change;
    this.parts.onChange();
    void this.note(type, data);
  }

  /** What a claim means, in words of the pack; undefined where it has none. */
  meaning(asset: string, kind: string): Text | undefined {
    return this.catalogue.alarm(asset, kind)?.cause;
  }

  /** What people call a tag; undefined for what is none, or has no name. */
  nameOf(tag: string): Text | undefined {
    return this.catalogue.tagName?.(tag, '');
  }

  /**
   * An alarm, over or not, with what its pack says of its kind.
   * @param past gives one that is over for so long that only the journal has it
   */
  async known(alarmId: string, past: () => Promise<Alarm | undefined>): Promise<ConsoleAlarm | undefined> {
    const alarm = (await this.find(alarmId)) ?? (await past());
    if (!alarm) return undefined;
    const pack = this.catalogue.alarm(alarm.asset, alarm.kind);
    return { alarm, consequence: pack?.consequence, respondWithinMin: respondWithinMin(pack ?? alarm) };
  }

  /** What comes of an alarm, and what is to be done about it, as the pack has it. */
  guidance(asset: string, kind: string): Guidance {
    return this.catalogue.alarm(asset, kind) ?? {};
  }

  /** A person has changed which model of an asset decides or scores. On disk when it resolves. */
  async noteModel({ asset, change, version }: ShelfChange, by: string): Promise<void> {
    const utility = this.catalogue.subject(asset)?.utility ?? '';
    const data = { asset, change, version, by };
    await this.recorder.record({
      type: 'model.changed',
      time: this.parts.clock.wallMs(),
      subject: asset,
      utility,
      data,
    });
  }

  /** An event about the gateway's own life. */
  async note(type: EventType, data: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { gateway, clock, log } = this.parts;
    const event = { type, time: clock.wallMs(), subject: gateway, utility: 'gateway', data: { gateway, ...data } };
    await this.recorder.record(event).catch((error) => log.error({ subject: 'journal' }, describeError(error)));
  }

  /** Resolves once the event is on disk; waits for a journal that refuses. */
  async record(event: NewEvent): Promise<void> {
    await this.recorder.record(event);
  }

  /** Whether an event belongs to an alarm that is not back to normal, as it was raised last, or a restart asks for it. */
  stands(event: Event): boolean {
    const { type, time, data } = event;
    if (this.books.standing.needs(event)) return true;
    if (!type.startsWith('alarm.')) return false;
    const alarm = this.register.get(`${data['asset']}/${data['kind']}`);
    return alarm !== undefined && alarm.state !== 'normal' && time >= alarm.raisedAt;
  }

  /** When the oldest alarm that is not back to normal was raised, ms since epoch; undefined where there is none. */
  standingSinceMs(): number | undefined {
    const raised = this.register.current().map(({ raisedAt }) => raisedAt);
    return raised.length === 0 ? undefined : raised.reduce((oldest, at) => Math.min(oldest, at));
  }

  figures(): { readonly raised: number; readonly active: number; readonly waiting: number } {
    return { raised: this.raised, active: this.register.count, waiting: this.recorder.pending };
  }

  async stop(): Promise<void> {
    this.journaled.stop();
    await this.recalling;
    await this.recorder.stop();
  }

  private async publish(changes: readonly AlarmChange[]): Promise<void> {
    await Promise.all(changes.map((change) => this.publishOne(change)));
  }

  private async publishOne(change: AlarmChange): Promise<void> {
    const { alarm } = change;
    const { event, told: ofIncident } = this.incidents.take(change);
    const told = this.work.follow(event, ofIncident, this.parts.gateway);
    const { id, message, priority, finding } = alarm;
    if (event.type === 'alarm.raised') this.raised++;
    this.parts.log.info(
      { event: event.type, alarm: id, priority, text: message, decision: finding.decision },
      event.type,
    );
    this.parts.onChange();
    const written = [event, ...told].map((one) => this.recorder.record(one));
    if (isAnnouncement(event.type) && !finding.simulated) this.tellFlood(this.flood.announce(event.time));
    await Promise.all(written).catch((error) =>
      this.parts.log.error({ subject: 'journal', alarm: id }, describeError(error)),
    );
  }
}
