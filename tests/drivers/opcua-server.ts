import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import opcua, { type UAVariable } from 'node-opcua';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { DeviceDefinition, DeviceNotice, DevicePoint } from '../../drivers/api.ts';
import { openConnection } from '../../drivers/opcua/connection.ts';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import { readLimits } from '../../drivers/opcua/limits.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { type Clock, realClock } from '../../edge/core/clock.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { pointAt, testHost } from './peer.ts';

/** Certificates of gateway and servers of one test file. */
export let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-opcua-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Closed after each test, the newest first. */
export const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** What the server of a test offers: name, data type, value. */
export const variables = {
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

export async function serverOn(port: number, { security = true, trustsAnyone = true, serverCapabilities = {} } = {}) {
  const certificates = new opcua.OPCUACertificateManager({
    rootFolder: join(folder, trustsAnyone ? 'server' : 'strict-server'),
    automaticallyAcceptUnknownCertificate: trustsAnyone,
  });
  const server = new opcua.OPCUAServer({
    port,
    hostname: '127.0.0.1',
    nodeset_filename: [opcua.nodesets.standard],
    serverCertificateManager: certificates,
    userCertificateManager: certificates,
    securityPolicies: [
      opcua.SecurityPolicy.None,
      ...(security
        ? [
            opcua.SecurityPolicy.Basic256Sha256,
            opcua.SecurityPolicy.Aes128_Sha256_RsaOaep,
            opcua.SecurityPolicy.Aes256_Sha256_RsaPss,
          ]
        : []),
    ],
    securityModes: [
      opcua.MessageSecurityMode.None,
      ...(security ? [opcua.MessageSecurityMode.Sign, opcua.MessageSecurityMode.SignAndEncrypt] : []),
    ],
    serverCapabilities,
    disableDiscovery: true,
    userManager: { isValidUser: (name: string, password: string) => name === 'reader' && password === 'right' },
    serverInfo: { applicationUri: 'urn:test:plc' },
  });
  await server.initialize();
  const space = server.engine.addressSpace!;
  const namespace = space.getOwnNamespace();
  const made = new Map<string, UAVariable>();
  const add = (name: string, dataType: keyof typeof opcua.DataType, value: unknown, accessLevel = 3) => {
    // 64-bit numbers are pairs themselves
    const isArray = Array.isArray(value) && !dataType.endsWith('Int64');
    const variable = namespace.addVariable({
      organizedBy: space.rootFolder.objects,
      nodeId: `s=${name}`,
      browseName: name,
      dataType,
      valueRank: isArray ? 1 : -1,
      minimumSamplingInterval: 50,
      accessLevel,
    });
    const arrayType = opcua.VariantArrayType[isArray ? 'Array' : 'Scalar'];
    variable.setValueFromSource(
      { dataType: opcua.DataType[dataType], arrayType, value },
      opcua.StatusCodes.Good,
      new Date(5000),
    );
    made.set(name, variable);
  };
  for (const [name, [dataType, value]] of Object.entries(variables)) add(name, dataType, value);
  await server.start();
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await server.shutdown(50);
  };
  open.push(stop);
  return {
    endpoint: `opc.tcp://127.0.0.1:${port}`,
    variable: (name: string) => made.get(name)!,
    add,
    server,
    certificates,
    stop,
  };
}

/** Subscriptions of a server, with the means to spend a sequence number for nothing. */
export function subscriptionsOf({ engine }: opcua.OPCUAServer) {
  const { _sessions } = engine as unknown as {
    _sessions: Record<string, { publishEngine: { subscriptions: { _get_next_sequence_number(): number }[] } }>;
  };
  return Object.values(_sessions).flatMap(({ publishEngine }) => publishEngine.subscriptions);
}

/** A session below the driver. */
export async function sessionOn(endpoint: string) {
  const host = testHost(realClock(), silentLog, folder);
  const channel = { policy: 'None', mode: 'None', trustUnknown: false, user: undefined, timeoutMs: 5000 };
  const signal = new AbortController().signal;
  const { session, close } = await openConnection(opcua, { endpoint, target: endpoint, ...channel }, host, signal);
  open.push(close);
  return { session, limits: await readLimits(opcua, session) };
}

export const node = (tag: number, name: string): DevicePoint =>
  pointAt(tag, 0, { node: `ns=1;s=${name}`, periodMs: 100 });
export const device = (endpoint: string, points: readonly DevicePoint[], options = {}): DeviceDefinition => ({
  id: 'gallery-2',
  endpoint,
  points,
  options: { security: { policy: 'None' }, ...options },
});

/** A log that keeps the codes and texts of warnings, and wakes whoever waits for one. */
export function warnings() {
  const said: { code: unknown; message: string }[] = [];
  let heard = () => {};
  const log: Log = {
    ...silentLog,
    warn({ code }, message) {
      said.push({ code, message });
      heard();
    },
  };
  const warned = async (wanted: string) => {
    while (!said.some(({ code }) => code === wanted)) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
    return said.find(({ code }) => code === wanted)!.message;
  };
  return { said, log, warned };
}

/** Opens a session and keeps the newest sample, and text, of every tag. */
export async function watch(definition: DeviceDefinition, log: Log = silentLog, clock: Clock = realClock()) {
  const newest = new Map<number, { value: number; quality: string; time: number }>();
  const batches: SampleBatch[] = [];
  const texts = new Map<number, string>();
  const losses: LifelineError[] = [];
  const notices: DeviceNotice[] = [];
  let heard = () => {};
  const events = {
    batch(batch: SampleBatch) {
      batches.push(batch);
      batch.tags.forEach((tag, row) => {
        const [value, quality, time] = [batch.values[row]!, qualityName(batch.quality[row]!), batch.times[row]!];
        newest.set(tag, { value, quality, time });
      });
      for (const [tag, text] of batch.texts ?? []) texts.set(tag, text);
      heard();
    },
    lost(error: LifelineError) {
      losses.push(error);
      heard();
    },
    notice(notice: DeviceNotice) {
      notices.push(notice);
      heard();
    },
  };
  const host = testHost(clock, log, folder);
  const session = await opcuaDriver.open(definition, events, host, new AbortController().signal);
  open.push(() => session.close());
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { session, newest, texts, batches, losses, notices, until };
}
