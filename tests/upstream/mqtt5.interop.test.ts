import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type IPublishPacket } from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { LiveTable } from '../../edge/core/live-table.ts';
import type { CentreOrder } from '../../edge/core/order.ts';
import type { SinkHost } from '../../edge/upstream/api.ts';
import { batch, eventOf, gateway, hurriedClock, many, newSink, newStore, tags, Watch } from './fixture.ts';
import { describeWithMosquitto, type Mosquitto, startMosquitto } from './mosquitto.ts';

const home = `lifeline/${gateway}`;
const bodyOf = ({ payload }: IPublishPacket) => JSON.parse(String(payload));
const numberOf = (packet: IPublishPacket): unknown => bodyOf(packet).data.number;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describeWithMosquitto('MQTT 5 against Mosquitto', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function scene(
    options: Record<string, unknown> = {},
    lines = 'allow_anonymous true',
    host?: Partial<SinkHost>,
  ) {
    const broker = await startMosquitto(lines);
    cleanups.push(() => broker.stop());
    const store = await newStore();
    cleanups.push(() => store.close());
    const told = new Watch();
    const timer = setInterval(told.tell, 20);
    cleanups.push(() => clearInterval(timer));
    const sinkAt = async (given: Partial<SinkHost> = {}) => {
      const sink = newSink(store, { url: `mqtt://127.0.0.1:${broker.port}`, ...options }, 'mqtt-json', {
        ...host,
        ...given,
      });
      cleanups.push(() => sink.stop());
      await sink.start();
      return sink;
    };
    return { broker, store, told, sinkAt };
  }

  /** Somebody of the city who hears packets as they come. */
  async function listener({ port }: Mosquitto, ...topics: string[]) {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, username: 'city' });
    cleanups.push(() => client.endAsync(true));
    const watch = new Watch();
    const packets: IPublishPacket[] = [];
    client.on('message', (_topic, _payload, packet) => {
      packets.push(packet);
      watch.tell();
    });
    for (const topic of topics) await client.subscribeAsync(topic, { qos: 1 });
    return { client, packets, until: (count: number) => watch.until(() => packets.length >= count) };
  }

  it('tells what a message is, whose it is, and for how long it counts', async () => {
    const { broker, store, sinkAt } = await scene({ confirm: 'receiver', data: { expiryS: 3_600 } });
    const far = await listener(broker, `${home}/events/#`, `${home}/data/#`);
    const [event] = await store.journal.append([eventOf(1)]);
    const sink = await sinkAt();
    await far.until(1);
    const { stream, epoch, sequence } = event!;
    const id = `${gateway}/${stream}/${epoch}/${sequence}`;
    expect(far.packets[0]?.properties).toMatchObject({
      ...{ payloadFormatIndicator: true, contentType: 'application/cloudevents+json; charset=utf-8' },
      ...{ responseTopic: `${home}/receipts`, correlationData: Buffer.from(id) },
      userProperties: { id, stream, epoch, sequence: String(sequence) },
    });
    expect(far.packets[0]?.properties?.messageExpiryInterval).toBeUndefined();
    sink.publish(batch([1, 2, 3]));
    await far.until(2);
    expect(far.packets[1]?.properties).toMatchObject({ contentType: 'application/json', messageExpiryInterval: 3_600 });
  });

  it('takes the receipt of a receiver that answers by correlation alone', async () => {
    const { broker, store, sinkAt, told } = await scene({ confirm: 'receiver' });
    const far = await listener(broker, `${home}/events/#`);
    far.client.on('message', (_topic, _payload, { properties }) => {
      const { responseTopic = '', correlationData = Buffer.alloc(0) } = properties ?? {};
      far.client.publish(responseTopic, '{"status": "accepted"}', { qos: 1, properties: { correlationData } });
    });
    await store.journal.append(many(1, 5));
    const sink = await sinkAt();
    await told.until(() => sink.status().forwarded === 5);
    expect(sink.status()).toMatchObject({ pending: 0, unconfirmed: 0, refused: 0 });
  });

  it('answers an order where it asks for the answer, within its own replies, and carries out one that came while it was away', async () => {
    const orders: CentreOrder[] = [];
    const heed: SinkHost['heed'] = async (order) => {
      orders.push(order);
      return { id: order.id, status: 'accepted', reason: '' };
    };
    const { broker, sinkAt, told } = await scene({ trustBroker: true, sessionExpiryS: 600 }, 'allow_anonymous true', {
      heed,
    });
    const far = await listener(broker, `${home}/replies/#`, 'elsewhere/#');
    const order = {
      gateway,
      by: '李工',
      expires: new Date(Date.now() + 60_000).toISOString(),
      kind: 'acknowledge',
      alarm: 'a',
    };
    const ask = (id: string, responseTopic: string) =>
      far.client.publishAsync(`${home}/commands`, JSON.stringify({ ...order, id }), {
        ...{ qos: 1, properties: { responseTopic, correlationData: Buffer.from(`about ${id}`) } },
      });
    const sink = await sinkAt();
    await told.until(() => sink.status().state === 'online');
    await far.client.publishAsync(`${home}/commands`, 'no order', { qos: 1 });
    await far.until(1); // now it listens
    await ask('o-1', `${home}/replies/desk-3`);
    await ask('o-2', 'elsewhere/desk-3');
    await far.until(3);
    const heard = far.packets
      .slice(1)
      .map(({ topic, payload, properties }) => [
        ...[topic, JSON.parse(String(payload)).id, String(properties?.correlationData)],
      ]);
    expect(heard).toEqual([
      [`${home}/replies/desk-3`, 'o-1', 'about o-1'],
      [`${home}/replies`, 'o-2', 'about o-2'],
    ]);
    await sink.stop();
    await ask('o-3', `${home}/replies/desk-3`);
    await sinkAt();
    await far.until(4);
    expect(orders.map(({ id }) => id)).toEqual(['o-1', 'o-2', 'o-3']);
  });

  it('owes the broker no more than it takes at once, and loses none of many', async () => {
    const { broker, store, sinkAt, told } = await scene(
      { data: { qos: 1 } },
      'allow_anonymous true\nmax_inflight_messages 3',
    );
    const far = await listener(broker, `${home}/events/#`);
    await store.journal.append(many(1, 300));
    const sink = await sinkAt();
    await told.until(() => sink.status().state === 'online');
    for (let round = 0; round < 20; round++) sink.publish(batch([round, round, round]));
    await told.until(() => sink.status().forwarded === 300);
    await far.until(300);
    expect(far.packets.map(numberOf)).toEqual(upTo(300));
    expect(sink.status().lastError).toBe('');
  });

  it('gives up a broker that keeps the connection and acknowledges nothing, says so, and loses nothing', async () => {
    const clock = hurriedClock(10);
    const { broker, store, sinkAt, told } = await scene({}, undefined, { clock });
    const far = await listener(broker, `${home}/events/#`);
    const sink = await sinkAt();
    await store.journal.append(many(1, 20));
    await told.until(() => sink.status().forwarded === 20);
    broker.hold(true);
    await store.journal.append(many(21, 80));
    await told.until(() => sink.status().state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-MQTT-NO-ACK send to .*: 50 not acknowledged in 30 s; /);
    expect(sink.status()).toMatchObject({ pending: 80, forwarded: 20 });
    broker.hold(false);
    await told.until(() => sink.status().pending === 0);
    await told.until(() => far.packets.map(numberOf).includes(100));
    expect(sink.status()).toMatchObject({ state: 'online', lastError: '' });
    expect([...new Set(far.packets.map(numberOf))]).toEqual(upTo(100));
  });

  it('goes on where it stood at another broker, on other topics, with events and with the values that it owes', async () => {
    const [elder, younger] = [await scene(), await startMosquitto()];
    cleanups.push(() => younger.stop());
    const { store, told } = elder;
    const far = await listener(elder.broker, `${home}/#`);
    const sink = await elder.sinkAt();
    await store.journal.append(many(1, 20));
    await told.until(() => sink.status().forwarded === 20);
    await elder.broker.stop();
    await told.until(() => sink.status().state === 'waiting');
    await store.journal.append(many(21, 20));
    const sinceMs = Date.now();
    for (let poll = 0; poll < 50; poll++) {
      const polled = batch([poll, poll, poll]);
      polled.times.fill(sinceMs + poll);
      store.history.append(polled);
      sink.publish(polled);
    }
    await sink.stop();
    const options = {
      url: `mqtt://127.0.0.1:${younger.port}`,
      prefix: 'city',
      data: { buffer: { hours: 24, mb: 10 } },
    };
    const changed = newSink(store, options);
    cleanups.push(() => changed.stop());
    const late = await listener(younger, `city/${gateway}/events/#`, `city/${gateway}/data/#`);
    await changed.start();
    await told.until(() => changed.status().pending === 0 && changed.status().backfilled === 150);
    await late.until(70);
    const on = (kind: string) => late.packets.filter(({ topic }) => topic.startsWith(`city/${gateway}/${kind}/`));
    expect(on('events').map(numberOf)).toEqual(upTo(40).slice(20));
    expect(on('data').map((packet) => bodyOf(packet).values['ps-3/flow'][0])).toEqual(upTo(50).map((poll) => poll - 1));
    expect(far.packets.filter(({ topic }) => topic.startsWith(`${home}/events/`)).map(numberOf)).toEqual(upTo(20));
  });

  it('keeps an event that is larger than the broker takes in the journal, says so, and sends what follows; values go in parts', async () => {
    const { broker, store, sinkAt, told } = await scene({}, 'allow_anonymous true\nmax_packet_size 1200');
    const far = await listener(broker, `${home}/events/#`, `${home}/data/#`);
    const large = { ...eventOf(2), data: { number: 2, text: 'x'.repeat(2_000) } };
    await store.journal.append([eventOf(1), large, eventOf(3)]);
    const sink = await sinkAt();
    await told.until(() => sink.status().pending === 0);
    await far.until(3);
    const [first, third, note] = far.packets.map((packet) => bodyOf(packet).data);
    expect([first.number, third.number, note.reason]).toEqual([1, 3, expect.stringMatching(/^LL-MQTT-TOO-LARGE /)]);
    expect(sink.status()).toMatchObject({ forwarded: 4, refused: 1, state: 'online', lastError: '' });
    const texts = new Map([0, 1, 2].map((tag) => [tag, `${tag}`.repeat(600)]));
    sink.publish({ ...batch([1, 2, 3]), texts });
    await far.until(6);
    const parts = far.packets.slice(3).map((packet) => Object.keys(bodyOf(packet).values));
    expect(parts).toEqual([['ps-3/flow'], ['ps-3/p-out'], ['ps-3/scan-clock']]);
  });

  it('leaves the last value of each point with the broker, also of those that stood still since before its start', async () => {
    const live = new LiveTable(tags.size);
    live.write(batch([1, 2, 3]));
    const options = { topics: { values: 'now/{gateway}/{device}/{point}' }, data: { retain: true } };
    const { broker, sinkAt, told } = await scene(options, 'allow_anonymous true', { live });
    const sink = await sinkAt();
    await told.until(() => sink.status().sent === 3);
    sink.publish(batch([1.5]));
    await told.until(() => sink.status().sent === 4);
    await sink.stop();
    const late = await listener(broker, 'now/#');
    await late.until(3);
    expect(
      late.packets.map(({ topic, retain, payload }) => [topic, retain, JSON.parse(String(payload)).values]),
    ).toEqual(
      [['flow', 1.5] as const, ['p-out', 2] as const, ['scan-clock', 3] as const].map(([point, value]) => [
        ...[`now/${gateway}/ps-3/${point}`, true, { [`ps-3/${point}`]: [value, 'good'] }],
      ]),
    );
  });

  it('names a topic that the broker does not allow, and delivers all in order once it does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-acl-'));
    const acl = join(folder, 'acl');
    const rules = (topic: string) => `user city\ntopic readwrite #\nuser ${gateway}\ntopic readwrite ${topic}\n`;
    await writeFile(acl, rules(`${home}/state`));
    const lines = `allow_anonymous true\nacl_file ${acl}`;
    const { broker, store, sinkAt, told } = await scene({ username: gateway }, lines);
    const far = await listener(broker, `${home}/events/#`);
    await store.journal.append(many(1, 100));
    const sink = await sinkAt();
    await told.until(() => sink.status().lastError.startsWith('LL-MQTT-TOPIC '));
    expect(sink.status()).toMatchObject({ forwarded: 0, pending: 100 });
    await writeFile(acl, rules('lifeline/#'));
    broker.reload();
    await told.until(() => sink.status().pending === 0);
    await far.until(100);
    expect(sink.status().lastError).toBe('');
    expect(far.packets.map(numberOf)).toEqual(upTo(100));
  });

  it('names values that the broker does not take, and goes on with events', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-acl-'));
    const acl = join(folder, 'acl');
    await writeFile(acl, `user ${gateway}\ntopic write ${home}/state\ntopic write ${home}/events/#\n`);
    const { store, sinkAt, told } = await scene(
      { username: gateway, data: { qos: 1 } },
      `allow_anonymous true\nacl_file ${acl}`,
    );
    const sink = await sinkAt();
    await told.until(() => sink.status().state === 'online');
    sink.publish(batch([1, 2, 3]));
    await told.until(() => sink.status().lastError.startsWith(`LL-MQTT-TOPIC publish on ${home}/data/ps-3 `));
    await store.journal.append(many(1, 10));
    await told.until(() => sink.status().forwarded === 10);
    expect(sink.status().state).toBe('online');
  });

  it('beats for those who are there and those who come later, with the newest event that they have', async () => {
    const { broker, store, sinkAt, told } = await scene({ heartbeatS: 1 });
    const far = await listener(broker, `${home}/heartbeat`);
    const journaled = await store.journal.append(many(1, 3));
    const sink = await sinkAt({ wants: ({ sequence }) => sequence < 3 });
    await told.until(() => sink.status().pending === 0);
    const sofar = far.packets.length;
    await far.until(sofar + 2);
    const { stream, epoch } = journaled[1]!;
    const beat = bodyOf(far.packets.at(-1)!);
    expect(beat).toMatchObject({
      ...{ specversion: '1.0', type: 'city.lifeline.gateway.heartbeat', subject: gateway },
      data: {
        ...{ sequence: far.packets.length, nextWithinS: 1, pendingEvents: 0 },
        lastEvent: { id: `${gateway}/${stream}/${epoch}/2`, sequence: 2 },
        alarms: { active: 2, unacknowledged: 1, safety: 0 },
      },
    });
    await sink.stop();
    const late = await listener(broker, `${home}/heartbeat`);
    await late.until(1);
    expect(late.packets[0]).toMatchObject({ retain: true, qos: 1 });
    expect(bodyOf(late.packets[0]!)).toEqual(bodyOf(far.packets.at(-1)!));
    const again = await sinkAt({ wants: ({ sequence }) => sequence < 3 });
    await late.until(2);
    expect(bodyOf(late.packets[1]!).data, 'known again after a restart').toMatchObject({
      ...{ sequence: 1, lastEvent: { sequence: 2 } },
    });
    await again.stop();
  });

  it('says that the broker takes no heartbeats, and that they are overdue, while events go on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-acl-'));
    const acl = join(folder, 'acl');
    const rules = `user ${gateway}\ntopic write ${home}/state\ntopic write ${home}/events/#\n`;
    await writeFile(acl, rules);
    const lines = `allow_anonymous true\nacl_file ${acl}`;
    const { broker, store, sinkAt, told } = await scene({ username: gateway, heartbeatS: 1 }, lines);
    const sink = await sinkAt();
    await told.until(() => (sink.status().heartbeatOverdueMs ?? 0) >= 3_000);
    expect(sink.status().lastError).toMatch(new RegExp(`^LL-MQTT-TOPIC publish on ${home}/heartbeat `));
    await store.journal.append(many(1, 10));
    await told.until(() => sink.status().forwarded === 10);
    expect(sink.status().state).toBe('online');
    await writeFile(acl, `${rules}topic write ${home}/heartbeat\n`);
    broker.reload();
    await told.until(() => sink.status().heartbeatOverdueMs === 0);
    expect(sink.status().lastError).toBe('');
  });

  it('names a user that the broker does not know', async () => {
    const { store, sinkAt, told } = await scene({ username: 'nobody', password: 'x' }, 'allow_anonymous false');
    await store.journal.append(many(1, 3));
    const sink = await sinkAt();
    await told.until(() => sink.status().state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-MQTT-UNAUTHORISED /);
    expect(sink.status().pending).toBe(3);
  });
});
