import { afterEach, expect, test } from 'vitest';
import { type DevicePoint, type NumberType, wordOrders } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { registersOf } from '../../drivers/modbus/registers.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
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

async function readAll(endpoint: string, points: readonly DevicePoint[], options = {}) {
  const device = { id: 'meter', endpoint, points, options: { unit: 7, ...options } };
  const events = { batch: () => undefined, lost: () => undefined };
  const session = await modbusDriver.open(device, events, testHost(), new AbortController().signal);
  open.push(() => session.close());
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
