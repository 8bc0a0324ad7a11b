import type { Alarm, RiskLevel } from '../../core/alarm.ts';
import type { Spread } from '../../core/pack.ts';
import type { Text } from '../../core/text.ts';
import { type Growth, graver } from './growth.ts';
import type { Topology } from './topology.ts';

/** An alarm explains what came within this time before it, and what follows while it stands or within this time of its end, ms. */
export const consequenceMs = 30 * 60_000;
/** Alike alarms below one source, and what startles instruments, are of one cause when they come within this time, ms. */
const atOnceMs = 120_000;

/** An alarm as part of an incident. */
export interface Member extends Pick<Alarm, 'id' | 'asset' | 'kind' | 'utility' | 'riskLevel' | 'raisedAt'> {
  readonly spreads: Spread | undefined;
  /** Kinds that it brings about elsewhere beside its own and its symptoms; `*` for all. */
  readonly spreadsAs: readonly string[];
  /** Kinds that are symptoms of it; `*` for all that rest on one of its tags. */
  readonly explains: readonly string[];
  /** Kinds that keep it out of view while they stand: what comes to light when they are over is theirs. */
  readonly suppressedBy: readonly string[];
  readonly tags: readonly string[];
  /** Since when what it comes of can have been on its way, ms since epoch; when it was raised, where nothing is known of that. */
  readonly since: number;
  /** About a signal, and not about what the asset does. */
  readonly ofInstrument: boolean;
  /** Of a test of the loop: it has nothing to do with what is measured. */
  readonly simulated: boolean;
  readonly active: boolean;
  /** Since when it waits to be acknowledged, ms since epoch; undefined where it does not. */
  readonly unacknowledgedSince: number | undefined;
  /** What evidence has raised its level to, the gravest first; none of what is over. */
  readonly growth: readonly Growth[];
  /** Undefined while it stands. */
  readonly clearedAt: number | undefined;
}

/** Alarms with one cause. */
export interface Incident {
  readonly id: string;
  readonly openedAt: number;
  /** Id of the alarm that explains the others, as far as is known. */
  readonly root: string;
  /** By id, in the order in which they came (first-out). */
  readonly members: ReadonlyMap<string, Member>;
}

/** An incident that alarms still join: its members are one map that goes on, since thousands may come within seconds. */
export interface OpenIncident extends Incident {
  readonly members: Map<string, Member>;
}

export const rootOf = ({ members, root }: Incident): Member | undefined => members.get(root);

/** Whether an alarm may be part of it: tests of loops keep to themselves. */
export const isOfKindred = (incident: Incident, { simulated }: Member): boolean =>
  (rootOf(incident)?.simulated ?? false) === simulated;

/** The gravest level of what stands, as far as it has grown; that of the root when nothing does. */
export function riskOf(incident: Incident): RiskLevel {
  let gravest: RiskLevel | undefined;
  for (const { active, riskLevel, growth } of incident.members.values()) {
    if (active) gravest = graver(graver(riskLevel, growth[0]?.level), gravest);
    if (gravest === 'I') break;
  }
  return gravest ?? rootOf(incident)?.riskLevel ?? 'IV';
}

/** Why it is as grave as it is, where that is more than its alarms are by themselves. */
export function riskWhy(incident: Incident): Text | undefined {
  const standing = [...incident.members.values()].filter(({ active }) => active);
  const risk = riskOf(incident);
  if (standing.some(({ riskLevel }) => riskLevel === risk)) return undefined;
  return standing.find(({ growth }) => growth[0]?.level === risk)?.growth[0]?.why;
}

/** How many steps from the asset of a cause to that of its effect, 0 for a symptom; undefined when it does not explain it. */
function reach(cause: Member, effect: Member, topology: Topology): number | undefined {
  const { raisedAt, clearedAt = cause.active ? Number.POSITIVE_INFINITY : raisedAt } = cause;
  if (effect.raisedAt < raisedAt - consequenceMs || effect.since > clearedAt + consequenceMs) return undefined;
  if (areOfOne(cause, effect)) return isSymptom(cause, effect) ? 0 : undefined;
  if (cause.spreads === undefined || !bringsAbout(cause, effect)) return undefined;
  const down = cause.spreads === 'upstream' ? undefined : topology.distance(cause.asset, effect.asset);
  const up = cause.spreads === 'downstream' ? undefined : topology.distance(effect.asset, cause.asset);
  return down ?? up;
}

/** Whether a condition can show so elsewhere; instruments may be startled by anything, at once. */
function bringsAbout({ kind, explains, spreadsAs, raisedAt }: Member, effect: Member): boolean {
  if (effect.ofInstrument && Math.abs(effect.raisedAt - raisedAt) <= atOnceMs) return true;
  return [effect.kind, '*'].some((one) => one === kind || spreadsAs.includes(one)) || explains.includes(effect.kind);
}

const isSymptom = (cause: Member, effect: Member): boolean =>
  cause.explains.includes(effect.kind) ||
  effect.suppressedBy.includes(cause.kind) ||
  ((cause.explains.includes('*') || makesLeap(cause, effect)) && shareTag(cause, effect));

/** What an asset does makes its own signals leap, as it begins and as it ends; but not those that were odd before. */
const makesLeap = (cause: Member, effect: Member): boolean =>
  effect.ofInstrument &&
  !cause.ofInstrument &&
  effect.explains.length === 0 &&
  effect.raisedAt >= cause.raisedAt - atOnceMs;

/** How near a new alarm is to an incident: 0 on the same asset; undefined when they have nothing to do with each other. */
export function nearness(incident: Incident, alarm: Member, topology: Topology): number | undefined {
  let nearest: number | undefined;
  // of what has its cause elsewhere only the cause can tell what else it brings about here
  const root = rootOf(incident);
  const isHere = root === undefined || alarm.ofInstrument || areOfOne(root, alarm);
  const sources = topology.sourcesOf(alarm.asset);
  for (const member of incident.members.values()) {
    const ofOne = areOfOne(member, alarm);
    const isOnLine = sources.has(member.asset) || topology.sourcesOf(member.asset).has(alarm.asset);
    // what is neither of one with it, nor above or below it, reaches nothing
    let steps = ofOne || isOnLine ? (reach(member, alarm, topology) ?? reach(alarm, member, topology)) : undefined;
    if (steps === undefined && ofOne) steps = isHere ? besides(member, alarm) : undefined;
    else if (steps === undefined && nearest === undefined) steps = alike(member, alarm, topology);
    if (steps !== undefined && (nearest === undefined || steps < nearest)) nearest = steps;
    if (nearest === 0) return nearest;
  }
  return nearest;
}

/** Whether both are about one asset, or about one signal that several assets share: it fails for all of them. */
const areOfOne = (one: Member, other: Member): boolean =>
  one.asset === other.asset || ((one.ofInstrument || other.ofInstrument) && shareTag(one, other));

/**
 * How near a new alarm is to what it may be the aftermath of: an incident in which nothing stands any more. A root that
 * comes again is the same, where nothing explains it better.
 */
export function aftermath(
  { incident, endedAt }: { readonly incident: Incident; readonly endedAt: number },
  alarm: Member,
  topology: Topology,
): number | undefined {
  if (alarm.since > endedAt + consequenceMs) return undefined;
  const steps = [...incident.members.values()].flatMap((member) => reach(member, alarm, topology) ?? []);
  if (steps.length > 0) return Math.min(...steps);
  const soon = alarm.raisedAt <= endedAt + consequenceMs;
  return soon && incident.root === alarm.id ? Number.MAX_SAFE_INTEGER : undefined;
}

/** What comes on one asset within half an hour is of one cause; but what an asset does is not explained by a signal it has nothing to do with. */
function besides(before: Member, alarm: Member): number | undefined {
  const soon = Math.abs(alarm.raisedAt - before.raisedAt) <= consequenceMs;
  const related = !before.ofInstrument || alarm.ofInstrument || shareTag(before, alarm);
  return soon && related ? 0 : undefined;
}

const shareTag = (one: Member, other: Member): boolean => one.tags.some((tag) => other.tags.includes(tag));

/** Alike alarms of one time, one below the other or both below one source, are farther than any consequence. */
function alike(one: Member, other: Member, topology: Topology): number | undefined {
  const same = one.kind === other.kind && one.utility === other.utility;
  const together = Math.abs(one.raisedAt - other.raisedAt) <= atOnceMs;
  if (!same || !together) return undefined;
  const near = [topology.distance(one.asset, other.asset), topology.distance(other.asset, one.asset)];
  const related = near.some((steps) => steps !== undefined) || topology.haveOneSource(one.asset, other.asset);
  return related ? Number.MAX_SAFE_INTEGER : undefined;
}

/** Where each could explain the other, the one that packs know symptoms of is the cause, else the one that came first. */
function isCauseOf(alarm: Member, root: Member, topology: Topology): boolean {
  if (reach(alarm, root, topology) === undefined) return false;
  const mutual = reach(root, alarm, topology) !== undefined;
  return !mutual || (alarm.explains.length > 0 && root.explains.length === 0);
}

/** Takes in one more alarm, or one that has changed; what explains the root takes its place. */
export function joined(incident: OpenIncident, alarm: Member, topology: Topology): OpenIncident {
  incident.members.set(alarm.id, alarm);
  const root = rootOf(incident);
  const takesPlace = root !== undefined && root.id !== alarm.id && isCauseOf(alarm, root, topology);
  return { ...incident, root: takesPlace ? alarm.id : incident.root };
}
