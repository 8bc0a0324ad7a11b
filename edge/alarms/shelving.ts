import { type Alarm, isActive, type Shelving } from '../core/alarm.ts';
import type { LifelineError } from '../core/errors.ts';
import { alarmErrors } from './errors.ts';

/** Nobody puts an alarm aside for longer than a shift, … */
export const longestShelvingMs = 8 * 3_600_000;
/** … and more than these are no exceptions any more but a list that is not looked at. */
export const mostShelved = 100;

/**
 * Why an alarm may not be shelved, undefined when it may. A safety alarm may be only while it is acknowledged, and no longer
 * than its condition stands: the next one is shown.
 * @param shelved how many are already
 */
export function shelvingRefusal(alarm: Alarm, { at, until }: Shelving, shelved: number): LifelineError | undefined {
  const refuse = (code: 'SHELVE-STATE' | 'SHELVE-SAFETY' | 'SHELVE-TIME' | 'SHELVE-MANY', why: string) =>
    alarmErrors.create(code, `shelve ${alarm.id}: ${why}`);
  if (!isActive(alarm.state) && alarm.state !== 'returned-unacknowledged' && alarm.state !== 'shelved')
    return refuse('SHELVE-STATE', `it is ${alarm.state}`);
  if (alarm.safety && alarm.state === 'active-unacknowledged')
    return refuse('SHELVE-SAFETY', 'it concerns safety and nobody has acknowledged it');
  if (alarm.safety && alarm.state === 'returned-unacknowledged')
    return refuse('SHELVE-SAFETY', 'it concerns safety and its condition is over');
  const lengthMs = until - at;
  if (!(lengthMs > 0 && lengthMs <= longestShelvingMs))
    return refuse(
      'SHELVE-TIME',
      `${Math.round(lengthMs / 60_000)} min is not within ${longestShelvingMs / 60_000} min`,
    );
  if (shelved >= mostShelved && alarm.state !== 'shelved') return refuse('SHELVE-MANY', `${mostShelved} are shelved`);
  return undefined;
}

/** The shelving as it holds for an alarm: of safety one instance at the most. */
export const shelvingOf = ({ safety }: Alarm, shelving: Shelving): Shelving =>
  safety ? { ...shelving, once: true } : shelving;
