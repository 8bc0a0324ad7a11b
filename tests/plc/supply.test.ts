import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import opcua from 'node-opcua';
import { expect, it } from 'vitest';
import { openConnection } from '../../drivers/opcua/connection.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { Plc } from '../../simulator/city/plant.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { serveOpcua } from '../../simulator/plc/opcua-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { freePort } from '../drivers/opcua-server.ts';
import { testHost } from '../drivers/peer.ts';
import { plcOf, point } from './plc.ts';

/** A PLC whose supply a test switches. */
function switched(id: string): { readonly plc: Plc; power(on: boolean): void } {
  let on = true;
  const points = [point('level', { type: 'float64', read: () => 1.5 })];
  return {
    plc: { ...plcOf(id, 1, points), powered: () => on },
    power: (value) => {
      on = value;
    },
  };
}

const readOne = [0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1];

/** Asks a Modbus PLC for one register: whether it answers before it drops the connection. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(Uint8Array.from(readOne)));
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => {});
    socket.once('close', () => resolve(false));
  });
}

it('a Modbus PLC that loses its supply drops its clients, takes no new ones, and answers again afterwards', async () => {
  const { plc, power } = switched('ps-9');
  const server = await serveModbus(createScan(plc, seededRandom(1)), { port: 0 });
  const client = connect({ host: '127.0.0.1', port: server.port });
  await new Promise((resolve) => client.once('connect', resolve));
  expect(await answers(server.port)).toBe(true);
  const dropped = new Promise((resolve) => client.once('close', resolve));
  client.once('error', () => {});
  power(false);
  server.publish(1000);
  await dropped;
  expect(await answers(server.port)).toBe(false);
  power(true);
  server.publish(2000);
  expect(await answers(server.port)).toBe(true);
  await server.close();
});

it('an OPC UA PLC that loses its supply breaks its sessions, takes no new ones, and serves again afterwards', async () => {
  const { plc, power } = switched('gallery-9');
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-plc-'));
  const server = await serveOpcua(createScan(plc, seededRandom(1)), { port: await freePort(), stateDir: folder });
  const open = () => {
    const host = testHost(undefined, undefined, join(folder, 'client'));
    const channel = { policy: 'None', mode: 'None', trustUnknown: true, user: undefined, timeoutMs: 2000 };
    const { endpoint } = server;
    return openConnection(opcua, { endpoint, target: endpoint, ...channel }, host, new AbortController().signal);
  };
  const { session, close } = await open();
  const level = { nodeId: 'ns=1;s=gallery-9.level' };
  server.publish(1000);
  expect((await session.read(level)).value.value).toBe(1.5);
  power(false);
  server.publish(2000);
  await expect(session.read(level)).rejects.toThrow();
  await close().catch(() => {});
  await expect(open()).rejects.toMatchObject({ code: expect.stringMatching(/^LL-/) });
  power(true);
  server.publish(3000);
  let again: Awaited<ReturnType<typeof open>> | undefined;
  while (!again) again = await open().catch(() => undefined);
  expect((await again.session.read(level)).value.value).toBe(1.5);
  await again.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}, 30_000);
