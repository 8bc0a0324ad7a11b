import type { SinkKind } from '../api.ts';
import { certificateFiles, reviewCertificates, tlsPlaces } from '../broker-certificates.ts';
import { reviewOrders } from '../order-review.ts';
import { mqttJsonOptions } from './options.ts';
import { reviewTopics } from './review.ts';
import { MqttJsonSink } from './sink.ts';

const certificatePlaces = tlsPlaces('mqtts');

/** Events as CloudEvents and values as JSON, to any MQTT broker. */
export const mqttJson: SinkKind = {
  name: 'mqtt-json',
  options: mqttJsonOptions,
  files: certificateFiles,
  certificates: certificatePlaces,
  review(entry, nowMs) {
    const options = mqttJsonOptions.parse(entry);
    return [
      ...reviewCertificates(entry, certificatePlaces, [options.url], nowMs),
      ...reviewTopics(options),
      ...reviewOrders(entry, 'ordersKey', 'trustBroker'),
    ];
  },
  create(id, options, host) {
    return new MqttJsonSink(id, mqttJsonOptions.parse(options), host);
  },
};
