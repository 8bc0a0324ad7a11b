import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { AlarmsView } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { openStore } from '../../edge/store/store.ts';
import { startBroker } from '../../simulator/platform/broker.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';
import { Watch } from '../upstream/fixture.ts';

const clock = realClock();
const key = 'a secret of thirty-two characters';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it('does what the centre signs and the sink may bring, once, shows it on the alarm over a restart, and audits all', async () => {
  const plant: number[] = [];
  const set = { address: 100, type: 'int16', scale: 0.1, low: 0, high: 100 } as const;
  const points = [point('set', { ...set, write: (value) => void plant.push(value) })];
  const plc = await serveModbus(createScan(plcOf('ps-1', 1, points), seededRandom(1)), { port: 0 });
  endings.push(() => plc.close());
  const broker = await startBroker({ port: 0 });
  endings.push(() => broker.stop());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-orders-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const row = 'set,holding,100,int16,0.1,%,0,50,yes';
  await writeFile(join(folder, 'p.csv'), `tag,table,address,type,scale,unit,low,high,writable\n${row}\n`);
  const device = (id: string, endpoint: string) =>
    `  - { id: ${id}, driver: modbus, endpoint: "${endpoint}", points: p.csv }`;
  await writeFile(
    join(folder, 'g.yaml'),
    [
      ...[
        'gateway: { id: gw }',
        'console: { role: operator }',
        'devices:',
        device('ps-1', plc.endpoint),
        device('ps-2', 'tcp://127.0.0.1:1'),
      ],
      `sinks:\n  - { id: city, sink: mqtt-json, url: "${broker.url}", ordersKey: ${key},`,
      '      orders: [acknowledge, shelve, unshelve, comment, case-status, write] }',
    ].join('\n'),
  );
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(errors).toEqual([]);
  const host = { clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' };

  const watch = new Watch();
  const replies = new Map<string, { status: string; reason: string }>();
  const raised = new Set<string>();
  let online = false;
  const client = await mqtt.connectAsync(broker.url);
  endings.push(() => client.endAsync(true));
  client.on('message', (topic, payload) => {
    const message = JSON.parse(payload.toString());
    if (topic.endsWith('/replies')) replies.set(message.id, message);
    if (message.type === 'city.lifeline.alarm.raised') raised.add(`${message.data.asset}/${message.data.kind}`);
    if (topic.endsWith('/state')) online = message.state === 'online';
    watch.tell();
  });
  await client.subscribeAsync(['lifeline/gw/replies', 'lifeline/gw/events/#', 'lifeline/gw/state']);
  const expires = new Date(clock.wallMs() + 300_000).toISOString();
  async function ask(id: string, content: object, signedWith = key) {
    replies.delete(id);
    const order = JSON.stringify({ id, gateway: 'gw', by: '李工', expires, ...content });
    const signature = createHmac('sha256', signedWith).update(order).digest('hex');
    await client.publishAsync('lifeline/gw/commands', JSON.stringify({ order, signature }), { qos: 1 });
    await watch.until(() => replies.has(id));
    return replies.get(id);
  }
  async function start() {
    const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
    endings.push(() => gateway.stop());
    await gateway.start();
    await watch.until(() => online);
    return gateway;
  }

  let gateway = await start();
  await watch.until(() => raised.has('ps-2/lost'));
  const alarm = 'ps-2/lost';
  const write = { kind: 'write', tag: 'ps-1/set', value: 42.5 };
  const filed = { kind: 'case-status', alarm, case: '2026-0117', stage: 'filed' };
  const shelve = { kind: 'shelve', alarm, reason: '检修', minutes: 15 };
  expect(await ask('s-1', { ...shelve, minutes: 481 })).toMatchObject({
    ...{ status: 'refused', reason: expect.stringContaining('LL-ALARM-SHELVE-TIME') },
  });
  expect(await ask('s-2', shelve)).toMatchObject({ status: 'accepted' });
  expect(await ask('s-3', { kind: 'unshelve', alarm })).toMatchObject({ status: 'accepted' });
  expect(await ask('o-1', { kind: 'acknowledge', alarm })).toMatchObject({ status: 'accepted', reason: '' });
  expect(await ask('o-2', { kind: 'comment', alarm, text: '已通知泵站' })).toMatchObject({ status: 'accepted' });
  expect(await ask('o-3', filed)).toMatchObject({ status: 'accepted' });
  expect(await ask('o-4', { ...filed, stage: 'dispatched', unit: '供水公司', note: '加急' })).toMatchObject({
    status: 'accepted',
  });
  expect(await ask('o-5', write)).toMatchObject({ status: 'accepted' });
  expect(await ask('o-5', write)).toMatchObject({ status: 'duplicate' });
  const refused = [
    await ask('o-6', { ...write, value: 51 }),
    await ask('o-7', { kind: 'comment', alarm: 'ps-9/lost', text: '?' }),
    await ask('o-8', write, 'the secret of somebody else here'),
    await ask('o-9', { kind: 'config' }),
  ];
  expect(refused.map((reply) => [reply?.status, /LL-ORDER-[\w-]+/.exec(reply?.reason ?? '')?.[0]])).toEqual([
    ['refused', 'LL-ORDER-WRITE'],
    ['refused', 'LL-ORDER-UNKNOWN'],
    ['refused', 'LL-ORDER-SIGNATURE'],
    ['refused', 'LL-ORDER-UNREADABLE'],
  ]);
  expect(refused[0]?.reason).toMatch(/LL-CONTROL-RANGE/);
  await gateway.stop();
  await watch.until(() => !online);

  gateway = await start();
  expect(await ask('o-5', write)).toMatchObject({ status: 'duplicate' });
  expect(plant).toEqual([42.5]);
  const { alarms } = (await (await fetch(`${gateway.status().consoleUrl}/api/alarms`)).json()) as AlarmsView;
  expect(alarms.find(({ id }) => id === alarm)).toMatchObject({
    state: 'active-acknowledged',
    acknowledgedBy: '李工 (city)',
    cityCase: { number: '2026-0117', stage: 'dispatched', unit: '供水公司', note: '加急', by: '李工 (city)' },
    comments: [{ text: '已通知泵站', by: '李工 (city)' }],
  });
  await gateway.stop();
  const store = await openStore({
    ...{ dir: host.dataDir, tags: loaded!.tags, clock },
    random: host.random,
    log: silentLog,
  });
  endings.push(() => store.close());
  const journal = await store.journal.read(0, 1000);
  const audit = journal.filter(({ type }) => type.startsWith('order.'));
  expect(audit.map(({ type, data }) => `${type} ${data['id']}`)).toEqual([
    ...['order.accepted s-1', 'order.failed s-1', 'order.accepted s-2', 'order.accepted s-3'],
    ...['order.accepted o-1', 'order.accepted o-2', 'order.accepted o-3', 'order.accepted o-4', 'order.accepted o-5'],
    ...['order.accepted o-6', 'order.failed o-6', 'order.accepted o-7', 'order.failed o-7'],
    ...['order.refused o-8', 'order.refused o-9'],
  ]);
  expect(journal.filter(({ type }) => type === 'alarm.case-changed')).toHaveLength(2);
  expect(journal.find(({ type }) => type === 'command.done')?.data).toMatchObject({
    by: '李工 (city)',
    origin: 'centre',
  });
}, 60_000);
