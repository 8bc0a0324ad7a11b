import type { IncidentWork, StepName, WorkEntry, WorkStage } from '../../core/incident-work.ts';

/** What moves an incident on: people acknowledge, send somebody, close; a person or what happens opens it again. */
export type WorkInput = 'acknowledge' | 'dispatch' | 'close' | 'reopen';

/** Lines of a time line that are carried along; the journal has them all. */
const maxEntries = 100;

/**
 * Stages of the work on an incident. Whoever sends somebody, or closes, has taken it; another crew may be sent after the
 * first; what is opened again wants to be acknowledged again. An input without an entry changes nothing.
 */
const transitions: Readonly<Record<WorkStage, Partial<Record<WorkInput, WorkStage>>>> = {
  open: { acknowledge: 'acknowledged', dispatch: 'dispatched', close: 'closed' },
  acknowledged: { dispatch: 'dispatched', close: 'closed' },
  dispatched: { dispatch: 'dispatched', close: 'closed' },
  closed: { reopen: 'open' },
};

/** The stage that an input leads to, or undefined when it changes nothing. */
export const workTransition = (stage: WorkStage, input: WorkInput): WorkStage | undefined => transitions[stage][input];

/** Nobody has touched it. */
export const untouched: IncidentWork = { stage: 'open', entries: [], ticks: [] };
export const isUntouched = ({ entries }: IncidentWork): boolean => entries.length === 0;

const inputs: Partial<Record<WorkEntry['did'], WorkInput>> = {
  acknowledged: 'acknowledge',
  dispatched: 'dispatch',
  'closed-out': 'close',
  reopened: 'reopen',
};

const isOf = (one: StepName, other: StepName): boolean => one.alarm === other.alarm && one.step === other.step;

/** The work after one more entry; undefined where that changes nothing. */
export function worked(work: IncidentWork, entry: WorkEntry): IncidentWork | undefined {
  const input = inputs[entry.did];
  const stage = input ? workTransition(work.stage, input) : work.stage;
  const ticks = ticked(work.ticks, entry);
  if (!stage || !ticks) return undefined;
  return { stage, ticks, entries: [...work.entries, entry].slice(-maxEntries) };
}

function ticked(ticks: IncidentWork['ticks'], entry: WorkEntry): IncidentWork['ticks'] | undefined {
  if (entry.did !== 'step-done' && entry.did !== 'step-undone') return ticks;
  const { alarm, step, by, at, did } = entry;
  const others = ticks.filter((tick) => !isOf(tick, entry));
  const was = others.length < ticks.length;
  if (was === (did === 'step-done')) return undefined;
  return was ? others : [...ticks, { alarm, step, by, at }];
}
