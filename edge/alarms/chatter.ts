import { type Alarm, chatterActivations, chatterMs, isActive, isChattering } from '../core/alarm.ts';

/** An activation that is over within this time is fleeting (IEC 62682 clause 16); … */
export const fleetingMs = 10_000;
/** … so many in a row, each within this time of the one before, disturb as chatter does. Design choice. */
const fleetingInRow = 3;
const fleetingRowMs = 600_000;

type Course = Pick<Alarm, 'activatedAt' | 'state' | 'safety' | 'finding' | 'fleeting'>;

/** The last activations with one more, as many as chattering is told by. */
export const withActivation = (before: readonly number[], timeMs: number): readonly number[] =>
  [...before, timeMs].slice(-chatterActivations);

/** The fleeting activations before one that comes now: none of a row that is over. */
export const fleetingBefore = ({ activatedAt, fleeting }: Course, nowMs: number): number | undefined =>
  nowMs - (activatedAt.at(-1) ?? Number.NEGATIVE_INFINITY) <= fleetingRowMs ? fleeting : undefined;

export const isFleeting = ({ activatedAt }: Pick<Alarm, 'activatedAt'>, nowMs: number): boolean =>
  nowMs - (activatedAt.at(-1) ?? Number.NEGATIVE_INFINITY) < fleetingMs;

/** The fleeting activations in a row, with the one that ends now. */
export const fleetingAfter = (alarm: Course, nowMs: number): number | undefined =>
  isFleeting(alarm, nowMs) ? (alarm.fleeting ?? 0) + 1 : undefined;

/** Whether an alarm whose condition is over is kept active because it chatters or flashes; a safety alarm never is. */
export const isHeld = ({ state, finding }: Pick<Course, 'state' | 'finding'>): boolean =>
  isActive(state) && !finding.active;

/** Whether the end of the condition is to be held back. */
export const holdsBack = (alarm: Course, nowMs: number): boolean =>
  !alarm.safety && isActive(alarm.state) && (isChattering(alarm, nowMs) || (alarm.fleeting ?? 0) >= fleetingInRow);

/** Whether what is held can be let go: it has been quiet for as long as its activations may lie apart. */
export function isQuiet({ activatedAt }: Pick<Alarm, 'activatedAt'>, nowMs: number): boolean {
  const last = activatedAt.at(-1) ?? Number.NEGATIVE_INFINITY;
  return nowMs - last > (isChattering({ activatedAt }, last) ? chatterMs : fleetingRowMs);
}
