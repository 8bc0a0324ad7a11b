import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DevicePoint } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { loadGateway } from '../../edge/config/load.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-modbus-points-'));
});

/** Loads a gateway with one Modbus device of these options and rows. */
async function load(options: string, header: string, ...rows: string[]) {
  const device = `id: ps-1, driver: modbus, endpoint: "tcp://127.0.0.1:502", points: ps-1.csv${options && `, ${options}`}`;
  await writeFile(join(folder, 'gateway.yaml'), `gateway: { id: gw }\ndevices:\n  - { ${device} }\n`);
  await writeFile(join(folder, 'ps-1.csv'), [header, ...rows].join('\n'));
  const { gateway, errors, warnings } = await loadGateway(join(folder, 'gateway.yaml'), {
    ...{ drivers: [modbusDriver], sinks: [{ name: 'none', options: modbusDriver.options }] },
    modelsFolder: folder,
  });
  const points: readonly DevicePoint[] = gateway?.devices[0]?.definition.points ?? [];
  return { gateway, points, errors, warnings };
}

describe('order of a device', () => {
  it('holds for every row that names none, 64-bit values and bits included', async () => {
    const { points, errors } = await load(
      'order: cdab',
      'tag,table,address,type,order',
      'flow,holding,0,float32,',
      'energy,holding,2,int64,',
      'level,holding,6,float32,abcd',
    );
    expect(errors).toEqual([]);
    expect(points.map(({ order }) => order)).toEqual(['cdab', 'cdab', 'abcd']);
  });

  it('is refused when it is none, with the orders there are', async () => {
    const { errors } = await load('order: acbd', 'tag,table,address', 'flow,holding,0');
    expect(errors[0]).toMatchObject({ code: 'LL-CONFIG-VALUE', path: 'devices[0].order', line: 3 });
  });
});

describe('notation of a device', () => {
  it.each([
    ['modicon5', '40001', 'holding', 0],
    ['modicon5', '17', 'coil', 16],
    ['modicon5', '10001', 'discrete', 0],
    ['modicon6', '365536', 'input', 65_535],
  ])('%s reads %s without a table as %s %i', async (notation, address, table, wire) => {
    const type = table === 'coil' || table === 'discrete' ? 'bool' : 'uint16';
    const { points, errors, warnings } = await load(`notation: ${notation}`, 'tag,address', `p,${address}`);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(points[0]).toMatchObject({ table, address: wire, type });
  });

  it('counts from 1 where the map does', async () => {
    const { points } = await load('notation: one-based', 'tag,table,address', 'p,holding,1', 'q,holding,65536');
    expect(points.map(({ address }) => address)).toEqual([0, 65_535]);
    const { errors } = await load('notation: one-based', 'tag,table,address', 'p,holding,0');
    expect(errors[0]).toMatchObject({ code: 'LL-MODBUS-ADDRESS', line: 2, column: 3 });
  });

  it('refuses a reference of another table than the row names, at its cell', async () => {
    const { errors } = await load('notation: modicon5', 'tag,table,address', 'p,input,40001', 'q,holding,30001');
    expect(errors.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['LL-MODBUS-ADDRESS', 2, 3],
      ['LL-MODBUS-ADDRESS', 3, 3],
    ]);
    expect(errors[0]?.message).toBe('40001 is no modicon5 reference of table input, whose first is 30001');
  });

  it('names modicon6 when an address cannot be one on the wire', async () => {
    const { errors } = await load('', 'tag,table,address', 'p,holding,400001');
    expect(errors[0]).toMatchObject({ code: 'LL-MODBUS-ADDRESS', message: expect.stringContaining('modicon6') });
  });

  it('is asked for once where 40001 stands and no notation is stated', async () => {
    const rows = ['p,holding,40001', 'q,holding,40003', 'r,holding,7'];
    const { gateway, warnings } = await load('', 'tag,table,address', ...rows);
    expect(gateway).toBeDefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ code: 'LL-MODBUS-ADDRESS', line: 2, column: 3, path: 'address' });
    expect(warnings[0]?.message).toContain('1 more of ps-1');
    expect(warnings[0]?.fix).toMatch(/`notation: modicon5`.*wire address 0 .*`notation: wire`/);
    expect((await load('notation: wire', 'tag,table,address', ...rows)).warnings).toEqual([]);
    expect((await load('', 'tag,table,address', 'p,input,40001')).warnings).toEqual([]);
  });
});

describe('registers that points share', () => {
  const header = 'tag,table,address,bit,type,order';

  it.each([
    [
      'two floats shifted by one',
      'a,holding,0,,float32,',
      'b,holding,1,,float32,',
      'each would hold a part of the other',
    ],
    ['an integer inside a float', 'a,holding,0,,float32,', 'b,holding,1,,int16,', 'a part of a float32 is no value'],
    ['a bit inside a float', 'a,holding,0,,float32,', 'b,holding,1,3,,', 'a part of a float32 is no value'],
    [
      'a float inside a wide integer',
      'b,holding,2,,float32,',
      'a,holding,0,,uint64,',
      'a part of a float32 is no value',
    ],
  ])('is an error with %s', async (_, first, second, why) => {
    const { gateway, errors } = await load('', header, first, second);
    expect(gateway).toBeUndefined();
    expect(errors).toMatchObject([
      { code: 'LL-MODBUS-OVERLAP', line: 3, column: 3, message: expect.stringContaining(why) },
    ]);
    expect(errors[0]?.message).toMatch(/holding 4000\d–4000\d \(ps-1\/.\) and .*\(ps-1\/.\) of ps-1/);
  });

  it.each([
    ['one span in two types', 'a,holding,0,,float32,', 'b,holding,0,,uint32,', 'OVERLAP', 'read in two ways'],
    ['one span in two orders', 'a,holding,0,,float32,', 'b,holding,0,,float32,cdab', 'OVERLAP', 'read in two ways'],
    [
      'the low word of a counter',
      'a,holding,0,,uint32,',
      'b,holding,1,,uint16,',
      'OVERLAP',
      'reads a part of the other',
    ],
    [
      'two tags of one place',
      'a,holding,0,,uint32,',
      'b,holding,0,,uint32,',
      'DUPLICATE',
      'ps-1/b and ps-1/a of ps-1 both read',
    ],
    ['two tags of one bit', 'a,holding,0,3,,', 'b,holding,0,3,,', 'DUPLICATE', 'bit 3 at holding 40001'],
    ['two tags of one coil', 'a,coil,5,,,', 'b,coil,5,,,', 'DUPLICATE', 'coil 00006'],
  ])('is a warning with %s', async (_, first, second, code, why) => {
    const { gateway, warnings } = await load('', header, first, second);
    expect(gateway).toBeDefined();
    expect(warnings).toMatchObject([{ code: `LL-MODBUS-${code}`, line: 3, message: expect.stringContaining(why) }]);
  });

  it('is nothing with bits of a register, the whole register beside them, or neighbours', async () => {
    const rows = ['word,holding,0,,uint16,', ...Array.from({ length: 16 }, (_, bit) => `b${bit},holding,0,${bit},,`)];
    const next = ['c,holding,1,,float32,', 'd,holding,3,,float32,', 'e,input,0,,float32,', 'f,coil,0,,,'];
    const { gateway, errors, warnings } = await load('', header, ...rows, ...next);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(gateway?.tags.size).toBe(21);
  });

  it('is told of once per row, however many rows share a place', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => `t${index},holding,9,,int16,`);
    const { warnings } = await load('', header, ...rows);
    expect(warnings.map(({ line }) => line)).toEqual(Array.from({ length: 499 }, (_, index) => index + 3));
  });
});

describe('a point that cannot be where its row says', () => {
  it('is told of at its row and column', async () => {
    const { errors } = await load(
      'forbidden: [{ table: holding, from: 10, to: 20 }]',
      'tag,table,address,bit,type',
      'a,holding,65535,,float32',
      'b,coil,3,,int16',
      'c,holding,12,,',
      'd,holding,3,2,int16',
    );
    expect(errors.map(({ code, line, path }) => [code, line, path])).toEqual([
      ['LL-MODBUS-POINT', 2, 'address'],
      ['LL-MODBUS-POINT', 3, 'type'],
      ['LL-MODBUS-POINT', 4, 'address'],
      ['LL-MODBUS-POINT', 5, 'type'],
    ]);
  });
});
