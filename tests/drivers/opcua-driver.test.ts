import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import opcua, { type UAVariable } from 'node-opcua';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceDefinition, DevicePoint } from '../../drivers/api.ts';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import { numberOf, qualityOfStatus } from '../../drivers/opcua/value.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { pointAt, testHost } from './peer.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-opcua-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const variables = {
  temp: ['Double', 21.5],
  level: ['Float', 1.25],
  run: ['Boolean', true],
  small: ['Int16', -7],
  total: ['UInt32', 4_000_000_000],
  energy: ['Int64', [0xffff_ffff, 0xffff_fffe]],
  volume: ['UInt64', [1, 5]],
  text: ['String', 'pump'],
  pair: ['Double', [1, 5]],
} as const;

async function serverOn(port: number) {
  const certificates = new opcua.OPCUACertificateManager({
    rootFolder: join(folder, 'server'),
    automaticallyAcceptUnknownCertificate: true,
  });
  const server = new opcua.OPCUAServer({
    port,
    hostname: '127.0.0.1',
    nodeset_filename: [opcua.nodesets.standard],
    serverCertificateManager: certificates,
    userCertificateManager: certificates,
    securityPolicies: [opcua.SecurityPolicy.None, opcua.SecurityPolicy.Basic256Sha256],
    securityModes: [opcua.MessageSecurityMode.None, opcua.MessageSecurityMode.SignAndEncrypt],
    disableDiscovery: true,
    userManager: { isValidUser: (name: string, password: string) => name === 'reader' && password === 'right' },
    serverInfo: { applicationUri: 'urn:test:plc' },
  });
  await server.initialize();
  const space = server.engine.addressSpace!;
  const namespace = space.getOwnNamespace();
  const made = new Map<string, UAVariable>();
  for (const [name, [dataType, value]] of Object.entries(variables)) {
    const variable = namespace.addVariable({
      organizedBy: space.rootFolder.objects,
      nodeId: `s=${name}`,
      browseName: name,
      dataType,
      valueRank: name === 'pair' ? 1 : -1,
      minimumSamplingInterval: 50,
    });
    const arrayType = opcua.VariantArrayType[name === 'pair' ? 'Array' : 'Scalar'];
    variable.setValueFromSource(
      { dataType: opcua.DataType[dataType], arrayType, value },
      opcua.StatusCodes.Good,
      new Date(5000),
    );
    made.set(name, variable);
  }
  await server.start();
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await server.shutdown(50);
  };
  open.push(stop);
  return { endpoint: `opc.tcp://127.0.0.1:${port}`, variable: (name: string) => made.get(name)!, stop };
}

const node = (tag: number, name: string): DevicePoint => pointAt(tag, 0, { node: `ns=1;s=${name}`, periodMs: 100 });
const device = (endpoint: string, points: readonly DevicePoint[], options = {}): DeviceDefinition => ({
  id: 'gallery-2',
  endpoint,
  points,
  options,
});

/** Opens a session and keeps the newest sample of every tag. */
async function watch(definition: DeviceDefinition, log: Log = silentLog) {
  const newest = new Map<number, { value: number; quality: string; time: number }>();
  const batches: SampleBatch[] = [];
  const losses: LifelineError[] = [];
  let heard = () => {};
  const events = {
    batch(batch: SampleBatch) {
      batches.push(batch);
      batch.tags.forEach((tag, row) => {
        const [value, quality, time] = [batch.values[row]!, qualityName(batch.quality[row]!), batch.times[row]!];
        newest.set(tag, { value, quality, time });
      });
      heard();
    },
    lost(error: LifelineError) {
      losses.push(error);
      heard();
    },
  };
  const host = testHost(realClock(), log, folder);
  const session = await opcuaDriver.open(definition, events, host, new AbortController().signal);
  open.push(() => session.close());
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { session, newest, batches, losses, until };
}

describe('OPC UA driver', () => {
  test('reports every type with source time and quality, one batch per publish', async () => {
    const server = await serverOn(await freePort());
    const names = Object.keys(variables);
    const seen = await watch(
      device(
        server.endpoint,
        names.map((name, tag) => node(tag, name)),
      ),
    );
    expect(seen.session.polls).toEqual([]);
    await seen.until(() => seen.newest.size === names.length);
    const good = (value: number) => ({ value, quality: 'good', time: 5000 });
    expect([...seen.newest.entries()].sort(([a], [b]) => a - b).map(([, sample]) => sample)).toEqual([
      good(21.5),
      good(1.25),
      good(1),
      good(-7),
      good(4_000_000_000),
      good(-2),
      good(4_294_967_301),
      { value: Number.NaN, quality: 'config', time: 5000 },
      { value: Number.NaN, quality: 'config', time: 5000 },
    ]);
    expect(seen.batches).toHaveLength(1);
    const { Double } = opcua.DataType;
    const temp = server.variable('temp');
    temp.setValueFromSource(
      { dataType: Double, value: 22 },
      opcua.StatusCodes.UncertainSubstituteValue,
      new Date(6000),
    );
    await seen.until(() => seen.newest.get(0)!.time === 6000);
    expect(seen.newest.get(0)).toEqual({ value: 22, quality: 'substituted', time: 6000 });
    temp.setValueFromSource({ dataType: Double, value: 23 }, opcua.StatusCodes.BadSensorFailure, new Date(7000));
    await seen.until(() => seen.newest.get(0)!.time === 7000);
    expect(seen.newest.get(0)).toEqual({ value: Number.NaN, quality: 'device', time: 7000 });
  });

  test('marks only the nodes that do not exist, and finds namespaces by their uri', async () => {
    const server = await serverOn(await freePort());
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
    const points = [
      node(0, 'temp'),
      node(1, 'tmep'),
      { ...node(2, ''), node: 'nsu=urn:test:plc;s=level' },
      { ...node(3, ''), node: 'nsu=urn:nobody;s=level' },
    ];
    const seen = await watch(device(server.endpoint, points), log);
    await seen.until(() => seen.newest.size === 4);
    expect([0, 1, 2, 3].map((tag) => seen.newest.get(tag)!.quality)).toEqual(['good', 'config', 'good', 'config']);
    expect(seen.newest.get(2)!.value).toBe(1.25);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('does not offer 2 points');
    expect(warnings[0]).toContain('d/p1 at ns=1;s=tmep (BadNodeIdUnknown)');
  });

  test('reads over an encrypted channel as a named user, once the server certificate is trusted', async () => {
    const server = await serverOn(await freePort());
    const policy = 'Basic256Sha256';
    const points = [node(0, 'temp')];
    const user = { user: 'reader', password: 'right' };
    const untrusted = device(server.endpoint, points, { security: { policy }, ...user });
    await expect(watch(untrusted)).rejects.toMatchObject({
      code: 'LL-OPCUA-SECURITY',
      next: expect.stringContaining('trusted/certs'),
    });
    const security = { policy, trustUnknown: true };
    const wrong = device(server.endpoint, points, { security, ...user, password: 'wrong' });
    await expect(watch(wrong)).rejects.toMatchObject({
      code: 'LL-OPCUA-IDENTITY',
      message: expect.stringContaining('the server refuses user "reader"'),
    });
    const seen = await watch(device(server.endpoint, points, { security, ...user }));
    await seen.until(() => seen.newest.size === 1);
    expect(seen.newest.get(0)!.value).toBe(21.5);
  });

  test('says that nothing answers, and stops at once when told to', async () => {
    const definition = device(`opc.tcp://127.0.0.1:${await freePort()}`, [node(0, 'temp')]);
    await expect(watch(definition)).rejects.toMatchObject({
      code: 'LL-OPCUA-CONNECT',
      message: expect.stringContaining('gallery-2 (opc.tcp://127.0.0.1:'),
    });
    const silent = createServer(() => controller.abort());
    const controller = new AbortController();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    open.push(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const events = { batch: () => undefined, lost: () => undefined };
    const host = testHost(realClock(), silentLog, folder);
    const attempt = opcuaDriver.open(device(`opc.tcp://127.0.0.1:${port}`, []), events, host, controller.signal);
    await expect(attempt).rejects.toMatchObject({ code: 'LL-OPCUA-CONNECT' });
  });

  test('speaks up once when the server stops, and values flow again after its restart', async () => {
    const port = await freePort();
    const first = await serverOn(port);
    const definition = device(first.endpoint, [node(0, 'temp'), node(1, 'run')]);
    let heard = () => {};
    const batches: SampleBatch[] = [];
    const states: string[] = [];
    const acquisition = createAcquisition({
      devices: [{ driver: 'opcua', definition }],
      drivers: [opcuaDriver],
      host: testHost(realClock(), silentLog, folder),
      onBatch: (batch) => {
        batches.push(batch);
        heard();
      },
      onDeviceChange: ({ state }) => {
        states.push(state);
        heard();
      },
    });
    open.push(() => acquisition.stop());
    const until = async (holds: () => boolean) => {
      while (!holds()) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    };
    acquisition.start();
    await until(() => batches.at(-1)?.values[0] === 21.5);
    await first.stop();
    await until(() => states.at(-1) === 'backing-off');
    expect([...batches.at(-1)!.quality].map(qualityName)).toEqual(['comm', 'comm']);
    expect(states).toEqual(['connecting', 'online', 'backing-off']);
    const second = await serverOn(port);
    await until(() => batches.at(-1)?.values[0] === 21.5);
    expect(acquisition.status()[0]).toMatchObject({ state: 'online', reconnects: 1 });
    expect(second.endpoint).toBe(first.endpoint);
  });

  test.each([
    ['tcp://10.0.0.1:4840', 'ns=1;s=a', {}, 'LL-OPCUA-ENDPOINT'],
    ['opc.tcp://10.0.0.1:4840', '', {}, 'LL-OPCUA-POINT'],
    ['opc.tcp://10.0.0.1:4840', 'ns=1;i=abc', {}, 'LL-OPCUA-POINT'],
    ['opc.tcp://plc:4840/ua', 'i=85', { security: { policy: 'None', mode: 'Sign' } }, 'LL-OPCUA-OPTIONS'],
    ['opc.tcp://plc', 'ns=3;s="DB"."P1"', { password: 'x' }, 'LL-OPCUA-OPTIONS'],
  ])('refuses %s %s %o before touching the network', (endpoint, nodeId, options, code) => {
    const definition = device(endpoint, [pointAt(0, 0, { node: nodeId })], options);
    expect(() => opcuaDriver.validate(definition)).toThrow(expect.objectContaining({ code }));
  });
});

describe('OPC UA values', () => {
  test('map every standard status code by severity, and the known ones by reason', () => {
    for (const status of Object.values(opcua.StatusCodes) as { value: number; name: string }[]) {
      if (typeof status?.value !== 'number') continue;
      const name = qualityName(qualityOfStatus(status.value));
      if (status.value >>> 30 === 0) expect(name).toBe('good');
      if (status.value >>> 30 === 1) expect(['uncertain', 'substituted', 'out-of-range']).toContain(name);
      if (status.value >>> 31 === 1) expect(['good', 'uncertain']).not.toContain(name);
    }
    expect(qualityName(qualityOfStatus(opcua.StatusCodes.BadSensorFailure.value))).toBe('device');
    expect(qualityName(qualityOfStatus(opcua.StatusCodes.BadNodeIdUnknown.value | 0x400))).toBe('config');
  });

  test('are numbers, truth values, times and 64-bit pairs, and nothing else', () => {
    expect(numberOf([0, 7], false)).toBe(7);
    expect(numberOf([0xffff_ffff, 0xffff_ffff], true)).toBe(-1);
    expect(numberOf(new Date(12), false)).toBe(12);
    for (const other of ['5', null, undefined, {}, [1, 2, 3], ['a', 'b']]) expect(numberOf(other, false)).toBeNaN();
  });
});
