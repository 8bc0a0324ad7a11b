import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import opcua, { type ClientSession, type UserIdentityInfo } from 'node-opcua';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { judgeCertificate, listCertificates } from '../../drivers/opcua/certificates.ts';
import { loadStack } from '../../drivers/opcua/stack.ts';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { realClock } from '../../edge/core/clock.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { Quality } from '../../edge/core/quality.ts';
import { type TagDefinition, TagTable } from '../../edge/core/tag.ts';
import { textValue } from '../../edge/core/text-value.ts';
import type { Sink } from '../../edge/upstream/api.ts';
import { opcuaOptions, reviewOpcua } from '../../edge/upstream/opcua/options.ts';
import { freePort } from '../drivers/opcua-server.ts';
import { newSink, newStore } from './fixture.ts';

const open: (() => unknown)[] = [];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-opcua-sink-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const tag = (point: string, more: Partial<TagDefinition> = {}): TagDefinition => ({
  ...{ name: `ps-3/${point}`, device: 'ps-3', point, unit: '', scale: 1, offset: 0, low: -Infinity, high: Infinity },
  ...{ deadband: 0, periodMs: 1000, description: '', ...more },
});
const definitions = [
  tag('flow', { unit: 'm3/h', low: 0, high: 500, description: 'Outflow' }),
  tag('run', { wire: 'bool', states: { 0: 'stopped', 1: 'runs' } }),
  tag('name', { shows: 'text' }),
  tag('since', { shows: 'time' }),
  tag('level', { unit: 'm' }),
];
const asset: Asset = {
  ...{ id: 'dma-2', type: 'water.district', name: 'District 2', grid: '230103005012', location: undefined },
  ...{ upstreamOf: [], roles: { inflow: 0, level: 4 } },
};
const timeMs = Date.UTC(2026, 0, 15, 8);
const password = 'a-long-password';
const namespaceUri = 'urn:lifeline:gw-1';

async function plant(options: Record<string, unknown> = {}) {
  const tags = new TagTable(definitions);
  const live = new LiveTable(tags.size);
  const port = await freePort();
  const store = await newStore();
  const changed = new Set<() => void>();
  const state = { tags, wanted: (_tag: number) => true };
  const sink: Sink = newSink(
    store,
    { port, users: [{ name: 'scada', password }], trustUnknown: true, ...options },
    'opcua',
    {
      ...{ live, stateDir: join(folder, `${port}`), tags: () => state.tags, assets: () => [asset] },
      wantsTag: (index) => state.wanted(index),
      onDevices(call) {
        changed.add(call);
        return () => changed.delete(call);
      },
    },
  );
  open.push(() => store.close());
  open.push(() => sink.stop());
  await sink.start();
  await expect.poll(() => sink.status().state, { timeout: 20_000 }).toBe('online');
  const write = (row: number, value: number, quality: number = Quality.good, text?: string) => {
    const batch = createBatch('ps-3', 1, timeMs, text === undefined ? undefined : new Map([[row, text]]));
    batch.tags[0] = row;
    batch.values[0] = value;
    batch.quality[0] = quality;
    batch.times[0] = timeMs;
    live.write(batch);
  };
  return { sink, port, write, state, change: () => [...changed].map((call) => call()) };
}

type Policy = 'None' | 'Basic256Sha256';

async function client(port: number, policy: Policy = 'Basic256Sha256') {
  const made = opcua.OPCUAClient.create({
    applicationName: 'scada',
    endpointMustExist: false,
    securityPolicy: opcua.SecurityPolicy[policy],
    securityMode: policy === 'None' ? opcua.MessageSecurityMode.None : opcua.MessageSecurityMode.SignAndEncrypt,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: new opcua.OPCUACertificateManager({
      ...{ rootFolder: join(folder, 'client'), automaticallyAcceptUnknownCertificate: true },
    }),
  });
  open.push(() => made.disconnect());
  await made.connect(`opc.tcp://127.0.0.1:${port}`);
  return made;
}

const asUser = (given: string, userName = 'scada'): UserIdentityInfo => ({
  ...{ type: opcua.UserTokenType.UserName, userName, password: given },
});

async function session(port: number, user: UserIdentityInfo = asUser(password)): Promise<ClientSession> {
  const made = await (await client(port)).createSession(user);
  open.push(() => made.close());
  return made;
}

async function nodeId(from: ClientSession, id: string): Promise<string> {
  const uris = await from.readNamespaceArray();
  return `ns=${uris.indexOf(namespaceUri)};s=${id}`;
}

const read = async (from: ClientSession, id: string) => from.read({ nodeId: await nodeId(from, id) });

describe('the OPC UA server of the gateway', () => {
  it('shows tags by device and by what they mean, with type, unit, range, states, quality and source time', async () => {
    const { port, write } = await plant();
    write(0, 12.5);
    write(1, 1);
    write(2, textValue('泵7号'), Quality.good, '泵7号');
    write(3, timeMs);
    write(4, 3.2, Quality.outOfRange);
    const scada = await session(port);
    const flow = await read(scada, 'ps-3/flow');
    expect([flow.value.value, flow.statusCode.name, flow.sourceTimestamp?.getTime()]).toEqual([12.5, 'Good', timeMs]);
    expect((await read(scada, 'ps-3/run')).value).toMatchObject({ dataType: opcua.DataType.Boolean, value: true });
    expect((await read(scada, 'ps-3/name')).value.value).toBe('泵7号');
    expect((await read(scada, 'ps-3/since')).value.value).toEqual(new Date(timeMs));
    expect((await read(scada, 'asset:dma-2/inflow')).value.value).toBe(12.5);
    const level = await read(scada, 'asset:dma-2/level');
    expect([level.value.value, level.statusCode.name]).toEqual([3.2, 'UncertainEngineeringUnitsExceeded']);
    const browsed = async (id: string) =>
      (await scada.browse(await nodeId(scada, id))).references?.map(({ browseName }) => browseName.name) ?? [];
    expect(await browsed('gw-1')).toEqual(expect.arrayContaining(['Devices', 'Assets']));
    expect(await browsed('ps-3')).toEqual(expect.arrayContaining(['flow', 'run', 'name', 'since', 'level']));
    expect(await browsed('asset:dma-2')).toEqual(expect.arrayContaining(['inflow', 'level']));
    expect(await browsed('ps-3/flow')).toEqual(expect.arrayContaining(['EngineeringUnits', 'EURange']));
    expect(await browsed('ps-3/run')).toContain('EnumStrings');
  });

  it.each([
    [Quality.notConnected, 'BadWaitingForInitialData'],
    [Quality.comm, 'BadCommunicationError'],
    [Quality.device, 'BadDeviceFailure'],
    [Quality.stale, 'BadNoCommunication'],
  ])('never shows a value with bad quality %i', async (quality, status) => {
    const { port, write } = await plant();
    write(0, 12.5);
    write(0, Number.NaN, quality);
    const value = await read(await session(port), 'ps-3/flow');
    expect([value.value.value, value.statusCode.name]).toEqual([null, status]);
  });

  it('tells subscribers each change', async () => {
    const { port, write } = await plant();
    write(0, 1);
    const scada = await session(port);
    const subscription = await scada.createSubscription2({ requestedPublishingInterval: 100, publishingEnabled: true });
    const item = await subscription.monitor(
      { nodeId: await nodeId(scada, 'ps-3/flow'), attributeId: opcua.AttributeIds.Value },
      { samplingInterval: 100, queueSize: 10, discardOldest: true },
      opcua.TimestampsToReturn.Both,
    );
    const seen: unknown[] = [];
    item.on('changed', (value) => seen.push(value.value.value));
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual([1]);
    write(0, 2);
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual([1, 2]);
  });

  it('takes no writes', async () => {
    const { port, write } = await plant();
    write(0, 1);
    const scada = await session(port);
    const value = { dataType: opcua.DataType.Double, value: 99 };
    const status = await scada.write({
      nodeId: await nodeId(scada, 'ps-3/flow'),
      attributeId: opcua.AttributeIds.Value,
      value: { value },
    });
    expect(status.isGood()).toBe(false);
    expect((await read(scada, 'ps-3/flow')).value.value).toBe(1);
  });

  it('lets nobody read without a name, with a wrong password, or by a channel without security', async () => {
    const { port } = await plant();
    await expect(session(port, { type: opcua.UserTokenType.Anonymous })).rejects.toThrow();
    await expect(session(port, asUser('wrong password'))).rejects.toThrow(/BadUserAccessDenied|BadIdentityToken/);
    await expect(session(port, asUser(password, 'nobody'))).rejects.toThrow(/BadUserAccessDenied|BadIdentityToken/);
    const plain = client(port, 'None').then((made) => made.createSession(asUser(password)));
    await expect(plain).rejects.toThrow();
  });

  it('refuses a client until somebody trusts its certificate, and takes it from then on', async () => {
    const { port } = await plant({ trustUnknown: false });
    await expect(session(port)).rejects.toThrow();
    const stateDir = join(folder, `${port}`);
    const rejected = (await listCertificates(stateDir)).filter(({ role }) => role === 'rejected');
    expect(rejected).toHaveLength(1);
    await judgeCertificate(await loadStack(), stateDir, realClock(), 'trust', rejected[0]!.thumbprint);
    await expect
      .poll(
        () =>
          session(port).then(
            () => 'in',
            () => 'out',
          ),
        { timeout: 20_000, interval: 500 },
      )
      .toBe('in');
  });

  it('shows what is selected, and what another configuration has once it changed', async () => {
    const { port, state, change, sink } = await plant({ anonymous: true });
    state.wanted = (index) => index === 0;
    change();
    await expect.poll(() => sink.status().lastError, { timeout: 10_000 }).toContain('LL-OPCUASERVER-CLOSED');
    await expect.poll(() => sink.status().state, { timeout: 20_000 }).toBe('online');
    const scada = await session(port);
    expect((await read(scada, 'ps-3/flow')).statusCode.name).toBe('BadWaitingForInitialData');
    expect((await read(scada, 'ps-3/level')).statusCode.name).toBe('BadNodeIdUnknown');
  });

  it('waits with a code for a port that somebody has, and listens once it is free', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const store = await newStore();
    open.push(() => store.close());
    const users = [{ name: 'scada', password }];
    const sink = newSink(store, { port, users }, 'opcua', { stateDir: join(folder, `${port}`) });
    open.push(() => sink.stop());
    await sink.start();
    await expect.poll(() => sink.status().lastError, { timeout: 20_000 }).toContain('LL-OPCUASERVER-LISTEN');
    await new Promise((resolve) => taken.close(resolve));
    await expect.poll(() => sink.status().state, { timeout: 20_000 }).toBe('online');
  });
});

describe('the options', () => {
  it.each([
    [{}, ['LL-OPCUASERVER-NO-USERS']],
    [{ anonymous: true }, []],
    [{ anonymous: true, policies: ['None'] }, []],
    [{ anonymous: true, policies: ['None'], host: '0.0.0.0' }, ['LL-OPCUASERVER-UNPROTECTED']],
    [{ users: [{ name: 'scada', password }], host: '10.0.0.5', trustUnknown: true }, ['LL-OPCUASERVER-UNPROTECTED']],
    [{ users: [{ name: 'scada', password }], host: '10.0.0.5' }, []],
  ])('%j are remarked on with %j', (given, codes) => {
    expect(reviewOpcua(opcuaOptions.parse(given)).map(({ error }) => error.code)).toEqual(codes);
  });
});
