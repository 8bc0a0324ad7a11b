import type { Alarm, RiskLevel } from '../core/alarm.ts';
import type { IncidentWork, StepList, WorkEntry } from '../core/incident-work.ts';
import type { Text } from '../core/text.ts';
import type { AcknowledgeResult } from './api.ts';

/** Alarms with one cause, and what people do about them. */
export interface ConsoleIncident {
  readonly id: string;
  /** ms since epoch. */
  readonly openedAt: number;
  /** When nothing of it stood any more; undefined while something does. */
  readonly endedAt: number | undefined;
  /** Id of the alarm that explains the others. */
  readonly root: string;
  /** In the words of the root. */
  readonly message: Text;
  /** What comes of the root when nobody acts; undefined where the pack does not say. */
  readonly consequence: Text | undefined;
  readonly riskLevel: RiskLevel;
  /** Why it is graver than its alarms are by themselves; undefined where it is not. */
  readonly riskWhy: Text | undefined;
  /** In the order in which they came (first-out). */
  readonly members: readonly Alarm[];
  readonly work: IncidentWork;
  /** Standard operating steps: those of the root, then those of its safety alarms. */
  readonly checklist: readonly StepList[];
}

/** Leaves keys out of each shape of a union by itself. */
type Without<Shape, Key extends PropertyKey> = Shape extends unknown ? Omit<Shape, Key> : never;

/** What a person does about an incident. */
export type IncidentAct = Without<Exclude<WorkEntry, { did: 'reopened' }>, 'at'> | ReopeningAct;
type ReopeningAct = { readonly did: 'reopened'; readonly by: string; readonly note: string };

/** What the console knows of incidents. */
export interface ConsoleIncidents {
  /** Those that are not done: something stands, or people have them in hand. Newest first. */
  current(): readonly ConsoleIncident[];
  /** Those that are over and closed, the last ones, newest first. */
  closed(): readonly ConsoleIncident[];
  /** Undefined where it is done for so long that only the journal has it. */
  get(id: string): ConsoleIncident | undefined;
  /** Resolves once it is on disk; `already` where it changes nothing. Rejects with a coded error where that may not be. */
  act(id: string, act: IncidentAct): Promise<AcknowledgeResult>;
}
