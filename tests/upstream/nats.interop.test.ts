import { readFile } from 'node:fs/promises';
import { nkeys } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import { delay, realClock } from '../../edge/core/clock.ts';
import type { Store } from '../../edge/store/api.ts';
import { newCertificates } from './certificates.ts';
import { cuttable, gateway, hurriedClock, many, newSink, newStore, Watch } from './fixture.ts';
import { accountsByOperator } from './nats-accounts.ts';
import { natsBinary, natsCity, startNats, startNatsCluster } from './nats-server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function server(more = '') {
  const made = await startNats(more);
  cleanups.push(() => made.kill());
  return made;
}

async function cityAt(...parts: Parameters<typeof natsCity>) {
  const city = await natsCity(...parts);
  cleanups.push(() => city.close());
  return city;
}

async function journalOf(count = 0): Promise<Store> {
  const store = await newStore();
  cleanups.push(() => store.close());
  if (count > 0) await store.journal.append(many(1, count));
  return store;
}

/** A running sink and a way to await what its status tells. */
async function running(store: Store, options: Record<string, unknown>, documents = {}, clock = realClock()) {
  const sink = newSink(store, { stream: { create: true }, ...options }, 'nats', { documents, clock });
  await sink.start();
  cleanups.push(() => sink.stop());
  const watch = new Watch();
  const timer = setInterval(watch.tell, 20);
  cleanups.push(() => clearInterval(timer));
  return {
    sink,
    until: (holds: (status: ReturnType<typeof sink.status>) => boolean) => watch.until(() => holds(sink.status())),
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

function natsSuite(): void {
  it('creates the stream, and has it take every event once, in order, under its id and subject', async () => {
    const at = await server();
    const store = await journalOf(300);
    const { sink, until } = await running(store, { url: at.url });
    for (let from = 301; from <= 600; from += 10) await store.journal.append(many(from, 10));
    await until(({ pending }) => pending === 0);
    const city = await cityAt(at);
    const found = await city.stored('lifeline', 600);
    expect(found.map(({ number }) => number)).toEqual(upTo(600));
    const [first] = await store.journal.read(0, 1);
    expect(found[0]).toMatchObject({
      subject: `lifeline.${gateway}.events.water.-.dma-2`,
      id: `${gateway}/${first!.stream}/${first!.epoch}/1`,
      contentType: 'application/cloudevents+json',
    });
    const { config } = await city.streams.info('lifeline');
    expect(config).toMatchObject({ subjects: ['lifeline.*.events.>'], max_bytes: 1_024e6, num_replicas: 1 });
    expect([config.duplicate_window / 60e9, config.max_age / 3_600e9]).toEqual([60, 720]);
    await sink.stop();
    expect(sink.status()).toMatchObject({ forwarded: 600, pending: 0, lastError: '', refused: 0 });
    expect(await store.cursors.get('city')).toBe(600);
  });

  it('leaves a stream that exists as it is, and goes on behind its cursor after a restart', async () => {
    const at = await server();
    const city = await cityAt(at);
    await city.streams.add({ name: 'lifeline', subjects: ['lifeline.>'], max_msgs: 5_000 });
    const store = await journalOf(20);
    const first = await running(store, { url: at.url });
    await first.until(({ pending }) => pending === 0);
    await first.sink.stop();
    await store.journal.append(many(21, 20));
    const second = await running(store, { url: at.url });
    await second.until(({ pending }) => pending === 0);
    expect(second.sink.status().forwarded).toBe(20);
    expect((await city.stored('lifeline', 40)).map(({ number }) => number)).toEqual(upTo(40));
    expect((await city.streams.info('lifeline')).config).toMatchObject({ subjects: ['lifeline.>'], max_msgs: 5_000 });
  });

  it('loses nothing when the server is killed in mid-stream, and the stream holds each event once', async () => {
    const at = await server();
    const store = await journalOf();
    const { until } = await running(store, { url: at.url });
    await until(({ state }) => state === 'online');
    const appending = (async () => {
      for (let from = 1; from <= 2_000; from += 20) await store.journal.append(many(from, 20));
    })();
    await until(({ forwarded }) => forwarded > 200);
    await at.kill('SIGKILL');
    await until(({ state }) => state === 'waiting');
    await appending;
    await at.start();
    await until(({ pending }) => pending === 0);
    const found = await (await cityAt(at)).stored('lifeline', 2_000);
    expect([...new Set(found.map(({ number }) => number))]).toEqual(upTo(2_000));
    expect(found.length).toBe(2_000);
  });

  it('says that the connection is gone, and has events whose acknowledgement was lost in the stream only once', async () => {
    const at = await server();
    const wire = await cuttable(at.port);
    cleanups.push(() => wire.close());
    wire.cutAfter(40_000);
    const store = await journalOf(500);
    const { sink, until } = await running(store, { url: wire.url.replace('mqtt', 'nats') });
    await until(({ state }) => state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-NATS-(LOST|UNREACHABLE) /);
    expect(sink.status().oldestPendingMs).toBeGreaterThan(0);
    wire.restore();
    await until(({ pending }) => pending === 0);
    const found = await (await cityAt(at)).stored('lifeline', 500);
    expect(found.map(({ number }) => number)).toEqual(upTo(500));
  });

  it('waits for a server that stands still, and loses nothing', async () => {
    const at = await server();
    const store = await journalOf();
    const { sink, until } = await running(store, { url: at.url });
    await until(({ state }) => state === 'online');
    at.process.kill('SIGSTOP');
    await store.journal.append(many(1, 100));
    expect(sink.status()).toMatchObject({ pending: 100, forwarded: 0 });
    at.process.kill('SIGCONT');
    await until(({ pending }) => pending === 0);
    expect((await (await cityAt(at)).stored('lifeline', 100)).map(({ number }) => number)).toEqual(upTo(100));
  });

  it('gives up a server that keeps the connection and acknowledges nothing, says so, and loses nothing', async () => {
    const at = await server();
    const store = await journalOf();
    const { sink, until } = await running(store, { url: at.url }, {}, hurriedClock(10));
    await store.journal.append(many(1, 20));
    await until(({ forwarded }) => forwarded === 20);
    at.process.kill('SIGSTOP');
    await store.journal.append(many(21, 80));
    await until(({ state }) => state === 'waiting');
    expect(sink.status().lastError).toMatch(
      /^LL-NATS-NO-ACK send to .*: 50 not acknowledged in 30 s; Look at the load/,
    );
    expect(sink.status()).toMatchObject({ pending: 80, forwarded: 20 });
    at.process.kill('SIGCONT');
    await until(({ pending }) => pending === 0);
    expect(sink.status().lastError).toBe('');
    expect((await (await cityAt(at)).stored('lifeline', 100)).map(({ number }) => number)).toEqual(upTo(100));
  });

  it('stays with a server whose answers take their time', async () => {
    const at = await server();
    const wire = await cuttable(at.port);
    cleanups.push(() => wire.close());
    const clock = hurriedClock(10);
    const store = await journalOf();
    const { sink, until } = await running(store, { url: wire.url.replace('mqtt', 'nats') }, {}, clock);
    await until(({ state }) => state === 'online');
    for (let round = 0; round < 4; round++) {
      wire.letAnswers(false);
      await store.journal.append(many(round * 50 + 1, 50));
      await delay(clock, 20_000);
      expect(sink.status()).toMatchObject({ state: 'online', forwarded: round * 50, pending: 50 });
      wire.letAnswers(true);
      await until(({ pending }) => pending === 0);
    }
    expect(wire.connections).toBe(1);
    expect((await (await cityAt(at)).stored('lifeline', 200)).map(({ number }) => number)).toEqual(upTo(200));
  });

  it('goes on with another server of a cluster when the leader of the stream or its own one is killed; each event is there once, in order', async () => {
    const nodes = await startNatsCluster();
    cleanups.push(() => Promise.all(nodes.map((node) => node.kill())));
    const [url, ...servers] = nodes.map((node) => node.url);
    const store = await journalOf();
    const { sink, until } = await running(store, { url, servers, stream: { create: true, replicas: 3 } });
    await store.journal.append(many(1, 100));
    await until(({ forwarded }) => forwarded === 100);
    const endpointNode = () => nodes.find((node) => node.url === sink.status().endpoint)!;
    const leader = async () => {
      const city = await natsCity(endpointNode());
      const { cluster } = await city.streams.info('lifeline');
      await city.close();
      return nodes[Number(cluster?.leader?.slice(1))]!;
    };
    let appended = 100;
    for (const victim of [await leader(), endpointNode]) {
      const before = sink.status().forwarded;
      const appending = (async () => {
        for (const end = appended + 1_000; appended < end; appended += 20)
          await store.journal.append(many(appended + 1, 20));
      })();
      await until(({ forwarded }) => forwarded > before + 200);
      const killed = typeof victim === 'function' ? victim() : victim;
      await killed.kill('SIGKILL');
      await appending;
      await until(({ pending }) => pending === 0);
      await killed.start();
    }
    const found = await (await cityAt(endpointNode())).stored('lifeline', appended);
    expect(found.map(({ number }) => number)).toEqual(upTo(appended));
    expect(await store.cursors.get('city')).toBe(appended);
  }, 180_000);

  it('names a missing stream and the next step, and goes on once there is one', async () => {
    const at = await server();
    const store = await journalOf(3);
    const { sink, until } = await running(store, { url: at.url, stream: {} });
    await until(({ state }) => state === 'waiting');
    expect(sink.status()).toMatchObject({ forwarded: 0, pending: 3 });
    expect(sink.status().lastError).toMatch(/^LL-NATS-NO-STREAM publish gw-1\/.*stream\.create: true/);
    const city = await cityAt(at);
    await city.streams.add({ name: 'lifeline', subjects: ['lifeline.*.events.>'] });
    await until(({ pending }) => pending === 0);
    expect(sink.status().lastError).toBe('');
    expect((await city.stored('lifeline', 3)).map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('does not take the acknowledgement of another stream for that of its own', async () => {
    const at = await server();
    await (await cityAt(at)).streams.add({ name: 'other', subjects: ['lifeline.>'] });
    const { sink, until } = await running(await journalOf(3), { url: at.url, stream: {} });
    await until(({ state }) => state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-NATS-NO-STREAM /);
  });

  it('names a full stream, keeps the events, and delivers them in order once there is room', async () => {
    const at = await server();
    const city = await cityAt(at);
    const stream = { name: 'lifeline', subjects: ['lifeline.*.events.>'], discard: 'new' as const };
    await city.streams.add({ ...stream, max_msgs: 10 });
    const { sink, until } = await running(await journalOf(30), { url: at.url });
    await until(({ state }) => state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-NATS-FULL publish .*maximum messages exceeded; Raise the limits/);
    expect(sink.status().pending).toBe(20);
    await city.streams.update('lifeline', { max_msgs: 1_000 });
    await until(({ pending }) => pending === 0);
    expect((await city.stored('lifeline', 30)).map(({ number }) => number)).toEqual(upTo(30));
  });

  it('keeps an event that is too large for the server or the stream as a dead letter, and sends the next', async () => {
    for (const limit of ['server', 'stream']) {
      const at = await server(limit === 'server' ? 'max_payload: 4096' : '');
      const city = await cityAt(at);
      await city.streams.add({
        ...{ name: 'lifeline', subjects: ['lifeline.*.events.>'] },
        ...(limit === 'stream' ? { max_msg_size: 4_096 } : {}),
      });
      const store = await journalOf(1);
      const [large] = many(2, 1);
      await store.journal.append([{ ...large!, data: { number: 2, evidence: 'x'.repeat(5_000) } }]);
      await store.journal.append(many(3, 1));
      const { sink, until } = await running(store, { url: at.url });
      await until(({ pending }) => pending === 0);
      expect(sink.status(), limit).toMatchObject({ refused: 1, state: 'online' });
      expect((await city.stored('lifeline', 2)).map(({ number }) => number)).toEqual([1, 3]);
      const reasons = sink.deadLetters?.list().map(({ reason }) => reason);
      expect(reasons, limit).toEqual([expect.stringMatching(/^LL-NATS-TOO-LARGE publish .* \(5\d\d\d bytes\) /)]);
      if (limit === 'stream') {
        await city.streams.update('lifeline', { max_msg_size: 100_000 });
        sink.deadLetters?.resend();
        await until(({ deadLetters }) => deadLetters === 0);
        expect((await city.stored('lifeline', 3)).map(({ number }) => number)).toEqual([1, 3, 2]);
      }
      await sink.stop();
    }
  });

  it('logs in by user, token, key or credentials file, and names what the server refuses', async () => {
    const { config, credentials } = accountsByOperator();
    const key = nkeys.createUser();
    const nkeySeed = Buffer.from(key.getSeed()).toString();
    const stranger = Buffer.from(nkeys.createUser().getSeed()).toString();
    const user = { username: 'gateway', password: 'right' };
    const cases = [
      ['authorization { user: gateway, password: right }', user, { ...user, password: 'wrong' }],
      ['authorization { token: right }', { token: 'right' }, { token: 'wrong' }],
      [`authorization { users: [ { nkey: ${key.getPublicKey()} } ] }`, { nkeySeed }, { nkeySeed: stranger }],
      [config, undefined, { nkeySeed: stranger }],
    ] as const;
    for (const [more, right, wrong] of cases) {
      const at = await server(more);
      const refused = await running(await journalOf(1), { url: at.url, login: wrong });
      await refused.until(({ state }) => state === 'waiting');
      expect(refused.sink.status().lastError).toMatch(/^LL-NATS-UNAUTHORISED connect to .*; Check login of the sink/);
      await refused.sink.stop();
      const known = right ? { url: at.url, login: right } : { url: at.url };
      const { sink, until } = await running(
        await journalOf(1),
        known,
        right ? {} : { 'login.credentials': credentials },
      );
      await until(({ pending }) => pending === 0);
      await sink.stop();
    }
  });

  it('needs no more than to publish on its subjects and to hear answers, and names a subject that it may not use', async () => {
    const users = [
      '{ user: city, password: p }',
      '{ user: gateway, password: p, permissions: { publish: "lifeline.gw-1.>", subscribe: "_INBOX.>" } }',
      '{ user: other, password: p, permissions: { publish: "lifeline.gw-2.>", subscribe: "_INBOX.>" } }',
    ];
    const at = await server(`authorization { users: [ ${users.join(', ')} ] }`);
    const city = await cityAt(at, { user: 'city', pass: 'p' });
    await city.streams.add({ name: 'lifeline', subjects: ['lifeline.*.events.>'] });
    const as = (username: string) => ({ url: at.url, stream: {}, login: { username, password: 'p' } });
    const other = await running(await journalOf(1), as('other'));
    await other.until(({ state }) => state === 'waiting');
    expect(other.sink.status().lastError).toMatch(/^LL-NATS-UNAUTHORISED publish gw-1\/.*Permissions Violation/);
    expect(other.sink.status().pending).toBe(1);
    const { until } = await running(await journalOf(3), as('gateway'));
    await until(({ pending }) => pending === 0);
  });

  it('encrypts with certificates on both sides, and names those it does not trust', async () => {
    const { caFile, certFile, keyFile } = await newCertificates();
    const at = await server(
      `tls { cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${caFile}", verify: true }`,
    );
    const url = at.url.replace('nats:', 'tls:');
    const [ca, cert, key] = await Promise.all([caFile, certFile, keyFile].map((file) => readFile(file, 'utf8')));
    const trouble = async (documents: object) => {
      const { sink, until } = await running(await journalOf(1), { url }, documents);
      await until(({ state }) => state === 'waiting');
      await sink.stop();
      return sink.status().lastError;
    };
    expect(await trouble({ 'tls.cert': cert, 'tls.key': key })).toMatch(/^LL-NATS-TLS connect to tls:/);
    const other = await readFile((await newCertificates()).caFile, 'utf8');
    expect(await trouble({ 'tls.ca': other, 'tls.cert': cert, 'tls.key': key })).toMatch(/^LL-NATS-TLS /);
    const { until } = await running(await journalOf(5), { url }, { 'tls.ca': ca, 'tls.cert': cert, 'tls.key': key });
    await until(({ pending }) => pending === 0);
  });
}

if (natsBinary) {
  describe('nats against the distribution’s server', natsSuite);
} else if (process.env['CI']) {
  it('needs nats-server in continuous integration: apt-get install nats-server', () => {
    throw new Error('no nats-server binary found');
  });
} else {
  it.skip('skipped: no nats-server binary here; apt-get install nats-server runs it', () => undefined);
}
