import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { every, realClock } from '../../edge/core/clock.ts';
import type { DeviceStatus } from '../../edge/core/status.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { compileProduct } from '../install/compiled-product.ts';
import { endWithParent, withProcess } from './processes.ts';
import { atMost, type BenchRow } from './row.ts';
import { serviceEnvironment } from './service-environment.ts';
import { simulatedScan } from './simulated-plc.ts';

const thisFile = fileURLToPath(import.meta.url);
const runFor = '15s';
/** The same gateway differs by a few megabytes from run to run: the median of these counts. */
const runs = 3;
const plcs = 10;
const pointsPerPlc = 100;
const header = 'tag,table,address,type,unit,group\n';

/** A gateway to be run: its configuration, a table for all of its devices, more arguments. */
interface Site {
  readonly name: string;
  readonly endpoints: readonly string[];
  readonly table: string;
  /** Whether somebody answers at the endpoints. */
  readonly answers: boolean;
  readonly arguments: readonly string[];
  readonly mostMb: number;
}

/** What is read of the status that a gateway prints at its end. */
interface FinalStatus {
  readonly devices: readonly DeviceStatus[];
  readonly memoryMb: { readonly rss: number };
}

/** Resident memory of compiled gateways that have little to do, in the environment that the service gives them. */
export async function benchIdle(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-idle-'));
  try {
    const launcher = compileProduct(folder);
    const idle = { endpoints: ['tcp://127.0.0.1:1'], table: tableOf(1), answers: false, mostMb: 90 };
    const rows = [
      await measure(folder, launcher, {
        name: 'D11 idle gateway without console',
        ...idle,
        arguments: ['--no-console'],
      }),
      await measure(folder, launcher, { name: 'D11 idle gateway with console', ...idle, arguments: ['--port', '0'] }),
    ];
    return await withProcess(process.execPath, [thisFile, 'serve'], async (city) => {
      const endpoints = JSON.parse(await city.nextLine()) as string[];
      const name = `D11 ${plcs * pointsPerPlc} Modbus tags at 1 s, with console`;
      const tags = { endpoints, table: tableOf(pointsPerPlc), answers: true, arguments: ['--port', '0'], mostMb: 120 };
      return [...rows, await measure(folder, launcher, { name, ...tags })];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, launcher: string, site: Site): Promise<BenchRow> {
  const devices = site.endpoints.map(
    (endpoint, index) => `  - { id: plc-${index}, driver: modbus, endpoint: "${endpoint}", points: points.csv }\n`,
  );
  await writeFile(join(folder, 'points.csv'), site.table);
  await writeFile(join(folder, 'gateway.yaml'), `gateway: { id: idle }\ndevices:\n${devices.join('')}`);
  const measured: number[] = [];
  for (let run = 0; run < runs; run++) measured.push(await residentMb(folder, launcher, site));
  return atMost(site.name, 'MB', measured.sort((a, b) => a - b)[runs >>> 1] ?? Number.NaN, site.mostMb);
}

/** One run; throws unless every device that can answer gave good values only. */
async function residentMb(folder: string, launcher: string, site: Site): Promise<number> {
  const state = ['-c', join(folder, 'gateway.yaml'), '--data', join(folder, 'data')];
  const run = [launcher, 'run', ...state, '--for', runFor, '--json', ...site.arguments];
  const env = { ...process.env, ...(await serviceEnvironment()) };
  const { stdout } = await promisify(execFile)(process.execPath, run, { env, maxBuffer: 1e8 });
  const { devices, memoryMb } = JSON.parse(stdout) as FinalStatus;
  const wrong = site.answers && devices.find(({ state, badSamples }) => state !== 'online' || badSamples > 0);
  if (wrong) throw new Error(`bench idle: ${wrong.id} is ${wrong.state} with ${wrong.badSamples} bad samples`);
  return memoryMb.rss;
}

function tableOf(points: number): string {
  const rows = Array.from({ length: points }, (_, index) => `r${index},holding,${2 * index},float32,m3/h,1s\n`);
  return header + rows.join('');
}

/** PLCs whose values change every second; prints their endpoints. */
async function serve(): Promise<void> {
  endWithParent();
  const clock = realClock();
  const valueAt = (index: number) => index + Math.sin(clock.monotonicMs() / 10_000);
  const scan = simulatedScan(pointsPerPlc, { type: 'float32', width: 2, valueAt });
  const servers = await Promise.all(Array.from({ length: plcs }, () => serveModbus(scan, { port: 0 })));
  every(clock, 1000, () => {
    scan.scan();
    for (const server of servers) server.publish(clock.wallMs());
  });
  console.log(JSON.stringify(servers.map(({ endpoint }) => endpoint)));
}

if (process.argv[1] === thisFile && process.argv[2] === 'serve') await serve();
