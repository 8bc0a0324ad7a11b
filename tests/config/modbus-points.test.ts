import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DevicePoint } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { scalingOf } from '../../edge/config/scaling.ts';

/** A driver whose devices have no unit ids. */
const unitless = { name: 'opcua', options: z.object({}), needs: ['node'] as const, validate: () => undefined };

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-modbus-points-'));
});

/** Loads a gateway with one Modbus device of these options and rows. */
async function load(options: string, header: string, ...rows: string[]) {
  const driver = options.includes('driver:') ? '' : 'driver: modbus, ';
  const device = `id: ps-1, ${driver}endpoint: "tcp://127.0.0.1:502", points: ps-1.csv${options && `, ${options}`}`;
  await writeFile(join(folder, 'gateway.yaml'), `gateway: { id: gw }\ndevices:\n  - { ${device} }\n`);
  await writeFile(join(folder, 'ps-1.csv'), [header, ...rows].join('\n'));
  const { gateway, errors, warnings } = await loadGateway(join(folder, 'gateway.yaml'), {
    ...{ drivers: [modbusDriver, unitless], sinks: [{ name: 'none', options: modbusDriver.options }] },
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
  it('is told which columns it lacks, a node being none of a register', async () => {
    const { errors } = await load('', 'tag,table,address,node', 'a,holding,,ns=1;s=a', 'b,,,');
    expect(errors.map(({ code, line, fix }) => [code, line, fix])).toEqual([
      ['LL-CONFIG-MISSING', 2, 'fill "address"'],
      ['LL-CONFIG-MISSING', 3, 'fill "table" and "address"'],
    ]);
  });

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

describe('a raw range', () => {
  const header = 'tag,table,address,type,low,high,rawLow,rawHigh,scale,offset,deadband';

  it('scales from raw to engineering as two pairs say, both ends within the plausible range', async () => {
    const { gateway, points, errors } = await load('', header, 'p,holding,0,int16,0.1,0.7,5530,27648,,,0.01');
    expect(errors).toEqual([]);
    const tag = gateway!.tags.at(0);
    const engineering = (raw: number) => raw * tag.scale + tag.offset;
    expect(engineering(5530)).toBeCloseTo(0.1, 12);
    expect(engineering(27_648)).toBeCloseTo(0.7, 12);
    expect(engineering((5530 + 27_648) / 2)).toBeCloseTo(0.4, 12);
    expect(tag.low).toBeLessThanOrEqual(engineering(5530));
    expect(tag.high).toBeGreaterThanOrEqual(engineering(27_648));
    expect(points[0]!.deadband).toBeCloseTo((0.01 / 0.6) * (27_648 - 5530), 6);
  });

  it('may fall while the value rises', async () => {
    const { gateway } = await load('', header, 'p,holding,0,uint16,0,100,4000,800,,,');
    const { scale, offset } = gateway!.tags.at(0);
    expect([4000 * scale + offset, 800 * scale + offset]).toEqual([0, 100]);
  });

  it('keeps every raw value of any range within low and high', async () => {
    fc.assert(
      fc.property(
        fc.record({
          low: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
          span: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
          rawLow: fc.integer({ min: -32_768, max: 32_767 }),
          rawSpan: fc.integer({ min: 1, max: 65_535 }),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        ({ low, span, rawLow, rawSpan, share }) => {
          const cells = { low, high: low + span, rawLow, rawHigh: rawLow + rawSpan };
          const scaling = scalingOf({ ...cells, scale: undefined, offset: undefined });
          const value = Math.round(rawLow + share * rawSpan) * scaling.scale + scaling.offset;
          expect(value).toBeGreaterThanOrEqual(scaling.low);
          expect(value).toBeLessThanOrEqual(scaling.high);
        },
      ),
      { seed: 3 },
    );
  });

  it.each([
    ['p,holding,0,int16,0,1,0,,,,', 'rawLow', 'rawLow needs rawHigh'],
    ['p,holding,0,int16,0,1,,9,,,', 'rawHigh', 'rawHigh needs rawLow'],
    ['p,holding,0,int16,0,,0,9,,,', 'rawLow', 'need low and high'],
    ['p,holding,0,int16,0,1,9,9,,,', 'rawHigh', 'both 9'],
    ['p,holding,0,int16,1,1,0,9,,,', 'high', 'both 1'],
    ['p,holding,0,int16,2,1,,,,,', 'high', 'high 1 is below low 2'],
    ['p,holding,0,int16,0,1,0,9,0.1,,', 'scale', 'contradicts rawLow and rawHigh'],
    ['p,holding,0,int16,0,1,0,9,,5,', 'offset', 'contradicts rawLow and rawHigh'],
  ])('is refused in %s at column %s', async (row, column, why) => {
    const { errors } = await load('', header, row);
    expect(errors).toMatchObject([{ code: 'LL-POINTS-CONFLICT', line: 2, path: column }]);
    expect(errors[0]?.message).toContain(why);
  });
});

describe('a unit id of a row', () => {
  it('makes a device of its own behind the same endpoint, with tags named after the entry', async () => {
    const { gateway, errors } = await load(
      'unit: 3, order: cdab',
      'tag,table,address,unitId',
      ...['a,holding,0,', 'b,holding,0,7', 'c,holding,1,3', 'd,holding,1,7'],
    );
    expect(errors).toEqual([]);
    const devices = gateway!.devices.map(({ definition: { id, endpoint, options, points } }) => {
      return { id, endpoint, unit: options['unit'], order: options['order'], names: points.map(({ name }) => name) };
    });
    const shared = { endpoint: 'tcp://127.0.0.1:502', order: 'cdab' };
    expect(devices).toEqual([
      { id: 'ps-1', unit: 3, names: ['ps-1/a', 'ps-1/c'], ...shared },
      { id: 'ps-1:7', unit: 7, names: ['ps-1/b', 'ps-1/d'], ...shared },
    ]);
    expect(gateway!.tags.definitions.map(({ name, device }) => [name, device])).toEqual([
      ['ps-1/a', 'ps-1'],
      ['ps-1/b', 'ps-1:7'],
      ['ps-1/c', 'ps-1'],
      ['ps-1/d', 'ps-1:7'],
    ]);
  });

  it('keeps one register of two units apart, and locates what overlaps in one', async () => {
    const { errors } = await load(
      '',
      'tag,table,address,type,unitId',
      ...['a,holding,0,float32,', 'b,holding,1,float32,7', 'c,holding,2,float32,7'],
    );
    expect(errors).toMatchObject([{ code: 'LL-MODBUS-OVERLAP', line: 4 }]);
  });

  it('is refused above 255, and for a driver that knows none', async () => {
    const { errors } = await load('', 'tag,table,address,unitId', 'a,holding,0,256');
    expect(errors).toMatchObject([{ code: 'LL-POINTS-CELL', line: 2, column: 4 }]);
    const opcua = await load('driver: opcua', 'tag,node,unitId', 'a,ns=1;s=a,7');
    expect(opcua.errors).toMatchObject([{ code: 'LL-POINTS-CONFLICT', line: 2, column: 3 }]);
  });
});

describe('texts and times', () => {
  const header = 'tag,table,address,type,length,scale,unit,high,writable,asset,role';

  it('are tags that say so, a text of the registers that its row says', async () => {
    const rows = [
      'serial,holding,0,string-ascii,8,,,,,,',
      'clock,holding,8,time-bcd48,,,,,,,',
      'flow,holding,11,float32,2,,m3/h,,,,',
    ];
    const { gateway, points, errors, warnings } = await load('', header, ...rows);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(gateway!.tags.definitions.map(({ shows }) => shows)).toEqual(['text', 'time', undefined]);
    expect(points.map(({ type, length }) => [type, length])).toEqual([
      ['string-ascii', 8],
      ['time-bcd48', undefined],
      ['float32', 2],
    ]);
  });

  it.each([
    ['serial,holding,0,string-ascii,,,,,,,', 'length', 'but no length'],
    ['flow,holding,0,float32,4,,,,,,', 'length', 'float32 fills 2'],
    ['serial,holding,65530,string-ascii,8,,,,,,', 'address', 'ends past address 65535'],
    ['serial,holding,0,string-ascii,8,,,,yes,,', 'writable', 'cannot be written'],
    ['clock,holding,0,time-unix32,,,,,yes,,', 'writable', 'cannot be written'],
  ])('are refused by the driver in %s at column %s', async (row, column, why) => {
    const { errors } = await load('', header, row);
    expect(errors).toMatchObject([
      { code: 'LL-MODBUS-POINT', line: 2, path: column, message: expect.stringContaining(why) },
    ]);
  });

  it.each([
    ['serial,holding,0,string-ascii,8,2,,,,,', 'scale'],
    ['serial,holding,0,string-ascii,8,,m3,,,,', 'unit'],
    ['serial,holding,0,string-ascii,8,,,9,,,', 'high'],
    ['serial,holding,0,string-ascii,8,,,,,dma-1,inflow', 'role'],
    ['clock,holding,0,time-unix32,,2,,,,,', 'scale'],
  ])('contradict a quantity in %s at column %s', async (row, column) => {
    const { errors } = await load('', header, row);
    expect(errors).toContainEqual(expect.objectContaining({ code: 'LL-POINTS-CONFLICT', line: 2, path: column }));
  });

  it('fit into one read of their device', async () => {
    const { errors } = await load('maxRegisters: 30', header, 'serial,holding,0,string-ascii,40,,,,,,');
    expect(errors).toMatchObject([
      { code: 'LL-MODBUS-POINT', path: 'length', message: expect.stringContaining('one read takes 30') },
    ]);
  });

  it('overlap a part of a text that is read by itself with a warning', async () => {
    const rows = ['serial,holding,0,string-ascii,8,,,,,,', 'first,holding,0,uint16,,,,,,,'];
    const { warnings } = await load('', header, ...rows);
    expect(warnings).toMatchObject([{ code: 'LL-MODBUS-OVERLAP', line: 3 }]);
  });
});
