import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import opcua from 'node-opcua';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { browse } from '../../drivers/opcua/browse.ts';
import { openConnection, type User } from '../../drivers/opcua/connection.ts';
import { readLimits } from '../../drivers/opcua/limits.ts';
import { pointRows } from '../../drivers/opcua/point-rows.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { selfTelling } from '../../simulator/plc/diagnostics.ts';
import { serveOpcua } from '../../simulator/plc/opcua-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { freePort } from '../drivers/opcua-server.ts';
import { testHost } from '../drivers/peer.ts';
import { plcOf, point } from './plc.ts';

let level = 2;
const plc = plcOf('gallery-9', 1, [
  point('ch4', { type: 'float32', unit: '%LEL', low: 0, high: 100, read: () => 12.5 }),
  point('fan', { type: 'int16', low: 0, high: 2, states: { 0: '停', 2: '高速' }, read: () => 2 }),
  point('pump', { type: 'bool', read: () => 1 }),
  point('program', { type: 'string-utf8', text: () => '冬季 2' }),
  point('started', { type: 'time-unix32', low: 0, high: 4e9 * 1000, read: () => 1_764_144_000_000 }),
  point('sump', {
    ...{ type: 'float64', unit: 'm', low: 0, high: 4, read: () => level },
    write: (value) => {
      level = value;
    },
  }),
]);

let folder: string;
let server: PlcServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-plc-'));
  server = await serveOpcua(createScan(plc, seededRandom(1)), { port: await freePort(), stateDir: folder });
  server.publish(5000);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function connect(policy: string, user?: User, endpoint = server.endpoint) {
  const host = testHost(undefined, undefined, join(folder, 'client'));
  const channel = { policy, mode: policy === 'None' ? 'None' : 'Sign', trustUnknown: true, user, timeoutMs: 5000 };
  return openConnection(opcua, { endpoint, target: endpoint, ...channel }, host, new AbortController().signal);
}

it('says of each point what a point table needs, and hands writes to the plant', async () => {
  const { session, close } = await connect('None');
  const { nodes } = await browse(opcua, session, 'i=85', 5, await readLimits(opcua, session));
  const node = (name: string) => `nsu=urn:lifeline:gallery-9;s=gallery-9.${name}`;
  expect(pointRows(nodes).map((row) => row.slice(0, 7))).toEqual([
    ['ch4', node('ch4'), 'float32', '%LEL', '0', '100', ''],
    ['fan', node('fan'), 'int16', '', '0', '2', '0=停;2=高速'],
    ['pump', node('pump'), 'bool', '', '', '', ''],
    ['program', node('program'), 'string-utf8', '', '', '', ''],
    ['started', node('started'), 'time-unix32', '', '', '', ''],
    ['sump', node('sump'), 'float64', 'm', '0', '4', ''],
  ]);
  const shown = (name: string) => nodes.find(({ path }) => path.at(-1) === name)?.reading?.value;
  expect(['program', 'started'].map(shown)).toEqual(['冬季 2', '2025-11-26T08:00:00.000Z']);
  const value = { dataType: opcua.DataType.Double, value: 3.5 };
  const write = { nodeId: 'ns=1;s=gallery-9.sump', attributeId: opcua.AttributeIds.Value, value: { value } };
  expect((await session.write(write)).name).toBe('Good');
  expect(level).toBe(3.5);
  await close();
});

it('lets users in by every policy, and nobody with a wrong password', async () => {
  const engineer = (password: string) => ({ name: 'engineer', password, passwordFile: undefined });
  for (const policy of ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss']) {
    await (await connect(policy, engineer('lifeline'))).close();
  }
  await expect(connect('Basic256Sha256', engineer('guess'))).rejects.toMatchObject({ code: 'LL-OPCUA-IDENTITY' });
});

it('counts sessions, requests and writes of its clients, and turns away whom the clients of the city leave no place', async () => {
  const { plc: telling, self } = selfTelling({ ...plcOf('gallery-8', 1, plc.points), protocol: 'opcua' });
  const counted = createScan(telling, seededRandom(1));
  const other = await serveOpcua(counted, { port: await freePort(), stateDir: folder });
  const show = (timeMs: number) => {
    counted.scan();
    other.publish(timeMs);
    const told = (name: string) => counted.engineering(telling.points.findIndex((one) => one.name === name));
    return ['plc-connections', 'plc-writes', 'plc-last-writer', 'plc-last-write', 'plc-refused'].map(told);
  };
  show(5000);
  const { session, close } = await connect('None', undefined, other.endpoint);
  expect(show(6000)).toEqual([1, 0, 0, 0, 0]);
  await session.write({
    nodeId: 'ns=1;s=gallery-8.sump',
    attributeId: opcua.AttributeIds.Value,
    value: { value: { dataType: opcua.DataType.Double, value: 1.5 } },
  });
  expect(show(7000)).toEqual([1, 1, 127_000_000_001, 7, 0]);
  for (let taken = 0; taken < 9; taken++) self.traffic.connect(taken);
  show(8000);
  await expect(connect('None', undefined, other.endpoint)).rejects.toThrow();
  expect(show(9000)[4]).toBeGreaterThan(0);
  await close();
  expect(show(10_000)[0]).toBe(9);
  await other.close();
});
