import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, test } from 'vitest';
import type { DriverHost, DriverSession } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { Peer, pointAt, serveRtu, testHost } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const timeoutMs = 60;
async function sessionOf(host: DriverHost, endpoint: string, unit: number, addresses: readonly number[], more = {}) {
  const losses: LifelineError[] = [];
  const points = addresses.map((address, tag) => pointAt(tag, address));
  const device = { id: `unit-${unit}`, endpoint, points, options: { unit, timeoutMs, maxGap: 0, ...more } };
  const events = { batch: () => undefined, lost: (error: LifelineError) => losses.push(error) };
  const session: DriverSession = await modbusDriver.open(device, events, host, new AbortController().signal);
  open.push(() => session.close());
  return { session, losses, read: async () => [...(await session.polls[0]!.read()).values] };
}

/** Resolves when the peer has got `count` requests in all. */
async function requestsAt(peer: Peer, count: number): Promise<void> {
  while (peer.requests.length < count) await new Promise((resolve) => setImmediate(resolve));
}

async function newPeer(): Promise<Peer> {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  return peer;
}

describe('units behind one address', () => {
  test('share one connection, which ends with the last of them', async () => {
    const peer = await newPeer();
    const host = testHost();
    const [a, b] = [await sessionOf(host, peer.endpoint, 1, [10]), await sessionOf(host, peer.endpoint, 2, [20])];
    expect(peer.sockets.size).toBe(1);
    expect([await a.read(), await b.read()]).toEqual([[10], [20]]);
    const [socket] = peer.sockets;
    await a.session.close();
    expect(await b.read()).toEqual([20]);
    await b.session.close();
    await once(socket!, 'close');
    expect(peer.sockets.size).toBe(0);
    expect([a.losses, b.losses]).toEqual([[], []]);
  });

  test('connect together over one attempt, and two gateways never share', async () => {
    const peer = await newPeer();
    const [here, there] = [testHost(), testHost()];
    await Promise.all([here, here, here, there].map((host, unit) => sessionOf(host, peer.endpoint, unit, [unit])));
    expect(peer.sockets.size).toBe(2);
  });

  test('take turns, a request each, however much one of them wants to know', async () => {
    const peer = await newPeer();
    const host = testHost();
    const many = await sessionOf(
      host,
      peer.endpoint,
      1,
      Array.from({ length: 40 }, (_, index) => index * 2),
    );
    const few = await sessionOf(host, peer.endpoint, 2, [100, 200]);
    peer.requests.length = 0;
    await Promise.all([many.read(), few.read()]);
    const units = peer.requests.map(({ unit }) => unit);
    expect(units).toHaveLength(42);
    expect(units.lastIndexOf(2)).toBeLessThan(6);
  });

  test('let commands go first, in the order in which they came', async () => {
    const peer = await newPeer();
    const host = testHost();
    const other = await sessionOf(host, peer.endpoint, 2, [0, 2, 4, 6, 8]);
    const { session, read } = await sessionOf(host, peer.endpoint, 1, [0, 2, 4, 6, 8]);
    const point = (address: number) => pointAt(0, address, { writable: true });
    peer.requests.length = 0;
    const polls = [other.read(), read()];
    const commands = [50, 51, 52].map((address) => session.readBack!(point(address)));
    await Promise.all([...polls, ...commands]);
    const addresses = peer.requests.filter(({ unit }) => unit === 1).map(({ pdu }) => pdu[2]);
    // the other unit's first read was on its way already
    expect(addresses.slice(0, 3)).toEqual([50, 51, 52]);
  });

  test('lose only the one that is dead: it costs the others one timeout, then rests, and its link stands', async () => {
    const peer = await newPeer();
    const clock = new VirtualClock();
    const host = testHost(clock);
    const alive = await sessionOf(host, peer.endpoint, 1, [1]);
    const dying = await sessionOf(host, peer.endpoint, 2, [1, 5, 9, 13]);
    const asked = () => peer.requests.filter(({ unit }) => unit === 2).length;
    const silence = async (what: Promise<unknown>) => {
      await requestsAt(peer, peer.requests.length + 1);
      await clock.advance(timeoutMs);
      return what;
    };
    peer.behaviour = ({ unit }, socket, answer) => unit === 1 && socket.write(answer());
    peer.requests.length = 0;
    for (const silences of [1, 2]) {
      expect(((await silence(dying.read())) as number[]).every(Number.isNaN)).toBe(true);
      expect((await dying.read()).every(Number.isNaN)).toBe(true);
      expect(asked()).toBe(silences);
      await clock.advance(10 * timeoutMs);
    }
    const third = dying.session.polls[0]!.read().catch((error: unknown) => error);
    expect(await silence(third)).toMatchObject({ code: 'LL-MODBUS-TIMEOUT' });
    expect(dying.losses).toMatchObject([{ code: 'LL-MODBUS-TIMEOUT' }]);
    expect(await alive.read()).toEqual([1]);
    expect(alive.losses).toEqual([]);
    await expect(sessionOf(host, peer.endpoint, 2, [1])).rejects.toMatchObject({
      code: 'LL-MODBUS-TIMEOUT',
      message: expect.stringContaining('the unit is left alone for 600 ms more'),
    });
    expect(asked()).toBe(3);
    await clock.advance(10 * timeoutMs);
    const again = sessionOf(host, peer.endpoint, 2, [1]).catch((error: unknown) => error);
    expect(await silence(again)).toMatchObject({ code: 'LL-MODBUS-TIMEOUT' });
    expect(asked()).toBe(4);
    expect(await alive.read()).toEqual([1]);
    expect(peer.sockets.size).toBe(1);
  });

  test('ask a unit that rests all the same for a command', async () => {
    const peer = await newPeer();
    const clock = new VirtualClock();
    const host = testHost(clock);
    await sessionOf(host, peer.endpoint, 1, [1]);
    const { session, read } = await sessionOf(host, peer.endpoint, 2, [1]);
    peer.behaviour = () => undefined;
    const silent = read();
    await requestsAt(peer, peer.requests.length + 1);
    await clock.advance(timeoutMs);
    expect(await silent).toEqual([Number.NaN]);
    peer.behaviour = (_frame, socket, answer) => socket.write(answer());
    expect(await read()).toEqual([Number.NaN]);
    expect(await session.readBack!(pointAt(0, 5))).toBe(5);
    expect(await read()).toEqual([1]);
  });

  test('are asked no sooner after an exchange than they bear, while others are', async () => {
    const peer = await newPeer();
    const clock = new VirtualClock();
    const host = testHost(clock);
    const slow = await sessionOf(host, peer.endpoint, 1, [1, 9], { minPauseMs: 40 });
    const fast = await sessionOf(host, peer.endpoint, 2, [2, 4, 6]);
    await clock.advance(40);
    peer.requests.length = 0;
    const reading = slow.read();
    expect(await fast.read()).toEqual([2, 4, 6]);
    expect(peer.requests.filter(({ unit }) => unit === 1)).toHaveLength(1);
    await clock.advance(39);
    expect(peer.requests.filter(({ unit }) => unit === 1)).toHaveLength(1);
    await clock.advance(1);
    expect(await reading).toEqual([1, 9]);
  });

  test('are all told when the link breaks, and come back over a new one', async () => {
    const peer = await newPeer();
    const host = testHost();
    const both = [await sessionOf(host, peer.endpoint, 1, [1]), await sessionOf(host, peer.endpoint, 2, [2])];
    for (const socket of peer.sockets) socket.destroy();
    await expect
      .poll(() => both.map(({ losses }) => losses.map(({ code }) => code)))
      .toEqual([['LL-MODBUS-CLOSED'], ['LL-MODBUS-CLOSED']]);
    expect(both[1]?.losses[0]?.message).toContain('unit-2 (127.0.0.1:');
    expect(await (await sessionOf(host, peer.endpoint, 1, [7])).read()).toEqual([7]);
  });
});

test('reads RTU frames through a TCP connection', async () => {
  const server = createServer((socket) => serveRtu(socket, new Set([3, 4]))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => server.close());
  const endpoint = `rtu+tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const host = testHost();
  const [three, four] = [await sessionOf(host, endpoint, 3, [1, 9]), await sessionOf(host, endpoint, 4, [2])];
  expect(await Promise.all([three.read(), four.read()])).toEqual([[3001, 3009], [4002]]);
});

describe('a serial line', () => {
  /** Two ends of a pseudo-terminal pair. */
  async function ptyPair(): Promise<readonly [string, string]> {
    const folder = mkdtempSync(join(tmpdir(), 'lifeline-pty-'));
    const ends = [join(folder, 'near'), join(folder, 'far')] as const;
    const socat: ChildProcess = spawn('socat', ['-d', '-d', ...ends.map((link) => `pty,raw,echo=0,link=${link}`)]);
    const ended = once(socat, 'exit');
    open.push(async () => {
      socat.kill();
      await ended;
    });
    await new Promise<void>((ready, failed) => {
      socat.on('error', failed);
      socat.stderr?.on('data', (text) => String(text).includes('starting data transfer loop') && ready());
    });
    return ends;
  }

  test('is read by unit, shared by its devices, and freed with the last of them', async () => {
    const [near, far] = await ptyPair();
    const plc = new SerialPort({ path: far, baudRate: 9600, autoOpen: false });
    plc.open();
    await once(plc, 'open');
    open.push(() => new Promise<void>((done) => plc.close(() => done())));
    serveRtu(plc, new Set([1, 2]));
    const endpoint = `serial://${near}?baud=9600&parity=none`;
    const host = testHost();
    for (const round of [0, 1]) {
      const more = { timeoutMs: 2000 };
      const [one, two] = [
        await sessionOf(host, endpoint, 1, [5], more),
        await sessionOf(host, endpoint, 2, [6 + round], more),
      ];
      expect(await Promise.all([one.read(), two.read()])).toEqual([[1005], [2006 + round]]);
      await one.session.close();
      await two.session.close();
      // the port is free for others, and for the next round
      const check = new SerialPort({ path: near, baudRate: 9600, autoOpen: false });
      await expect
        .poll(() => new Promise((done) => check.open((error) => done(error === null))), { timeout: 5000 })
        .toBe(true);
      await new Promise<void>((done) => check.close(() => done()));
    }
  });

  test('is opened again as soon as its last device has let it go', async () => {
    const [near, far] = await ptyPair();
    const plc = new SerialPort({ path: far, baudRate: 9600, autoOpen: false });
    plc.open();
    await once(plc, 'open');
    open.push(() => new Promise<void>((done) => plc.close(() => done())));
    serveRtu(plc, new Set([1]));
    for (const round of [0, 1, 2]) {
      const one = await sessionOf(testHost(), `serial://${near}?parity=none`, 1, [round], { timeoutMs: 2000 });
      expect(await one.read()).toEqual([1000 + round]);
      await one.session.close();
    }
  });

  test.each([
    ['serial://ttyS0', /not of the form/],
    ['serial:///dev/ttyS0?baud=9601', /baud=9601; expected one of 1200/],
    ['serial:///dev/ttyS0?speed=9600', /unknown setting "speed"; known are baud, parity, data, stop/],
    ['rtu+tcp://', /not of the form/],
  ])('refuses %s with what is wrong', (endpoint, message) => {
    const device = { id: 'meter', endpoint, points: [pointAt(0, 0)], options: {} };
    expect(() => modbusDriver.validate(device)).toThrow(
      expect.objectContaining({ code: 'LL-MODBUS-ENDPOINT', message: expect.stringMatching(message) }),
    );
  });

  test('takes one request at a time only', () => {
    const device = {
      id: 'meter',
      endpoint: 'serial:///dev/ttyS0',
      points: [pointAt(0, 0)],
      options: { maxInFlight: 4 },
    };
    expect(() => modbusDriver.validate(device)).toThrow('cannot have 4 requests in flight');
  });

  test('that is not there is said by path, with what to check', async () => {
    await expect(sessionOf(testHost(), 'serial:///dev/no-such-line', 1, [0])).rejects.toMatchObject({
      code: 'LL-MODBUS-CONNECT',
      message: expect.stringMatching(/open \/dev\/no-such-line .*check the path/),
    });
  });
});
