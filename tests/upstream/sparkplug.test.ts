import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { sinks } from '../../edge/upstream/registry.ts';
import { inEnglish } from './in-english.ts';
import { plant, plantStore } from './sparkplug-plant.ts';
import { sparkplugSuite } from './sparkplug-suite.ts';
import { readPayload } from './sparkplug-wire.ts';

/** What CONNECT says, as the broker reads it. */
interface Greeting {
  readonly clientId: string;
  readonly clean: boolean;
  readonly will?: { readonly topic: string; readonly payload: Buffer; readonly qos: number; readonly retain: boolean };
}

const greetings: Greeting[] = [];
const published: { readonly topic: string; readonly payload: Buffer }[] = [];
const subscriptions: { readonly topic: string; readonly qos: number }[] = [];
let url = '';
let stop: () => void;

beforeAll(async () => {
  const aedes = await Aedes.createBroker({
    preConnect(_client, packet, done) {
      greetings.push(packet as unknown as Greeting);
      done(null, true);
    },
    authorizeSubscribe(client, subscription, done) {
      if (client?.id.startsWith('lifeline-')) subscriptions.push(subscription);
      done(null, subscription.topic.includes('/forbidden/') ? null : subscription);
    },
  });
  aedes.on('publish', ({ topic, payload }, client) => {
    if (client?.id.startsWith('lifeline-')) published.push({ topic, payload: Buffer.from(payload) });
  });
  const server = createServer(aedes.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => {
    aedes.close();
    server.close();
  };
});
afterAll(() => stop());

describe('sparkplug against aedes', () => {
  sparkplugSuite(() => url);
});

describe('sparkplug as a broker sees it', () => {
  async function seen(options: Record<string, unknown>, until: (state: string, error: string) => boolean) {
    greetings.length = 0;
    published.length = 0;
    subscriptions.length = 0;
    const store = await plantStore();
    const { sink } = plant(store, { servers: [url], ...options });
    await sink.start();
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const { state, lastError } = sink.status();
        if (!until(state, lastError)) return;
        clearInterval(timer);
        resolve();
      }, 10);
    });
    const status = sink.status();
    if (status.lastError !== '') expect(inEnglish(status)).toEqual([]);
    await sink.stop();
    await store.close();
    return status;
  }

  it('5, 6, 7, 20a tck-id-message-flow-edge-node-birth-publish-will-message, -topic, -payload, -qos, -will-retained', async () => {
    await seen({}, (state) => state === 'online');
    const [{ clean, will }] = greetings as [Greeting];
    expect(clean).toBe(true); // tck-id-principles-persistence-clean-session-311
    expect(will).toMatchObject({ topic: 'spBv1.0/lifeline/NDEATH/hrb-07', qos: 1, retain: false });
    const { seq, metrics } = readPayload(Buffer.from(will!.payload));
    expect(seq).toBeUndefined();
    expect(metrics).toMatchObject([{ name: 'bdSeq', datatype: 4, value: 0n }]);
  });

  it('3 tck-id-topic-structure-namespace-unique-edge-node-descriptor, -unique-device-id: by the id of the gateway, each device once', async () => {
    await seen({}, (state) => state === 'online');
    const births = published.map(({ topic }) => topic).filter((topic) => topic.includes('BIRTH/'));
    expect(births[0]).toBe('spBv1.0/lifeline/NBIRTH/hrb-07');
    expect(births.length).toBeGreaterThan(1);
    expect(new Set(births).size).toBe(births.length);
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-sparkplug-'));
    const device = '  - { id: ps-3, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }\n';
    await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
    await writeFile(join(folder, 'g.yaml'), `gateway: { id: hrb-07 }\ndevices:\n${device}${device}`);
    const { gateway, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
    expect([gateway, errors[0]?.path]).toEqual([undefined, 'devices[1].id']);
  });

  it('43 tck-id-conformance-mqtt-aware-nbirth-mqtt-topic, -ndeath-timestamp: relies on nothing that only an aware broker does', async () => {
    await seen({ primaryHost: 'scada' }, (_state, error) => error.includes('HOST-AWAY'));
    await seen({}, (state) => state === 'online');
    const topics = [...published, ...subscriptions].map(({ topic }) => topic);
    expect(topics.length).toBeGreaterThan(0);
    expect(topics.filter((topic) => topic.startsWith('$'))).toEqual([]);
    const death = published.find(({ topic }) => topic.includes('/NDEATH/'));
    expect(Number(readPayload(death!.payload).timestamp)).toBeGreaterThan(Date.UTC(2026, 0));
  });

  it('10, 11, 20b tck-id-message-flow-edge-node-ncmd-subscribe, -device-dcmd-subscribe, STATE: at QoS 1', async () => {
    await seen({ primaryHost: 'scada' }, (_state, error) => error.includes('HOST-AWAY'));
    expect(subscriptions.map(({ topic, qos }) => [topic, qos])).toEqual([
      ['spBv1.0/lifeline/NCMD/hrb-07', 1],
      ['spBv1.0/lifeline/DCMD/hrb-07/+', 1],
      ['spBv1.0/STATE/scada', 1],
    ]);
  });

  it('says so when the broker does not let it hear commands', async () => {
    const { lastError } = await seen({ node: 'n', group: 'g', primaryHost: 'x' }, (_state, error) => error !== '');
    expect(lastError).toMatch(/^LL-SPARKPLUG-HOST-AWAY/);
    const refused = await seen({ group: 'forbidden' }, (_state, error) => error !== '');
    expect(refused.lastError).toMatch(/^LL-SPARKPLUG-SUBSCRIBE subscribe at mqtt:\/\/.*; Allow the account/);
  });

  it('connects again when a broker drops it while it subscribes', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(Buffer.of(0x20, 2, 0, 0)); // CONNACK: accepted
        socket.once('data', () => socket.destroy());
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { lastError } = await seen({ servers: [`mqtt://127.0.0.1:${port}`] }, (_state, error) => {
      return connections >= 2 && error !== '';
    });
    expect(lastError).toMatch(/^LL-/);
    server.close();
  });

  it('2 tck-id-topic-structure-namespace-valid-group-id: refuses "+", "/" and "#" in ids', () => {
    const { options } = sinks.find(({ name }) => name === 'sparkplug')!;
    for (const id of ['a/b', 'a+', '#', '']) {
      for (const key of ['group', 'node', 'primaryHost']) {
        expect(options.safeParse({ servers: [url], [key]: id }).success, `${key}: ${id}`).toBe(false);
      }
    }
    expect(options.safeParse({ servers: [url], group: '南岗区' }).success).toBe(true);
  });
});
