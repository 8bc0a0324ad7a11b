import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRequest } from '../../drivers/modbus/pdu.ts';
import type { TcpEndpoint } from '../../drivers/modbus/place.ts';
import { planWrite } from '../../drivers/modbus/write.ts';
import { maxAddresses, parseScanTarget, parseUnits } from '../../edge/cli/modbus/addresses.ts';
import { Pace } from '../../edge/cli/modbus/scan-units.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { freePort, killAll, lifeline } from '../gateway/processes.ts';
import { plcOf, point } from '../plc/plc.ts';

let server: PlcServer;
let written: number[];

beforeEach(async () => {
  written = [];
  const take = (value: number) => {
    written.push(value);
  };
  const set = { address: 100, type: 'float32', order: 'cdab', low: 0, high: 1, read: () => 0.4, write: take } as const;
  const bits = { address: 102, type: 'uint16', low: 0, high: 65_535, read: () => 5, write: take } as const;
  const stuck = { address: 103, type: 'uint16', low: 0, high: 9, read: () => 0 } as const;
  const one = plcOf('ps-1', 1, [point('set', set), point('bits', bits), point('stuck', stuck)]);
  const two = plcOf('ps-2', 17, [point('level', { address: 400 })]);
  server = await serveModbus(createScan(one, seededRandom(1)), {
    port: 0,
    beside: [createScan(two, seededRandom(2))],
  });
});

afterEach(() => server.close());
afterAll(killAll);

const write = (...args: string[]) => lifeline('write', 'modbus', `tcp://127.0.0.1:${server.port}/1`, ...args).ended;

describe('lifeline write modbus', () => {
  it('shows what is there and what will be, writes, reads back', async () => {
    const args = ['holding', '100', '0.45', '--type', 'float32', '--order', 'cdab'];
    const { code, stdout, stderr } = await write(...args, '--yes', '--json');
    expect(code).toBe(0);
    expect(written).toEqual([Math.fround(0.45)]);
    expect(stderr).toContain('→ 0.45 (float32 cdab)');
    const [before, readBack] = [Math.fround(0.4), Math.fround(0.45)];
    expect(JSON.parse(stdout)).toEqual({ table: 'holding', address: 100, before, value: 0.45, readBack, ok: true });
  });

  it('writes nothing without a terminal to ask on', async () => {
    expect(await write('holding', '102', '7')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(written).toEqual([]);
  });

  it('changes one bit of a register only when told to rewrite the register', async () => {
    const refused = await write('holding', '102', '1', '--bit', '3', '--yes');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('LL-MODBUS-WRITE') });
    expect(written).toEqual([]);
    expect(await write('holding', '102', '1', '--bit', '3', '--read-modify-write', '--yes')).toMatchObject({ code: 0 });
    expect(written).toEqual([5 | 8]);
  });

  it('says what the device refuses, and exits with 4 when nothing answers', async () => {
    expect(await write('holding', '103', '1', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('2 ill'),
    });
    const target = `tcp://127.0.0.1:${await freePort()}/1`;
    expect(await lifeline('write', 'modbus', target, 'holding', '0', '1', '--yes').ended).toMatchObject({ code: 4 });
    expect(written).toEqual([]);
  });
});

describe('planning a write', () => {
  const place = { table: 'holding', address: 7, bit: undefined, type: 'uint16', order: 'abcd' } as const;

  it('takes the code for one or for several, as the type needs', () => {
    expect(planWrite(place, 7)[0]).toBe(6);
    expect(planWrite(place, 7, { multiple: true })[0]).toBe(16);
    expect(planWrite({ ...place, type: 'float32' }, 0.5)[0]).toBe(16);
    expect(planWrite({ ...place, table: 'coil', type: 'bool' }, 1)[0]).toBe(5);
    expect(planWrite({ ...place, table: 'coil', type: 'bool' }, 1, { multiple: true })[0]).toBe(15);
  });

  it('leaves the other bits of a register as they are, whatever its byte order', () => {
    for (const [order, mask] of [
      ['abcd', 1 << 3],
      ['badc', 1 << 11],
    ] as const) {
      const bit = { ...place, type: 'bool', bit: 3, order } as const;
      expect(parseRequest(planWrite(bit, 1, { current: 0 }))).toMatchObject({ values: Uint16Array.of(mask) });
      expect(parseRequest(planWrite(bit, 0, { current: 0xffff }))).toMatchObject({
        values: Uint16Array.of(0xffff ^ mask),
      });
    }
  });

  it('refuses what the place or the type cannot hold', () => {
    const refused = { code: 'LL-MODBUS-WRITE' };
    const attempts: [Parameters<typeof planWrite>[0], number][] = [
      [{ ...place, table: 'input' }, 1],
      [{ ...place, table: 'discrete', type: 'bool' }, 1],
      [place, 65_536],
      [place, -1],
      [place, 1.5],
      [{ ...place, type: 'float32' }, 1e39],
      [{ ...place, type: 'float32' }, Number.NaN],
      [{ ...place, table: 'coil', type: 'bool' }, 2],
      [{ ...place, type: 'bool', bit: 3 }, 1],
    ];
    for (const [where, raw] of attempts) expect(() => planWrite(where, raw)).toThrow(expect.objectContaining(refused));
  });
});

describe('lifeline scan modbus', () => {
  it('finds the units behind an address with who they are', async () => {
    const args = ['--units', '1-20', '--rate', '500', '--json'];
    const { code, stdout } = await lifeline('scan', 'modbus', `tcp://127.0.0.1:${server.port}`, ...args).ended;
    expect(code).toBe(0);
    const common = { host: '127.0.0.1', port: server.port, vendor: 'Lifeline simulated city', revision: '1.0' };
    expect(JSON.parse(stdout)).toEqual([
      { ...common, unit: 1, product: 'ps-1', name: 'ps-1 station', answer: 'exception 2 illegal data address' },
      { ...common, unit: 17, product: 'ps-2', name: 'ps-2 station', answer: 'exception 2 illegal data address' },
    ]);
  });

  it('goes through a network of loopback addresses and exits with 4 when nobody is there', async () => {
    const port = await freePort();
    const { code, stderr, stdout } = await lifeline(
      ...['scan', 'modbus', '127.0.0.0/29', '--port', String(port), '--units', '1', '--rate', '500'],
    ).ended;
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain('6 addresses');
  });

  it('shows what it has found when it is interrupted', async () => {
    const running = lifeline('scan', 'modbus', `tcp://127.0.0.1:${server.port}`, '--rate', '2');
    await running.line(/found .* unit 1$/);
    const { code, stdout, stderr } = await running.stop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/\/1 +Lifeline simulated city +ps-1/);
    expect(stderr).toContain('stopped');
  });
});

describe('what is scanned', () => {
  it('is a host, a network without its edges, or an endpoint', () => {
    expect(parseScanTarget('10.0.3.17', 502)).toEqual([{ host: '10.0.3.17', port: 502 }]);
    expect(parseScanTarget('tcp://plc:1502', 502)).toEqual([{ host: 'plc', port: 1502 }]);
    const network = parseScanTarget('10.0.3.77/24', 502) as readonly TcpEndpoint[];
    expect([network.length, network[0]?.host, network.at(-1)?.host]).toEqual([254, '10.0.3.1', '10.0.3.254']);
    expect(parseScanTarget('10.0.3.7/32', 502)).toEqual([{ host: '10.0.3.7', port: 502 }]);
    expect(parseScanTarget('200.255.0.0/20', 502)).toHaveLength(maxAddresses - 2);
    for (const wrong of ['10.0.0.0/8', '10.0.3.300/24', '10.0.3.0/33', 'a b']) {
      expect(parseScanTarget(wrong, 502)).toHaveProperty('why');
    }
  });

  it('has unit ids in order, each once', () => {
    expect(parseUnits('3,1,17-19,18')).toEqual([1, 3, 17, 18, 19]);
    expect(parseUnits('1-247')).toHaveLength(247);
    for (const wrong of ['', '5-3', '0-300', 'x', '1,,2']) expect(parseUnits(wrong)).toBeUndefined();
  });

  it('is asked at a steady rate, whoever asks', async () => {
    const clock = new VirtualClock(0);
    const pace = new Pace(clock, 10);
    const turns: number[] = [];
    const { signal } = new AbortController();
    for (let asker = 0; asker < 5; asker++) void pace.turn(signal).then(() => turns.push(clock.monotonicMs()));
    await clock.advance(1000);
    expect(turns).toEqual([0, 100, 200, 300, 400]);
  });
});
