import { expect, it } from 'vitest';
import { sinks } from '../../edge/upstream/registry.ts';

const people = { people: [{ id: 'li', channels: ['c'] }], channels: [{ id: 'c', kind: 'wecom', url: 'https://a' }] };

it.each([
  ['mqtt-json', {}, { ordersKey: 'k' }],
  ['mqtt-json', {}, { trustBroker: true }],
  ['nats', {}, { ordersKey: 'k' }],
  ['nats', {}, { trustServer: true }],
  ['webhook', {}, { secretFile: 'city.secret' }],
  ['people', people, { secretFile: 'duty.secret' }],
])('%s warns of orders that nobody could prove to be the centre’s', (name, entry, proof) => {
  const kind = sinks.find((candidate) => candidate.name === name);
  const remarks = (more: object) =>
    kind?.review?.({ ...entry, ...more }).map(({ path, severity, error }) => [path, severity, error.code]);
  const orders = ['acknowledge'];
  expect(remarks({ orders })).toEqual([[['orders'], 'warning', 'LL-ORDER-NO-KEY']]);
  expect(remarks({ orders, ...proof })).toEqual([]);
  expect(remarks({ orders: [] })).toEqual([]);
});
