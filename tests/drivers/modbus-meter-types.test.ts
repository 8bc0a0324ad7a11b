import { afterEach, expect, test } from 'vitest';
import { type DevicePoint, type NumberType, wordOrders } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { registersOf } from '../../drivers/modbus/registers.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';
import { Peer, pointAt, testHost } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const values: Record<NumberType, number> = {
  bool: 1,
  int16: -12_345,
  uint16: 54_321,
  int32: -123_456_789,
  uint32: 3_456_789_012,
  int64: -1_234_567_890_123,
  uint64: 9_007_199_254_740_991,
  float32: 312.5,
  float64: 0.1,
  bcd16: 9021,
  bcd32: 12_345_678,
  mod10k48: -123_456_789_012,
  mod10k64: 1_234_567_890_123_456,
  'exponent-uint24': 123.456,
  'exponent-int24': -0.001234,
  'mantissa-exponent32': 23.4,
  'time-unix32': Date.UTC(2026, 0, 15, 8, 5, 9),
  'time-bcd48': Date.UTC(2026, 0, 15, 8, 5, 9),
};

async function sessionOf(endpoint: string, points: readonly DevicePoint[], options = {}) {
  const device = { id: 'meter', endpoint, points, options: { unit: 7, ...options } };
  const events = { batch: () => undefined, lost: () => undefined };
  const session = await modbusDriver.open(device, events, testHost(), new AbortController().signal);
  open.push(() => session.close());
  return session;
}

async function readAll(endpoint: string, points: readonly DevicePoint[], options = {}) {
  const session = await sessionOf(endpoint, points, options);
  const batch = await session.polls[0]!.read();
  return [...batch.values].map((value, row) => (batch.quality[row] === 0 ? value : qualityName(batch.quality[row]!)));
}

test('every type of number in every order comes over TCP from a simulated PLC as it was put in', async () => {
  let address = 0;
  const places = Object.entries(values).flatMap(([name, value]) => {
    const type = name as NumberType;
    return wordOrders.map((order) => {
      const at = address;
      address += registersOf(type);
      return { type, order, value, address: at };
    });
  });
  const plc = plcOf(
    'meter',
    7,
    places.map(({ type, order, value, address }) =>
      point(`${type} ${order}`, { type, order, address, read: () => value, low: -1e16, high: 1e16 }),
    ),
  );
  const server = await serveModbus(createScan(plc, seededRandom(1)), { port: 0 });
  open.push(() => server.close());
  const points = places.map(({ type, order, address: at }, tag) => pointAt(tag, at, { type, order }));
  const utc = { utcOffset: '+00:00' };
  expect(await readAll(`tcp://127.0.0.1:${server.port}`, points, utc)).toEqual(places.map(({ value }) => value));
});

test('texts come over TCP beside the numbers, each with the number that stands for it', async () => {
  let serial = 'HRB-0007';
  const plc = plcOf('meter', 7, [
    point('serial', { type: 'string-ascii', address: 0, length: 6, text: () => serial }),
    point('place', { type: 'string-gbk', address: 6, length: 8, order: 'badc', text: () => '南岗区七号' }),
    point('name', { type: 'string-utf8', address: 14, length: 8, text: () => '水表 №1' }),
    point('flow', { type: 'float32', address: 22, read: () => 12.5 }),
  ]);
  const scan = createScan(plc, seededRandom(1));
  const server = await serveModbus(scan, { port: 0 });
  open.push(() => server.close());
  const session = await sessionOf(`tcp://127.0.0.1:${server.port}`, [
    pointAt(4, 0, { type: 'string-ascii', length: 6 }),
    pointAt(5, 6, { type: 'string-gbk', length: 8, order: 'badc' }),
    pointAt(6, 14, { type: 'string-utf8', length: 8 }),
    pointAt(7, 22, { type: 'float32' }),
    pointAt(8, 6, { type: 'string-utf8', length: 8 }),
  ]);
  const before = await session.polls[0]!.read();
  expect(before.texts).toEqual(
    new Map([
      [4, 'HRB-0007'],
      [5, '南岗区七号'],
      [6, '水表 №1'],
    ]),
  );
  expect([...before.quality].map(qualityName)).toEqual(['good', 'good', 'good', 'good', 'device']);
  expect([...before.values]).toEqual([...['HRB-0007', '南岗区七号', '水表 №1'].map(textValue), ...[12.5, Number.NaN]]);
  serial = 'HRB-0008';
  scan.scan();
  server.publish(0);
  const after = await session.polls[0]!.read();
  expect(after.texts?.get(4)).toBe('HRB-0008');
  expect([...after.values].map((value, row) => Object.is(value, before.values[row]))).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
  await server.close();
  await expect(session.polls[0]!.read()).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
});

test('what no meter shows is bad as `device` and never a number', async () => {
  const registers = [0x12a4, 0xffff, 0xffff, 0x2613, 0x0100, 0, 12, 0x8000];
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  peer.valueAt = (address) => registers[address] ?? 0;
  const points = [
    pointAt(0, 0, { type: 'bcd16' }),
    pointAt(1, 1, { type: 'bcd32' }),
    pointAt(2, 3, { type: 'time-bcd48' }),
    pointAt(3, 6, { type: 'mantissa-exponent32' }),
  ];
  expect(await readAll(peer.endpoint, points)).toEqual(['device', 'device', 'device', 'device']);
});

test.each([
  ['+08:00', Date.UTC(2026, 0, 15, 0, 5, 9)],
  ['-03:30', Date.UTC(2026, 0, 15, 11, 35, 9)],
])('a clock that is set to %s shows its time in UTC', async (utcOffset, time) => {
  const registers = [0x2601, 0x1508, 0x0509];
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  peer.valueAt = (address) => registers[address] ?? 0;
  expect(await readAll(peer.endpoint, [pointAt(0, 0, { type: 'time-bcd48' })], { utcOffset })).toEqual([time]);
});
