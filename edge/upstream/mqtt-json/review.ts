import type { Remark } from '../../core/remark.ts';
import { both } from '../../core/text.ts';
import { mqttErrors } from '../errors.ts';
import type { MqttJsonOptions } from './options.ts';
import { tellsPointsApart } from './value-topics.ts';

/** Last values to be kept where several points share a topic. */
export function reviewTopics({ topics, data }: MqttJsonOptions): readonly Remark[] {
  if (!data.retain || tellsPointsApart(topics.values)) return [];
  const error = mqttErrors.create(
    'RETAIN',
    both(`points share the topic ${topics.values}`, `多个测点共用主题 ${topics.values}`),
  );
  return [{ path: ['data', 'retain'], severity: 'error', error }];
}
