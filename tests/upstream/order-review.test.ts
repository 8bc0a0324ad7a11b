import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { sinks } from '../../edge/upstream/registry.ts';

const people = { people: [{ id: 'li', channels: ['c'] }], channels: [{ id: 'c', kind: 'wecom', url: 'https://a' }] };

it.each([
  ['mqtt-json', { url: 'mqtt://127.0.0.1' }, { ordersKey: 'k'.repeat(32) }],
  ['mqtt-json', { url: 'mqtt://127.0.0.1' }, { trustBroker: true }],
  ['nats', { url: 'nats://127.0.0.1' }, { ordersKey: 'k'.repeat(32) }],
  ['nats', { url: 'nats://127.0.0.1' }, { trustServer: true }],
  ['webhook', { url: 'https://127.0.0.1' }, { secretFile: 'city.secret' }],
  ['people', people, { secretFile: 'duty.secret' }],
])('%s warns of orders that nobody could prove to be the centre’s', (name, entry, proof) => {
  const kind = sinks.find((candidate) => candidate.name === name);
  const remarks = (more: object) =>
    kind?.review?.({ ...entry, ...more }, 0).map(({ path, severity, error }) => [path, severity, error.code]);
  const orders = ['acknowledge'];
  expect(remarks({ orders })).toEqual([[['orders'], 'warning', 'LL-ORDER-NO-KEY']]);
  expect(remarks({ orders, ...proof })).toEqual([]);
  expect(remarks({ orders: [] })).toEqual([]);
});

it('a configuration with such orders is valid, and the warning names their place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-orders-review-'));
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  const device = '{ id: ps-3, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }';
  const sink = ['  - id: city', '    sink: nats', '    url: nats://127.0.0.1:1', '    orders: [acknowledge]'];
  const yaml = ['gateway: { id: gw }', 'devices:', `  - ${device}`, 'sinks:', ...sink].join('\n');
  await writeFile(join(folder, 'g.yaml'), yaml);
  const { errors, warnings } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect([errors, warnings]).toMatchObject([
    [],
    [{ line: 8, column: 13, path: 'sinks[0].orders', code: 'LL-ORDER-NO-KEY' }],
  ]);
  expect(warnings[0]?.fix).toMatch(/^give ordersKey, or trustServer: true/);
  await rm(folder, { recursive: true });
});
