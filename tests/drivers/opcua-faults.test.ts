import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import opcua from 'node-opcua';
import { describe, expect, test } from 'vitest';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { delay, realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { device, folder, freePort, node, open, serverOn, watch } from './opcua-server.ts';
import { testHost } from './peer.ts';

/** A TCP server that does with each connection what the test says; resolves with its port. */
async function listening(serve: (socket: Socket) => unknown): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A relay to a server that can be cut: both ends stay open, nothing passes any more. */
async function relayTo(endpoint: string) {
  const ends: Socket[] = [];
  let silent = false;
  const port = await listening((near) => {
    if (silent) return;
    const far = connect({ host: '127.0.0.1', port: Number(new URL(endpoint).port) });
    far.on('error', () => undefined);
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    near.pipe(far);
    far.pipe(near);
    ends.push(near, far);
  });
  const cut = () => {
    silent = true;
    for (const end of ends) end.unpipe().pause();
  };
  return { port, cut };
}

describe('OPC UA driver on a bad day', () => {
  test('keeps a link on which nothing changes for several times the time allowed for one answer', async () => {
    const server = await serverOn(await freePort());
    const seen = await watch(device(server.endpoint, [{ ...node(0, 'temp'), periodMs: 300 }], { timeoutMs: 1500 }));
    await seen.until(() => seen.newest.size === 1);
    await delay(realClock(), 4000);
    expect(seen.losses).toEqual([]);
  });

  test('says that nothing answers, and stops at once when told to', async () => {
    const definition = device(`opc.tcp://127.0.0.1:${await freePort()}`, [node(0, 'temp')]);
    await expect(watch(definition)).rejects.toMatchObject({
      code: 'LL-OPCUA-CONNECT',
      message: expect.stringContaining('gallery-2 (opc.tcp://127.0.0.1:'),
    });
    const silent = createServer(() => controller.abort());
    const controller = new AbortController();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    open.push(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const events = { batch: () => undefined, lost: () => undefined };
    const host = testHost(realClock(), silentLog, folder);
    const attempt = opcuaDriver.open(device(`opc.tcp://127.0.0.1:${port}`, []), events, host, controller.signal);
    await expect(attempt).rejects.toMatchObject({ code: 'LL-OPCUA-CONNECT' });
  });

  test('speaks up once when the server stops, and values flow again after its restart', async () => {
    const port = await freePort();
    const first = await serverOn(port);
    const definition = device(first.endpoint, [node(0, 'temp'), node(1, 'run')]);
    let heard = () => {};
    const batches: SampleBatch[] = [];
    const states: string[] = [];
    const acquisition = createAcquisition({
      devices: [{ driver: 'opcua', definition }],
      drivers: [opcuaDriver],
      host: testHost(realClock(), silentLog, folder),
      onBatch: (batch) => {
        batches.push(batch);
        heard();
      },
      onDeviceChange: ({ state }) => {
        states.push(state);
        heard();
      },
    });
    open.push(() => acquisition.stop());
    const until = async (holds: () => boolean) => {
      while (!holds()) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    };
    acquisition.start();
    await until(() => batches.at(-1)?.values[0] === 21.5);
    await first.stop();
    await until(() => states.at(-1) === 'backing-off');
    expect([...batches.at(-1)!.quality].map(qualityName)).toEqual(['comm', 'comm']);
    expect(states).toEqual(['connecting', 'online', 'backing-off']);
    const second = await serverOn(port);
    await until(() => batches.at(-1)?.values[0] === 21.5);
    expect(acquisition.status()[0]).toMatchObject({ state: 'online', reconnects: 1 });
    expect(second.endpoint).toBe(first.endpoint);
  });

  test('makes its subscriptions anew when the server ends the session but not the connection', async () => {
    const server = await serverOn(await freePort());
    const definition = device(server.endpoint, [node(0, 'temp')]);
    const sessions: opcua.ServerSession[] = [];
    server.server.on('session_activated', (session) => sessions.push(session));
    const said: string[] = [];
    const states: string[] = [];
    await new Promise<void>((resolve) => {
      const acquisition = createAcquisition({
        devices: [{ driver: 'opcua', definition }],
        drivers: [opcuaDriver],
        host: testHost(realClock(), { ...silentLog, warn: (_fields, message) => said.push(message) }, folder),
        onBatch({ values }) {
          if (values[0] !== 21.5) return;
          if (states.includes('backing-off')) resolve();
          else server.server.engine.closeSession(sessions[0]!.authenticationToken, true, 'Terminated');
        },
        onDeviceChange: ({ state }) => states.push(state),
      });
      open.push(() => acquisition.stop());
      acquisition.start();
    });
    expect(states).toEqual(['connecting', 'online', 'backing-off', 'connecting', 'online']);
    expect(said).toEqual([expect.stringContaining('the server forgot the session')]);
  }, 20_000);

  test('turns to a redundant server when the first falls silent without a word', async () => {
    const [first, second] = [await serverOn(await freePort()), await serverOn(await freePort())];
    second.variable('temp').setValueFromSource({ dataType: opcua.DataType.Double, value: 42 });
    const { port, cut } = await relayTo(first.endpoint);
    const definition = device(`opc.tcp://127.0.0.1:${port}`, [node(0, 'temp')], { endpoints: [second.endpoint] });
    const said: string[] = [];
    const values = await new Promise<readonly number[]>((resolve) => {
      const heard: number[] = [];
      const acquisition = createAcquisition({
        devices: [{ driver: 'opcua', definition }],
        drivers: [opcuaDriver],
        host: testHost(realClock(), { ...silentLog, warn: (_fields, message) => said.push(message) }, folder),
        onBatch: (batch) => {
          const value = batch.values[0] ?? Number.NaN;
          heard.push(value);
          if (value === 21.5) cut();
          if (value === 42) resolve(heard);
        },
        onDeviceChange: () => undefined,
      });
      open.push(() => acquisition.stop());
      acquisition.start();
    });
    expect(values).toEqual([21.5, Number.NaN, 42]);
    expect(said.join()).toContain('no sign of life from the server in 1500 ms when asked');
  }, 20_000);

  test('gives up on a server that accepts the connection and stays silent', async () => {
    const port = await listening(() => undefined);
    const definition = device(`opc.tcp://127.0.0.1:${port}`, [node(0, 'temp')], { timeoutMs: 500 });
    await expect(watch(definition)).rejects.toMatchObject({
      code: 'LL-OPCUA-CONNECT',
      message: expect.stringContaining('no session in 2000 ms'),
      next: expect.stringContaining('Check that the server runs'),
    });
  });

  test('ends with a coded error whatever comes instead of an answer: garbage, lying lengths, endless chunks', async () => {
    const random = seededRandom(20_261_125);
    const chunk = (type: string, length: number, rest: Buffer) => {
      const head = Buffer.alloc(8);
      head.write(type, 'ascii');
      head.writeUInt32LE(length, 4);
      return Buffer.concat([head, rest]);
    };
    const acknowledge = Buffer.alloc(20);
    for (const [index, field] of [0, 65_535, 65_535, 0, 0].entries()) acknowledge.writeUInt32LE(field, 4 * index);
    const ack = chunk('ACKF', 28, acknowledge);
    const noise = (size: number) => Buffer.from(Array.from({ length: size }, () => random.integer(0, 255)));
    const answers = [
      () => [noise(64)],
      () => [chunk('ACKF', 0xffff_ffff, noise(20))],
      () => [chunk('ACKF', 3, noise(20))],
      () => [chunk('ERRF', 16, noise(8))],
      () => [ack, chunk('OPNF', 0x7fff_ffff, noise(2000))],
      () => [ack, chunk('OPNF', 40, noise(32))],
      () => [ack, ...Array.from({ length: 200 }, () => chunk('OPNC', 8192, noise(8184)))],
    ];
    const ends = answers.map(async (answer) => {
      const port = await listening((socket) => {
        socket.once('data', () => {
          for (const part of answer()) if (!socket.destroyed) socket.write(part);
        });
      });
      const definition = device(`opc.tcp://127.0.0.1:${port}`, [node(0, 'temp')], { timeoutMs: 500 });
      return watch(definition).catch((cause: unknown) => cause);
    });
    const coded = expect.objectContaining({ code: expect.stringMatching(/^LL-OPCUA-/) });
    expect(await Promise.all(ends)).toEqual(answers.map(() => coded));
  }, 30_000);

  test('survives single wrong bytes in what a real server sends: a session, or a coded error', async () => {
    const server = await serverOn(await freePort());
    const random = seededRandom(77);
    const ended = Array.from({ length: 8 }, async (_, round) => {
      const spoilt = 600 * round + random.integer(0, 599);
      const port = await listening((near) => {
        const far = connect({ host: '127.0.0.1', port: Number(new URL(server.endpoint).port) });
        far.on('error', () => undefined);
        far.on('close', () => near.destroy());
        near.on('close', () => far.destroy());
        near.pipe(far);
        let passed = 0;
        far.on('data', (data: Buffer) => {
          const at = spoilt - passed;
          if (at >= 0 && at < data.length) data[at] = (data[at] ?? 0) ^ 0xff;
          passed += data.length;
          near.write(data);
        });
      });
      const definition = device(`opc.tcp://127.0.0.1:${port}`, [node(0, 'temp')], { timeoutMs: 500 });
      const seen = await watch(definition).catch((cause: unknown) => cause);
      if (!(seen instanceof Error)) await (seen as Awaited<ReturnType<typeof watch>>).session.close();
      return seen;
    });
    for (const seen of await Promise.all(ended)) {
      const coded = expect.objectContaining({ code: expect.stringMatching(/^LL-OPCUA-/) });
      expect(seen).toEqual(seen instanceof Error ? coded : expect.objectContaining({ session: expect.anything() }));
    }
  }, 30_000);

  test('says so when another protocol answers at the endpoint', async () => {
    const port = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
    const definition = device(`opc.tcp://127.0.0.1:${port}`, [node(0, 'temp')], { timeoutMs: 500 });
    await expect(watch(definition)).rejects.toMatchObject({
      code: 'LL-OPCUA-CONNECT',
      message: expect.stringContaining(`gallery-2 (opc.tcp://127.0.0.1:${port})`),
    });
  });

  test('notices a server that is cut off without a word', async () => {
    const server = await serverOn(await freePort());
    const { port, cut } = await relayTo(server.endpoint);
    const definition = device(`opc.tcp://127.0.0.1:${port}`, [node(0, 'temp')], { timeoutMs: 500 });
    const seen = await watch(definition);
    await seen.until(() => seen.newest.get(0)?.value === 21.5);
    cut();
    await seen.until(() => seen.losses.length > 0);
    expect(seen.losses).toMatchObject([{ code: 'LL-OPCUA-LOST', next: expect.stringContaining('network between') }]);
  });
});
