import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { processorS, residentMb } from '../../../edge/cli/process-figures.ts';
import { decodeFrame, encodeTags } from '../../../edge/console/live-frame.ts';
import { delay, realClock } from '../../../edge/core/clock.ts';
import { serviceEnvironment } from '../service-environment.ts';
import { endsWithParent } from './end-with-parent.ts';
import { type LoopDelay, tellsLoopDelay } from './loop-delay.ts';
import { roles } from './plcs.ts';

const launcher = fileURLToPath(new URL('../../../bin/lifeline.js', import.meta.url));
/** Of what a gateway said before it ended so many lines are shown. */
const shownLines = 20;

/** A gateway of a benchmark with its console, a process of its own. */
export interface Site {
  readonly url: string;
  /** CPU time used since its start, s. */
  cpuS(): Promise<number>;
  /** Resident memory, MB. */
  memoryMb(): Promise<number>;
  /** From now on the delay of its event loop is measured. */
  watchLoop(): void;
  /** Of what was measured, but for the last second; rejects before the first. */
  loopDelay(): Promise<LoopDelay>;
}

export interface SiteOptions {
  readonly folder: string;
  readonly endpoints: readonly string[];
  /** Points read of each PLC. */
  readonly points: number;
  /** How many assets, with as many points each as there are roles, those of a PLC one after the other. */
  readonly assets: number;
  /** Further lines of the configuration. */
  readonly more?: string;
}

/** Runs `lifeline run` on PLCs while `use` looks at it. */
export async function withSite<Result>(options: SiteOptions, use: (site: Site) => Promise<Result>): Promise<Result> {
  await writeConfiguration(options);
  return withGateway(options.folder, use);
}

/** Runs a command of the product to its end; rejects when it fails. */
export async function command(...words: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [launcher, ...words], { maxBuffer: 1e8 });
}

/** Runs `lifeline run` as the service does, on the configuration in a folder, while `use` looks at it; its state is in `data` there. */
export async function withGateway<Result>(folder: string, use: (site: Site) => Promise<Result>): Promise<Result> {
  const data = join(folder, 'data');
  const run = ['run', '-c', join(folder, 'gateway.yaml'), '--data', data, '--port', '0'];
  const delayFile = join(folder, 'loop-delay.json');
  const env = { ...process.env, ...(await serviceEnvironment()), LOOP_DELAY_FILE: delayFile };
  const preloaded = [endsWithParent, tellsLoopDelay].flatMap((file) => ['--import', file]);
  const gateway = spawn(process.execPath, [...preloaded, launcher, ...run], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env,
  });
  const ended = once(gateway, 'exit');
  try {
    const url = await Promise.race([
      consoleOf(gateway.stderr),
      ended.then(() => Promise.reject(new Error('bench: the gateway ended before its console was there'))),
    ]);
    gateway.stderr.resume();
    const pid = gateway.pid ?? 0;
    return await use({
      ...{ url, cpuS: async () => processorS(pid), memoryMb: async () => residentMb(pid) },
      watchLoop: () => process.kill(pid, 'SIGUSR2'),
      loopDelay: async () => JSON.parse(await readFile(delayFile, 'utf8')),
    });
  } finally {
    gateway.kill();
    await ended;
  }
}

export const assetName = (asset: number): string => `mh-${asset}`;

export async function writeConfiguration({ folder, endpoints, points, assets, more = '' }: SiteOptions): Promise<void> {
  const unitOf = (index: number) => roles[index % roles.length]?.unit;
  const rows = Array.from({ length: points }, (_, at) => `r${at},holding,${2 * at},float32,${unitOf(at)},-5,100,1s\n`);
  await writeFile(join(folder, 'points.csv'), `tag,table,address,type,unit,low,high,group\n${rows.join('')}`);
  const devices = endpoints.map(
    (endpoint, plc) => `  - { id: plc-${plc}, driver: modbus, endpoint: "${endpoint}", points: points.csv }\n`,
  );
  const manholes = Array.from({ length: assets }, (_, asset) => {
    const filled = roles.map(({ role }, at) => {
      const point = asset * roles.length + at;
      return `${role}: plc-${Math.floor(point / points)}/r${point % points}`;
    });
    const place = `[${126.5 + (asset % 20) / 100}, ${45.7 + Math.floor(asset / 20) / 500}]`;
    return `  - { id: ${assetName(asset)}, type: drainage.manhole, location: ${place}, roles: { ${filled.join(', ')} } }\n`;
  });
  await writeFile(
    join(folder, 'gateway.yaml'),
    `gateway: { id: bench }\nconsole: { role: operator }\ndevices:\n${devices.join('')}assets:\n${manholes.join('')}${more}`,
  );
}

/** The address that the log tells. */
async function consoleOf(log: NodeJS.ReadableStream): Promise<string> {
  const told: string[] = [];
  for await (const line of createInterface(log)) {
    told.push(line);
    const url = /"msg":"console".*?"url":"([^"]+)"|"url":"([^"]+)".*?"msg":"console"/.exec(line);
    if (url) return url[1] ?? url[2] ?? '';
  }
  throw new Error(`bench: the gateway told of no console, but\n${told.slice(-shownLines).join('\n')}`);
}

/** One page's end of the live feed. */
export interface Client {
  /** From the making of each frame to its coming, ms. */
  readonly lagsMs: number[];
  values: number;
  close(): void;
}

/** Connects as a page does, and is told of the tags given only; of all when none are. */
export async function connect(url: string, tags: readonly number[]): Promise<Client> {
  const clock = realClock();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`, { headers: { origin: url } } as never);
  socket.binaryType = 'arraybuffer';
  const client: Client = { lagsMs: [], values: 0, close: () => socket.close() };
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') return;
    const { now, tags: told } = decodeFrame(data as ArrayBuffer);
    client.lagsMs.push(clock.wallMs() - now);
    client.values += told.length;
  });
  await once(socket, 'open');
  socket.send(encodeTags(tags));
  await delay(clock, 1_000);
  return client;
}
