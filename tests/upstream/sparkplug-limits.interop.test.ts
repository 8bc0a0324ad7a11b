import { afterEach, expect, it } from 'vitest';
import { Watch } from './fixture.ts';
import { describeWithMosquitto, startMosquitto } from './mosquitto.ts';
import { SparkplugHost } from './sparkplug-host.ts';
import { plant, plantStore } from './sparkplug-plant.ts';

describeWithMosquitto('Sparkplug at a broker that takes small packets', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function sceneAt(maxPacketBytes: number) {
    const broker = await startMosquitto(`allow_anonymous true\nmax_packet_size ${maxPacketBytes}`);
    cleanups.push(() => broker.stop());
    const [url, store, host] = [
      `mqtt://127.0.0.1:${broker.port}`,
      await plantStore(),
      new SparkplugHost('g', 'hrb-07'),
    ];
    cleanups.push(() => store.close());
    await host.connect(url);
    cleanups.push(() => host.close());
    const made = plant(store, { servers: [url], group: 'g', protocol: 5 });
    cleanups.push(() => made.sink.stop());
    const told = new Watch();
    const timer = setInterval(told.tell, 20);
    cleanups.push(() => clearInterval(timer));
    return { host, plant: made, told };
  }

  it('names a birth that is too large', async () => {
    const { plant: small, told } = await sceneAt(300);
    await small.sink.start();
    await told.until(() => small.sink.status().lastError.startsWith('LL-MQTT-TOO-LARGE publish on spBv1.0/g/'));
    expect(small.sink.status().state).toBe('waiting');
  });
});
