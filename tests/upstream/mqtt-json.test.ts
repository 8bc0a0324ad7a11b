import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../simulator/platform/broker.ts';
import { many, newSink, newStore, Watch } from './fixture.ts';
import { inEnglish } from './in-english.ts';
import { sinkSuite } from './sink-suite.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ port: 0 });
});
afterAll(() => broker.stop());

describe('mqtt-json against the platform’s broker', () => {
  sinkSuite(() => broker.port);
});

/** Starts a sink at the url and returns its status once it has met trouble. */
async function troubleAt(url: string, options = {}) {
  const store = await newStore();
  const sink = newSink(store, { url, ...options });
  const watch = new Watch();
  const timer = setInterval(watch.tell, 10);
  await store.journal.append(many(1, 3));
  await sink.start();
  await watch.until(() => sink.status().state === 'waiting');
  const status = sink.status();
  clearInterval(timer);
  expect(inEnglish(status)).toEqual([]);
  const stopping = performance.now();
  await sink.stop();
  expect(performance.now() - stopping).toBeLessThan(1_900);
  await store.close();
  return status;
}

describe('mqtt-json in trouble', () => {
  it('names a broker that cannot be reached and the next step, and keeps its events', async () => {
    const status = await troubleAt('mqtt://127.0.0.1:1');
    expect(status).toMatchObject({ forwarded: 0, pending: 3 });
    expect(status.lastError).toMatch(
      /^LL-MQTT-UNREACHABLE connect to mqtt:\/\/127\.0\.0\.1:1: .*; Check host and port/,
    );
  });

  it('names a refused user and password', async () => {
    const aedes = await Aedes.createBroker({
      authenticate: (_client, username, password, done) =>
        done(null, username === 'gateway' && password?.toString() === 'right'),
    });
    const server = createServer(aedes.handle);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const status = await troubleAt(url, { username: 'gateway', password: 'wrong' });
    expect(status.lastError).toMatch(/^LL-MQTT-UNAUTHORISED .*Check username and password/);
    const store = await newStore();
    const sink = newSink(store, { url, username: 'gateway', password: 'right' });
    const connected = once(aedes, 'clientReady');
    await sink.start();
    await connected;
    await sink.stop();
    await store.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
    server.close();
  });

  it('names a server that is no broker', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const status = await troubleAt(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(status.lastError).toMatch(/^LL-MQTT-(UNREACHABLE|REFUSED) /);
    server.close();
  });

  it('names a broker without encryption behind mqtts', async () => {
    const status = await troubleAt(`mqtts://127.0.0.1:${broker.port}`);
    expect(status.lastError).toMatch(/^LL-MQTT-(TLS|UNREACHABLE) /);
  });

  it('stops in time while a broker that never acknowledges holds the connection', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 2, 0, 0])); // CONNACK accepted, then silence
        socket.resume();
        connected.resolve(undefined);
      });
    });
    const connected = Promise.withResolvers();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const store = await newStore();
    const sink = newSink(store, { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}` });
    await store.journal.append(many(1, 80));
    await sink.start();
    await connected.promise;
    const stopping = performance.now();
    await sink.stop();
    await sink.stop();
    expect(performance.now() - stopping).toBeLessThan(1_900);
    expect(sink.status()).toMatchObject({ forwarded: 0, pending: 80 });
    expect(await store.cursors.get('city')).toBe(0);
    await store.close();
    server.close();
  });

  /** Bytes of MQTT 5 packets: an accept, a refusal, an end; acknowledgements of what came, with a reason. */
  const accept = [0x20, 3, 0, 0, 0];
  const refuse = (reason: number) => [0x20, 3, 0, reason, 0];
  const end = (reason: number) => () => [0xe0, 2, reason, 0];
  const acknowledge = (reason: number) => (bytes: Buffer) => {
    const answers: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const [kind, low, high] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
      const [head, length] = low < 128 ? [2, low] : [3, low - 128 + high * 128];
      const id = at + head + 2 + bytes.readUInt16BE(at + head);
      if (kind >> 4 === 3) answers.push(0x40, 4, bytes[id]!, bytes[id + 1]!, reason, 0);
      at += head + length;
    }
    return answers;
  };

  it.each([
    ['user or password', 'UNAUTHORISED', refuse(0x86), end(0)],
    ['a ban', 'UNAUTHORISED', refuse(0x8a), end(0)],
    ['a quota', 'QUOTA', refuse(0x97), end(0)],
    ['too many connections', 'QUOTA', refuse(0x9f), end(0)],
    ['retained messages', 'REFUSED', refuse(0x9a), end(0)],
    ['a topic', 'TOPIC', accept, acknowledge(0x87)],
    ['a name of a topic', 'TOPIC', accept, acknowledge(0x90)],
    ['a message, for its quota', 'QUOTA', accept, acknowledge(0x97)],
    ['a message, for reasons of its own', 'REFUSED', accept, acknowledge(0x83)],
    ['the connection any longer, as another has the id', 'TAKEN-OVER', accept, end(0x8e)],
    ['a packet of that size', 'TOO-LARGE', accept, end(0x95)],
    ['so many messages', 'QUOTA', accept, end(0x96)],
    ['what it is sent, and answers with garbage', 'LOST', accept, acknowledge(0x95)],
  ] as const)('says by its code that a broker of MQTT 5 does not take %s', async (_, code, first, then) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(Buffer.from(first));
        socket.on('data', (bytes) => socket.write(Buffer.from(then(bytes))));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const status = await troubleAt(url, { data: { enabled: false } });
    expect(status.lastError).toMatch(new RegExp(`^LL-MQTT-${code} `));
    expect(status).toMatchObject({ forwarded: 0, pending: 3 });
    server.close();
  });

  it('does not fall back where a version is asked for: a broker of MQTT 3.1.1 is named', async () => {
    const status = await troubleAt(broker.url, { protocol: 5 });
    expect(status.lastError).toMatch(/^LL-MQTT-PROTOCOL connect to .*; Set protocol of the sink/);
  });

  it('takes no url that is not a broker’s', async () => {
    const store = await newStore();
    for (const url of ['http://h:1', 'mqtt://user:pass@h:1', 'nonsense'])
      expect(() => newSink(store, { url })).toThrow();
    await store.close();
  });
});
