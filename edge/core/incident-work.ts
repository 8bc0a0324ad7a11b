import type { Text } from './text.ts';

/** How far people are with an incident: nobody has it, somebody has taken it, somebody is on the way or on site, it is done. */
export const workStages = ['open', 'acknowledged', 'dispatched', 'closed'] as const;
export type WorkStage = (typeof workStages)[number];

/** Why a closed incident is open again: an alarm that it did not have, one that came back, a graver level, a person. */
export const reopeningReasons = ['new-alarm', 'raised-again', 'graver', 'person'] as const;
export type ReopeningReason = (typeof reopeningReasons)[number];

/** What happened to an incident at one moment, by whom; the gateway signs what it does itself. */
interface Signed {
  /** ms since epoch. */
  readonly at: number;
  readonly by: string;
  readonly note: string;
}

/** One line of the time line of an incident's work. */
export type WorkEntry =
  | (Signed & { readonly did: 'acknowledged' | 'closed-out' | 'noted' })
  /** `to`: the crew or unit that was sent. */
  | (Signed & { readonly did: 'dispatched'; readonly to: string })
  /** `alarm` is the one that came, where one did. */
  | (Signed & { readonly did: 'reopened'; readonly why: ReopeningReason; readonly alarm: string })
  /** A step of the checklist was ticked, or the tick taken back. */
  | (Signed & { readonly did: 'step-done' | 'step-undone' } & StepName);

/** A step of a checklist: the alarm whose pack asks for it, and which of its steps it is, from 0. */
export interface StepName {
  readonly alarm: string;
  readonly step: number;
}

/** A step that somebody has done. */
export interface StepTick extends StepName {
  readonly by: string;
  /** ms since epoch. */
  readonly at: number;
}

/** What people do about an incident. */
export interface IncidentWork {
  readonly stage: WorkStage;
  /** Oldest first; the journal has those that are too many here. */
  readonly entries: readonly WorkEntry[];
  readonly ticks: readonly StepTick[];
}

/** Standard operating steps of one alarm of an incident, in their order. */
export interface StepList {
  readonly alarm: string;
  readonly steps: readonly Text[];
}
