import { alarmErrors } from '../alarms/errors.ts';
import { type Incident, riskOf, riskWhy } from '../alarms/incidents/incident.ts';
import { untouched } from '../alarms/incidents/work.ts';
import type { WorkedIncident } from '../alarms/incidents/work-book.ts';
import type { AcknowledgeResult } from '../console/api.ts';
import type { ConsoleIncident, ConsoleIncidents, IncidentAct } from '../console/incident-api.ts';
import { type Alarm, isUnacknowledged, type RiskLevel } from '../core/alarm.ts';
import type { Clock } from '../core/clock.ts';
import type { StepList, WorkEntry } from '../core/incident-work.ts';
import { both, type Text } from '../core/text.ts';
import type { AlarmDesk } from './alarm-desk.ts';

/** Alarms of one incident whose steps stand in its checklist. */
const maxStepLists = 5;

interface IncidentDeskParts {
  readonly desk: AlarmDesk;
  readonly clock: Clock;
  onChange(): void;
}

/** Where people work on incidents: what they do is journaled in their name, and acknowledges the alarms that it is about. */
export class IncidentDesk implements ConsoleIncidents {
  private readonly parts: IncidentDeskParts;

  constructor(parts: IncidentDeskParts) {
    this.parts = parts;
  }

  current(): readonly ConsoleIncident[] {
    const { incidents, work } = this.parts.desk;
    const standing = incidents.current().map((incident) => this.standing(incident));
    return [...standing, ...work.over().unclosed.map((one) => this.over(one))].sort(newestFirst);
  }

  closed(): readonly ConsoleIncident[] {
    const { closed } = this.parts.desk.work.over();
    return closed.map((one) => this.over(one)).reverse();
  }

  get(id: string): ConsoleIncident | undefined {
    const { incidents, work } = this.parts.desk;
    const standing = incidents.get(id);
    const known = work.get(id);
    return standing ? this.standing(standing) : known && this.over(known);
  }

  async act(id: string, act: IncidentAct): Promise<AcknowledgeResult> {
    const { desk, clock, onChange } = this.parts;
    const incident = this.get(id);
    const entry = { ...act, at: clock.wallMs(), ...(act.did === 'reopened' ? { why: 'person', alarm: '' } : {}) };
    if (!incident || !isKnownStep(incident, act)) return 'unknown';
    if (act.did === 'closed-out') refuseWhileUnsafe(incident);
    const event = desk.work.act(id, entry as WorkEntry);
    if (!event) return 'already';
    onChange();
    const takes = act.did === 'acknowledged' || act.did === 'dispatched' || act.did === 'closed-out';
    const taken = takes ? incident.members.filter(isTakenAlong) : [];
    await Promise.all([desk.record(event), ...taken.map((alarm) => desk.acknowledge(alarm.id, act.by, act.note))]);
    return 'done';
  }

  private standing(incident: Incident): ConsoleIncident {
    const { id, openedAt, root, members } = incident;
    const { work = untouched, told } = this.parts.desk.work.get(id) ?? {};
    const risk = { riskLevel: riskOf(incident), riskWhy: riskWhy(incident) };
    const own = { id, openedAt, endedAt: undefined, root, ...risk, work };
    return { ...own, ...this.membersOf(root, members.keys(), told?.data['message'] as Text | undefined) };
  }

  private over({ id, endedAt, work, told: { data }, alarms }: WorkedIncident): ConsoleIncident {
    const root = `${data['asset']}/${data['kind']}`;
    const risk = { riskLevel: data['riskLevel'] as RiskLevel, riskWhy: undefined };
    const facts = { openedAt: Number(data['openedAt']), endedAt, ...risk };
    return { id, root, work, ...facts, ...this.membersOf(root, alarms, data['message'] as Text | undefined) };
  }

  private membersOf(root: string, ids: Iterable<string>, told: Text | undefined) {
    const { register } = this.parts.desk;
    const members = [...ids].flatMap((member) => register.get(member) ?? []);
    const message = register.get(root)?.message ?? told ?? { zh: root, en: root };
    const [asset = '', kind = ''] = root.split('/');
    const { consequence } = this.parts.desk.guidance(asset, kind);
    return { members, message, consequence, checklist: this.checklist(root, members) };
  }

  /** Of several alarms of one kind the first stands for all. */
  private checklist(root: string, members: readonly Alarm[]): readonly StepList[] {
    const { desk } = this.parts;
    const asking = members.filter(({ id, safety }) => id === root || safety);
    const ordered = asking.sort((a, b) => Number(b.id === root) - Number(a.id === root));
    const first = new Map(ordered.toReversed().map((alarm) => [`${alarm.utility} ${alarm.kind}`, alarm]));
    return ordered
      .filter((alarm) => first.get(`${alarm.utility} ${alarm.kind}`) === alarm)
      .map(({ id, asset, kind }) => ({ alarm: id, steps: desk.guidance(asset, kind).steps ?? [] }))
      .filter(({ steps }) => steps.length > 0)
      .slice(0, maxStepLists);
  }
}

const newestFirst = (a: ConsoleIncident, b: ConsoleIncident): number => b.openedAt - a.openedAt;

/** Whoever takes an incident takes its alarms; one of safety is acknowledged by itself. */
const isTakenAlong = ({ state, safety }: Alarm): boolean => isUnacknowledged(state) && !safety;

function isKnownStep({ checklist }: ConsoleIncident, act: IncidentAct): boolean {
  if (act.did !== 'step-done' && act.did !== 'step-undone') return true;
  return checklist.some(({ alarm, steps }) => alarm === act.alarm && act.step < steps.length);
}

/** Nobody closes an incident over a danger that is there. */
function refuseWhileUnsafe({ id, members }: ConsoleIncident): void {
  const danger = members.find(({ safety, finding }) => safety && finding.active);
  if (danger)
    throw alarmErrors.create(
      'INCIDENT-SAFETY',
      both(`close incident ${id}: ${danger.id} stands`, `关闭事件 ${id}：${danger.id} 仍未恢复`),
    );
}
