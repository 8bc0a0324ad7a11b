import type { SinkKind } from '../api.ts';
import { mqttErrors } from '../errors.ts';
import { mqttJsonOptions } from './options.ts';
import { MqttJsonSink } from './sink.ts';

/** Events as CloudEvents and live values as JSON, to any MQTT 3.1.1 broker. */
export const mqttJson: SinkKind = {
  name: 'mqtt-json',
  options: mqttJsonOptions,
  create(id, options, host) {
    const checked = mqttJsonOptions.parse(options);
    if (checked.confirm === 'receiver') {
      throw mqttErrors.create('CONFIRM', `set up sink ${id}: confirm: receiver is not in this version`);
    }
    return new MqttJsonSink(id, checked, host);
  },
};
