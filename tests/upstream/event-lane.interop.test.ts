import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { cuttable, gateway, many, manyPoints, newSink, newStore, Watch } from './fixture.ts';
import { describeWithMosquitto, startMosquitto } from './mosquitto.ts';
import { natsBinary, natsCity, startNats } from './nats-server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A thousand points of which every poll goes upstream over a wire whose way back can be held. */
async function scene(sink: 'mqtt-json' | 'nats', port: number, options: Record<string, unknown>) {
  const [store, wire, points] = [await newStore(), await cuttable(port), manyPoints(1_000)];
  const url = sink === 'nats' ? wire.url.replace('mqtt', 'nats') : wire.url;
  const made = newSink(store, { url, ...options }, sink, points.host);
  cleanups.push(
    () => store.close(),
    () => wire.close(),
    () => made.stop(),
  );
  const watch = new Watch();
  const timer = setInterval(watch.tell, 10);
  cleanups.push(() => clearInterval(timer));
  await made.start();
  await store.journal.append(many(1, 1));
  await watch.until(() => made.status().forwarded === 1);
  return { store, wire, watch, sink: made, poll: points.poll };
}

describeWithMosquitto('an event under telemetry over MQTT', () => {
  it('reaches a broker that acknowledges nothing meanwhile, though a thousand values wait for it', async () => {
    const broker = await startMosquitto('allow_anonymous true\nmax_inflight_messages 20\nmax_queued_messages 0');
    cleanups.push(() => broker.stop());
    const options = { topics: { values: 'now/{device}/{point}' }, data: { qos: 1 } };
    const { store, wire, watch, sink, poll } = await scene('mqtt-json', broker.port, options);
    const city = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    cleanups.push(() => city.endAsync(true));
    const heard: string[] = [];
    city.on('message', (topic) => heard.push(topic.split('/')[0]!));
    await city.subscribeAsync(['now/#', `lifeline/${gateway}/events/#`], { qos: 1 });
    wire.letAnswers(false);
    for (let round = 0; round < 5; round++) sink.publish(poll(round));
    await watch.until(() => heard.length >= 15);
    await store.journal.append(many(2, 5));
    await watch.until(() => heard.length >= 20);
    expect(heard).toEqual([...Array(15).fill('now'), ...Array(5).fill('lifeline')]);
    wire.letAnswers(true);
    await watch.until(() => sink.status().pending === 0 && heard.length >= 1_006);
    expect(sink.status().state).toBe('online');
  });

  it('has 64 kB of values before it at most, of those that the wire has not taken', async () => {
    const broker = await startMosquitto('allow_anonymous true\nmax_queued_messages 0');
    cleanups.push(() => broker.stop());
    const { store, wire, watch, sink, poll } = await scene('mqtt-json', broker.port, { data: { qos: 1 } });
    wire.letAnswers(false);
    const before = wire.bytesSent;
    for (let round = 0; round < 30; round++) sink.publish(poll(round));
    const city = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    cleanups.push(() => city.endAsync(true));
    let sentBefore = 0;
    city.on('message', () => {
      sentBefore = wire.bytesSent - before;
    });
    await city.subscribeAsync(`lifeline/${gateway}/events/#`, { qos: 1 });
    await store.journal.append(many(2, 1));
    await watch.until(() => sentBefore > 0);
    expect(sentBefore).toBeLessThan(66_000);
    wire.letAnswers(true);
    await watch.until(() => sink.status().pending === 0);
  });
});

describe.skipIf(!natsBinary && !process.env['CI'])('an event under telemetry over NATS', () => {
  it('has 64 kB of values before it at most, while the stream acknowledges none', async () => {
    const server = await startNats();
    cleanups.push(() => server.kill());
    const options = { stream: { create: true }, data: { enabled: true, stream: { create: true } } };
    const { store, wire, watch, sink, poll } = await scene('nats', server.port, options);
    const city = await natsCity(server);
    cleanups.push(() => city.close());
    await watch.until(() => {
      sink.publish(poll(0));
      return sink.status().sent! > 0;
    });
    wire.letAnswers(false);
    const before = wire.bytesSent;
    for (let round = 0; round < 30; round++) sink.publish(poll(round));
    await store.journal.append(many(2, 1));
    const stored = await city.stored('lifeline', 2);
    const sentBefore = wire.bytesSent - before;
    expect(stored.map(({ number }) => number)).toEqual([1, 2]);
    expect(sentBefore).toBeLessThan(66_000);
    wire.letAnswers(true);
    await watch.until(() => sink.status().pending === 0);
  });
});
