import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { drivers } from '../../drivers/registry.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { Clock } from '../../edge/core/clock.ts';
import type { Log } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { spawnModelWorker } from '../../edge/detection/model-thread.ts';
import { buildGateway, type Gateway } from '../../edge/gateway.ts';
import { sinks } from '../../edge/upstream/registry.ts';
import type { Plc, PlcPoint } from '../../simulator/city/plant.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { freePort } from './processes.ts';

const modelsFolder = resolve(import.meta.dirname, '../../models');
const speed = 10;

/** The machine's clock, ten times as fast: real sockets, short tests. */
const fastClock: Clock = {
  wallMs: () => performance.timeOrigin + performance.now() * speed,
  monotonicMs: () => performance.now() * speed,
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs / speed);
    return { cancel: () => clearTimeout(handle) };
  },
};

const level = 3;
const point = (name: string, address: number, read: () => number): PlcPoint => ({
  name,
  description: { zh: name, en: name },
  unit: 'm',
  read,
  noise: 0,
  low: 0,
  high: 10,
  type: 'float32',
  scale: 1,
  offset: 0,
  table: 'holding',
  address,
  order: 'abcd',
  periodMs: 1000,
});
const plc = (id: string): Plc => ({
  id,
  utility: 'water',
  protocol: 'modbus-tcp',
  name: { zh: id, en: id },
  unit: 1,
  points: [
    point('level', 0, () => level),
    point('ripple', 2, () => level + (performance.now() % 1)),
    point('flow', 4, () => 3 + (performance.now() % 1)),
    point('pressure', 6, () => 0.4),
  ],
});

const running: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

async function serve(id: string, port: number): Promise<PlcServer> {
  const scan = createScan(plc(id), seededRandom(1));
  const server = await serveModbus(scan, { port });
  const timer = setInterval(() => {
    scan.scan();
    server.publish(0);
  }, 1000 / speed);
  running.push({
    stop: async () => {
      clearInterval(timer);
      await server.close();
    },
  });
  return server;
}

interface Started {
  readonly gateway: Gateway;
  readonly log: {
    readonly level: string;
    readonly fields: Readonly<Record<string, unknown>>;
    readonly message: string;
  }[];
  /** Resolves once the log has a line for which the check holds. */
  until(check: (fields: Readonly<Record<string, unknown>>, message: string) => boolean): Promise<void>;
  readonly dataDir: string;
}

/** What differs from a gateway of a few devices, with the product's own models and no state. */
interface Setting {
  readonly dataDir?: string;
  readonly modelsFolder?: string;
  /** More of `gateway.yaml`. */
  readonly yaml?: string;
  readonly spawn?: () => Worker;
}

async function start(devices: Readonly<Record<string, number>>, setting: Setting = {}): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-faults-'));
  const rows = Object.entries(devices).map(
    ([id, port]) => `  - { id: ${id}, driver: modbus, endpoint: "tcp://127.0.0.1:${port}", points: p.csv }`,
  );
  await writeFile(
    join(folder, 'gateway.yaml'),
    `gateway: { id: gw }\ndevices:\n${rows.join('\n')}\n${setting.yaml ?? ''}`,
  );
  await writeFile(
    join(folder, 'p.csv'),
    'tag,table,address,type,unit\nlevel,holding,0,float32,m\nripple,holding,2,float32,m\nflow,holding,4,float32,m3/h\npressure,holding,6,float32,MPa\n',
  );
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'gateway.yaml'), {
    drivers,
    sinks,
    modelsFolder,
    ...setting,
  });
  expect(errors).toEqual([]);
  const lines: Started['log'] = [];
  const waiting = new Set<() => void>();
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, fields, message });
    for (const look of waiting) look();
  };
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const data = setting.dataDir ?? join(folder, 'data');
  await mkdir(data, { recursive: true });
  const spawn = setting.spawn ? { spawn: setting.spawn } : {};
  const host = { clock: fastClock, random: seededRandom(1), log, dataDir: data, version: '0', ...spawn };
  const gateway = await buildGateway(loaded!, host, { console: false });
  running.push(gateway);
  await gateway.start();
  const until: Started['until'] = (check) =>
    new Promise((done) => {
      const look = () => {
        if (!lines.some(({ fields, message }) => check(fields, message))) return;
        waiting.delete(look);
        done();
      };
      waiting.add(look);
      look();
    });
  return { gateway, log: lines, until, dataDir: data };
}

const device = (gateway: Gateway, id: string) => gateway.status().devices.find((status) => status.id === id)!;
const alarm = (id: string, event: string) => (fields: Readonly<Record<string, unknown>>) =>
  fields['alarm'] === id && fields['event'] === event;

it('reads the PLCs that are there while one is missing, alarms on that one, and takes it in when it comes', async () => {
  const [here, missing] = [await freePort(), await freePort()];
  await serve('here', here);
  const { gateway, until } = await start({ here, missing });
  await until((_, message) => message === 'first sample');
  await until(alarm('missing/lost', 'alarm.raised'));
  expect(device(gateway, 'missing').lastError).toMatch(/LL-MODBUS-CONNECT.*missing \(127\.0\.0\.1:\d+ unit 1\)/);
  expect(device(gateway, 'missing').nextStep).not.toBe('');
  expect(device(gateway, 'here')).toMatchObject({ state: 'online', badSamples: 0 });
  await serve('missing', missing);
  await until(alarm('missing/lost', 'alarm.cleared'));
  expect(device(gateway, 'missing').state).toBe('online');
});

it('a PLC that goes away is an alarm, the others go on, and it is read again when it is back', async () => {
  const [a, b] = [await freePort(), await freePort()];
  await serve('a', a);
  const server = await serve('b', b);
  const { gateway, until } = await start({ a, b });
  await until((_, message) => message === 'first sample');
  await server.close();
  await until(alarm('b/lost', 'alarm.raised'));
  const samples = device(gateway, 'a').samples;
  await serve('b', b);
  await until(alarm('b/lost', 'alarm.cleared'));
  expect(device(gateway, 'a').samples).toBeGreaterThan(samples);
  expect(device(gateway, 'a').badSamples).toBe(0);
});

it('a socket that answers garbage gives a coded error, no value, and leaves the others alone', async () => {
  const good = await freePort();
  await serve('good', good);
  const noise = seededRandom(7);
  const babbler = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(Buffer.from(Array.from({ length: 40 }, () => noise.integer(0, 255)))));
  });
  await new Promise<void>((done) => babbler.listen(0, '127.0.0.1', done));
  running.push({ stop: async () => babbler.close() });
  const { gateway, until } = await start({ good, bad: (babbler.address() as { port: number }).port });
  await until(alarm('bad/lost', 'alarm.raised'));
  const bad = device(gateway, 'bad');
  expect(bad.lastError).toMatch(/LL-MODBUS-/);
  expect(bad.samples - bad.badSamples).toBe(0);
  expect(device(gateway, 'good')).toMatchObject({ state: 'online', badSamples: 0 });
});

it('an alarm that was active is known after a restart, and clears when its cause is gone', async () => {
  const port = await freePort();
  const first = await start({ plc: port });
  await first.until(alarm('plc/lost', 'alarm.raised'));
  await first.gateway.stop();
  await serve('plc', port);
  const second = await start({ plc: port }, { dataDir: first.dataDir });
  expect(second.gateway.status().alarms.active).toBe(1);
  await second.until(alarm('plc/lost', 'alarm.cleared'));
  expect(second.gateway.status().alarms.active).toBe(1);
  expect(await readdir(first.dataDir)).toContain('journal.db');
}, 40_000);

describe('a district whose model or calibration cannot be used', () => {
  const calibration = resolve(import.meta.dirname, '../../examples/demo/calibration.json');
  const yamlWith = (file: string) => `assets:
  - { id: dma-1, type: water.district, roles: { inflow: plc/flow, pressure: plc/pressure, pressure-critical: plc/pressure } }
detection: { calibration: "${file}" }
`;

  it.each([
    ['model with one byte changed', 'LL-MODEL-HASH', 'district.onnx'],
    ['calibration that is garbage', 'LL-DETECT-CALIBRATION', 'calibration.json'],
  ])('%s: an alarm names code and file, and polling goes on', async (_, code, file) => {
    const port = await freePort();
    await serve('plc', port);
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-models-'));
    await cp(modelsFolder, folder, { recursive: true });
    const model = join(folder, 'water/district.onnx');
    const bytes = await readFile(model);
    if (file === 'district.onnx') await writeFile(model, bytes.with(100, (bytes[100] as number) ^ 1));
    const garbage = join(folder, 'calibration.json');
    await writeFile(garbage, '{"schema":');
    const yaml = yamlWith(file === 'district.onnx' ? calibration : garbage);
    const { gateway, log, until } = await start({ plc: port }, { modelsFolder: folder, yaml });
    await until(alarm('gw/model-bypassed', 'alarm.raised'));
    const raised = log.find(({ fields }) => fields['event'] === 'alarm.raised');
    expect(raised?.fields['decision']).toMatchObject({ error: expect.stringContaining(code) });
    expect(JSON.stringify(raised?.fields['decision'])).toContain(file);
    await until((_, message) => message === 'first sample');
    expect(device(gateway, 'plc')).toMatchObject({ state: 'online', badSamples: 0 });
  });

  it('a model whose thread has died is an alarm that clears by itself once it is up again', async () => {
    const port = await freePort();
    await serve('plc', port);
    const workers: Worker[] = [];
    const spawn = () => {
      workers.push(spawnModelWorker());
      return workers.at(-1) as Worker;
    };
    const { until, gateway } = await start({ plc: port }, { yaml: yamlWith(calibration), spawn });
    await gateway.idle();
    await workers[0]?.terminate();
    await until(alarm('gw/model-bypassed', 'alarm.raised'));
    await until(alarm('gw/model-bypassed', 'alarm.cleared'));
    expect(workers.length).toBe(2);
  });
});
