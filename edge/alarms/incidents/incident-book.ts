import { type Alarm, isActive, isUnacknowledged, type RiskLevel } from '../../core/alarm.ts';
import type { Event, NewEvent } from '../../core/event.ts';
import { alarmFromEvent } from '../record.ts';
import type { AlarmCatalogue, AlarmChange } from '../register.ts';
import { type Growth, grown } from './growth.ts';
import {
  aftermath,
  type Incident,
  isOfKindred,
  joined,
  type Member,
  nearness,
  type OpenIncident,
  riskOf,
  riskWhy,
  rootOf,
} from './incident.ts';
import type { Topology } from './topology.ts';

/** Texts and neighbours of everything that alarms can be about. */
export interface IncidentCatalogue extends AlarmCatalogue {
  readonly topology: Topology;
}

/** Incidents that are over and may have an aftermath; the oldest go first … */
const mostEnded = 256;
/** … and whatever ended so long ago, ms: what it moved is not followed for longer. */
const longestAftermathMs = 24 * 3_600_000;

/** An incident in which nothing stands any more, and what the journal says of its root. */
interface Ended {
  readonly incident: Incident;
  readonly words: NewEvent['data'] | undefined;
  readonly endedAt: number;
}

/** What is told of an incident when it is no longer so. */
interface Account {
  readonly stands: boolean;
  readonly root: string;
  readonly riskLevel: RiskLevel;
}

/** The change with the incident that its alarm belongs to, and what is to be told of the incident itself. */
export interface IncidentChange {
  readonly event: NewEvent;
  readonly told: readonly NewEvent[];
}

/** All open incidents. It decides which alarms have one cause; journaling is its caller's. */
export class IncidentBook {
  private readonly open = new Map<string, OpenIncident>();
  /** By id, in the order in which they ended. */
  private readonly ended = new Map<string, Ended>();
  private readonly byAlarm = new Map<string, string>();
  /** Open incidents by what their members are about: an asset, a tag, or what lies below something. */
  private readonly about = new Map<string, Set<string>>();
  /** What the journal says of each alarm, to tell of an incident in the words of its root. */
  private readonly words = new Map<string, NewEvent['data']>();
  private catalogue: IncidentCatalogue;

  constructor(catalogue: IncidentCatalogue) {
    this.catalogue = catalogue;
  }

  /** Goes on with another catalogue. */
  adopt(catalogue: IncidentCatalogue): void {
    this.catalogue = catalogue;
    this.about.clear();
    for (const incident of this.open.values()) this.index(incident, incident.members.values());
  }

  /** Open incidents, newest first. */
  current(): readonly Incident[] {
    return [...this.open.values()].sort(newestFirst);
  }

  /** An open incident. */
  get(id: string): Incident | undefined {
    return this.open.get(id);
  }

  /** The wall clock was set by so much: what has waited, and what is held, goes on as if it had not been. */
  clockJumped(byMs: number): void {
    for (const { members } of this.open.values())
      for (const member of members.values()) {
        const { unacknowledgedSince: since, growth } = member;
        const moved = { unacknowledgedSince: since === undefined ? undefined : since + byMs };
        members.set(member.id, { ...member, ...moved, growth: growth.map((one) => ({ ...one, at: one.at + byMs })) });
      }
  }

  /** What evidence and time change of the levels of what stands; what is to be told of it. */
  tick(nowMs: number): readonly NewEvent[] {
    const told: NewEvent[] = [];
    for (const incident of this.open.values()) {
      const before = riskOf(incident);
      this.grow(incident, nowMs);
      if (riskOf(incident) !== before) told.push(this.eventOf('incident.changed', incident, nowMs));
    }
    return told;
  }

  private grow(incident: OpenIncident, nowMs: number): void {
    let utilities: number | undefined;
    for (const member of incident.members.values()) {
      const rules = member.active ? this.catalogue.alarm(member.asset, member.kind)?.grows : undefined;
      if (!rules) continue;
      utilities ??= utilitiesOf(incident);
      const evidence = {
        ...{ utilities, downstream: this.catalogue.topology.reachOf(member.asset) },
        value: (role: string) => this.catalogue.value?.(member.asset, role),
        unacknowledgedMin: (nowMs - (member.unacknowledgedSince ?? nowMs)) / 60_000,
      };
      const growth = grown(member.riskLevel, rules, evidence, member.growth, nowMs);
      if (growth.length + member.growth.length > 0) incident.members.set(member.id, { ...member, growth });
    }
  }

  take({ alarm, event }: AlarmChange): IncidentChange {
    const own = this.memberOf(alarm);
    this.words.set(alarm.id, event.data);
    const before = this.find(own, event.type === 'alarm.raised') ?? this.reopened(own, event);
    if (!before && event.type !== 'alarm.raised') return { event, told: [] };
    const was = before && accountOf(before);
    const earlier = before?.members.get(own.id);
    const member = grownAs(own, earlier);
    const { topology } = this.catalogue;
    const after = before ? joined(before, member, topology) : { ...fresh(member), openedAt: alarm.raisedAt };
    this.keepWith(after, member, earlier);
    const told = this.tell(was, after, event);
    return { event: { ...event, data: { ...event.data, incident: after.id } }, told };
  }

  /** Replays a journaled event after a restart. @param alarm as the event left it, where that is known already */
  restore(event: Event, alarm = alarmFromEvent(event)): void {
    const { type, data } = event;
    const id = data['incident'];
    if (typeof id !== 'string') return;
    const incident = this.open.get(id) ?? (type === 'alarm.raised' ? this.reopen(id) : undefined);
    const over = type === 'incident.closed' ? event.time : data['endedAt'];
    if (typeof over === 'number' && incident) this.end(incident, over);
    else if (type.startsWith('incident.') && incident) {
      const openedAt = Number(data['openedAt'] ?? incident.openedAt);
      this.keep({ ...incident, root: `${data['asset']}/${data['kind']}`, openedAt });
      for (const [id, growth] of Object.entries((data['grown'] ?? {}) as Readonly<Record<string, readonly Growth[]>>)) {
        const member = incident.members.get(id);
        if (member?.active) incident.members.set(id, { ...member, growth });
      }
    } else if (alarm) {
      const own = this.memberOf(alarm);
      this.words.set(own.id, data);
      const earlier = incident?.members.get(own.id);
      const member = grownAs(own, earlier);
      incident?.members.set(member.id, member);
      this.keepWith(incident ?? { ...fresh(member), id, openedAt: member.raisedAt }, member, earlier);
    }
  }

  /** The end of a replay: what the last events of its alarms alone have rebuilt, and nothing stands of, is over. */
  replayed(): void {
    for (const incident of [...this.open.values()]) if (!isStanding(incident)) this.forget(incident);
  }

  /** Takes over incidents that are over, with all that they had. */
  recall(whole: IncidentBook): void {
    const own = new Map(this.ended);
    this.ended.clear();
    for (const [id, ended] of [...whole.ended, ...own]) {
      const known = this.ended.get(id);
      if (this.open.has(id) || (known && known.endedAt >= ended.endedAt)) continue;
      this.ended.delete(id);
      this.ended.set(id, ended);
    }
    for (const id of [...this.ended.keys()].slice(0, -mostEnded)) this.ended.delete(id);
  }

  private memberOf(alarm: Alarm): Member {
    const { id, asset, kind, utility, riskLevel, raisedAt, clearedAt, state } = alarm;
    const { spreads, spreadsAs = [], explains = [], suppressedBy = [] } = this.catalogue.alarm(asset, kind) ?? {};
    const tags = alarm.finding.evidence.map(({ tag }) => tag);
    return {
      ...{ id, asset, kind, utility, riskLevel, raisedAt, spreads, spreadsAs, explains, suppressedBy, tags },
      ...{ since: alarm.finding.since ?? raisedAt, ofInstrument: alarm.finding.from === 'instrument' },
      simulated: alarm.finding.simulated ?? false,
      growth: [],
      unacknowledgedSince: isActive(state) && isUnacknowledged(state) ? (alarm.announcedAt ?? raisedAt) : undefined,
      ...{ active: isActive(state) || alarm.finding.active, clearedAt },
    };
  }

  /** The incident that an alarm is part of, or, when it is raised, would best be part of. */
  private find(member: Member, raised: boolean): OpenIncident | undefined {
    const own = this.open.get(this.byAlarm.get(member.id) ?? '');
    if (!raised || (own && isOfKindred(own, member))) return own;
    let best: { readonly incident: OpenIncident; readonly steps: number } | undefined;
    for (const incident of this.around(member)) {
      const steps = nearness(incident, member, this.catalogue.topology);
      if (steps !== undefined && (!best || steps < best.steps)) best = { incident, steps };
    }
    return best?.incident;
  }

  /** Open incidents that an alarm can have to do with, newest first: about it, what feeds it, or what that or it feeds. */
  private around(member: Member): readonly OpenIncident[] {
    const { asset, tags } = member;
    const line = [asset, ...this.catalogue.topology.sourcesOf(asset)];
    const keys = [...line, ...line.map(belowKey), ...tags.map(tagKey)];
    const near = new Set(keys.flatMap((key) => [...(this.about.get(key) ?? [])]));
    if (near.size === 0) return [];
    const kindred = [...this.open.values()].filter((one) => near.has(one.id) && isOfKindred(one, member));
    return kindred.sort(newestFirst);
  }

  /** The incident that is over and whose aftermath an alarm is, open again. */
  private reopened(member: Member, { type, time }: NewEvent): OpenIncident | undefined {
    for (const [id, { endedAt }] of this.ended) if (time - endedAt > longestAftermathMs) this.ended.delete(id);
    if (type !== 'alarm.raised') return undefined;
    let best: { readonly id: string; readonly steps: number } | undefined;
    for (const ended of [...this.ended.values()].reverse()) {
      const { incident } = ended;
      const steps = isOfKindred(incident, member) ? aftermath(ended, member, this.catalogue.topology) : undefined;
      if (steps !== undefined && (!best || steps < best.steps)) best = { id: incident.id, steps };
    }
    return best && this.reopen(best.id);
  }

  private reopen(id: string): OpenIncident | undefined {
    const past = this.ended.get(id);
    if (!past) return undefined;
    this.ended.delete(id);
    const { incident, words } = past;
    if (words && !this.words.has(incident.root)) this.words.set(incident.root, words);
    // what has been raised anew meanwhile is part of another
    const members = [...incident.members].filter(([alarm]) => !this.byAlarm.has(alarm));
    const again = { ...incident, members: new Map(members) };
    this.keep(again);
    return again;
  }

  private end(incident: Incident, endedAt: number): void {
    this.ended.set(incident.id, { incident, words: this.words.get(incident.root), endedAt });
    const [oldest] = this.ended.keys();
    if (oldest !== undefined && this.ended.size > mostEnded) this.ended.delete(oldest);
    this.forget(incident);
  }

  private keep(incident: OpenIncident): void {
    this.open.set(incident.id, incident);
    this.index(incident, incident.members.values());
  }

  /** @param earlier what the member was before, where it was one */
  private keepWith(incident: OpenIncident, member: Member, earlier: Member | undefined): void {
    const restsOnOthers = earlier?.tags.some((tag) => !member.tags.includes(tag));
    if (restsOnOthers) {
      this.unindex(incident.id, [...incident.members.values(), earlier as Member]);
      this.keep(incident);
    } else {
      this.open.set(incident.id, incident);
      this.index(incident, [member]);
    }
  }

  private index({ id }: Incident, members: Iterable<Member>): void {
    for (const member of members) {
      this.byAlarm.set(member.id, id);
      for (const key of this.keysOf(member)) {
        const ids = this.about.get(key);
        if (ids) ids.add(id);
        else this.about.set(key, new Set([id]));
      }
    }
  }

  private forget(incident: Incident): void {
    this.open.delete(incident.id);
    for (const { id } of incident.members.values()) {
      // what was simulated here and is measured now is part of another
      if (this.byAlarm.get(id) !== incident.id) continue;
      this.byAlarm.delete(id);
      this.words.delete(id);
    }
    this.unindex(incident.id, incident.members.values());
  }

  private unindex(id: string, members: Iterable<Member>): void {
    for (const member of members) {
      for (const key of this.keysOf(member)) {
        const ids = this.about.get(key);
        ids?.delete(id);
        if (ids?.size === 0) this.about.delete(key);
      }
    }
  }

  private keysOf({ asset, tags }: Member): readonly string[] {
    const sources = [...this.catalogue.topology.sourcesOf(asset)];
    return [asset, ...sources.map(belowKey), ...tags.map(tagKey)];
  }

  private tell(was: Account | undefined, after: Incident, { type, time, data }: NewEvent): readonly NewEvent[] {
    if (!was?.stands) return [this.eventOf('incident.opened', after, time)];
    if (!isStanding(after)) {
      const closed = this.eventOf('incident.closed', after, time);
      this.end(after, time);
      return [closed];
    }
    const placed = type === 'alarm.changed' && after.root === `${data['asset']}/${data['kind']}`;
    const changed = placed || was.root !== after.root || was.riskLevel !== riskOf(after);
    return changed ? [this.eventOf('incident.changed', after, time)] : [];
  }

  /** In the words of the root, with the level of the whole and everything that belongs to it. */
  private eventOf(
    type: 'incident.opened' | 'incident.changed' | 'incident.closed',
    incident: Incident,
    time: number,
  ): NewEvent {
    const root = rootOf(incident);
    const members = [...incident.members.keys()];
    const own = { incident: incident.id, members, riskLevel: riskOf(incident), openedAt: incident.openedAt };
    const levels = [...incident.members.values()].flatMap(({ id, growth }) =>
      growth.length > 0 ? [[id, growth] as const] : [],
    );
    const why = riskWhy(incident);
    return {
      ...{ type, time, subject: root?.asset ?? '', utility: root?.utility ?? '' },
      data: {
        ...{ ...this.words.get(incident.root), ...own },
        ...(why ? { riskWhy: why } : {}),
        ...(levels.length > 0 ? { grown: Object.fromEntries(levels) } : {}),
      },
    };
  }
}

/** What an alarm has grown to stays while it stands. */
const grownAs = (member: Member, earlier: Member | undefined): Member =>
  member.active && earlier?.active ? { ...member, growth: earlier.growth } : member;

/** Utilities of which something stands: what is said of an instrument is none. */
const utilitiesOf = ({ members }: Incident): number =>
  new Set([...members.values()].flatMap((one) => (one.active && !one.ofInstrument ? [one.utility] : []))).size;

/** Assets, tags and what lies below an asset in one index: no id of an asset contains a space. */
const tagKey = (tag: string): string => `tag ${tag}`;
const belowKey = (asset: string): string => `below ${asset}`;
function isStanding({ members }: Incident): boolean {
  for (const { active } of members.values()) if (active) return true;
  return false;
}
const accountOf = (incident: Incident): Account => ({
  stands: isStanding(incident),
  root: incident.root,
  riskLevel: riskOf(incident),
});
const newestFirst = (a: Incident, b: Incident): number => b.openedAt - a.openedAt;

const fresh = (member: Member): Omit<OpenIncident, 'openedAt'> => ({
  id: `${member.id}@${member.raisedAt}`,
  root: member.id,
  members: new Map([[member.id, member]]),
});
