import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import opcua from 'node-opcua';
import { expect, test } from 'vitest';
import { noticeKinds } from '../../drivers/api.ts';
import { drivers } from '../../drivers/registry.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { openStore } from '../../edge/store/store.ts';
import { sinks } from '../../edge/upstream/registry.ts';
import { freePort, open, serverOn, subscriptionsOf } from '../drivers/opcua-server.ts';

const modelsFolder = resolve(import.meta.dirname, '../../models');

/** Gateway of one OPC UA device whose wall clock can be set wrong; resolves `until` by what its log says. */
async function gatewayOf(endpoint: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-conditions-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  const device = `{ id: plc, driver: opcua, endpoint: "${endpoint}", security: { policy: None }, points: p.csv }`;
  await writeFile(join(folder, 'gateway.yaml'), `gateway: { id: gw }\ndevices:\n  - ${device}\n`);
  await writeFile(
    join(folder, 'p.csv'),
    'tag,node,type,unit\ntemp,ns=1;s=temp,float64,Cel\nlevel,ns=1;s=level,float32,m\n',
  );
  const loading = await loadGateway(join(folder, 'gateway.yaml'), { drivers, sinks, modelsFolder });
  expect(loading.errors).toEqual([]);
  const wall = { offMs: 0 };
  const clock = { ...realClock(), wallMs: () => Date.now() + wall.offMs };
  const lines: { fields: Readonly<Record<string, unknown>>; message: string }[] = [];
  let heard = () => {};
  const write: Log['info'] = (fields, message) => {
    lines.push({ fields, message });
    heard();
  };
  const log: Log = { ...silentLog, info: write, warn: write, error: write };
  const parts = { clock, random: seededRandom(1), log };
  const loaded = loading.gateway!;
  const gateway = await buildGateway(loaded, { ...parts, dataDir: folder, version: '0' }, { console: false });
  open.push(() => gateway.stop());
  await gateway.start();
  const until = async (event: string, alarm?: string) => {
    const holds = () => lines.some(({ fields }) => fields['event'] === event && fields['alarm'] === alarm);
    while (!holds()) {
      await new Promise<void>((wake) => {
        heard = wake;
      });
    }
    return lines.find(({ fields }) => fields['event'] === event && fields['alarm'] === alarm)!.fields;
  };
  const sampled = async () => {
    while (!lines.some(({ message }) => message === 'first sample')) {
      await new Promise<void>((wake) => {
        heard = wake;
      });
    }
  };
  const journal = async () => {
    await gateway.stop();
    const store = await openStore({ ...parts, dir: folder, tags: loaded.tags });
    const events = await store.journal.read(0, 1000);
    await store.close();
    return events;
  };
  return { loaded, wall, until, sampled, journal };
}

test('a clock that is off is an alarm until it agrees, and a gap in the data is an alarm and an event', async () => {
  const { endpoint, server, variable } = await serverOn(await freePort());
  const { wall, until, sampled, journal } = await gatewayOf(endpoint);
  wall.offMs = 60_000;
  const raised = await until('alarm.raised', 'plc/clock-off');
  expect(raised).toMatchObject({ decision: { error: expect.stringContaining('LL-OPCUA-CLOCK') } });
  wall.offMs = 0;
  await until('alarm.cleared', 'plc/clock-off');
  await sampled();
  subscriptionsOf(server)[0]!._get_next_sequence_number();
  variable('temp').setValueFromSource({ dataType: opcua.DataType.Double, value: 22 });
  const gap = await until('alarm.raised', 'plc/data-gap');
  expect(gap['text']).toEqual(expect.objectContaining({ zh: expect.stringContaining('数据有缺口') }));
  const events = await journal();
  const data = { gateway: 'gw', device: 'plc', lost: 1, error: expect.stringContaining('1 message never came') };
  expect(events).toContainEqual(expect.objectContaining({ type: 'gateway.data-gap', data }));
}, 30_000);

test('the pack has an alarm for every condition that a driver can speak of', async () => {
  const { endpoint } = await serverOn(await freePort());
  const { loaded } = await gatewayOf(endpoint);
  const { device, node } = loaded.packs.get('gateway')!.assets;
  const known = [...Object.keys(device!.alarms), ...Object.keys(node!.alarms)];
  expect(known).toEqual(expect.arrayContaining([...noticeKinds]));
});
