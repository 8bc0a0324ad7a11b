import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { type Broker, startBroker } from '../../simulator/platform/broker.ts';
import { startSubscriber } from '../../simulator/platform/subscriber.ts';

const clock = realClock();
const patienceMs = 20_000;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A broker, and the ids of events that somebody hears there, in order. */
async function city(): Promise<{ readonly broker: Broker; readonly ids: string[] }> {
  const broker = await startBroker({ port: 0 });
  endings.push(() => broker.stop());
  const ids: string[] = [];
  const subscriber = await startSubscriber({
    ...{ url: `mqtt://127.0.0.1:${broker.port}`, gateway: 'gw', clock },
    onEvent: ({ id }) => void ids.push(id),
  });
  endings.push(() => subscriber.close());
  return { broker, ids };
}

/** What accepts connections and never says a word. */
async function deaf(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const mqtt = (id: string, port: number, more = '') =>
  `  - { id: ${id}, sink: mqtt-json, url: "mqtt://127.0.0.1:${port}"${more} }\n`;

/** A gateway of one device that is not there, whose sinks tests rewrite. */
async function site(sinks: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-sinks-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'g.yaml');
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  const write = (roads: string, device = 'ps-1') =>
    writeFile(
      file,
      `gateway: { id: gw }\nconsole: { enabled: false }\ndevices:\n  - { id: ${device}, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }\n${roads && `sinks:\n${roads}`}`,
    );
  await write(sinks);
  const { gateway: loaded } = await loadGateway(file, loadContext);
  const gateway = await buildGateway(loaded!, {
    ...{ clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' },
  });
  endings.push(() => gateway.stop());
  await gateway.start();
  return {
    gateway,
    /** Puts other sinks in place; each change is an event by itself. */
    async change(roads: string) {
      await write(roads);
      await gateway.reconfigure(async (running) => (await loadGateway(file, loadContext, running)).gateway);
    },
    sequence: () => gateway.status().journaled,
  };
}

const sequenceOf = (id: string) => Number(id.split('/').at(-1));
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const heard = (ids: readonly string[], sequences: readonly number[]) =>
  vi.waitFor(() => expect(ids.map(sequenceOf)).toEqual(sequences), patienceMs);

it('a sink that is changed, taken out and put back goes on where it stood: no event lost, none twice', async () => {
  const { broker, ids } = await city();
  const { change, sequence } = await site(mqtt('city', broker.port));
  await change(mqtt('city', broker.port, ', heartbeatS: 7'));
  await vi.waitFor(() => expect(ids.length).toBe(sequence()), patienceMs);
  const before = sequence();
  await change('');
  await change(mqtt('other', 1));
  const after = sequence();
  expect(after).toBeGreaterThan(before);
  expect(ids.map(sequenceOf), 'nothing goes to a sink that is out').toEqual(upTo(ids.length));
  await change(mqtt('city', broker.port));
  await vi.waitFor(() => expect(ids.length).toBe(sequence()), patienceMs);
  await heard(ids, upTo(sequence()));
});

it('a sink put in while the gateway runs is told of the alarm that stands and of what follows', async () => {
  const { broker, ids } = await city();
  const { gateway, change, sequence } = await site('');
  await vi.waitFor(() => expect(gateway.status().alarms.active).toBe(1), patienceMs);
  for (let round = 0; round < 3; round++) await change('');
  const before = sequence();
  await change(mqtt('city', broker.port));
  await vi.waitFor(() => expect(sequenceOf(ids.at(-1) ?? '0')).toBe(sequence()), patienceMs);
  const old = ids.map(sequenceOf).filter((number) => number <= before);
  expect(old.length).toBeGreaterThan(0);
  expect(old.length, 'but not of changes that are over').toBeLessThan(before - 3);
});

it('a far end that never answers holds up no other sink, no change and no stop', async () => {
  const { broker, ids } = await city();
  const stuck = await deaf();
  const roads = mqtt('stuck', stuck) + mqtt('city', broker.port);
  const { gateway, change, sequence } = await site(roads);
  await vi.waitFor(() => expect(gateway.status().alarms.active).toBe(1), patienceMs);
  await change(`${roads}  - { id: fleet, sink: nats, url: "nats://127.0.0.1:${stuck}" }\n`);
  await vi.waitFor(() => expect(ids.length).toBe(sequence()), patienceMs);
  await heard(ids, upTo(sequence()));
  const of = (id: string) => gateway.status().sinks.find((sink) => sink.id === id);
  expect([of('stuck')?.forwarded, of('fleet')?.forwarded, of('city')?.pending]).toEqual([0, 0, 0]);
  const beganMs = performance.now();
  await gateway.stop();
  expect(performance.now() - beganMs).toBeLessThan(5_000);
  await heard(ids, upTo(ids.length));
});
