import type { SinkKind } from '../api.ts';
import { certificateFiles } from '../broker-certificates.ts';
import { reviewOrders } from '../order-review.ts';
import { mqttJsonOptions } from './options.ts';
import { reviewMqttJson } from './review.ts';
import { MqttJsonSink } from './sink.ts';

/** Events as CloudEvents and values as JSON, to any MQTT broker. */
export const mqttJson: SinkKind = {
  name: 'mqtt-json',
  options: mqttJsonOptions,
  files: certificateFiles,
  review: (entry) => [
    ...reviewMqttJson(mqttJsonOptions.parse(entry), entry),
    ...reviewOrders(entry, 'ordersKey', 'trustBroker'),
  ],
  create(id, options, host) {
    return new MqttJsonSink(id, mqttJsonOptions.parse(options), host);
  },
};
