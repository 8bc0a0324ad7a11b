import mqtt from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { gateway, many, newSink, newStore, Watch } from './fixture.ts';
import { describeWithMosquitto, startMosquitto } from './mosquitto.ts';

const home = `lifeline/${gateway}`;
const count = 400;

describeWithMosquitto('a broker that is killed in mid-stream', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it('costs no event that the receiver has to confirm, though it forgets all that it had taken', async () => {
    const broker = await startMosquitto('allow_anonymous true\nmax_inflight_messages 5');
    cleanups.push(() => broker.stop());
    const store = await newStore();
    cleanups.push(() => store.close());
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const far = await mqtt.connectAsync(url, { reconnectPeriod: 50 });
    cleanups.push(() => far.endAsync(true));
    far.on('error', () => undefined);
    const watch = new Watch();
    const timer = setInterval(watch.tell, 10);
    cleanups.push(() => clearInterval(timer));
    const numbers = new Set<number>();
    far.on('message', (_topic, payload) => {
      const { id, data } = JSON.parse(String(payload));
      numbers.add(data.number);
      far.publish(`${home}/receipts`, JSON.stringify({ id, status: 'accepted' }), { qos: 1 });
    });
    await far.subscribeAsync(`${home}/events/#`, { qos: 1 });
    await store.journal.append(many(1, count));
    const sink = newSink(store, { url, confirm: 'receiver', resendAfterS: 1 });
    cleanups.push(() => sink.stop());
    await sink.start();
    for (const share of [0.2, 0.5, 0.8]) {
      await watch.until(() => numbers.size >= count * share);
      await broker.kill();
      await broker.restart();
    }
    await watch.until(() => sink.status().forwarded === count);
    expect([...numbers].toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(sink.status()).toMatchObject({ pending: 0, refused: 0, unconfirmed: 0 });
  });
});
