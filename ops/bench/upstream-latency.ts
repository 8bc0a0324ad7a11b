import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { delay, every, realClock } from '../../edge/core/clock.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { endWithParent, withProcess } from './processes.ts';
import { atLeast, atMost, type BenchRow, untargeted } from './row.ts';
import { simulatedScan } from './simulated-plc.ts';

const thisFile = fileURLToPath(import.meta.url);
const launcher = fileURLToPath(new URL('../../bin/lifeline.js', import.meta.url));
const brokerProgram = fileURLToPath(new URL('../../simulator/platform/main.ts', import.meta.url));
const plcs = 10;
const pointsPerPlc = 1_000;
const periodMs = 1_000;
const warmUpMs = 10_000;
const measuredMs = 60_000;
/** What one register tells: the time of its last change in these, exact in a float32. */
const stampMs = 1_000_000;
/** Between two changes of it: longer than a period, so that each is seen. */
const shortestMs = 1_100;
const longestMs = 2_100;

/**
 * From the change of a register to the subscriber: PLCs, gateway (`lifeline run`), broker and subscriber are processes of
 * their own; every value changes with every poll. The subscriber reads the time of the change out of the register's value.
 */
export async function benchLatency(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  try {
    return await withProcess(process.execPath, [thisFile], async (city) => {
      const endpoints = JSON.parse(await city.nextLine()) as string[];
      return withProcess(process.execPath, [brokerProgram], async (broker) => {
        const { port } = JSON.parse(await broker.nextLine()) as { readonly port: number };
        return measure(folder, endpoints, `mqtt://127.0.0.1:${port}`);
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, endpoints: readonly string[], url: string): Promise<BenchRow[]> {
  const points = Array.from({ length: pointsPerPlc }, (_, index) => `r${index},holding,${2 * index},float32,1s\n`);
  await writeFile(join(folder, 'points.csv'), `tag,table,address,type,group\n${points.join('')}`);
  const devices = endpoints.map(
    (endpoint, index) => `  - { id: plc-${index}, driver: modbus, endpoint: "${endpoint}", points: points.csv }\n`,
  );
  const sinks = `sinks: [{ id: city, sink: mqtt-json, url: "${url}" }]\n`;
  await writeFile(join(folder, 'gateway.yaml'), `gateway: { id: bench }\ndevices:\n${devices.join('')}${sinks}`);
  const run = ['run', '-c', join(folder, 'gateway.yaml'), '--data', join(folder, 'data'), '--no-console'];
  const gateway = spawn(process.execPath, [launcher, ...run], { stdio: 'ignore' });
  const ended = once(gateway, 'exit');
  try {
    const { latencies, values } = await listen(url);
    const sorted = latencies.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.POSITIVE_INFINITY;
    const rate = Math.round((values * 1_000) / measuredMs);
    return [
      atLeast('values at the subscriber, 10 PLCs of 1,000 floats at 1 s', 'values/s', rate, 9_800),
      untargeted('register change to MQTT subscriber, p50', 'ms', at(0.5)),
      atMost(`register change to MQTT subscriber, p99 of ${sorted.length}`, 'ms', at(0.99), periodMs + 20),
    ];
  } finally {
    gateway.kill();
    await ended;
  }
}

/** ms from each change to its arrival here, and how many values came. */
async function listen(url: string): Promise<{ readonly latencies: number[]; readonly values: number }> {
  const clock = realClock();
  const client = await mqtt.connectAsync(url);
  const stamps = new Map<string, number>();
  let latencies: number[] = [];
  let values = 0;
  client.on('message', (topic, payload) => {
    const nowMs = clock.wallMs();
    const device = topic.split('/').at(-1) ?? '';
    const message = JSON.parse(payload.toString()) as { readonly values: Record<string, readonly [number, string]> };
    values += Object.keys(message.values).length;
    const [stamp] = message.values[`${device}/r0`] ?? [];
    if (stamp === undefined || stamps.get(device) === stamp) return;
    stamps.set(device, stamp);
    latencies.push((nowMs - stamp + stampMs) % stampMs);
  });
  await client.subscribeAsync('lifeline/bench/data/+');
  await delay(clock, warmUpMs);
  [latencies, values] = [[], 0];
  await delay(clock, measuredMs);
  await client.endAsync();
  return { latencies, values };
}

/** PLCs whose registers all move once a second, and the first one now and then by itself; prints their endpoints. */
async function serve(): Promise<void> {
  endWithParent();
  const clock = realClock();
  const random = seededRandom(1);
  const endpoints: string[] = [];
  for (let plc = 0; plc < plcs; plc++) {
    let stamp = clock.wallMs() % stampMs;
    const valueAt = (index: number) => (index === 0 ? stamp : index + Math.sin(clock.monotonicMs() / 10_000));
    const scan = simulatedScan(pointsPerPlc, { type: 'float32', width: 2, valueAt });
    const server = await serveModbus(scan, { port: 0 });
    const show = () => {
      scan.scan();
      server.publish(clock.wallMs());
    };
    const change = () => {
      stamp = clock.wallMs() % stampMs;
      show();
      clock.after(random.integer(shortestMs, longestMs), change);
    };
    change();
    every(clock, periodMs, show);
    endpoints.push(server.endpoint);
  }
  console.log(JSON.stringify(endpoints));
}

if (process.argv[1] === thisFile) await serve();
