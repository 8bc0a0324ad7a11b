import { type Alarm, isActive } from '../core/alarm.ts';

/** So many activations within this time are chattering (IEC 62682, EEMUA 191: three or more in one minute), … */
const activations = 3;
export const chatterMs = 60_000;

type Course = Pick<Alarm, 'activatedAt' | 'state' | 'safety' | 'finding'>;

/** The last activations with one more, as many as chattering is told by. */
export const withActivation = (before: readonly number[], timeMs: number): readonly number[] =>
  [...before, timeMs].slice(-activations);

export const isChattering = ({ activatedAt }: Pick<Alarm, 'activatedAt'>, nowMs: number): boolean =>
  activatedAt.length === activations && nowMs - (activatedAt[0] as number) <= chatterMs;

/** Whether an alarm whose condition is over is kept active because it chatters; a safety alarm never is. */
export const isHeld = ({ state, finding }: Pick<Course, 'state' | 'finding'>): boolean =>
  isActive(state) && !finding.active;

/** Whether the end of the condition is to be held back. */
export const holdsBack = (alarm: Course, nowMs: number): boolean =>
  !alarm.safety && isActive(alarm.state) && isChattering(alarm, nowMs);

/** … and it is let go when it has been quiet for as long. */
export const isQuiet = ({ activatedAt }: Pick<Alarm, 'activatedAt'>, nowMs: number): boolean =>
  nowMs - (activatedAt.at(-1) ?? Number.NEGATIVE_INFINITY) > chatterMs;
