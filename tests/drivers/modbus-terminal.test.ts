import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { inEnglish } from '../upstream/in-english.ts';
import { freePort, pointAt, serveRtu, testHost } from './peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

interface DeviceAt {
  readonly terminal: string;
  readonly unit: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A gateway whose devices are behind terminals of one port. */
async function gatewayOf(devices: readonly DeviceAt[]) {
  const port = await freePort();
  const clock = new VirtualClock();
  const batches: SampleBatch[] = [];
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (fields, message) => warnings.push(`${fields['code']} ${message}`) };
  const acquisition = createAcquisition({
    devices: devices.map(({ terminal, unit, options }, tag) => ({
      driver: 'modbus',
      definition: {
        ...{ id: `d${tag}`, endpoint: `dtu://127.0.0.1:${port}/${terminal}`, points: [pointAt(tag, 7)] },
        options: { unit, ...options },
      },
    })),
    drivers: [modbusDriver],
    host: testHost(clock, log),
    onBatch: (batch) => batches.push(batch),
    onDeviceChange: () => undefined,
  });
  open.push(() => acquisition.stop());
  acquisition.start();
  /** Lets virtual time pass, in small steps so that real sockets keep up, until something holds. */
  const until = async (holds: () => boolean, withinMs = 120_000) => {
    for (let ms = 0; !holds(); ms += 10) {
      if (ms >= withinMs) expect.fail(`not within ${withinMs} ms; ${JSON.stringify(acquisition.status(), null, 1)}`);
      await clock.advance(10);
      for (let turns = 0; turns < 4; turns++) await turn();
    }
  };
  const states = () => acquisition.status().map(({ state }) => state);
  const values = (tag: number) => batches.filter(({ tags }) => tags[0] === tag).map((batch) => batch.values[0]);
  /** How the device with a tag comes to a new good value. */
  const read = async (tag: number) => {
    const seen = batches.length;
    await until(() => batches.slice(seen).some((batch) => batch.tags[0] === tag && batch.quality[0] === 0));
    return batches.findLast((batch) => batch.tags[0] === tag)?.values[0];
  };
  return { port, clock, acquisition, batches, warnings, until, states, values, read };
}

/** A terminal that dials in, says who it is and passes on what the units behind it answer. */
async function dialIn(port: number, registration: string | Uint8Array, units: Iterable<number> = []): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.on('error', () => undefined);
  open.push(() => socket.destroy());
  await once(socket, 'connect');
  if (registration.length > 0) socket.write(registration);
  serveRtu(socket, new Set(units));
  return socket;
}

const listens = async (port: number) => {
  const socket = connect({ host: '127.0.0.1', port });
  open.push(() => socket.destroy());
  return Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
    () => false,
  );
};

describe('devices behind terminals that dial in', () => {
  test('are read by unit over the connection of their terminal, many terminals on one port', async () => {
    const gateway = await gatewayOf([
      { terminal: '861234', unit: 1 },
      { terminal: '861234', unit: 2 },
      { terminal: '865678', unit: 1 },
    ]);
    await gateway.until(() => gateway.acquisition.status()[0]!.lastError !== '');
    expect(gateway.states()).toEqual(['connecting', 'connecting', 'connecting']);
    await dialIn(gateway.port, '861234', [1, 2]);
    await gateway.until(() => gateway.states().join() === 'online,online,connecting');
    await dialIn(gateway.port, '865678', [1]);
    expect(await gateway.read(2)).toBe(1007);
    expect([await gateway.read(0), await gateway.read(1)]).toEqual([1007, 2007]);
    expect(gateway.acquisition.status().map(({ reconnects }) => reconnects)).toEqual([0, 0, 0]);
  });

  test('wait while nobody dials in, and say whom they wait for and who dialled in instead', async () => {
    const gateway = await gatewayOf([{ terminal: '861234', unit: 1 }]);
    const error = () => gateway.acquisition.status()[0]!.lastError;
    await gateway.until(() => error().includes('nobody has dialled in'));
    expect(error()).toContain(
      `LL-MODBUS-TERMINAL connect to d0 (127.0.0.1:${gateway.port} terminal 861234 unit 1): no terminal has registered as "861234"`,
    );
    for (let times = 0; times < 3; times++) await dialIn(gateway.port, 'REG861234');
    await dialIn(gateway.port, Uint8Array.of(0x7e, 0, 1));
    await gateway.until(() => error().includes('0x7e0001'));
    expect(error()).toMatch(
      /sent: 0x7e0001 from 127\.0\.0\.1 \(once \d+ s ago\), "REG861234" from 127\.0\.0\.1 \(3 times/,
    );
    expect(gateway.states()).toEqual(['connecting']);
    expect(gateway.acquisition.status()[0]!.nextStep).toContain('registration packet');
    expect(gateway.warnings.filter((text) => text.startsWith('LL-MODBUS-TERMINAL'))).toHaveLength(1);
    // one line a minute about strangers, however many there are
    expect(gateway.warnings.filter((text) => text.startsWith('LL-MODBUS-REGISTRATION'))).toHaveLength(1);
    await gateway.clock.advance(60_000);
    await dialIn(gateway.port, 'stranger');
    await gateway.until(() => gateway.warnings.at(-1)!.includes('"stranger"'));
    expect(gateway.warnings.at(-1)).toContain('3 more were turned away');
  });

  test('are read through heartbeats around fragments of frames, however the registration came', async () => {
    const options = { registration: 'REG:{id}', heartbeat: 'HB' };
    const gateway = await gatewayOf([{ terminal: '8612', unit: 1, options }]);
    const socket = await dialIn(gateway.port, 'HBRE');
    await turn();
    socket.write('G:8612HB');
    socket.removeAllListeners('data');
    serveRtu(socket, new Set([1]), undefined, (answer) => {
      socket.write(Buffer.concat([Buffer.from('HB'), answer.subarray(0, 3)]), () =>
        socket.write(Buffer.concat([answer.subarray(3), Buffer.from('HBHB')])),
      );
    });
    for (let reads = 0; reads < 5; reads++) expect(await gateway.read(0)).toBe(1007);
    expect(gateway.acquisition.status()[0]).toMatchObject({ badSamples: 0, reconnects: 0 });
  });

  test('go over to a newer connection of their terminal, and the old one is closed', async () => {
    const gateway = await gatewayOf([{ terminal: '8612', unit: 1 }]);
    const first = await dialIn(gateway.port, '8612', [1]);
    expect(await gateway.read(0)).toBe(1007);
    const closed = once(first, 'close');
    await dialIn(gateway.port, '8612', [1]);
    await gateway.until(() => gateway.acquisition.status()[0]!.state === 'backing-off');
    expect(gateway.acquisition.status()[0]!.lastError).toContain('the terminal dialled in anew');
    expect(inEnglish(gateway.acquisition.status()[0]!)).toEqual([]);
    await closed;
    expect(await gateway.read(0)).toBe(1007);
    expect(gateway.acquisition.status()[0]).toMatchObject({ reconnects: 1 });
  });

  test('that fall silent leave their terminal connected, and are read again when they answer', async () => {
    const gateway = await gatewayOf([{ terminal: '8612', unit: 1 }]);
    const units = new Set([1]);
    const socket = await dialIn(gateway.port, '8612');
    socket.removeAllListeners('data');
    serveRtu(socket, units);
    expect(await gateway.read(0)).toBe(1007);
    units.clear();
    await gateway.until(() => gateway.acquisition.status()[0]!.state === 'backing-off');
    expect(gateway.acquisition.status()[0]!.lastError).toContain('LL-MODBUS-TIMEOUT');
    expect(inEnglish(gateway.acquisition.status()[0]!)).toEqual([]);
    units.add(1);
    expect(await gateway.read(0)).toBe(1007);
    expect(socket.destroyed).toBe(false);
  });

  test('lose their values when the terminal hangs up, and wait for it again', async () => {
    const gateway = await gatewayOf([{ terminal: '8612', unit: 1 }]);
    const socket = await dialIn(gateway.port, '8612', [1]);
    expect(await gateway.read(0)).toBe(1007);
    socket.end();
    await gateway.until(() => gateway.acquisition.status()[0]!.lastError.includes('no terminal has registered'));
    expect(inEnglish(gateway.acquisition.status()[0]!)).toEqual([]);
    expect(gateway.values(0).at(-1)).toBeNaN();
    expect(await listens(gateway.port)).toBe(true);
    await dialIn(gateway.port, '8612', [1]);
    expect(await gateway.read(0)).toBe(1007);
  });

  test('turn away who does not register in time or sends too much, and who comes when too many wait', async () => {
    const gateway = await gatewayOf([{ terminal: '8612', unit: 1 }]);
    await gateway.until(() => gateway.acquisition.status()[0]!.lastError !== '');
    const silent = await dialIn(gateway.port, '');
    const gone = once(silent, 'close');
    const loud = await dialIn(gateway.port, 'x'.repeat(600));
    await once(loud, 'close');
    expect(silent.destroyed).toBe(false);
    const crowd = await Promise.all(Array.from({ length: 120 }, () => dialIn(gateway.port, 'y')));
    await gateway.until(() => crowd.filter(({ destroyed }) => destroyed).length >= 21, 1000);
    expect(crowd.filter(({ destroyed }) => destroyed)).toHaveLength(21);
    await gateway.until(() => silent.destroyed, 31_000);
    await gone;
    expect(gateway.acquisition.status()[0]!.state).toBe('connecting');
  });

  test('hold their port only while they are wanted', async () => {
    const gateway = await gatewayOf([
      { terminal: '8612', unit: 1 },
      { terminal: '8613', unit: 1 },
    ]);
    const socket = await dialIn(gateway.port, '8612', [1]);
    expect(await gateway.read(0)).toBe(1007);
    const closed = once(socket, 'close');
    await gateway.acquisition.stop();
    await closed;
    expect(await listens(gateway.port)).toBe(false);
    gateway.acquisition.start();
    await gateway.until(() => gateway.acquisition.status()[1]!.lastError.includes('8613'));
    expect(await listens(gateway.port)).toBe(true);
  });

  test('say that their port is taken, and listen once it is free', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const attempt = modbusDriver.open(
      { id: 'd', endpoint: `dtu://:${(server.address() as AddressInfo).port}/8612`, points: [], options: {} },
      { batch: () => undefined, lost: () => undefined },
      testHost(new VirtualClock()),
      new AbortController().signal,
    );
    await expect(attempt).rejects.toMatchObject({
      code: 'LL-MODBUS-LISTEN',
      message: expect.stringContaining(`listen on 127.0.0.1:${port} for terminals that dial in: listen EADDRINUSE`),
    });
    server.close();
    await once(server, 'close');
  });
});

test.each([
  ['dtu://0.0.0.0/8612', {}, 'is not of the form dtu://0.0.0.0:5020/'],
  ['dtu://0.0.0.0:5020', {}, 'is not of the form dtu://0.0.0.0:5020/'],
  ['dtu://0.0.0.0:5020/8612', { registration: 'REG' }, 'has no {id}'],
  ['dtu://0.0.0.0:5020/8612', { maxInFlight: 2 }, 'cannot have 2 requests in flight'],
  ['tcp://10.0.0.7', { heartbeat: 'HB' }, 'is not dtu://'],
])('refuses %s with %o: %s', (endpoint, options, message) => {
  const device = { id: 'meter', endpoint, points: [pointAt(0, 0)], options };
  expect(() => modbusDriver.validate(device)).toThrow(message);
});
