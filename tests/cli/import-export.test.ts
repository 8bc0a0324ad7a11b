import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readTableFiles } from '../../edge/config/point-table-file.ts';
import { xlsxBytes } from '../../edge/config/table-output.ts';
import { unpack } from '../../edge/config/xlsx-archive.ts';
import { killAll, lifeline } from '../gateway/processes.ts';

let folder = '';
let gateway = '';

const twoDevices = `gateway: { id: hrb-07 }
devices:
  - { id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: points/ps-3.csv }
  - { id: ps-4, driver: modbus, endpoint: "tcp://10.0.3.18:502", points: points/ps-4.csv }
assets:
  - { id: dma-2, type: water.district, roles: { inflow: ps-3/flow, outflow: ps-4/flow } }
`;
const good = 'tag,table,address,type,unit\nflow,holding,0,float32,m3/h\np1,holding,2,float32,MPa\n';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-import-'));
  gateway = await put('gateway.yaml', twoDevices);
});
afterAll(killAll);

async function put(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}
const tagsIn = async (name: string, choice = {}) => {
  const { rows, problems } = await readTableFiles([join(folder, name)], choice);
  expect(problems).toEqual([]);
  return rows.map(({ row }) => row.tag);
};
const importInto = (device: string, ...rest: string[]) => lifeline('import', ...rest, '--device', device).ended;

describe('lifeline import', () => {
  it('writes the table that gateway.yaml names, whatever the other devices lack', async () => {
    const { code, stdout, stderr } = await importInto('ps-3', await put('supplier.csv', good), '-c', gateway);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('supplier.csv: UTF-8') });
    expect(stdout).toContain('ps-3.csv: 2 points written');
    expect(await tagsIn('points/ps-3.csv')).toEqual(['flow', 'p1']);
    expect(await readdir(join(folder, 'points'))).toEqual(['ps-3.csv']);
    const checked = await lifeline('check', '-c', gateway, '--json').ended;
    const { errors } = JSON.parse(checked.stdout) as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path)).toEqual(['devices[1].points', 'assets[0].roles.outflow']);
  });

  it('tells every error and writes nothing, unless rows with errors may be left out', async () => {
    const bad = `${good}p2,holdin,4,float32,MPa\np1,holding,6,float32,MPa\np3,holding,3,float32,MPa\np4,coil,1,float32,\n`;
    const file = await put('supplier.csv', bad);
    const refused = await importInto('ps-3', file, '-c', gateway);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/error .*supplier\.csv:4:2 table: "holdin" .* did you mean "holding"\?/);
    expect(refused.stderr).toMatch(/error .*supplier\.csv:5:1 tag: tag "p1" stands already in row 3/);
    expect(refused.stderr).toMatch(/error .*supplier\.csv:6:3 address: .*LL-MODBUS-OVERLAP/);
    expect(refused.stderr).toMatch(/error .*supplier\.csv:7:4 type: .*this table holds bits; use bool/);
    expect(refused.stderr).toContain(
      'nothing written: 4 rows with errors; --partial writes the 2 points without errors',
    );
    expect(await readdir(folder)).toEqual(['gateway.yaml', 'supplier.csv']);

    const partial = await importInto('ps-3', file, '-c', gateway, '--partial', '--json');
    expect(partial.code).toBe(0);
    const result = JSON.parse(partial.stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ ok: true, rows: 2, out: join(folder, 'points/ps-3.csv') });
    expect((result['leftOut'] as { line: number }[]).map(({ line }) => line).sort()).toEqual([4, 5, 6, 7]);
    expect(result['errors']).toHaveLength(4);
    expect(await tagsIn('points/ps-3.csv')).toEqual(['flow', 'p1']);
  });

  it('does not leave out a row whose tag fills a role', async () => {
    const file = await put('supplier.csv', good.replace('flow,holding', 'flow,holdin'));
    const partial = await importInto('ps-3', file, '-c', gateway, '--partial');
    expect(partial.code).toBe(3);
    expect(partial.stderr).toMatch(/gateway\.yaml:6:\d+ assets\[0\]\.roles\.inflow: tag "ps-3\/flow" does not exist/);
    const whole = await importInto('ps-3', file, '-c', gateway);
    expect(whole.code).toBe(3);
    expect(whole.stderr).not.toContain('does not exist');
  });

  it('takes a supplier’s sheet as it is: other names, other columns, GBK words, one table of several files', async () => {
    const cells = (tag: string, address: number) => [
      ['三号泵站', '', '', ''],
      ['变量名', '寄存器类型', '寄存器地址', '品牌'],
      [tag, '4区', address, '某厂'],
    ];
    const pumps = await put('pumps.xlsx', await xlsxBytes([{ name: '泵', cells: cells('n1', 0) }]));
    const valves = await put('valves.xlsx', await xlsxBytes([{ name: '阀', cells: cells('v1', 1) }]));
    const refused = await importInto('ps-3', pumps, valves, '--dry-run');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/pumps\.xlsx:泵!D2 品牌: unknown column "品牌"/);
    const out = join(folder, 'new.csv');
    const { code } = await importInto('ps-3', pumps, valves, '--ignore-columns', '--out', out, '--headers', 'zh');
    expect(code).toBe(0);
    expect(await readFile(out, 'utf8')).toBe('\uFEFF点名,寄存器区,地址\nn1,holding,0\nv1,holding,1\n');
  });

  it('with --dry-run only says what it would write', async () => {
    const { code, stdout } = await importInto('x-1', await put('a.csv', good), '--driver', 'modbus', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toBe('2 points in order; nothing written\n');
    expect(await readdir(folder)).toEqual(['a.csv', 'gateway.yaml']);
  });

  it.each([
    ['a file that is not there', ['nowhere.csv', '--device', 'ps-3'], 1, /nowhere\.csv: there is no such file/],
    [
      'a folder that is not there',
      ['a.csv', '--device', 'ps-3', '--out', 'x/y/z.csv'],
      1,
      /cannot write .*is its folder there/,
    ],
    [
      'a device that is not there',
      ['a.csv', '--device', 'ps-33', '-c', 'gateway.yaml'],
      3,
      /no device "ps-33".*did you mean "ps-3"\?/,
    ],
    ['an id that is none', ['a.csv', '--device', '../x'], 2, /"\.\.\/x" is no id/],
    [
      'a driver that is none',
      ['a.csv', '--device', 'x', '--driver', 'modbuss'],
      2,
      /Allowed choices are modbus, opcua/,
    ],
    [
      'a driver beside a configuration',
      ['a.csv', '--device', 'x', '--driver', 'modbus', '-c', 'gateway.yaml'],
      2,
      /cannot be used with option '-c/,
    ],
    ['a kind of file that it cannot write', ['a.csv', '--device', 'x', '--out', 'x.pdf'], 2, /ends in \.csv or \.xlsx/],
    ['a table without rows', ['head.csv', '--device', 'x', '--dry-run'], 3, /no point/],
  ])('exits with its code for %s', async (_, args, expected, why) => {
    await put('a.csv', good);
    await put('head.csv', 'tag,table\n');
    const placed = args.map((arg) => (/\.(csv|yaml|pdf)$/.test(arg) ? join(folder, arg) : arg));
    const { code, stderr } = await lifeline('import', ...placed).ended;
    expect(stderr).toMatch(why);
    expect(code).toBe(expected);
  });
});

describe('lifeline export points', () => {
  const exported = (...rest: string[]) => lifeline('export', 'points', '-c', gateway, ...rest).ended;

  beforeEach(async () => {
    await put('supplier.csv', good);
    await importInto('ps-3', join(folder, 'supplier.csv'), '-c', gateway);
    await importInto('ps-4', join(folder, 'supplier.csv'), '-c', gateway);
  });

  it('writes a workbook with a sheet for each device, which the gateway reads and import takes back as it was', async () => {
    const book = join(folder, 'all.xlsx');
    const { code, stdout } = await exported('--out', book, '--headers', 'zh');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${book}: 4 points of 2 devices\n` });
    expect(await tagsIn('all.xlsx', { device: 'ps-4' })).toEqual(['flow', 'p1']);
    const sheet = unpack(await readFile(book))
      .get('xl/worksheets/sheet1.xml')!
      .toString();
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
    await put('gateway.yaml', twoDevices.replaceAll(/points\/ps-\d\.csv/g, 'all.xlsx'));
    expect((await lifeline('check', '-c', gateway).ended).code).toBe(0);

    const before = await readFile(join(folder, 'points/ps-3.csv'), 'utf8');
    expect((await importInto('ps-3', book, '-c', gateway)).code).toBe(0);
    expect(await readFile(join(folder, 'points/ps-3.csv'), 'utf8')).toBe(before);
  });

  it('writes CSV for one device, guarded against formulas', async () => {
    await put('points/ps-3.csv', `${good}"=HYPERLINK(""x"")",holding,4,float32,"@cmd|' /C calc'!A0"\n`);
    expect((await exported('--device', 'ps-3', '--out', join(folder, 'one.csv'))).code).toBe(0);
    const text = await readFile(join(folder, 'one.csv'), 'utf8');
    expect(text).toContain(`\n"'=HYPERLINK(""x"")",holding,4,float32,'@cmd|' /C calc'!A0\n`);
    expect(await tagsIn('one.csv')).toEqual(['flow', 'p1', '=HYPERLINK("x")']);
  });

  it('refuses two devices in one CSV, devices that are not there, and tables with errors', async () => {
    const two = await exported('--out', join(folder, 'x.csv'));
    expect(two).toMatchObject({ code: 2, stderr: expect.stringContaining('or write .xlsx') });
    const none = await exported('--device', 'ps-5', '--out', join(folder, 'x.csv'));
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no device "ps-5" with a point table; did you mean'),
    });
    await put('points/ps-3.csv', good.replace('holding', 'holdin'));
    const broken = await exported('--out', join(folder, 'x.xlsx'));
    expect(broken).toMatchObject({ code: 3, stderr: expect.stringContaining('ps-3.csv:2:2 table') });
    expect(await readdir(folder)).not.toContain('x.xlsx');
  });
});
