import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAddress } from '../../drivers/modbus/notation.ts';
import { reference } from '../../drivers/modbus/place.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { freePort, killAll, lifeline } from '../gateway/processes.ts';
import { plcOf, point } from '../plc/plc.ts';

let server: PlcServer;
let target: string;

beforeAll(async () => {
  const plc = plcOf('ps-1', 7, [
    point('flow', { address: 0, type: 'float32', order: 'cdab', read: () => 312.5 }),
    point('level', { address: 2, type: 'int16', read: () => -123 }),
    point('serial', { address: 300, type: 'string-gbk', length: 4, text: () => '泵7号' }),
    point('energy', { address: 304, type: 'bcd32', read: () => 12_345_678 }),
    point('clock', { address: 306, type: 'time-bcd48', high: 1e13, read: () => Date.UTC(2026, 0, 15, 8, 5, 9) }),
    point('run', { table: 'discrete', address: 3, type: 'bool', read: () => 1 }),
    ...Array.from({ length: 200 }, (_, index) => point(`r${index}`, { address: 1000 + index, read: () => index })),
  ]);
  server = await serveModbus(createScan(plc, seededRandom(1)), { port: 0 });
  target = `tcp://127.0.0.1:${server.port}/7`;
});

afterAll(async () => {
  killAll();
  await server.close();
});

const read = (...args: string[]) => lifeline('read', 'modbus', target, ...args).ended;

describe('lifeline read modbus', () => {
  it('prints registers as the type and order asked for, as JSON on stdout alone', async () => {
    const { code, stdout, stderr } = await read('holding', '0', '2', '--type', 'float32', '--order', 'cdab', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual([
      { address: 0, raw: [0x4000, 0x439c], value: 312.5, type: 'float32', order: 'cdab' },
    ]);
  });

  it('reads more than one request carries, by Modicon references', async () => {
    const { code, stdout } = await read('holding', '41001', '200', '--notation', 'modicon5', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as { address: number; value: number }[];
    expect(rows.map(({ value }) => value)).toEqual(Array.from({ length: 200 }, (_, index) => index));
    expect(rows[0]?.address).toBe(1000);
  });

  it('prints bits and references for people', async () => {
    const { stdout } = await read('discrete', '3', '1');
    expect(stdout).toMatch(/^\s+3\s+10004\s+1\s+1$/m);
  });

  it('prints texts, decimal digits and clocks as they are meant', async () => {
    const text = await read('holding', '300', '4', '--type', 'string-gbk', '--json');
    expect(JSON.parse(text.stdout)).toMatchObject([{ address: 300, value: '泵7号', type: 'string-gbk' }]);
    const words = await read('holding', '300', '4', '--type', 'string-gbk', '--length', '2');
    expect(words.stdout).toMatch(/300 +40301 +B1C3 37BA +"泵7"\n +302 +40303 +C500 0000 +none\n/);
    expect((await read('holding', '304', '2', '--type', 'bcd32')).stdout).toMatch(/1234 5678 +12345678$/m);
    expect((await read('holding', '304', '2', '--type', 'mod10k48')).code).toBe(2);
    expect((await read('holding', '306', '3', '--type', 'time-bcd48')).stdout).toContain('2026-01-15 08:05:09');
    expect((await read('holding', '304', '2', '--length', '2')).stderr).toContain('--length is for texts');
  });

  it('guesses: the likely type and order come first', async () => {
    const { code, stdout } = await read('holding', '0', '2', '--guess', '--unit', 'm3/h', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)[0]).toMatchObject({ type: 'float32', order: 'cdab', values: [312.5] });
  });

  it('exits with 4 when nobody listens or no such unit answers, with 1 when the device refuses', async () => {
    const dead = await lifeline('read', 'modbus', `tcp://127.0.0.1:${await freePort()}/1`, 'holding', '0', '1').ended;
    expect(dead).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('LL-MODBUS-CONNECT') });
    const unit = await lifeline('read', 'modbus', target.replace(/7$/, '8'), 'holding', '0', '1').ended;
    expect(unit).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('unit 8') });
    const refused = await read('holding', '500', '1');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('illegal data address') });
  });

  it('exits with 2 on what cannot be meant, saying what can', async () => {
    const odd = await read('holding', '0', '3', '--type', 'float32');
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('multiple of 2') });
    const table = await read('holdings', '0', '3');
    expect(table).toMatchObject({ code: 2, stderr: expect.stringContaining('holding') });
  });
});

describe('addresses', () => {
  it('mean what their notation says and nothing else', () => {
    expect(parseAddress('40001', 'holding', 'wire')).toBe(40_001);
    expect(parseAddress('40001', 'holding', 'modicon5')).toBe(0);
    expect(parseAddress('49999', 'holding', 'modicon5')).toBe(9998);
    expect(parseAddress('400001', 'holding', 'modicon6')).toBe(0);
    expect(parseAddress('465536', 'holding', 'modicon6')).toBe(65_535);
    expect(parseAddress('00017', 'coil', 'modicon5')).toBe(16);
    expect(parseAddress('10001', 'discrete', 'modicon5')).toBe(0);
    expect(parseAddress('30010', 'input', 'modicon5')).toBe(9);
  });

  it('of another table, past the end or not numeric are refused with the first right one', () => {
    expect(parseAddress('30001', 'holding', 'modicon5')).toMatchObject({ why: expect.stringContaining('40001') });
    expect(parseAddress('465537', 'holding', 'modicon6')).toMatchObject({ why: expect.stringContaining('400001') });
    expect(parseAddress('400001', 'holding', 'wire')).toMatchObject({ why: expect.stringContaining('modicon6') });
    expect(parseAddress('-1', 'holding', 'wire')).toMatchObject({ why: expect.any(String) });
    expect(parseAddress('40000', 'holding', 'modicon5')).toMatchObject({ why: expect.any(String) });
  });

  it('come back from their references', () => {
    for (const address of [0, 1, 9998, 9999, 65_535]) {
      const text = reference('holding', address);
      expect(parseAddress(text, 'holding', text.length === 5 ? 'modicon5' : 'modicon6')).toBe(address);
    }
  });
});
