import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { realClock } from '../../edge/core/clock.ts';
import { inFolder } from './in-folder.ts';
import { withProcess } from './processes.ts';
import { atLeast, atMost, type BenchRow, untargeted } from './row.ts';
import { serviceEnvironment } from './service-environment.ts';
import { gatewayProgram, type Replayed } from './upstream-replay/gateway.ts';
import { awayS, gateway } from './upstream-replay/plant.ts';

const watchedTag = 'd0/t0';
const fillProgram = fileURLToPath(new URL('./upstream-replay/fill.ts', import.meta.url));
const brokerProgram = fileURLToPath(new URL('../../simulator/platform/main.ts', import.meta.url));

/**
 * The broker, a process of its own, was away for an hour at 10,000 values/s, each of which passes the deadband; the gateway,
 * another one that runs as the service does, starts again and sends the hour over mqtt-json at QoS 0 while new values go on
 * at the same rate.
 */
export async function benchReplay(): Promise<BenchRow[]> {
  return inFolder(async (dir) => {
    await withProcess(process.execPath, [fillProgram, dir], ({ nextLine }) => nextLine());
    return withProcess(process.execPath, [brokerProgram], async ({ nextLine }) => {
      const { port } = JSON.parse(await nextLine()) as { port: number };
      return replay(dir, `mqtt://127.0.0.1:${port}`);
    });
  });
}

async function replay(dir: string, url: string): Promise<BenchRow[]> {
  const watch = await watchDevice(url);
  const { values, tookS, cores, peakMb } = await withProcess(
    process.execPath,
    [gatewayProgram, dir, url],
    async ({ nextLine }) => JSON.parse(await nextLine()) as Replayed,
    await serviceEnvironment(),
  );
  const { times, lags } = await watch.close();
  const [seen, p99] = [new Set(times).size, lags.sort((a, b) => a - b)[Math.floor(lags.length * 0.99)]];
  return [
    atLeast('replay of 1 h at 10,000 values/s, mqtt-json', 'values/s', values / tookS, 200_000),
    atMost('live lag meanwhile, p99', 'ms', p99 ?? Number.POSITIVE_INFINITY, 2_000),
    atMost('values of one tag lost', 'values', Math.max(0, awayS - seen), 0),
    atMost('values of one tag sent twice', 'values', times.length - seen, 0),
    atMost('memory of the gateway process, peak', 'MB', peakMb, 300),
    atMost('processor of the gateway process', 'cores', cores, 1.2),
    untargeted('processor of the gateway', 's per million', (cores * tookS * 1e6) / values),
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
