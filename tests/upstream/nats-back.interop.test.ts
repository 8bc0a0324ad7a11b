import { createHmac } from 'node:crypto';
import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import type { Asset } from '../../edge/core/asset.ts';
import type { CentreOrder } from '../../edge/core/order.ts';
import type { Store } from '../../edge/store/api.ts';
import type { SinkHost, SinkStatus } from '../../edge/upstream/api.ts';
import { batch, gateway, many, newSink, newStore, Watch } from './fixture.ts';
import { type NatsServer, natsBinary, natsCity, startNats } from './nats-server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const key = 'a secret of thirty-two characters';
const asset: Asset = {
  ...{ id: 'dma-2', type: 'water.district', name: 'DMA 2', grid: '230103005012', location: undefined },
  ...{ upstreamOf: [], roles: { inflow: 0, pressure: 1 } },
};

async function server(more = ''): Promise<NatsServer> {
  const made = await startNats(more);
  cleanups.push(() => made.kill());
  return made;
}

async function newJournal(count = 0): Promise<Store> {
  const store = await newStore();
  cleanups.push(() => store.close());
  if (count > 0) await store.journal.append(many(1, count));
  return store;
}

async function running(store: Store, options: Record<string, unknown>, given: Partial<SinkHost> = {}) {
  const sink = newSink(store, { stream: { create: true }, ...options }, 'nats', { assets: () => [asset], ...given });
  await sink.start();
  cleanups.push(() => sink.stop());
  const watch = new Watch();
  const timer = setInterval(watch.tell, 20);
  cleanups.push(() => clearInterval(timer));
  const until = (holds: (status: SinkStatus) => boolean) => watch.until(() => holds(sink.status()));
  return { sink, until };
}

/** Somebody of the centre: hears what the gateway says, and says what it is to hear. */
async function centreAt({ port }: NatsServer, login = {}) {
  const connection = await connect({ servers: `127.0.0.1:${port}`, ...login });
  cleanups.push(() => connection.close());
  const watch = new Watch();
  return {
    connection,
    watch,
    hear<Message>(subject: string): Message[] {
      const heard: Message[] = [];
      connection.subscribe(subject, {
        callback(_, message) {
          heard.push(message.json<Message>());
          watch.tell();
        },
      });
      return heard;
    },
    say: (name: string, content: object) => connection.publish(`lifeline.${gateway}.${name}`, JSON.stringify(content)),
  };
}

interface Values {
  readonly t: string;
  readonly historical?: boolean;
  readonly tags: Readonly<Record<string, { readonly values: number[]; readonly offsetsMs?: number[] }>>;
}

/** Every sample of the stream of values as `tag time value`. */
async function samplesIn(at: NatsServer, least: number) {
  const city = await natsCity(at);
  cleanups.push(() => city.close());
  const messages = await city.messages<Values>('lifeline-values', least);
  const samples = messages.flatMap(({ body: { t, tags } }) =>
    Object.entries(tags).flatMap(([name, { values, offsetsMs = [] }]) =>
      values.map((value, index) => `${name} ${Date.parse(t) + (offsetsMs[index] ?? 0)} ${value}`),
    ),
  );
  return { messages, samples };
}

function natsBackSuite(): void {
  it('publishes values by utility and district, and those of an outage later from history', async () => {
    const at = await server();
    const store = await newJournal();
    const data = { enabled: true, stream: { create: true } };
    const { sink, until } = await running(store, { url: at.url, data });
    const since = Date.now();
    let count = 0;
    const poll = () => {
      const polled = batch([count, count * 2, count * 3]);
      polled.times.fill(since + count++);
      store.history.append(polled);
      sink.publish(polled);
    };
    await until(({ state }) => state === 'online');
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 20; index++) poll();
      await until(({ backlogMs }) => backlogMs === 0);
      await at.kill('SIGKILL');
      await until(({ state }) => state === 'waiting');
      for (let index = 0; index < 300; index++) poll();
      await at.start();
      await until(({ state, backlogMs }) => state === 'online' && backlogMs === 0);
    }
    await sink.stop();
    const { messages, samples } = await samplesIn(at, 1);
    const wanted = Array.from({ length: count }, (_, index) => [
      `ps-3/flow ${since + index} ${index}`,
      `ps-3/p-out ${since + index} ${index * 2}`,
      `ps-3/scan-clock ${since + index} ${index * 3}`,
    ]).flat();
    expect([...new Set(samples)].sort()).toEqual(wanted.sort());
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
    expect([...new Set(messages.map(({ subject }) => subject))].sort()).toEqual([
      `lifeline.${gateway}.values.-.-.ps-3`,
      `lifeline.${gateway}.values.water.230103.ps-3`,
    ]);
    expect(messages.filter(({ body }) => body.historical).length).toBeGreaterThan(0);
    expect(sink.status()).toMatchObject({ dropped: 0, lastError: '' });
  });

  it('names the missing stream of values and forwards events all the while; values follow once there is one', async () => {
    const at = await server();
    const store = await newJournal(30);
    const { sink, until } = await running(store, { url: at.url, data: { enabled: true } });
    const polled = batch([1, 2, 3]);
    polled.times.fill(Date.now());
    store.history.append(polled);
    await until(({ state }) => state === 'online');
    sink.publish(polled);
    await until(({ pending, lastError }) => pending === 0 && lastError !== '');
    expect(sink.status()).toMatchObject({ state: 'online', forwarded: 30 });
    expect(sink.status().lastError).toMatch(/^LL-NATS-NO-STREAM publish gw-1\/values\//);
    const city = await natsCity(at);
    cleanups.push(() => city.close());
    await city.streams.add({ name: 'lifeline-values', subjects: ['lifeline.*.values.>'] });
    await until(({ backfilled }) => backfilled === 3);
    expect(sink.status().lastError).toBe('');
    expect((await samplesIn(at, 2)).samples).toHaveLength(3);
  });

  it('has the stream hold values once that are sent twice within its duplicate window', async () => {
    const at = await server();
    const data = { enabled: true, stream: { create: true } };
    const { sink, until } = await running(await newJournal(), { url: at.url, data });
    // what is published before the stream of values is there does not go at once
    await until(({ sent = 0 }) => {
      sink.publish(batch([0]));
      return sent > 1;
    });
    for (const value of [1, 1, 2]) sink.publish(batch([value]));
    await samplesIn(at, 3);
    await sink.stop();
    expect(sink.status().lastError).toBe('');
    const { samples } = await samplesIn(at, 3);
    expect(samples.map((sample) => sample.split(' ').at(-1))).toEqual(['0', '1', '2']);
  });

  it('is done with an event on the receiver’s receipt alone, sent again past the duplicate window until then', async () => {
    const at = await server();
    const centre = await centreAt(at);
    const store = await newJournal(4);
    await store.journal.append([{ ...many(5, 1)[0]!, data: { number: 5, evidence: 'x'.repeat(1_100_000) } }]);
    const events = centre.hear<{ id: string; data: { number: number } }>('lifeline.*.events.>');
    const { sink, until } = await running(store, { url: at.url, confirm: 'receiver', resendAfterS: 1 });
    await centre.watch.until(() => events.length >= 8); // each a second time, for want of an answer
    await until(({ refused }) => refused === 1);
    expect(sink.status()).toMatchObject({ forwarded: 0, unconfirmed: 4 + 1 });
    for (const { id, data } of events.slice(0, 4)) {
      const status = data.number === 3 ? 'refused' : 'accepted';
      centre.say('receipts', { id, status, reason: status === 'refused' ? 'no such grid cell' : '' });
    }
    centre.say('receipts', { no: 'receipt' });
    const answer = setInterval(() => {
      for (const { id } of events) centre.say('receipts', { id, status: 'duplicate' });
    }, 100);
    cleanups.push(() => clearInterval(answer));
    await until(({ pending }) => pending === 0);
    expect(sink.status()).toMatchObject({ unconfirmed: 0, refused: 2, lastError: '' });
    const noted = (await store.journal.read(0, 100)).filter(({ type }) => type === 'gateway.event-refused');
    expect(noted.map(({ data }) => String(data['reason']).slice(0, 17)).sort()).toEqual([
      'LL-NATS-TOO-LARGE',
      'no such grid cell',
    ]);
  });

  it('takes orders that the centre signs, answers where it waits or on its own subject, and nowhere else', async () => {
    const at = await server();
    const centre = await centreAt(at);
    const heeded: CentreOrder[] = [];
    const heed = async (order: CentreOrder) => {
      heeded.push(order);
      return { id: order.id, status: 'accepted' as const, reason: '' };
    };
    const replies = centre.hear<{ id: string; status: string; reason: string }>(`lifeline.${gateway}.replies`);
    const strayed = centre.hear<object>(`lifeline.${gateway}.events.forged`);
    const { until } = await running(await newJournal(1), { url: at.url, ordersKey: key }, { heed });
    await until(({ pending }) => pending === 0);
    const commands = `lifeline.${gateway}.commands`;
    const signed = (id: string, by = key) => {
      const expires = new Date(Date.now() + 60_000).toISOString();
      const order = JSON.stringify({ id, gateway, by: '李工', expires, kind: 'acknowledge', alarm: 'dma-2/burst' });
      return JSON.stringify({ order, signature: createHmac('sha256', by).update(order).digest('hex') });
    };
    const asked = await centre.connection.request(commands, signed('o-1'), { timeout: 5_000 });
    expect(asked.json()).toMatchObject({ id: 'o-1', status: 'accepted', reason: '' });
    centre.connection.publish(commands, signed('o-2'), { reply: `lifeline.${gateway}.events.forged` });
    centre.connection.publish(commands, signed('o-3', 'the secret of somebody else here'));
    await centre.watch.until(() => replies.length === 2);
    expect(replies).toMatchObject([
      { id: 'o-2', status: 'accepted' },
      { id: 'o-3', status: 'refused', reason: expect.stringMatching(/^LL-ORDER-SIGNATURE /) },
    ]);
    expect(heeded.map(({ id, by }) => `${id} ${by}`)).toEqual(['o-1 李工', 'o-2 李工']);
    expect(strayed).toEqual([]);
  });

  it('beats for whoever listens, with the newest event that the stream has, and keeps none of it there', async () => {
    const at = await server();
    const centre = await centreAt(at);
    const beats = centre.hear<{ id: string; data: object }>(`lifeline.*.heartbeat`);
    await centre.connection.flush();
    const store = await newJournal(5);
    const { until } = await running(store, { url: at.url, heartbeatS: 1 });
    await until(({ pending }) => pending === 0);
    const sofar = beats.length;
    await centre.watch.until(() => beats.length >= sofar + 2);
    expect(beats.at(-1)).toMatchObject({
      ...{ type: 'city.lifeline.gateway.heartbeat', subject: gateway },
      data: { sequence: beats.length, nextWithinS: 1, lastEvent: { sequence: 5 }, pendingEvents: 0 },
    });
    const city = await natsCity(at);
    cleanups.push(() => city.close());
    expect((await city.streams.info('lifeline')).state.messages).toBe(5);
  });

  it('says that the server takes no heartbeats, and that they are overdue, while events go on', async () => {
    const may = 'publish: ["lifeline.gw-1.events.>", "$JS.API.>"], subscribe: "_INBOX.>"';
    const at = await server(`authorization { users: [ { user: gateway, password: p, permissions: { ${may} } } ] }`);
    const login = { username: 'gateway', password: 'p' };
    const { sink, until } = await running(await newJournal(5), { url: at.url, login, heartbeatS: 1 });
    await until(({ heartbeatOverdueMs = 0 }) => heartbeatOverdueMs >= 3_000);
    expect(sink.status()).toMatchObject({ state: 'online', forwarded: 5, pending: 0 });
    expect(sink.status().lastError).toMatch(/^LL-NATS-UNAUTHORISED publish on lifeline\.gw-1\.heartbeat at /);
  });

  it('forwards events though the server does not let it hear orders, and says so', async () => {
    const may = 'publish: ["lifeline.gw-1.>", "$JS.API.>"], subscribe: "_INBOX.>"';
    const at = await server(`authorization { users: [ { user: gateway, password: p, permissions: { ${may} } } ] }`);
    const login = { username: 'gateway', password: 'p' };
    const { sink, until } = await running(await newJournal(5), { url: at.url, login, ordersKey: key });
    await until(({ pending, lastError }) => pending === 0 && lastError !== '');
    expect(sink.status()).toMatchObject({ state: 'online', forwarded: 5 });
    expect(sink.status().lastError).toMatch(/^LL-NATS-UNAUTHORISED listen to lifeline\.gw-1\.commands at /);
  });
}

if (natsBinary) {
  describe('values, receipts and orders over the distribution’s nats-server', natsBackSuite);
} else if (process.env['CI']) {
  it('needs nats-server in continuous integration: apt-get install nats-server', () => {
    throw new Error('no nats-server binary found');
  });
} else {
  it.skip('skipped: no nats-server binary here; apt-get install nats-server runs it', () => undefined);
}
