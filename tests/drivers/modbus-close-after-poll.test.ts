import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { Peer, pointAt, serveRtu, testHost } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function newPeer(): Promise<Peer> {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  return peer;
}

const host = () => {
  const clock = new VirtualClock();
  return { ...testHost(clock), clock };
};

async function sessionOf(at: ReturnType<typeof host>, endpoint: string, unit: number, addresses: number[], more = {}) {
  const losses: LifelineError[] = [];
  const points = addresses.map((address, tag) => pointAt(tag, address));
  const options = { unit, closeAfterPoll: true, maxGap: 0, ...more };
  const session = await modbusDriver.open(
    { id: `unit-${unit}`, endpoint, points, options },
    { batch: () => undefined, lost: (error) => losses.push(error) },
    at,
    new AbortController().signal,
  );
  open.push(() => session.close());
  /** A poll, and time to close the connection after it. */
  const poll = async () => {
    const batch = await session.polls[0]!.read();
    await at.clock.advance(1);
    return [...batch.values];
  };
  return { session, losses, poll };
}

describe('a device that serves a single client', () => {
  test('has a connection during polls only, one each, and stays online', async () => {
    const peer = await newPeer();
    const at = host();
    let connections = 0;
    peer.connected = () => connections++;
    const { poll, losses } = await sessionOf(at, peer.endpoint, 1, [1, 5, 9]);
    await at.clock.advance(1);
    for (let polls = 1; polls <= 5; polls++) {
      await expect.poll(() => peer.sockets.size).toBe(0);
      expect(await poll()).toEqual([1, 5, 9]);
      expect(connections).toBe(1 + polls);
    }
    expect(losses).toEqual([]);
  });

  test('is polled over one connection where a poll takes several steps to find refused points', async () => {
    const peer = await newPeer();
    const at = host();
    let connections = 0;
    peer.connected = () => connections++;
    const { poll } = await sessionOf(at, peer.endpoint, 1, [1, 2, 3, 4], { maxGap: 10, minPauseMs: 0 });
    peer.missing = new Set([3]);
    await at.clock.advance(1);
    expect(await poll()).toEqual([1, 2, Number.NaN, 4]);
    expect(connections).toBe(2);
  });

  test('shares that with the units beside it, also with those that did not ask for it', async () => {
    const peer = await newPeer();
    const at = host();
    const keeping = await sessionOf(at, peer.endpoint, 1, [1], { closeAfterPoll: false });
    await at.clock.advance(1);
    expect(peer.sockets.size).toBe(1);
    const closing = await sessionOf(at, peer.endpoint, 2, [2]);
    await at.clock.advance(1);
    for (let polls = 0; polls < 3; polls++) {
      await expect.poll(() => peer.sockets.size).toBe(0);
      expect(await Promise.all([keeping.poll(), closing.poll()])).toEqual([[1], [2]]);
    }
    expect([keeping.losses, closing.losses]).toEqual([[], []]);
  });

  test('may close the connection first', async () => {
    const peer = await newPeer();
    const at = host();
    peer.behaviour = (_frame, socket, answer) => socket.end(answer());
    const { poll, losses } = await sessionOf(at, peer.endpoint, 1, [1]);
    await at.clock.advance(1);
    for (let polls = 0; polls < 3; polls++) expect(await poll()).toEqual([1]);
    expect(losses).toEqual([]);
  });

  test('is lost when the connection breaks during a poll, or cannot be opened again', async () => {
    const peer = await newPeer();
    const at = host();
    const breaking = await sessionOf(at, peer.endpoint, 1, [1]);
    peer.behaviour = (_frame, socket) => socket.destroy();
    await expect(breaking.poll()).rejects.toMatchObject({ code: 'LL-MODBUS-CLOSED' });
    expect(breaking.losses).toMatchObject([{ code: 'LL-MODBUS-CLOSED' }]);
    peer.behaviour = (_frame, socket, answer) => socket.write(answer());
    const refused = await sessionOf(at, peer.endpoint, 2, [1]);
    await at.clock.advance(1);
    await peer.close();
    await expect(refused.poll()).rejects.toMatchObject({
      code: 'LL-MODBUS-CLOSED',
      message: expect.stringMatching(/could not be opened again \(connect to 127.*nothing listens there/),
    });
    expect(refused.losses).toHaveLength(1);
  });

  test('may speak RTU frames', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      serveRtu(socket, new Set([3]));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const at = host();
    const { poll } = await sessionOf(at, `rtu+tcp://127.0.0.1:${port}`, 3, [1, 4]);
    await at.clock.advance(1);
    for (let polls = 1; polls <= 3; polls++) {
      expect(await poll()).toEqual([3001, 3004]);
      expect(connections).toBe(1 + polls);
    }
  });

  test('that another client holds is tried again after a pause, and is back when that is gone', async () => {
    const peer = await newPeer();
    const clock = new VirtualClock();
    const batches: SampleBatch[] = [];
    const device = { id: 'plc', endpoint: peer.endpoint, points: [pointAt(0, 7)], options: { closeAfterPoll: true } };
    const acquisition = createAcquisition({
      devices: [{ driver: 'modbus', definition: device }],
      drivers: [modbusDriver],
      host: testHost(clock),
      onBatch: (batch) => batches.push(batch),
      onDeviceChange: () => undefined,
    });
    open.push(() => acquisition.stop());
    acquisition.start();
    const status = () => acquisition.status()[0]!;
    const until = async (holds: () => boolean) => {
      for (let ms = 0; !holds(); ms += 10) {
        if (ms > 120_000) expect.fail(JSON.stringify(status()));
        await clock.advance(10);
        for (let turns = 0; turns < 4; turns++) await turn();
      }
    };
    await until(() => batches.filter(({ values }) => values[0] === 7).length === 3);
    expect(status()).toMatchObject({ state: 'online', reconnects: 0 });
    peer.connected = (socket) => socket.destroy();
    await until(() => status().state === 'backing-off');
    peer.connected = () => undefined;
    const seen = batches.length;
    await until(() => batches.slice(seen).some(({ values }) => values[0] === 7));
    expect(status()).toMatchObject({ state: 'online', reconnects: 1 });
  });
});

test.each(['serial:///dev/ttyS0', 'dtu://0.0.0.0:5020/8612'])('is refused on %s', (endpoint) => {
  const device = { id: 'meter', endpoint, points: [pointAt(0, 0)], options: { closeAfterPoll: true } };
  expect(() => modbusDriver.validate(device)).toThrow('opens no TCP connection');
});
