import { fileURLToPath } from 'node:url';
import type { DevicePoint } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { type AcquiredDevice, type Acquisition, createAcquisition } from '../../edge/acquisition/acquisition.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { type Clock, delay, realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { isBad } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { benchSerial } from './drivers-serial.ts';
import { benchSparse } from './drivers-sparse.ts';
import { floatPoint } from './float-point.ts';
import { endWithParent, withProcess } from './processes.ts';
import { atMost, type BenchRow } from './row.ts';

const thisFile = fileURLToPath(import.meta.url);
/** As the service runs a gateway (ops/systemd/lifeline.service). */
const gatewayFlags = ['--max-semi-space-size=1'];

/** PLCs that are all alike: `tags` float32 each, read every `periodMs`. */
interface Load {
  readonly name: string;
  readonly links: number;
  readonly tags: number;
  readonly periodMs: number;
  readonly measureS: number;
  /** How many values are written meanwhile, spread over the links, each read back. */
  readonly writes?: number;
  /** Shares of one core, MB and ms that it may take. */
  readonly most: { readonly cores: number; readonly residentMb?: number; readonly p99LatenessMs?: number };
}

const loads: readonly Load[] = [
  { name: 'D1 dense', links: 10, tags: 10_000, periodMs: 1000, measureS: 15, most: { cores: 0.2, residentMb: 200 } },
  { name: 'D1 five times', links: 50, tags: 10_000, periodMs: 1000, measureS: 15, most: { cores: 0.9 } },
  { name: 'D2 many', links: 500, tags: 30, periodMs: 1000, measureS: 15, most: { cores: 0.3 } },
  { name: 'D3 slow', links: 1000, tags: 300, periodMs: 10_000, measureS: 30, most: { cores: 0.3, residentMb: 300 } },
  {
    ...{ name: 'D6 writes under D1', links: 10, tags: 10_000, periodMs: 1000, measureS: 15, writes: 100 },
    most: { cores: 0.25 },
  },
  { name: 'D5 fast', links: 10, tags: 1000, periodMs: 100, measureS: 15, most: { cores: 0.3, p99LatenessMs: 10 } },
];

/** What the reading process says of a load. */
interface Measured {
  readonly goodPerS: number;
  readonly badSamples: number;
  readonly cores: number;
  readonly residentMb: number;
  readonly due: number;
  readonly late: number;
  readonly p99LatenessMs: number;
  readonly p99CycleMs: number;
  /** From the call of the session to its answer, for each write. */
  readonly writeMs: readonly number[];
}

/**
 * Polling from sockets to batches as a gateway does it: acquisition and driver in one process, simulated PLCs in another.
 * Rates are those that arrived; one request in flight on every link.
 */
export async function benchDrivers(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const load of loads) rows.push(...rowsOf(load, await measure(load)));
  return [...rows, ...(await benchSparse()), ...(await benchSerial())];
}

function measure(load: Load): Promise<Measured> {
  const serve = [thisFile, 'serve', JSON.stringify(load)];
  return withProcess(process.execPath, serve, async (server) => {
    const read = [...gatewayFlags, thisFile, 'read', JSON.stringify(load), await server.nextLine()];
    return withProcess(process.execPath, read, async (reader) => JSON.parse(await reader.nextLine()) as Measured);
  });
}

function rowsOf({ name, links, tags, periodMs, most }: Load, measured: Measured): BenchRow[] {
  const common = { peer: null, ratio: null } as const;
  const wanted = (links * tags * 1000) / periodMs;
  const rate: BenchRow = {
    ...common,
    ...{ name: `${name}: values, ${links} × ${tags} at ${periodMs} ms`, value: Math.round(measured.goodPerS) },
    ...{ unit: 'values/s', better: 'higher', target: `≥ ${wanted * 0.98}`, ok: measured.goodPerS >= wanted * 0.98 },
  };
  return [
    rate,
    atMost(`${name}: processor`, 'cores', measured.cores, most.cores),
    atMost(`${name}: cycle p99`, 'ms', measured.p99CycleMs, Math.round(periodMs * 1.1)),
    atMost(`${name}: late of ${measured.due} polls`, 'polls', measured.late, Math.floor(measured.due / 1000)),
    ...(most.residentMb ? [atMost(`${name}: resident memory`, 'MB', measured.residentMb, most.residentMb)] : []),
    ...(measured.writeMs.length > 0 ? writeRows(name, measured.writeMs) : []),
    ...(most.p99LatenessMs ? [atMost(`${name}: lateness p99`, 'ms', measured.p99LatenessMs, most.p99LatenessMs)] : []),
  ];
}

function writeRows(name: string, writeMs: readonly number[]): BenchRow[] {
  const sorted = [...writeMs].sort((a, b) => a - b);
  return [
    atMost(`${name}: p50 of ${sorted.length} writes`, 'ms', sorted[sorted.length >>> 1] ?? Number.NaN, 50),
    atMost(`${name}: slowest of ${sorted.length} writes`, 'ms', sorted.at(-1) ?? Number.NaN, 200),
  ];
}

/** PLCs that hold `tags` floats each; prints their ports as one JSON line. */
async function serve({ links, tags }: Load): Promise<void> {
  const { serveModbus } = await import('../../simulator/plc/modbus-server.ts');
  const { simulatedScan } = await import('./simulated-plc.ts');
  const scan = simulatedScan(tags, { type: 'float32', width: 2, valueAt: (index) => index + 0.5 });
  endWithParent();
  const ports: number[] = [];
  for (let link = 0; link < links; link++) ports.push((await serveModbus(scan, { port: 0 })).port);
  console.log(JSON.stringify(ports));
}

/** Polls all ports; prints what was measured after all devices had come up. */
async function read({ tags, periodMs, measureS, writes = 0 }: Load, ports: readonly number[]): Promise<void> {
  const clock = realClock();
  const devices = ports.map((port, link) => ({
    driver: 'modbus',
    definition: {
      ...{ id: `plc-${link}`, endpoint: `tcp://127.0.0.1:${port}`, options: {} },
      points: Array.from({ length: tags }, (_, index) =>
        floatPoint(link * tags + index, `plc-${link}/r${index}`, index * 2, periodMs),
      ),
    },
  }));
  let good = 0;
  let bad = 0;
  const before = new Map<string, number>();
  const cycles: number[] = [];
  const onBatch = ({ device, quality, values }: SampleBatch) => {
    const nowMs = clock.monotonicMs();
    cycles.push(nowMs - (before.get(device) ?? nowMs));
    before.set(device, nowMs);
    for (let row = 0; row < quality.length; row++) {
      if (isBad(quality[row] as number) || (values[row] as number) % 1 !== 0.5) bad++;
      else good++;
    }
  };
  const host = { clock, random: seededRandom(1), log: silentLog, stateDir: '' };
  const acquisition = createAcquisition({
    devices,
    drivers: [modbusDriver],
    host,
    onBatch,
    onDeviceChange: () => undefined,
  });
  acquisition.start();
  const warmUpMs = Math.max(3000, 1.5 * periodMs);
  await delay(clock, warmUpMs);
  Object.assign(cycles, { length: 0 });
  const figures = () => acquisition.status().map(({ polls }) => polls);
  const [goodBefore, cpuBefore, pollsBefore, beganMs] = [good, process.cpuUsage(), figures(), clock.monotonicMs()];
  const writing = writeMeanwhile(acquisition, devices, { writes, everyMs: (measureS * 1000) / writes, clock });
  await delay(clock, measureS * 1000);
  const seconds = (clock.monotonicMs() - beganMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const polls = figures();
  const grown = (of: 'due' | 'late') =>
    polls.reduce((sum, now, index) => sum + now[of] - (pollsBefore[index]?.[of] ?? 0), 0);
  const sorted = cycles.sort((a, b) => a - b);
  const measured: Measured = {
    ...{ goodPerS: (good - goodBefore) / seconds, badSamples: bad, cores: (user + system) / 1e6 / seconds },
    ...{ residentMb: Math.round(process.memoryUsage.rss() / 1e6), due: grown('due'), late: grown('late') },
    p99LatenessMs: Math.max(...polls.map(({ p99LatenessMs }) => p99LatenessMs)),
    p99CycleMs: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
    writeMs: await writing,
  };
  console.log(JSON.stringify(measured));
  process.exit();
}

/** Writes one value after another, each to the next link, and how long the session took; throws unless it is read back. */
async function writeMeanwhile(
  acquisition: Acquisition,
  devices: readonly AcquiredDevice[],
  { writes, everyMs, clock }: { writes: number; everyMs: number; clock: Clock },
): Promise<number[]> {
  const tookMs: number[] = [];
  for (let write = 0; write < writes; write++) {
    await delay(clock, everyMs);
    const { id, points } = (devices[write % devices.length] as AcquiredDevice).definition;
    const point = points[(write * 97) % points.length] as DevicePoint;
    const [session, raw, askedMs] = [acquisition.session(id), 20_000.5 + write, clock.monotonicMs()];
    const outcome = await session?.write?.(point, raw);
    tookMs.push(clock.monotonicMs() - askedMs);
    const found = outcome?.kind === 'done' ? await session?.readBack?.(point) : undefined;
    if (found !== raw) throw new Error(`bench drivers: ${raw} written to ${point.name}, ${found} read back`);
  }
  return tookMs;
}

const [mode, load = '', ports = ''] = process.argv[1] === thisFile ? process.argv.slice(2) : [];
if (mode === 'serve') await serve(JSON.parse(load));
if (mode === 'read') await read(JSON.parse(load), JSON.parse(ports));
