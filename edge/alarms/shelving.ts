import { type Alarm, isActive, type Shelving } from '../core/alarm.ts';
import type { LifelineError } from '../core/errors.ts';
import { both, type Text } from '../core/text.ts';
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
  const refuse = (code: 'SHELVE-STATE' | 'SHELVE-SAFETY' | 'SHELVE-TIME' | 'SHELVE-MANY', why: Text) =>
    alarmErrors.create(code, both(`shelve ${alarm.id}: ${why.en}`, `搁置 ${alarm.id}：${why.zh}`));
  if (!isActive(alarm.state) && alarm.state !== 'returned-unacknowledged' && alarm.state !== 'shelved')
    return refuse('SHELVE-STATE', both(`it is ${alarm.state}`, '其状态不允许'));
  if (alarm.safety && alarm.state === 'active-unacknowledged')
    return refuse('SHELVE-SAFETY', both('it concerns safety and nobody has acknowledged it', '涉及安全且尚未确认'));
  if (alarm.safety && alarm.state === 'returned-unacknowledged')
    return refuse('SHELVE-SAFETY', both('it concerns safety and its condition is over', '涉及安全且条件已消失'));
  const lengthMs = until - at;
  if (!(lengthMs > 0 && lengthMs <= longestShelvingMs))
    return refuse(
      'SHELVE-TIME',
      both(
        `${Math.round(lengthMs / 60_000)} min is not within ${longestShelvingMs / 60_000} min`,
        `${Math.round(lengthMs / 60_000)} 分钟不在 ${longestShelvingMs / 60_000} 分钟以内`,
      ),
    );
  if (shelved >= mostShelved && alarm.state !== 'shelved')
    return refuse('SHELVE-MANY', both(`${mostShelved} are shelved`, `已搁置 ${mostShelved} 条`));
  return undefined;
}

/** The shelving as it holds for an alarm: of safety one instance at the most. */
export const shelvingOf = ({ safety }: Alarm, shelving: Shelving): Shelving =>
  safety ? { ...shelving, once: true } : shelving;
