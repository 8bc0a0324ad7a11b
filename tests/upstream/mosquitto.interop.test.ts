import { afterAll, beforeAll, describe } from 'vitest';
import { describeWithMosquitto, type Mosquitto, startMosquitto } from './mosquitto.ts';
import { sinkSuite } from './sink-suite.ts';
import { sparkplugSuite } from './sparkplug-suite.ts';

describeWithMosquitto('roads over MQTT against Mosquitto', () => {
  let broker: Mosquitto;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());
  sinkSuite(() => broker.port);
  const url = () => `mqtt://127.0.0.1:${broker.port}`;
  sparkplugSuite(url);
  describe('over MQTT 5', () => sparkplugSuite(url, { protocol: 5 }));
});
