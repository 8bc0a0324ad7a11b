import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Aedes } from 'aedes';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { delay, realClock } from '../../edge/core/clock.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable, vacantTag } from '../../edge/core/tag.ts';
import { openStore } from '../../edge/store/store.ts';
import type { Sink, SinkHost } from '../../edge/upstream/api.ts';
import { sparkplug } from '../../edge/upstream/sparkplug/index.ts';
import { endWithParent, type Talking, withProcess } from './processes.ts';
import { atLeast, atMost, type BenchRow } from './row.ts';

const thisFile = fileURLToPath(import.meta.url);
const deviceCount = 10;
const tagsPerDevice = 10_000;
/** All tags once in each. */
const seconds = 10;
const smallBatch = 50;
const smallBatches = 1_000;
/** A header of PUBLISH with a length of two bytes, and the length of the topic (MQTT 3.1.1 §3.3). */
const publishOverhead = 1 + 2 + 2;

/** What the broker's process has had since it was asked last. */
interface Arrived {
  readonly messages: number;
  /** Topics, payloads and headers of values. */
  readonly bytes: number;
}

/** Roads upstream, to a broker in a process of its own; figures of arrival are taken there. */
export async function benchUpstream(): Promise<BenchRow[]> {
  return withProcess(process.execPath, [thisFile], async (broker) => {
    const url = await broker.nextLine();
    const dir = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
    try {
      return await benchSparkplug(url, broker, dir);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
}

async function benchSparkplug(url: string, broker: Talking, dir: string): Promise<BenchRow[]> {
  const clock = realClock();
  const tags = plantTable();
  const live = new LiveTable(tags.size);
  const store = await openStore({ dir, tags, clock, random: seededRandom(1), log: silentLog });
  const sink = newSink(url, store, tags, live);
  await sink.start();
  const arrived = async (): Promise<Arrived> => {
    broker.say('arrived');
    return JSON.parse(await broker.nextLine());
  };
  await settled(arrived, deviceCount + 1); // births
  const share = await everySecond(sink, live, arrived);
  const small = await inSmallBatches(sink, live, arrived);
  await sink.stop();
  await store.close();
  return [
    atLeast('Sparkplug: metrics at the broker', '/s', share.perSecond, 99_000),
    atMost('Sparkplug: 100k metrics/s, MQTT included', 'of a core', share.core, 0.15),
    atMost('Sparkplug: float metric in batches of 50', 'B', small, 20),
  ];
}

/** Every tag every second, device after device; the share of a core is that of this whole process. */
async function everySecond(sink: Sink, live: LiveTable, arrived: () => Promise<Arrived>) {
  const clock = realClock();
  const stepMs = 1000 / deviceCount;
  const startedMs = clock.monotonicMs();
  const before = process.cpuUsage();
  for (let turn = 0; turn < seconds * deviceCount; turn++) {
    const device = turn % deviceCount;
    send(sink, live, `plc-${device}`, device * tagsPerDevice, tagsPerDevice, turn);
    await delay(clock, startedMs + (turn + 1) * stepMs - clock.monotonicMs());
  }
  const { user, system } = process.cpuUsage(before);
  const elapsedS = (clock.monotonicMs() - startedMs) / 1000;
  const { messages } = await settled(arrived, (seconds * deviceCount * tagsPerDevice) / maxPerMessage);
  return { core: (user + system) / 1e6 / elapsedS, perSecond: (messages * maxPerMessage) / elapsedS };
}

/** Metrics that the node puts into one message of a large batch. */
const maxPerMessage = 5_000;

async function inSmallBatches(sink: Sink, live: LiveTable, arrived: () => Promise<Arrived>): Promise<number> {
  for (let turn = 0; turn < smallBatches; turn++) {
    send(sink, live, 'plc-0', (turn * smallBatch) % tagsPerDevice, smallBatch, turn);
    if (turn % 100 === 99) await delay(realClock(), 20);
  }
  const { bytes } = await settled(arrived, smallBatches);
  return bytes / (smallBatches * smallBatch);
}

/** What has arrived once as many messages as expected have; fails when some never do. */
async function settled(arrived: () => Promise<Arrived>, messages: number): Promise<Arrived> {
  let total: Arrived = { messages: 0, bytes: 0 };
  for (let tries = 0; total.messages < messages; tries++) {
    if (tries > 300) throw new Error(`only ${total.messages} of ${messages} messages came`);
    const more = await arrived();
    total = { messages: total.messages + more.messages, bytes: total.bytes + more.bytes };
    await delay(realClock(), 100);
  }
  return total;
}

function send(sink: Sink, live: LiveTable, device: string, from: number, count: number, turn: number): void {
  const nowMs = Date.now();
  const batch: SampleBatch = createBatch(device, count, nowMs);
  for (let row = 0; row < count; row++) {
    batch.tags[row] = from + row;
    batch.values[row] = Math.fround(20 + turn * 0.5 + row * 0.25);
    batch.times[row] = nowMs;
  }
  live.write(batch);
  sink.publish(batch);
}

function plantTable(): TagTable {
  return new TagTable(
    Array.from({ length: deviceCount * tagsPerDevice }, (_, index) => {
      const device = `plc-${Math.floor(index / tagsPerDevice)}`;
      const point = `point-${index % tagsPerDevice}`;
      return { ...vacantTag, name: `${device}/${point}`, device, point, wire: 'float32' as const };
    }),
  );
}

function newSink(url: string, store: Awaited<ReturnType<typeof openStore>>, tags: TagTable, live: LiveTable): Sink {
  const { journal, cursors, history, snapshots } = store;
  const devices = Array.from({ length: deviceCount }, (_, index) => ({ id: `plc-${index}`, online: true }));
  const host: SinkHost = {
    ...{
      gateway: 'bench',
      stateDir: '',
      journal,
      cursors,
      history,
      live,
      clock: realClock(),
      random: seededRandom(1),
      log: silentLog,
    },
    ...{
      tags: () => tags,
      assets: () => [],
      guidance: () => ({}),
      devices: () => devices,
      onDevices: () => () => undefined,
    },
    ...{ wants: () => true, wantsTag: () => true },
    alarms: () => ({ active: 0, unacknowledged: 0, safety: 0 }),
    heed: ({ id }) => Promise.resolve({ id, status: 'refused', reason: 'nothing is ordered here' }),
    documents: {},
    memory: { load: () => snapshots.load('sink'), save: (bodies) => snapshots.save('sink', bodies) },
  };
  return sparkplug.create('bench', sparkplug.options.parse({ servers: [url] }), host);
}

/** The broker's process: its address first, then what arrived whenever a line comes. */
async function serve(): Promise<void> {
  const aedes = await Aedes.createBroker({});
  let [messages, bytes] = [0, 0];
  aedes.on('publish', ({ topic, payload }, client) => {
    if (!client) return;
    messages++;
    bytes += publishOverhead + Buffer.byteLength(topic) + payload.length;
  });
  const server = createServer({ noDelay: true }, aedes.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  process.stdin.on('data', () => {
    process.stdout.write(`${JSON.stringify({ messages, bytes })}\n`);
    [messages, bytes] = [0, 0];
  });
  endWithParent();
}

if (process.argv[1] === thisFile) await serve();
