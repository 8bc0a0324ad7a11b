import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeMbap, MbapReader } from '../../drivers/modbus/frame.ts';
import { decodeValue } from '../../drivers/modbus/registers.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan, type PlcScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { plcOf, point } from './plc.ts';

let setpoint = 0.45;
let contactor = 0;
const plc = plcOf('ps-1', 7, [
  point('flow', { address: 0, type: 'float32', order: 'cdab', read: () => 312.5 }),
  point('level', { address: 6, type: 'int16', scale: 0.01, read: () => -1.23 }),
  point('far', { address: 400, type: 'uint32', read: () => 70_000 }),
  point('set', {
    address: 100,
    type: 'float32',
    read: () => setpoint,
    write: (value) => {
      setpoint = value;
    },
  }),
  point('run', { table: 'discrete', address: 3, type: 'bool', read: () => 1 }),
  point('cmd', {
    table: 'coil',
    address: 9,
    type: 'bool',
    read: () => contactor,
    write: (value) => {
      contactor = value;
    },
  }),
]);

let scan: PlcScan;
let server: PlcServer;
let socket: Socket;
let reader: MbapReader;
let waiting: ((pdu: Uint8Array) => void)[];

beforeEach(async () => {
  scan = createScan(plc, seededRandom(1));
  server = await serveModbus(scan, { port: 0 });
  reader = new MbapReader();
  waiting = [];
  socket = connect({ host: '127.0.0.1', port: server.port });
  socket.on('data', (chunk) => {
    for (const frame of reader.push(chunk)) waiting.shift()?.(frame.pdu.slice());
  });
  await new Promise((resolve) => socket.once('connect', resolve));
});

afterEach(async () => {
  socket.destroy();
  await server.close();
});

function ask(...pdu: number[]): Promise<Uint8Array> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    socket.write(encodeMbap(waiting.length, plc.unit, Uint8Array.from(pdu)));
  });
}

const registers = (pdu: Uint8Array) =>
  Uint16Array.from({ length: (pdu.length - 2) / 2 }, (_, i) => (pdu[2 + i * 2]! << 8) | pdu[3 + i * 2]!);

it('answers registers in the order of each point, holes as zero', async () => {
  const words = registers(await ask(3, 0, 0, 0, 7));
  expect(decodeValue('float32', 'cdab', words, 0)).toBe(312.5);
  expect([...words.subarray(2, 6)]).toEqual([0, 0, 0, 0]);
  expect(decodeValue('int16', 'abcd', words, 6)).toBe(-123);
});

it('answers bits of coils and discrete inputs', async () => {
  expect([...(await ask(2, 0, 3, 0, 1))]).toEqual([2, 1, 1]);
  expect([...(await ask(1, 0, 9, 0, 1))]).toEqual([1, 1, 0]);
});

it('refuses addresses outside its blocks, other functions and impossible counts with the exceptions of the standard', async () => {
  expect([...(await ask(3, 0, 50, 0, 1))]).toEqual([0x83, 2]);
  expect([...(await ask(3, 0, 6, 0, 2))]).toEqual([0x83, 2]);
  expect([...(await ask(3, 0, 0, 0, 126))]).toEqual([0x83, 3]);
  expect([...(await ask(99, 0))]).toEqual([0xe3, 1]);
});

it('takes writes of single coils and whole multi-register points into the plant, and no others', async () => {
  expect([...(await ask(5, 0, 9, 0xff, 0))]).toEqual([5, 0, 9, 0xff, 0]);
  expect(contactor).toBe(1);
  expect([...(await ask(16, 0, 100, 0, 2, 4, 0x3f, 0, 0, 0))]).toEqual([16, 0, 100, 0, 2]);
  expect(setpoint).toBe(0.5);
  expect(decodeValue('float32', 'abcd', registers(await ask(3, 0, 100, 0, 2)), 0)).toBe(0.5);
  expect([...(await ask(6, 0, 6, 0, 1))]).toEqual([0x86, 2]);
});

it('answers many pipelined requests, in order', async () => {
  const replies = await Promise.all(Array.from({ length: 200 }, (_, index) => ask(3, 0, index % 2 ? 6 : 0, 0, 1)));
  replies.forEach((reply, index) => {
    expect(reply.length).toBe(4);
    if (index % 2) expect(decodeValue('int16', 'abcd', registers(reply), 0)).toBe(-123);
  });
});

it('shows a new scan only once it is published', async () => {
  const before = await ask(1, 0, 9, 0, 1);
  contactor = contactor === 0 ? 1 : 0;
  scan.scan();
  expect([...(await ask(1, 0, 9, 0, 1))]).toEqual([...before]);
  server.publish(0);
  expect([...(await ask(1, 0, 9, 0, 1))]).not.toEqual([...before]);
});

it('identifies itself by function 43/14', async () => {
  const reply = await ask(43, 14, 1, 0);
  expect([...reply.subarray(0, 3)]).toEqual([43, 14, 1]);
  expect(new TextDecoder().decode(reply)).toContain('ps-1');
});

it('drops a connection that sends what cannot be a frame', async () => {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  await closed;
});

it('names PLC and port when the port is taken', async () => {
  await expect(serveModbus(scan, { port: server.port })).rejects.toMatchObject({
    code: 'LL-SIM-PORT-TAKEN',
    message: expect.stringContaining('ps-1'),
  });
});
