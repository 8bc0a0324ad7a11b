import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { delay, every, realClock } from '../../edge/core/clock.ts';
import type { Store } from '../../edge/store/api.ts';
import { withProcess } from './processes.ts';
import { atLeast, atMost, type BenchRow } from './row.ts';
import { awayS, deviceCount, gateway, newSink, openPlantStore, Plant, tagsPerDevice } from './upstream-replay/plant.ts';

/** The measurement is given up after this time. */
const maxReplayMs = 600_000;
const watchedTag = 'd0/t0';
const fillProgram = fileURLToPath(new URL('./upstream-replay/fill.ts', import.meta.url));
const brokerProgram = fileURLToPath(new URL('../../simulator/platform/main.ts', import.meta.url));

/**
 * The broker, a process of its own, was away for an hour at 10,000 values/s, each of which passes the deadband; the gateway
 * starts again, and sends the hour over mqtt-json at QoS 0 while new values go on at the same rate.
 */
export async function benchReplay(): Promise<BenchRow[]> {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  try {
    await withProcess(process.execPath, [fillProgram, dir], ({ nextLine }) => nextLine());
    const store = await openPlantStore(dir);
    const rows = await withProcess(process.execPath, [brokerProgram], async ({ nextLine }) => {
      const { port } = JSON.parse(await nextLine()) as { port: number };
      return replay(store, `mqtt://127.0.0.1:${port}`);
    });
    await store.close();
    return rows;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function replay(store: Store, url: string): Promise<BenchRow[]> {
  const clock = realClock();
  const sink = newSink(store, url);
  const plant = new Plant(store, sink);
  const watch = await watchDevice(url);
  const processor = process.cpuUsage();
  const beganMs = clock.monotonicMs();
  await sink.start();
  let device = 0;
  let peakBytes = 0;
  const stopPolls = every(clock, 1_000 / deviceCount, () => plant.poll(device++ % deviceCount, clock.wallMs()));
  const stopLook = every(clock, 100, () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  });
  const owed = awayS * deviceCount * tagsPerDevice;
  const backfilled = () => sink.status().backfilled ?? 0;
  while (backfilled() < owed && clock.monotonicMs() - beganMs < maxReplayMs) await delay(clock, 50);
  const tookS = (clock.monotonicMs() - beganMs) / 1000;
  const { user, system } = process.cpuUsage(processor);
  const done = backfilled();
  stopPolls();
  stopLook();
  await sink.stop();
  const { times, lags } = await watch.close();
  const [seen, p99] = [new Set(times).size, lags.sort((a, b) => a - b)[Math.floor(lags.length * 0.99)]];
  return [
    atLeast('replay of 1 h at 10,000 values/s, mqtt-json', 'values/s', done / tookS, 200_000),
    atMost('live lag meanwhile, p99', 'ms', p99 ?? Number.POSITIVE_INFINITY, 2_000),
    atMost('values of one tag lost', 'values', Math.max(0, awayS - seen), 0),
    atMost('values of one tag sent twice', 'values', times.length - seen, 0),
    atMost('memory of the gateway process, peak', 'MB', peakBytes / 1e6, 300),
    atMost('processor of the gateway process', 'cores', (user + system) / 1e6 / tookS, 1.2),
  ];
}

/** A message of values. */
interface ReceivedValues {
  readonly t: string;
  readonly historical?: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What the broker passes on of one tag: source times told as historical; and ms from source to arrival of its device's new values. */
async function watchDevice(url: string) {
  const client = await mqtt.connectAsync(url);
  const times: string[] = [];
  const lags: number[] = [];
  client.on('message', (_, payload) => {
    const { t, historical, values } = JSON.parse(payload.toString()) as ReceivedValues;
    if (historical && watchedTag in values)
      times.push(t); // a poll may come in several messages
    else if (!historical) lags.push(realClock().wallMs() - Date.parse(t));
  });
  await client.subscribeAsync(`lifeline/${gateway}/data/d0`);
  return {
    async close() {
      await client.endAsync();
      return { times, lags };
    },
  };
}
