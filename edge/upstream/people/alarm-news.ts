import { type AlarmState, isActive, isUnacknowledged, type Priority } from '../../core/alarm.ts';
import type { Event } from '../../core/event.ts';
import type { Text } from '../../core/text.ts';
import type { SinkHost } from '../api.ts';
import type { AlarmNews } from './escalation.ts';
import type { AlarmWords } from './message.ts';

/** An alarm as an event tells it, for those who decide and for those who read. */
export interface Told {
  readonly news: AlarmNews;
  readonly words: AlarmWords;
}

/** What an event tells of an alarm; undefined when it is about something else. */
export function alarmTold({ type, data, subject, time }: Event, guidance: SinkHost['guidance']): Told | undefined {
  if (!type.startsWith('alarm.') || typeof data['state'] !== 'string') return undefined;
  const id = `${subject}/${data['kind']}`;
  const priority = data['priority'] as Priority;
  const safety = data['safety'] === true;
  const { incident } = data;
  const { consequence, steps } = guidance(subject, String(data['kind']));
  const state = data['state'] as AlarmState;
  return {
    news: {
      ...{ id, safety, priority, incident: typeof incident === 'string' ? incident : null },
      active: isActive(state),
      // what was shelved, suppressed or taken out of service somebody knows of
      acknowledged: !isUnacknowledged(state),
      again: type === 'alarm.re-alarmed',
    },
    words: {
      ...{ id, asset: subject, priority, safety },
      message: textOf(data['message']),
      ...{ response: textOf(data['response']), firstStep: steps?.[0], consequence },
      raisedAt: typeof data['raisedAt'] === 'number' ? data['raisedAt'] : time,
    },
  };
}

function textOf(value: unknown): Text {
  const { zh = '', en = '' } = (value ?? {}) as Partial<Text>;
  return { zh, en };
}
