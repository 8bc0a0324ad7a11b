import type { AlarmCase, RiskLevel } from '../core/alarm.ts';
import type { IncidentWork, StepList, WorkStage } from '../core/incident-work.ts';
import type { Text } from '../core/text.ts';
import type { AlarmView } from './wire.ts';

/** An incident in a list, in the words of its root. */
export interface IncidentLineView {
  readonly id: string;
  /** ms since epoch. */
  readonly openedAt: number;
  /** When nothing of it stood any more; null while something does. */
  readonly endedAt: number | null;
  readonly riskLevel: RiskLevel;
  /** Why it is graver than its alarms are by themselves; null where it is not. */
  readonly riskWhy: Text | null;
  readonly root: string;
  readonly message: Text;
  readonly members: number;
  readonly standing: number;
  /** Those with an alarm of it, that of the root first; at most `maxMembersShown`. */
  readonly assets: readonly string[];
  readonly stage: WorkStage;
  /** Who was sent last; empty where nobody was since it opened. */
  readonly crew: string;
  /** Steps of its checklist, and how many of them are done. */
  readonly steps: number;
  readonly stepsDone: number;
  /** Cases of the city's platform about its alarms, the one that changed last first. */
  readonly cases: readonly AlarmCase[];
}

/** `GET /api/incidents`: newest first, at most `maxIncidentsShown` of each; the total counts those that are not done. */
export interface IncidentsView {
  readonly total: number;
  readonly incidents: readonly IncidentLineView[];
  /** Over and closed. */
  readonly closed: readonly IncidentLineView[];
}

/** `GET /api/incident`: members in the order in which they came, at most `maxMembersShown`. */
export interface IncidentView extends IncidentLineView {
  readonly alarms: readonly AlarmView[];
  /** What comes of the root when nobody acts; null where the pack does not say. */
  readonly consequence: Text | null;
  readonly work: IncidentWork;
  readonly checklist: readonly StepList[];
}
