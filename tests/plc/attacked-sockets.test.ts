import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeMbap, MbapReader } from '../../drivers/modbus/frame.ts';
import { encodeReadRequest } from '../../drivers/modbus/pdu.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { createCity } from '../../simulator/city/city.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { SocketNetwork } from '../../simulator/plc/socket-network.ts';
import { becomes } from './event.ts';

const startMs = Date.parse('2026-03-10T10:00:00+08:00');
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A city of water works, one PLC of which is served on a socket, where its intruders come too. */
async function servedCity(id: string) {
  const clients = new SocketNetwork();
  const city = await createCity({ seed: 5, startMs, utilities: ['water'], clients });
  const plc = city.plcs.find((one) => one.id === id);
  if (!plc) throw new Error(`no PLC ${id}`);
  const scan = createScan(plc, seededRandom(5));
  const server = await serveModbus(scan, { port: 0 });
  await clients.reach([server], '');
  ends.push(
    () => city.dispose(),
    () => server.close(),
    () => clients.close(),
  );
  const told = (name: string) => {
    scan.scan();
    server.publish(city.nowMs);
    return scan.engineering(plc.points.findIndex((one) => one.name === name));
  };
  const attack = (kind: string, target: string, magnitude: number, durationS: number) =>
    city.start({ id: kind, kind, target, magnitude, durationS, startMs: city.nowMs });
  return { city, plc, server, told, attack };
}

/** A gateway's connection: whether it stands once the PLC has had its say, told by an answer or an end. */
async function gatewayAt(port: number): Promise<{ readonly socket: Socket; readonly stands: boolean }> {
  const socket = connect({ host: '127.0.0.1', port });
  ends.push(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(encodeMbap(1, 1, encodeReadRequest('input', 9000, 1)));
  const reader = new MbapReader();
  const stands = await new Promise<boolean>((resolve) => {
    socket.on('data', (chunk: Uint8Array) => resolve(reader.push(chunk).length === 1));
    socket.once('close', () => resolve(false));
  });
  return { socket, stands };
}

const isIntruder = (address: number) => /^127066\d{6}$/.test(String(address));
const hasOwnAddresses = process.platform === 'linux';

describe('a PLC on sockets that is attacked', () => {
  it('refuses its gateway while an intruder holds all its connections, and takes it back when he is gone', async () => {
    const { city, server, told, attack } = await servedCity('water-dma-4');
    const before = await gatewayAt(server.port);
    expect(before.stands).toBe(true);
    attack('attack.exhaustion', 'water-dma-4', 10, 60);
    for (let second = 0; second < 5; second++) city.step(1);
    await becomes(() => [told('plc-connections'), told('plc-places-free'), told('plc-refused')], [32, 0, 19]);
    before.socket.destroy();
    await becomes(() => told('plc-places-free'), 1);
    city.step(1);
    await becomes(() => told('plc-places-free'), 0);
    expect((await gatewayAt(server.port)).stands).toBe(false);
    city.step(60);
    await becomes(() => told('plc-connections'), 0);
    expect((await gatewayAt(server.port)).stands).toBe(true);
  });

  it('tells a second master from its gateway by its address, where the system lets it have one', async () => {
    const { city, server, told, attack } = await servedCity('water-dma-1');
    await gatewayAt(server.port);
    const asked = told('plc-requests');
    attack('attack.second-master', 'water-dma-1', 5, 60);
    for (let second = 0; second < 10; second++) city.step(1);
    await becomes(() => told('plc-requests') - asked, 50);
    expect(told('plc-connections')).toBe(2);
    expect(told('plc-clients')).toBe(hasOwnAddresses ? 2 : 1);
    expect(told('plc-exceptions')).toBe(0);
  });

  it('answers a scan with exceptions, which it counts', async () => {
    const { city, told, attack } = await servedCity('water-dma-3');
    attack('attack.scan', 'water-dma-3', 50, 60);
    for (let second = 0; second < 10; second++) city.step(1);
    await becomes(() => told('plc-requests'), 500);
    expect(told('plc-exceptions')).toBeGreaterThan(480);
    expect(told('plc-writes')).toBe(0);
  });

  it('carries out a command of a stranger, who is its last writer until all is put back, however fast its time goes', async () => {
    const { city, plc, told, attack } = await servedCity('water-dma-2');
    const valve = plc.points.find(({ name }) => name === 'valve-command');
    expect(valve?.read()).toBe(100);
    attack('attack.command-write', 'water-dma-2/valve-command', 90, 600);
    city.step(1);
    await becomes(() => Math.round(valve?.read() ?? 0), 10);
    expect(told('plc-writes')).toBe(1);
    expect(isIntruder(told('plc-last-writer'))).toBe(hasOwnAddresses);
    // He writes again and his time is over within one turn of the event loop: what he sent must not come after the mending.
    city.step(10);
    city.step(600);
    await becomes(() => [told('plc-connections'), told('plc-writes'), valve?.read()], [0, 2, 100]);
  });
});
