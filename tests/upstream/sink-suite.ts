import mqtt from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import type { Event } from '../../edge/core/event.ts';
import type { Store } from '../../edge/store/api.ts';
import type { Sink } from '../../edge/upstream/api.ts';
import { type ReceivedData, type SubscriberOptions, startSubscriber } from '../../simulator/platform/subscriber.ts';
import { batch, cuttable, gateway, many, newSink, newStore, Watch } from './fixture.ts';

/** The port of a running broker. */
export type Port = () => number;

/** What the sink must hold against any broker. */
export function sinkSuite(port: Port): void {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function city(judge?: SubscriberOptions['judge']) {
    const watch = new Watch();
    const numbers: number[] = [];
    const states: string[] = [];
    const data: ReceivedData[] = [];
    const subscriber = await startSubscriber({
      ...{ url: `mqtt://127.0.0.1:${port()}`, gateway, clock: realClock() },
      ...(judge ? { judge } : {}),
      onEvent: (event) => {
        numbers.push(Number(event.data['number']));
        watch.tell();
      },
      onState: (state) => {
        states.push(state);
        watch.tell();
      },
      onData: (message) => {
        data.push(message);
        watch.tell();
      },
    });
    cleanups.push(() => subscriber.close());
    return { watch, numbers, states, data, subscriber };
  }

  async function running(url: string, store: Store, options = {}): Promise<Sink> {
    const sink = newSink(store, { url, ...options });
    await sink.start();
    cleanups.push(() => sink.stop());
    return sink;
  }

  async function store(): Promise<Store> {
    const made = await newStore();
    cleanups.push(() => made.close());
    return made;
  }

  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('forwards what was journaled before and after its start, in order, each once, and moves its cursor', async () => {
    const [journal, far] = [await store(), await city()];
    await journal.journal.append(many(1, 300));
    const sink = await running(`mqtt://127.0.0.1:${port()}`, journal);
    for (let from = 301; from <= 600; from += 10) await journal.journal.append(many(from, 10));
    await far.watch.until(() => far.numbers.length === 600);
    expect(far.numbers).toEqual(upTo(600));
    await sink.stop();
    expect(sink.status()).toMatchObject({ forwarded: 600, pending: 0, oldestPendingMs: 0, lastError: '' });
    expect(await journal.cursors.get('city')).toBe(600);
    expect(far.subscriber.figures()).toMatchObject({
      received: 600,
      duplicates: 0,
      conflicts: 0,
      gaps: 0,
      malformed: 0,
    });
  });

  it('loses nothing when the wire is cut in mid-stream, and repeats only under the same id', async () => {
    const [journal, far, wire] = [await store(), await city(), await cuttable(port())];
    cleanups.push(() => wire.close());
    wire.cutAfter(60_000);
    const sink = await running(wire.url, journal);
    const told = new Watch();
    const timer = setInterval(told.tell, 20);
    cleanups.push(() => clearInterval(timer));
    await journal.journal.append(many(1, 500));
    await told.until(() => sink.status().state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-MQTT-(LOST|UNREACHABLE) /);
    expect(sink.status().pending).toBeGreaterThan(0);
    expect(sink.status().oldestPendingMs).toBeGreaterThan(0);
    await journal.journal.append(many(501, 50));
    wire.restore();
    await far.watch.until(() => far.numbers.length === 550);
    expect(far.numbers).toEqual(upTo(550));
    expect(far.subscriber.figures()).toMatchObject({ gaps: 0, conflicts: 0 });
    await told.until(() => sink.status().pending === 0);
    expect(sink.status().lastError).toBe('');
  });

  it('goes on behind its cursor after a restart', async () => {
    const [journal, far] = [await store(), await city()];
    const first = await running(`mqtt://127.0.0.1:${port()}`, journal);
    await journal.journal.append(many(1, 20));
    await far.watch.until(() => far.numbers.length === 20);
    await first.stop();
    await journal.journal.append(many(21, 20));
    await running(`mqtt://127.0.0.1:${port()}`, journal);
    await far.watch.until(() => far.numbers.length === 40);
    expect(far.numbers).toEqual(upTo(40));
    expect(far.subscriber.figures().duplicates).toBe(0);
  });

  it('is done with an event on the receiver’s receipt alone, and journals what the receiver refuses', async () => {
    let [deaf, asked] = [true, 0];
    const far = await city(({ data }) => {
      asked++;
      far.watch.tell();
      if (deaf) return null;
      return data['number'] === 3 ? { refused: 'no such grid cell' } : 'accepted';
    });
    const journal = await store();
    await journal.journal.append(many(1, 5));
    const sink = await running(`mqtt://127.0.0.1:${port()}`, journal, { confirm: 'receiver', resendAfterS: 1 });
    await far.watch.until(() => asked === 5);
    expect(sink.status()).toMatchObject({ forwarded: 0, pending: 5, unconfirmed: 5, refused: 0 });
    expect(await journal.cursors.get('city')).toBe(0);
    deaf = false;
    const noted = Promise.withResolvers<Event>();
    journal.journal.onAppend(([event]) => event && noted.resolve(event));
    expect(await noted.promise).toMatchObject({ type: 'gateway.event-refused', data: { reason: 'no such grid cell' } });
    await far.watch.until(() => far.numbers.length === 6); // the note itself
    expect(far.numbers.slice(0, 5)).toEqual(upTo(5));
    await sink.stop();
    expect(sink.status()).toMatchObject({ forwarded: 6, pending: 0, unconfirmed: 0, refused: 1, lastError: '' });
    expect(await journal.cursors.get('city')).toBe(6);
    expect(far.subscriber.figures()).toMatchObject({ received: 6, conflicts: 0, gaps: 0, malformed: 0 });
  });

  it('says online, retained, for late comers; offline by itself when it stops and by its will when it drops', async () => {
    const [journal, early, wire] = [await store(), await city(), await cuttable(port())];
    cleanups.push(() => wire.close());
    const before = early.states.length; // a broker may still hold the state of another run
    const sink = await running(wire.url, journal);
    await early.watch.until(() => early.states.at(-1) === 'online' && early.states.length > before);
    const late = await city();
    await late.watch.until(() => late.states[0] === 'online');
    wire.drop();
    await early.watch.until(() => early.states.at(-1) === 'offline');
    wire.restore();
    await early.watch.until(() => early.states.at(-1) === 'online');
    await sink.stop();
    await early.watch.until(() => early.states.at(-1) === 'offline');
  });

  it('publishes events at QoS 1 on their asset’s topic, and live values per device with quality and no NaN', async () => {
    const [journal, far] = [await store(), await city()];
    const listener = await mqtt.connectAsync(`mqtt://127.0.0.1:${port()}`);
    cleanups.push(() => listener.endAsync(true));
    const packets: { topic: string; qos: number; retain: boolean }[] = [];
    listener.on('message', (topic, _payload, { qos, retain }) => {
      packets.push({ topic, qos, retain });
      far.watch.tell();
    });
    await listener.subscribeAsync(`lifeline/${gateway}/events/#`, { qos: 1 });
    const sink = await running(`mqtt://127.0.0.1:${port()}`, journal);
    await journal.journal.append(many(1, 1));
    await far.watch.until(() => packets.length === 1);
    expect(packets).toEqual([{ topic: `lifeline/${gateway}/events/water/dma-2`, qos: 1, retain: false }]);
    const clockMs = Date.now() % 86_400_000;
    sink.publish(batch([12.5, Number.NaN, clockMs], [0, 130, 66]));
    await far.watch.until(() => far.data.length === 1);
    expect(far.data[0]).toEqual({
      device: 'ps-3',
      t: '2026-01-15T08:00:00.000Z',
      values: {
        'ps-3/flow': [12.5, 'good'],
        'ps-3/p-out': [null, 'comm'],
        'ps-3/scan-clock': [clockMs, 'out-of-range'],
      },
    });
    const { latency } = far.subscriber.figures();
    expect(latency.count).toBe(1);
    expect(latency.p99).toBeLessThan(5_000);
  });

  it('sends the values of an outage later from history, told as historical, each once and in order', async () => {
    const [kept, far, wire] = [await store(), await city(), await cuttable(port())];
    cleanups.push(() => wire.close());
    const sink = await running(wire.url, kept);
    const told = new Watch();
    const timer = setInterval(told.tell, 20);
    cleanups.push(() => clearInterval(timer));
    const since = Date.now();
    let count = 0;
    const poll = () => {
      const polled = batch([count, count * 2, count * 3]);
      polled.times.fill(since + count++);
      kept.history.append(polled);
      sink.publish(polled);
    };
    await told.until(() => sink.status().state === 'online');
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 20; index++) poll();
      await told.until(() => sink.status().backlogMs === 0);
      wire.drop();
      await told.until(() => sink.status().state === 'waiting');
      for (let index = 0; index < 300; index++) poll();
      wire.restore();
      await told.until(() => sink.status().state === 'online' && sink.status().backlogMs === 0);
    }
    await sink.stop();
    await far.watch.until(() => new Set(far.data.map(({ t }) => t)).size === count);
    const historical = far.data.filter((message) => message.historical).map(({ t }) => Date.parse(t));
    expect(historical).toEqual(historical.toSorted((a, b) => a - b));
    expect(historical.length).toBeGreaterThanOrEqual(900);
    for (const { t, values } of far.data) {
      const number = Date.parse(t) - since;
      expect(values).toEqual({
        'ps-3/flow': [number, 'good'],
        'ps-3/p-out': [number * 2, 'good'],
        'ps-3/scan-clock': [number * 3, 'good'],
      });
    }
    expect(sink.status().dropped).toBe(0);
  });
}
