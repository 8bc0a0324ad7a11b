import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { delay, realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { openStore } from '../../edge/store/store.ts';
import { freePort } from './free-port.ts';
import { inFolder } from './in-folder.ts';
import { withProcess } from './processes.ts';
import { atLeast, atMost, type BenchRow } from './row.ts';
import { type Arrived, farEndProgram } from './upstream/far-end.ts';
import { deviceCount, type PlantSink, plantSink, plantTags, tagsPerDevice } from './upstream/plant.ts';

/** All tags once in each. */
const seconds = 10;
const smallBatch = 50;
const smallBatches = 1_000;
/** When nothing has come for so long, nothing is on its way. */
const quietMs = 1_000;
const clock = realClock();

type Arrivals = () => Promise<Arrived>;

/** What a road carried of 100,000 values a second. */
interface Carried {
  readonly perSecond: number;
  /** Share of a core, that of the whole process of the sink. */
  readonly core: number;
  readonly bytesPerValue: number;
}

/** Roads upstream, side by side: each to a far end in a process of its own, where figures of arrival are taken. */
export async function benchUpstream(): Promise<BenchRow[]> {
  const sparkplug = await overMqtt(
    'sparkplug',
    (url) => ({ servers: [url] }),
    async (plant, arrived) => ({
      ...(await everySecond(plant, arrived, 2)),
      small: await inSmallBatches(plant, arrived),
    }),
  );
  const json = await overMqtt(
    'mqtt-json',
    (url) => ({ url }),
    (plant, arrived) => everySecond(plant, arrived, 1),
  );
  const nats = await overNats((plant, arrived) => everySecond(plant, arrived, 3));
  return [
    atLeast('Sparkplug: metrics at the broker', '/s', sparkplug.perSecond, 99_000),
    atMost('Sparkplug: 100k metrics/s, MQTT included', 'of a core', sparkplug.core, 0.15),
    atMost('Sparkplug: float metric in batches of 50', 'B', sparkplug.small, 20),
    ...beside('MQTT JSON', json, sparkplug),
    ...beside('NATS', nats, sparkplug),
  ];
}

function beside(road: string, { perSecond, core, bytesPerValue }: Carried, sparkplug: Carried): BenchRow[] {
  const row = (what: string, unit: string, value: number, than: number): BenchRow => ({
    ...atMost(`${road}: ${what}`, unit, value, 0),
    ...{ peer: { name: 'Sparkplug', value: than }, ratio: value / than, target: '', ok: null },
  });
  return [
    atLeast(`${road}: values at the far end`, '/s', perSecond, 99_000),
    row('100k values/s, its client included', 'of a core', core, sparkplug.core),
    row('value in batches of 10,000', 'B', bytesPerValue, sparkplug.bytesPerValue),
  ];
}

function overMqtt<Result>(
  name: string,
  optionsOf: (url: string) => object,
  use: (plant: PlantSink, arrived: Arrivals) => Promise<Result>,
): Promise<Result> {
  return inFolder((dir) => carry(dir, name, [], optionsOf, use));
}

/** With the distribution's server, which keeps the values in a stream as it does for a city. */
function overNats<Result>(use: (plant: PlantSink, arrived: Arrivals) => Promise<Result>): Promise<Result> {
  return inFolder(async (dir) => {
    const [port, file] = [await freePort(), join(dir, 'nats.conf')];
    const url = `nats://127.0.0.1:${port}`;
    await writeFile(
      file,
      `listen: 127.0.0.1:${port}\njetstream { store_dir: "${dir}/nats" }\nlogfile: "${dir}/nats.log"\n`,
    );
    const options = { url, stream: { create: true }, data: { enabled: true, stream: { create: true } } };
    return withProcess('nats-server', ['-c', file], () => carry(dir, 'nats', [url], () => options, use));
  });
}

function carry<Result>(
  dir: string,
  name: string,
  farEnd: readonly string[],
  optionsOf: (url: string) => object,
  use: (plant: PlantSink, arrived: Arrivals) => Promise<Result>,
): Promise<Result> {
  return withProcess(process.execPath, [farEndProgram, ...farEnd], async ({ nextLine, say }) => {
    const url = await nextLine();
    const store = await openStore({ dir, tags: plantTags, clock, random: seededRandom(1), log: silentLog });
    const plant = plantSink(name, optionsOf(url), store);
    await plant.sink.start();
    const arrived: Arrivals = async () => {
      say('arrived');
      return JSON.parse(await nextLine()) as Arrived;
    };
    try {
      while (plant.sink.status().state !== 'online') await delay(clock, 50);
      await quiet(arrived);
      for (let device = 0; device < deviceCount; device++) plant.send(device, 0, tagsPerDevice, -1);
      await quiet(arrived);
      return await use(plant, arrived);
    } finally {
      await plant.sink.stop();
      await store.close();
    }
  });
}

/** Waits until nothing comes any more of what is told once: births, and that values are good now. */
async function quiet(arrived: Arrivals): Promise<void> {
  do await delay(clock, quietMs);
  while ((await arrived()).messages > 0);
}

/** Every tag every second, device after device, each in so many messages. */
async function everySecond({ send }: PlantSink, arrived: Arrivals, messagesPerDevice: number): Promise<Carried> {
  const stepMs = 1000 / deviceCount;
  const startedMs = clock.monotonicMs();
  const before = process.cpuUsage();
  for (let turn = 0; turn < seconds * deviceCount; turn++) {
    send(turn % deviceCount, 0, tagsPerDevice, turn);
    await delay(clock, startedMs + (turn + 1) * stepMs - clock.monotonicMs());
  }
  const { user, system } = process.cpuUsage(before);
  const elapsedS = (clock.monotonicMs() - startedMs) / 1000;
  const { messages, bytes } = await settled(arrived, seconds * deviceCount * messagesPerDevice);
  const values = (messages / messagesPerDevice) * tagsPerDevice;
  return { core: (user + system) / 1e6 / elapsedS, perSecond: values / elapsedS, bytesPerValue: bytes / values };
}

async function inSmallBatches({ send }: PlantSink, arrived: Arrivals): Promise<number> {
  for (let turn = 0; turn < smallBatches; turn++) {
    send(0, (turn * smallBatch) % tagsPerDevice, smallBatch, turn);
    if (turn % 100 === 99) await delay(clock, 20);
  }
  const { bytes } = await settled(arrived, smallBatches);
  return bytes / (smallBatches * smallBatch);
}

/** What has arrived once as many messages as expected have; fails when some never do. */
async function settled(arrived: Arrivals, messages: number): Promise<Arrived> {
  let total: Arrived = { messages: 0, bytes: 0 };
  for (let tries = 0; total.messages < messages; tries++) {
    if (tries > 300) throw new Error(`only ${total.messages} of ${messages} messages came`);
    const more = await arrived();
    total = { messages: total.messages + more.messages, bytes: total.bytes + more.bytes };
    await delay(clock, 100);
  }
  return total;
}
