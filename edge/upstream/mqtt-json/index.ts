import type { SinkKind } from '../api.ts';
import { reviewOrders } from '../order-review.ts';
import { mqttJsonOptions } from './options.ts';
import { MqttJsonSink } from './sink.ts';

/** Events as CloudEvents and live values as JSON, to any MQTT 3.1.1 broker. */
export const mqttJson: SinkKind = {
  name: 'mqtt-json',
  options: mqttJsonOptions,
  review: (entry) => reviewOrders(entry, 'ordersKey', 'trustBroker'),
  create(id, options, host) {
    return new MqttJsonSink(id, mqttJsonOptions.parse(options), host);
  },
};
