import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { delay, realClock } from '../../edge/core/clock.ts';
import { quantileOfSorted } from '../../edge/detection/order-statistics.ts';
import { loadCodec, type PayloadCodec, unsignedOf } from '../../edge/upstream/sparkplug/payload.ts';
import { plcProgram, pointsPerPlc } from './chain/plcs.ts';
import { type Site, withSite } from './console/site.ts';
import { freePort } from './free-port.ts';
import { inFolder } from './in-folder.ts';
import { withProcess } from './processes.ts';
import { atLeast, atMost, type BenchRow, untargeted } from './row.ts';

const clock = realClock();
const usualPlcs = 10;
const mostPlcs = 50;
/** Of their points so many are in roles, five an asset. */
const assets = 200;
const mostCores = 1.2;
/** Of the values that change so many arrive, and no cycle takes longer, where a load is held. */
const leastShare = 0.99;
const longestCycleS = 1.1;
/** Births and what is compiled once; values count from then on. */
const settlingMs = 20_000;
const measuredMs = 30_000;

/** What a load was carried with. */
interface Carried {
  /** Values at the broker, /s. */
  readonly rate: number;
  /** From a reading of a controller to the next, as source times at the broker tell, s. */
  readonly cycleP99S: number;
  readonly cores: number;
  readonly residentMb: number;
}

/**
 * The whole chain: controllers of 10,000 float registers that all move every second, read over Modbus TCP by `lifeline run`
 * with history, detection and a Sparkplug node at Mosquitto. All are processes of their own; figures of arrival are the
 * subscriber's. First 100,000 values/s; where those are held, as many as 1.2 cores would carry by that.
 */
export async function benchChain(): Promise<BenchRow[]> {
  const usual = await carry(usualPlcs);
  const name = (what: string) => `chain, ${usualPlcs * pointsPerPlc} tags at 1 s: ${what}`;
  const rows = [
    atLeast(name('values at the broker'), '/s', usual.rate, leastShare * usualPlcs * pointsPerPlc),
    atMost(name('cycle, p99'), 's', usual.cycleP99S, longestCycleS),
    atMost(name('processor of the gateway'), 'cores', usual.cores, 0.3),
    untargeted(name('processor'), 's per million', (usual.cores / usual.rate) * 1e6),
    atMost(name('resident memory'), 'MB', usual.residentMb, 250),
  ];
  const held = usual.rate >= leastShare * usualPlcs * pointsPerPlc && usual.cycleP99S <= longestCycleS;
  return held ? [...rows, ...(await highest(usual.cores / usualPlcs))] : rows;
}

/** As many controllers as the cores would carry that one takes so much of. */
async function highest(coresOfOne: number): Promise<BenchRow[]> {
  const plcs = Math.min(mostPlcs, Math.max(usualPlcs + 1, Math.floor(mostCores / coresOfOne)));
  const most = await carry(plcs);
  const name = (what: string) => `chain, ${plcs * pointsPerPlc} tags at 1 s: ${what}`;
  return [
    atLeast(name('values at the broker'), '/s', most.rate, 500_000),
    atMost(name('cycle, p99'), 's', most.cycleP99S, longestCycleS),
    atMost(name('processor of the gateway'), 'cores', most.cores, mostCores),
    untargeted(name('resident memory'), 'MB', most.residentMb),
  ];
}

function carry(plcs: number): Promise<Carried> {
  return inFolder((folder) =>
    withProcess(process.execPath, [plcProgram, String(plcs)], async (city) => {
      const endpoints = JSON.parse(await city.nextLine()) as string[];
      return withMosquitto(folder, async (url) => {
        const more = `sinks: [{ id: city, sink: sparkplug, servers: ["${url}"], group: bench }]\n`;
        const codec = await loadCodec();
        return withSite({ folder, endpoints, points: pointsPerPlc, assets, more }, (site) =>
          measure(site, url, codec, plcs),
        );
      });
    }),
  );
}

/** Runs the distribution's broker on a free port while `use` works with it. */
async function withMosquitto<Result>(folder: string, use: (url: string) => Promise<Result>): Promise<Result> {
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  await writeFile(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\n`);
  return withProcess('mosquitto', ['-c', file], () => use(`mqtt://127.0.0.1:${port}`));
}

async function measure(site: Site, url: string, codec: PayloadCodec, plcs: number): Promise<Carried> {
  const client = await mqtt.connectAsync(url);
  const newest = new Map<string, number>();
  let values = 0;
  let cyclesMs: number[] = [];
  client.on('message', (topic, payload) => {
    const { metrics } = codec.decode(payload);
    values += metrics.length;
    const [first] = metrics;
    if (first?.alias === undefined || first.timestamp === undefined) return;
    const key = `${topic}/${unsignedOf(first.alias)}`; // a reading comes in several messages
    const timeMs = unsignedOf(first.timestamp);
    const beforeMs = newest.get(key);
    if (beforeMs !== undefined) cyclesMs.push(timeMs - beforeMs);
    newest.set(key, timeMs);
  });
  await client.subscribeAsync('spBv1.0/bench/DDATA/#');
  await until(() => newest.size >= plcs);
  await delay(clock, settlingMs);
  [values, cyclesMs] = [0, []];
  const [cpuBefore, beganMs] = [await site.cpuS(), clock.monotonicMs()];
  await delay(clock, measuredMs);
  const [elapsedS, cpuS] = [(clock.monotonicMs() - beganMs) / 1000, (await site.cpuS()) - cpuBefore];
  const [rate, residentMb] = [values / elapsedS, await site.memoryMb()];
  await client.endAsync();
  const sorted = Float64Array.from(cyclesMs).sort();
  const carried = { rate, cycleP99S: quantileOfSorted(sorted, 0.99) / 1000, cores: cpuS / elapsedS, residentMb };
  console.error(`  ${plcs} controllers at a load of ${loadavg()[0]?.toFixed(1)}: ${JSON.stringify(carried)}`);
  return carried;
}

/** Waits until every controller has been heard of, three minutes at most. */
async function until(heard: () => boolean): Promise<void> {
  for (let tries = 0; !heard(); tries++) {
    if (tries === 1800) throw new Error('bench chain: values of some controllers never came');
    await delay(clock, 100);
  }
}
