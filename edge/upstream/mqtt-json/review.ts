import type { Remark } from '../../core/remark.ts';
import { reviewCertificates } from '../broker-certificates.ts';
import { mqttErrors } from '../errors.ts';
import type { MqttJsonOptions } from './options.ts';
import { tellsPointsApart } from './value-topics.ts';

/** Certificates that are none, and last values to be kept where several points share a topic. */
export function reviewMqttJson(
  { url, tls, topics, data }: MqttJsonOptions,
  { documents }: { readonly documents?: Readonly<Record<string, unknown>> },
): readonly Remark[] {
  const remarks = [...reviewCertificates({ tls }, [url], documents)];
  if (data.retain && !tellsPointsApart(topics.values)) {
    const error = mqttErrors.create('RETAIN', `points share the topic ${topics.values}`);
    remarks.push({ path: ['data', 'retain'], severity: 'error', error });
  }
  return remarks;
}
