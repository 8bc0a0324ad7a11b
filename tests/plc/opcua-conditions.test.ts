import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import opcua, { type NodeId, type Variant } from 'node-opcua';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { ServerEvent } from '../../drivers/opcua/events.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { Plc } from '../../simulator/city/plant.ts';
import { createPlant as createGallery } from '../../simulator/gallery/plant.ts';
import { serveOpcua } from '../../simulator/plc/opcua-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { freePort } from '../drivers/opcua-server.ts';
import { runPlant } from '../gas/city-day.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { plcOf, point } from './plc.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

afterAll(killAll);

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-conditions-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const fields = [
  'EventId',
  'SourceName',
  'Message',
  'Severity',
  'ActiveState.Id',
  'AckedState.Id',
  'Retain',
  'BranchId',
  'ConditionId',
];

interface Heard {
  readonly eventId: Buffer;
  readonly source: string;
  readonly message: string;
  readonly severity: number;
  readonly active: boolean;
  readonly acked: boolean;
  readonly retain: boolean;
  readonly branch: NodeId;
  readonly condition: NodeId;
}

function heardOf(values: readonly Variant[]): Heard {
  const [eventId, source, message, severity, active, acked, retain, branch, condition] = values.map(
    ({ value }) => value,
  );
  return { eventId, source, message: message.text, severity, active, acked, retain, branch, condition };
}

const hearWithinMs = 20_000;

/** A client of node-opcua with a store of certificates of its own, nothing of ours in it, that hears the events of the server. */
async function listener(endpoint: string) {
  const client = opcua.OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: new opcua.OPCUACertificateManager({ rootFolder: await ownFolder() }),
  });
  await client.connect(endpoint);
  const session = await client.createSession();
  open.push(async () => {
    await session.close();
    await client.disconnect();
  });
  const subscription = await session.createSubscription2({ requestedPublishingInterval: 50, publishingEnabled: true });
  const filter = opcua.constructEventFilter(fields);
  const item = await subscription.monitor(
    { nodeId: opcua.resolveNodeId('Server'), attributeId: opcua.AttributeIds.EventNotifier },
    { samplingInterval: 0, queueSize: 1000, discardOldest: true, filter },
    opcua.TimestampsToReturn.Both,
  );
  const all: Heard[] = [];
  item.on('changed', (values) => all.push(heardOf(values as unknown as Variant[])));
  const hear = (holds: (heard: Heard) => boolean) =>
    vi.waitFor(
      () => {
        const found = all.find(holds);
        if (!found) throw new Error(`not among what was heard: ${JSON.stringify(all)}`);
        return found;
      },
      { timeout: hearWithinMs, interval: 20 },
    );
  return { session, all, hear, subscriptionId: subscription.subscriptionId };
}

/** A PLC behind its OPC UA server. */
async function served(plc: Plc) {
  const scan = createScan(plc, seededRandom(1));
  const server = await serveOpcua(scan, { port: await freePort(), stateDir: await ownFolder() });
  open.push(() => server.close());
  const publish = (timeMs: number) => {
    scan.scan();
    server.publish(timeMs);
  };
  publish(0);
  return { publish, endpoint: server.endpoint };
}

/** The city's gallery behind its OPC UA server; `go` lets the plant run and the PLC scan. */
async function gallery() {
  const run = await runPlant(createGallery, '2026-04-20T00:00:00+08:00', 1);
  const { publish, endpoint } = await served(run.plant.plcs[0]!);
  const go = (seconds: number, dtS = 1) => run.go(seconds, dtS, () => publish(run.timeMs));
  return { run, go, endpoint };
}

test('a gas leak of the city makes the alarm of its PLC active; a client acknowledges it and sees it end', async () => {
  const { run, go, endpoint } = await gallery();
  const { session, all, hear } = await listener(endpoint);
  go(60);
  const zone = run.plant.assets.map(({ id }) => id).find((id) => id === 'zone-4') ?? run.plant.assets[3]!.id;
  const leak = { id: 'h-1', kind: 'gallery.gas-leak', target: zone, magnitude: 100, durationS: 1200 };
  run.plant.start({ ...leak, startMs: run.timeMs });
  go(1200, 5);
  const raised = await hear(({ source, active }) => source.endsWith('ch4') && active);
  expect(raised).toMatchObject({ severity: 900, acked: false, retain: true });
  expect(raised.message).toMatch(/甲烷浓度越限: \d+\.\d+ \(High\)/);
  const newest = () => all.filter(({ source, active }) => source === raised.source && active).at(-1)!;
  const { condition, eventId } = newest();
  const done = await session.acknowledgeCondition(condition, eventId, 'crew is on its way');
  expect(done.name).toBe('Good');
  await hear(({ source, active, acked }) => source === raised.source && active && acked);
  go(4 * 3600, 10);
  const over = await hear(({ source, active }) => source === raised.source && !active);
  expect(over).toMatchObject({ severity: 1, retain: false });
  // a second acknowledgement of the same event is refused
  expect((await session.acknowledgeCondition(condition, eventId, 'again')).name).not.toBe('Good');
}, 60_000);

test('an alarm that comes and goes unacknowledged keeps its ten newest past activations, each to be acknowledged', async () => {
  let level = 0;
  const flapping = point('level', { type: 'float64', low: 0, high: 10, read: () => level });
  const conditions = [{ point: 'level', message: { zh: '高', en: 'High' }, severity: 500, when: { high: 5 } }];
  const { endpoint, publish } = await served({ ...plcOf('tank-1', 1, [flapping]), conditions });
  const { session, all, hear } = await listener(endpoint);
  for (let round = 1; round <= 30; round++) {
    for (level of [5 + round / 10, 1]) publish(round);
  }
  await hear(({ message }) => message.includes('8.000'));
  const past = all.filter(({ branch, acked }) => branch.value !== 0 && !acked);
  const acknowledge = async ({ condition, eventId }: Heard) =>
    (await session.acknowledgeCondition(condition, eventId, '')).name;
  const answers = await Promise.all(past.map(acknowledge));
  expect(answers.filter((name) => name === 'Good')).toHaveLength(10);
}, 30_000);

test('a tripped fan makes the off-normal alarm of its compartment; a client that comes later refreshes and hears of it', async () => {
  const { run, go, endpoint } = await gallery();
  const zone = run.plant.assets[0]!.id;
  run.plant.start({
    id: 'h-1',
    kind: 'gallery.fan-failure',
    target: zone,
    magnitude: 1,
    durationS: 0,
    startMs: run.timeMs,
  });
  go(4 * 3600, 10);
  const { session, hear, all, subscriptionId } = await listener(endpoint);
  expect(all).toEqual([]);
  const refresh = await session.call({
    ...{
      objectId: opcua.resolveNodeId('ConditionType'),
      methodId: opcua.resolveNodeId('ConditionType_ConditionRefresh'),
    },
    inputArguments: [{ dataType: opcua.DataType.UInt32, value: subscriptionId }],
  });
  expect(refresh.statusCode.name).toBe('Good');
  const shown = lifeline('events', endpoint, '--json');
  const event = JSON.parse(await shown.line(/faults/)) as ServerEvent;
  const facts = { source: `${zone.replace('zone-', 'z')}-faults`, severity: 400, active: true, acknowledged: false };
  expect(event).toMatchObject({ ...facts, message: 'Collected fault of the compartment 分区综合故障' });
  expect(await shown.stop()).toMatchObject({ code: 0 });
  const standing = await hear(({ source, active }) => source?.endsWith('faults') && active);
  expect(standing).toMatchObject({ severity: 400, acked: false });
}, 60_000);
