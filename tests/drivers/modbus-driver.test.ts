import { afterEach, describe, expect, test } from 'vitest';
import type { DeviceDefinition, DevicePoint, DriverSession } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { encodeMbap } from '../../drivers/modbus/frame.ts';
import { encodeException } from '../../drivers/modbus/pdu.ts';
import { encodeValue } from '../../drivers/modbus/registers.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { Peer, pointAt, testHost } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function newPeer(): Promise<Peer> {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  return peer;
}

function deviceAt(endpoint: string, points: readonly DevicePoint[], options = {}): DeviceDefinition {
  return { id: 'pump-7', endpoint, points, options };
}

async function sessionOf(device: DeviceDefinition, clock = realClock(), log: Log = silentLog) {
  const losses: LifelineError[] = [];
  const events = { batch: () => undefined, lost: (error: LifelineError) => losses.push(error) };
  const session: DriverSession = await modbusDriver.open(
    device,
    events,
    testHost(clock, log),
    new AbortController().signal,
  );
  open.push(() => session.close());
  return { session, losses };
}

/** `value` or the name of the bad quality, by tag. */
function shown(batch: SampleBatch): Record<number, number | string> {
  return Object.fromEntries(
    [...batch.tags].map((tag, row) => {
      const quality = batch.quality[row]!;
      if (quality !== 0) expect(batch.values[row]).toBeNaN();
      return [tag, quality === 0 ? batch.values[row]! : qualityName(quality)];
    }),
  );
}

describe('Modbus driver', () => {
  test('reads all four tables, types and orders of a device in as many polls as it has periods', async () => {
    const peer = await newPeer();
    const registers = new Map<number, number>();
    const place = (address: number, encoded: Uint16Array) =>
      encoded.forEach((r, i) => void registers.set(address + i, r));
    place(10, encodeValue('float32', 'cdab', 3.5));
    place(12, encodeValue('int64', 'badc', -123456789012));
    place(16, encodeValue('uint16', 'abcd', 0b100));
    place(17, encodeValue('float32', 'abcd', Number.NaN));
    peer.valueAt = (address) => registers.get(address) ?? (address === 3 ? 1 : 0);
    const { session } = await sessionOf(
      deviceAt(peer.endpoint, [
        pointAt(5, 12, { type: 'int64', order: 'badc' }),
        pointAt(4, 10, { type: 'float32', order: 'cdab', table: 'input' }),
        pointAt(6, 16, { type: 'bool', bit: 2 }),
        pointAt(7, 17, { type: 'float32' }),
        pointAt(8, 3, { type: 'bool', table: 'coil' }),
        pointAt(9, 4, { type: 'bool', table: 'discrete', periodMs: 5000 }),
      ]),
    );
    expect(session.polls.map((poll) => [poll.periodMs, [...poll.tags]])).toEqual([
      [1000, [5, 4, 6, 7, 8]],
      [5000, [9]],
    ]);
    const [fast, slow] = session.polls;
    expect(shown(await fast!.read())).toEqual({ 4: 3.5, 5: -123456789012, 6: 1, 7: 'device', 8: 1 });
    expect(shown(await slow!.read())).toEqual({ 9: 0 });
  });

  test('marks only the points that do not exist, remembers them, and looks again after five minutes', async () => {
    const peer = await newPeer();
    peer.missing = new Set([4, 5, 40]);
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
    const clock = new VirtualClock(1_000_000);
    const points = [0, 1, 2, 3, 4, 6, 7, 40, 41].map((address) => pointAt(address, address));
    const { session } = await sessionOf(deviceAt(peer.endpoint, points, { maxGap: 60 }), clock, log);
    const expected = { 0: 0, 1: 1, 2: 2, 3: 3, 4: 'config', 6: 6, 7: 7, 40: 'config', 41: 41 };
    expect(shown(await session.polls[0]!.read())).toEqual(expected);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('refuses 2 points: d/p40 at holding 40041 (2 illegal data address), d/p4');
    peer.requests.length = 0;
    expect(shown(await session.polls[0]!.read())).toEqual(expected);
    expect(peer.requests.length).toBeLessThanOrEqual(5);
    expect(peer.requests.some((frame) => frame.pdu[2] === 4)).toBe(false);
    peer.missing = new Set();
    await clock.advance(300_000);
    expect(shown(await session.polls[0]!.read())).toMatchObject({ 4: 4, 40: 40 });
    expect(warnings).toHaveLength(1);
  });

  test('never calls a point wrong before the search has got to it, however many are wrong', async () => {
    const peer = await newPeer();
    const points = Array.from({ length: 300 }, (_, tag) => pointAt(tag, tag));
    peer.missing = new Set(points.map((point) => point.address).filter((address) => address % 3 === 1));
    const { session } = await sessionOf(deviceAt(peer.endpoint, points), new VirtualClock());
    const answersOf = (batch: SampleBatch) => Object.values(shown(batch));
    for (let polls = 0; ; polls++) {
      const before = peer.requests.length;
      const answers = answersOf(await session.polls[0]!.read());
      expect(peer.requests.length - before).toBeLessThanOrEqual(300);
      for (const [tag, answer] of answers.entries()) {
        expect(tag % 3 === 1 ? ['config', 'not-connected'] : [tag, 'not-connected']).toContain(answer);
      }
      if (!answers.includes('not-connected')) break;
      expect(polls).toBeLessThan(10);
    }
  });

  test('asks once for all bits of a register that does not exist', async () => {
    const peer = await newPeer();
    peer.missing = new Set([7]);
    const bits = Array.from({ length: 16 }, (_, bit) => pointAt(bit, 7, { type: 'bool', bit }));
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
    const { session } = await sessionOf(deviceAt(peer.endpoint, [...bits, pointAt(16, 8)]), new VirtualClock(), log);
    peer.requests.length = 0;
    expect(new Set(Object.values(shown(await session.polls[0]!.read())))).toEqual(new Set(['config', 8]));
    expect(peer.requests.filter((frame) => frame.pdu[2] === 7 && frame.pdu[4] === 1)).toHaveLength(1);
    expect(warnings).toEqual([
      expect.stringContaining('refuses 16 points: d/p0, d/p1, d/p2, d/p3, d/p4 at holding 40008'),
    ]);
  });

  test('reads everything again, merged, soon after a device that refused all while it was programmed', async () => {
    const peer = await newPeer();
    const clock = new VirtualClock(1_000_000);
    const points = Array.from({ length: 200 }, (_, tag) => pointAt(tag, tag));
    const { session } = await sessionOf(deviceAt(peer.endpoint, points), clock);
    const poll = async () => new Set([...(await session.polls[0]!.read()).quality].map(qualityName));
    peer.missing = new Set(points.map((point) => point.address));
    for (let polls = 0; polls < 10; polls++) await poll();
    expect(await poll()).toEqual(new Set(['config']));
    peer.missing = new Set();
    await clock.advance(10_000);
    for (let polls = 0; polls < 4; polls++) await poll();
    peer.requests.length = 0;
    expect(await poll()).toEqual(new Set(['good']));
    expect(peer.requests).toHaveLength(2);
  });

  test('stamps a point that does not exist with the time of the poll, not with that of its discovery', async () => {
    const peer = await newPeer();
    peer.missing = new Set([0]);
    const clock = new VirtualClock(1_000_000);
    const { session } = await sessionOf(deviceAt(peer.endpoint, [pointAt(0, 0)]), clock);
    await session.polls[0]!.read();
    await clock.advance(5000);
    expect([...(await session.polls[0]!.read()).times]).toEqual([1_005_000]);
  });

  test('takes a gateway that does not reach the device for a broken link to it', async () => {
    const peer = await newPeer();
    const device = deviceAt(peer.endpoint, [pointAt(0, 0), pointAt(1, 90)], { maxGap: 0 });
    const { session, losses } = await sessionOf(device);
    peer.behaviour = (frame, socket) =>
      socket.write(encodeMbap(frame.transaction, frame.unit, encodeException(frame.pdu, 11)));
    expect(shown(await session.polls[0]!.read())).toEqual({ 0: 'comm', 1: 'comm' });
    expect(losses).toEqual([]);
    peer.requests.length = 0;
    await expect(sessionOf(device)).rejects.toMatchObject({
      code: 'LL-MODBUS-GATEWAY',
      message: expect.stringContaining('unit 1): the gateway answers with exception 11 gateway target did not answer'),
    });
    expect(peer.requests).toHaveLength(3);
  });

  test('finds by itself how many registers a small device gives at once', async () => {
    const peer = await newPeer();
    peer.behaviour = (frame, socket, answer) => {
      const tooMany = frame.pdu[4]! > 30;
      socket.write(tooMany ? encodeMbap(frame.transaction, frame.unit, encodeException(frame.pdu, 3)) : answer());
    };
    const points = Array.from({ length: 100 }, (_, index) => pointAt(index, index));
    const { session } = await sessionOf(deviceAt(peer.endpoint, points));
    const batch = await session.polls[0]!.read();
    expect([...batch.values]).toEqual(points.map((point) => point.address));
  });

  test('tells a device in trouble from a wrong address', async () => {
    const peer = await newPeer();
    const { session } = await sessionOf(deviceAt(peer.endpoint, [pointAt(0, 0), pointAt(1, 90)], { maxGap: 0 }));
    peer.behaviour = (frame, socket, answer) =>
      socket.write(
        frame.pdu[2] === 0 ? encodeMbap(frame.transaction, frame.unit, encodeException(frame.pdu, 4)) : answer(),
      );
    expect(shown(await session.polls[0]!.read())).toEqual({ 0: 'device', 1: 90 });
    peer.behaviour = (_frame, socket, answer) => socket.write(answer());
    expect(shown(await session.polls[0]!.read())).toEqual({ 0: 0, 1: 90 });
  });

  test('marks the points of one unanswered read and keeps the link for the others', async () => {
    const peer = await newPeer();
    const points = [pointAt(0, 0), pointAt(1, 90)];
    const { session, losses } = await sessionOf(deviceAt(peer.endpoint, points, { maxGap: 0, timeoutMs: 60 }));
    peer.behaviour = (frame, socket, answer) => {
      if (frame.pdu[2] === 0) socket.write(answer());
    };
    for (let round = 0; round < 4; round++) {
      expect(shown(await session.polls[0]!.read())).toEqual({ 0: 0, 1: 'comm' });
    }
    expect(losses).toEqual([]);
  });

  test('rejects the poll and speaks up once when the device goes away', async () => {
    const peer = await newPeer();
    const { session, losses } = await sessionOf(deviceAt(peer.endpoint, [pointAt(0, 0)]));
    peer.behaviour = (_frame, socket) => socket.resetAndDestroy();
    await expect(session.polls[0]!.read()).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
    await expect(session.polls[0]!.read()).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
    expect(losses).toHaveLength(1);
    await session.close();
    await session.close();
  });

  test('does not call a device online that accepts the connection and stays silent', async () => {
    const peer = await newPeer();
    peer.behaviour = () => undefined;
    const device = deviceAt(peer.endpoint, [pointAt(0, 0)], { unit: 9, timeoutMs: 50 });
    await expect(sessionOf(device)).rejects.toMatchObject({
      code: 'LL-MODBUS-TIMEOUT',
      message: expect.stringContaining(`unit 9): no answer in 50 ms; check cable, unit id, firewall`),
    });
    expect(peer.requests).toHaveLength(3);
  });

  test('takes an exception as a sign of life when connecting', async () => {
    const peer = await newPeer();
    peer.missing = new Set([0]);
    const { session } = await sessionOf(deviceAt(peer.endpoint, [pointAt(0, 0)]));
    expect(shown(await session.polls[0]!.read())).toEqual({ 0: 'config' });
  });

  test('says that nothing listens when the port is closed, and stops at once when told to', async () => {
    const peer = await new Peer().listen();
    const device = deviceAt(peer.endpoint, [pointAt(0, 0)]);
    await peer.close();
    await expect(sessionOf(device)).rejects.toMatchObject({
      code: 'LL-MODBUS-CONNECT',
      message: expect.stringContaining('nothing listens there'),
    });
    const silent = await newPeer();
    silent.behaviour = () => controller.abort();
    const controller = new AbortController();
    const events = { batch: () => undefined, lost: () => undefined };
    const attempt = modbusDriver.open(
      deviceAt(silent.endpoint, [pointAt(0, 0)]),
      events,
      testHost(),
      controller.signal,
    );
    await expect(attempt).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
  });

  test('never reads a forbidden stretch, and refuses a point inside one', async () => {
    const peer = await newPeer();
    const forbidden = [{ table: 'holding', from: 5, to: 6 }];
    const points = [0, 3, 8, 9].map((address, tag) => pointAt(tag, address));
    const { session } = await sessionOf(deviceAt(peer.endpoint, points, { forbidden }));
    peer.requests.length = 0;
    await session.polls[0]!.read();
    expect(peer.requests.map(({ pdu }) => [pdu[2], pdu[4]])).toEqual([
      [0, 4],
      [8, 2],
    ]);
    const inside = deviceAt(peer.endpoint, [pointAt(0, 4, { type: 'float32' })], { forbidden });
    expect(() => modbusDriver.validate(inside)).toThrow('lies in the forbidden stretch 5–6 of its device');
  });

  test.each([
    ['http://10.0.0.7', pointAt(0, 0), 'LL-MODBUS-ENDPOINT'],
    ['tcp://10.0.0.7:99999', pointAt(0, 0), 'LL-MODBUS-ENDPOINT'],
    ['tcp://10.0.0.7', pointAt(0, 65535, { type: 'float32' }), 'LL-MODBUS-POINT'],
    ['tcp://[fe80::1]:502', pointAt(0, 0, { table: 'coil' }), 'LL-MODBUS-POINT'],
    ['tcp://plc.local', pointAt(0, 0, { bit: 3 }), 'LL-MODBUS-POINT'],
  ])('refuses %s with %o before touching the network', (endpoint, point, code) => {
    expect(() => modbusDriver.validate(deviceAt(endpoint, [point]))).toThrow(expect.objectContaining({ code }));
  });

  test('refuses keys that cannot be had together', () => {
    const device = deviceAt('tcp://10.0.0.7', [pointAt(0, 0)], { maxInFlight: 4, minPauseMs: 50 });
    expect(() => modbusDriver.validate(device)).toThrow(
      expect.objectContaining({ code: 'LL-MODBUS-OPTIONS', message: expect.stringContaining('a pause of 50 ms') }),
    );
  });
});
