import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type LoadContext, loadGateway } from '../../edge/config/load.ts';
import { formatProblem, formatProblemIn } from '../../edge/config/problem.ts';
import { xlsxBytes } from '../../edge/config/table-output.ts';
import { retentionOf } from '../../edge/store/retention.ts';

const pack = `
pack: water
version: 1
name: { zh: 供水, en: Water }
assets:
  district:
    name: { zh: 分区, en: District }
    roles:
      inflow: { name: { zh: 进水, en: Inflow }, unit: m3/h, required: true }
      pressure: { name: { zh: 压力, en: Pressure }, unit: MPa, required: true }
`;

const good = `gateway: { id: gw-1, timezone: Asia/Shanghai }
devices:
  - { id: plc-1, driver: modbus, endpoint: "tcp://127.0.0.1:502", unit: 3, points: points/plc-1.csv }
assets:
  - { id: dma-1, type: water.district, roles: { inflow: plc-1/flow } }
sinks:
  - { id: city, sink: mqtt-json, url: "mqtt://127.0.0.1:1883" }
`;

const points = `tag,table,address,type,unit,asset,role,group,states
flow,holding,0,float32,m3/h,,,200ms,
p1,holding,2,float32,MPa,dma-1,pressure,,
run,coil,0,,,,,,0=停;1=运行
`;

let folder = '';
let context: LoadContext;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-config-'));
  await mkdir(join(folder, 'points'));
  await mkdir(join(folder, 'models/water'), { recursive: true });
  await writeFile(join(folder, 'models/water/pack.yaml'), pack);
  context = {
    modelsFolder: join(folder, 'models'),
    drivers: [
      {
        name: 'modbus',
        options: z.object({ unit: z.int().min(0).max(255).default(1) }),
        needs: ['table', 'address'],
        validate: () => undefined,
      },
    ],
    sinks: [{ name: 'mqtt-json', options: z.object({ url: z.string() }) }],
  };
});

async function load(yaml: string, csv = points) {
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, yaml);
  await writeFile(join(folder, 'points/plc-1.csv'), csv);
  return loadGateway(file, context);
}

describe('gateway.yaml', () => {
  it('binds tags, driver options and roles from both the file and the point table', async () => {
    const { gateway, errors, warnings } = await load(good);
    expect(errors).toEqual([]);
    expect(warnings).toEqual([]);
    expect(gateway!.tags.definitions.map((tag) => tag.name)).toEqual(['plc-1/flow', 'plc-1/p1', 'plc-1/run']);
    expect(gateway!.tags.at(0).periodMs).toBe(200);
    expect(gateway!.tags.at(2).states).toEqual({ 0: '停', 1: '运行' });
    expect(gateway!.devices[0]!.definition.options).toEqual({ unit: 3 });
    expect(gateway!.devices[0]!.definition.points[2]).toMatchObject({ type: 'bool', table: 'coil', order: 'abcd' });
    expect(gateway!.assets[0]!.roles).toEqual({ inflow: 0, pressure: 1 });
  });

  it('locates an unknown key and suggests the one that was meant', async () => {
    const { errors } = await load(good.replace('endpoint:', 'endpiont:'));
    expect(errors.map((error) => [error.line, error.column, error.path, error.code])).toContainEqual([
      3,
      34,
      'devices[0].endpiont',
      'LL-CONFIG-KEY',
    ]);
    expect(errors.find((error) => error.code === 'LL-CONFIG-KEY')!.fix).toBe('did you mean "endpoint"?');
    expect(errors.some((error) => error.code === 'LL-CONFIG-MISSING' && error.path === 'devices[0].endpoint')).toBe(
      true,
    );
  });

  it('names the drivers there are when one is not known', async () => {
    const { errors } = await load(good.replace('modbus', 'modbuss'));
    expect(formatProblem(errors[0]!)).toMatch(
      /gateway\.yaml:3:\d+ devices\[0\]\.driver: expected driver to be one of: modbus; did you mean "modbus"\?/,
    );
    const { errors: nothingNear } = await load(good.replace('driver: modbus', 'driver: 7'));
    expect(formatProblem(nothingNear[0]!)).not.toContain('did you mean');
  });

  it('says why a file cannot be read', async () => {
    const missing = await loadGateway(join(folder, 'nowhere.yaml'), context);
    expect(missing.errors[0]).toMatchObject({ code: 'LL-CONFIG-FILE', line: 1 });
    expect(missing.errors[0]!.message).toMatch(/nowhere\.yaml: there is no such file$/);
    const directory = await loadGateway(folder, context);
    expect(directory.errors[0]!.message).toMatch(/: it is a folder$/);
  });

  it('reports a value of the wrong type where it stands', async () => {
    const { errors } = await load(good.replace('unit: 3', 'unit: three'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ line: 3, path: 'devices[0].unit', code: 'LL-CONFIG-VALUE' });
  });

  it('refuses an alarm budget that nobody can mean, where it stands', async () => {
    for (const budget of ['0', '-0.02', '2', '1e-9', 'low', '.nan', '.inf']) {
      const { errors } = await load(`${good}\ndetection: { budget: ${budget} }\n`);
      expect(errors, budget).toMatchObject([{ path: 'detection.budget', code: 'LL-CONFIG-VALUE' }]);
      expect(errors[0]!.column, budget).toBe(22);
    }
    const { gateway, errors } = await load(`${good}\ndetection: { budget: 0.05 }\n`);
    expect(errors).toEqual([]);
    expect(gateway!.config.detection.budget).toBe(0.05);
  });

  it('reports broken YAML with its line', async () => {
    const { errors } = await load(good.replace('assets:', 'assets: ]'));
    expect(errors[0]).toMatchObject({ code: 'LL-CONFIG-SYNTAX', line: 4 });
  });

  it('suggests a tag for a role that points nowhere', async () => {
    const { errors } = await load(good.replace('plc-1/flow', 'plc-1/flwo'));
    expect(errors[0]).toMatchObject({ path: 'assets[0].roles.inflow', fix: 'did you mean "plc-1/flow"?' });
  });

  it('lets an asset feed devices, and names what is nearest to one that is not there', async () => {
    const feeding = (id: string) => good.replace('roles: {', `upstreamOf: [${id}], roles: {`);
    const { gateway, errors } = await load(feeding('plc-1'));
    expect(errors).toEqual([]);
    expect(gateway!.assets[0]!.upstreamOf).toEqual(['plc-1']);
    expect((await load(feeding('plc-11'))).errors).toMatchObject([
      { path: 'assets[0].upstreamOf[0]', code: 'LL-CONFIG-REFERENCE', fix: 'did you mean "plc-1"?' },
    ]);
  });

  it('suggests a role that the pack knows', async () => {
    const { errors } = await load(good.replace('{ inflow:', '{ inflov:'));
    expect(errors[0]).toMatchObject({ code: 'LL-CONFIG-REFERENCE', fix: 'did you mean "inflow"?' });
  });

  it('refuses two devices of one id', async () => {
    const twice = good.replace(
      'assets:',
      '  - { id: plc-1, driver: modbus, endpoint: "tcp://x:1", points: points/plc-1.csv }\nassets:',
    );
    const { errors } = await load(twice);
    expect(errors.some((error) => error.code === 'LL-CONFIG-DUPLICATE' && error.line === 4)).toBe(true);
  });

  it('warns of a unit that differs from the role', async () => {
    const { gateway, warnings } = await load(good, points.replace('MPa', 'kPa'));
    expect(gateway).toBeDefined();
    expect(warnings[0]).toMatchObject({ code: 'LL-CONFIG-UNIT' });
  });

  it('hands the lawful clients of a device, each once, to the assets that its points fill, and to no driver', async () => {
    const { gateway } = await load(
      good.replace('unit: 3,', 'unit: 3, lawfulClients: [10.0.0.5, 10.0.0.31, 10.0.0.5],'),
    );
    expect(gateway!.assets[0]!.lawfulClients).toEqual(['10.0.0.5', '10.0.0.31']);
    expect(gateway!.devices[0]!.definition.options).toEqual({ unit: 3 });
    const { errors } = await load(good.replace('unit: 3,', 'unit: 3, lawfulClients: [10.0.0.5, scada],'));
    expect(errors.map(({ path, message }) => [path, message])).toEqual([
      ['devices[0].lawfulClients[1]', 'expected an IPv4 address, e.g. "10.0.3.5"'],
    ]);
  });

  it('lets an endpoint that is a file begin in its own folder', async () => {
    const { gateway } = await load(good.replace(/endpoint: "[^"]*"/, 'endpoint: "file:days/monday.csv"'));
    expect(gateway!.devices[0]!.definition.endpoint).toBe(`file:${join(folder, 'days/monday.csv')}`);
  });

  it('says which file is missing', async () => {
    const { errors } = await loadGateway(join(folder, 'nowhere.yaml'), context);
    expect(errors[0]).toMatchObject({ code: 'LL-CONFIG-FILE' });
    const { errors: more } = await load(good.replace('points/plc-1.csv', 'points/none.csv'));
    expect(more[0]).toMatchObject({ code: 'LL-CONFIG-FILE', path: 'devices[0].points', line: 3 });
  });
});

describe('mistakes', () => {
  it('are told in Chinese as well, with file, line and column', async () => {
    const { errors } = await load(good.replace('unit: 3', 'unitt: 3').replace('sink: mqtt-json', 'sink: mqtt-jsom'));
    expect(errors.map((problem) => formatProblemIn(problem, 'zh').replace(/^.*\//, ''))).toEqual([
      'gateway.yaml:3:67 devices[0].unitt：未知的键“unitt” [LL-CONFIG-KEY]；是否应为“unit”？',
      expect.stringMatching(
        /^gateway\.yaml:7:\d+ sinks\[0\]\.sink：sink 应为以下之一：.*；是否应为“mqtt-json”？ \[LL-CONFIG-VALUE\]；/,
      ),
    ]);
  });

  it('in aliases have their place too', async () => {
    const { errors } = await load(good.replace('gw-1', '*nobody'));
    expect(errors.map((problem) => formatProblem(problem))[0]).toMatch(/gateway\.yaml:1:16: Unresolved alias/);
  });
});

describe('what history is kept', () => {
  it('is said by class and resolution over what holds anyway, and refused where it is no time', async () => {
    const section = 'history: { raw: { measurement: 10d, energy: 90d }, hour: { state: 5000d }, maxGb: 16 }';
    const { gateway, errors } = await load(`${good}${section}\n`);
    expect(errors).toEqual([]);
    const day = 86_400_000;
    expect(retentionOf(gateway!.config.history)).toEqual({
      raw: { measurement: 10 * day, energy: 90 * day, state: 400 * day, text: 400 * day, time: 400 * day },
      minute: { measurement: 400 * day },
      hour: { measurement: 3660 * day, state: 5000 * day },
      maxBytes: 16e9,
    });
    const refused = await load(`${good}history: { raw: { state: 10 days } }\n`);
    expect(refused.errors.map((problem) => formatProblem(problem))[0]).toMatch(
      /gateway\.yaml:8:\d+ history\.raw\.state: expected a time of 1h or more/,
    );
  });
});

describe('point table', () => {
  it('reports every bad cell by row and column with what was expected', async () => {
    const bad = `tag,table,address,type,group,writable
a,holdin,0,float32,1s,
b,holding,70000,float23,soon,maybe
c,,,,,
,holding,1,,,
a,holding,3,uint16,,`;
    const { errors } = await load(good, bad);
    const found = errors
      .filter((error) => error.code.startsWith('LL-POINTS'))
      .map((error) => [error.line, error.column, error.fix]);
    expect(found).toContainEqual([2, 2, expect.stringContaining('did you mean "holding"?')]);
    expect(found).toContainEqual([3, 3, 'expected a whole number 0–65535']);
    expect(found).toContainEqual([3, 4, expect.stringContaining('did you mean "float32"?')]);
    expect(found).toContainEqual([3, 5, expect.stringContaining('such as 200ms')]);
    expect(found).toContainEqual([3, 6, expect.stringContaining('yes or no')]);
    expect(errors.some((error) => error.line === 4 && error.code === 'LL-CONFIG-MISSING')).toBe(true);
    expect(errors.some((error) => error.line === 5 && error.code === 'LL-POINTS-CELL')).toBe(true);
  });

  it('reads Chinese headers and words, a byte-order mark and quoted cells', async () => {
    const zh = '\uFEFF点名,寄存器区,地址,数据类型,单位,描述\nflow,保持寄存器,0,float32,m3/h,"进水,流量"\n';
    const { gateway, errors } = await load(good, zh);
    expect(errors).toEqual([]);
    expect(gateway!.tags.at(0)).toMatchObject({ name: 'plc-1/flow', description: '进水,流量' });
  });

  it('may be a workbook: the sheet named like the device, or the one that is named', async () => {
    const sheet = (name: string, tag: string) => ({
      name,
      cells: [
        ['点名', '寄存器区', '地址'],
        [tag, 'holding', 0],
      ],
    });
    await writeFile(join(folder, 'all.xlsx'), await xlsxBytes([sheet('plc-1', 'own'), sheet('备用', 'spare')]));
    const config =
      'gateway: { id: gw-1 }\ndevices:\n  - { id: plc-1, driver: modbus, endpoint: "tcp://x:1", points: all.xlsx }\n';
    const { gateway, errors } = await load(config);
    expect(errors).toEqual([]);
    expect(gateway!.tags.definitions.map(({ name }) => name)).toEqual(['plc-1/own']);
    const named = await load(config.replace('all.xlsx }', 'all.xlsx, sheet: 备用 }'));
    expect(named.gateway!.tags.definitions.map(({ name }) => name)).toEqual(['plc-1/spare']);
    const csv = await load(good.replace('plc-1.csv }', 'plc-1.csv, sheet: 备用 }'));
    expect(csv.errors[0]).toMatchObject({
      code: 'LL-POINTS-FORMAT',
      message: 'it is no workbook and has no sheet "备用"',
    });
  });

  it('has the problems of its roles at their rows', async () => {
    const { errors } = await load(good, points.replace('dma-1,pressure', 'dma-1,presure'));
    expect(errors).toMatchObject([{ code: 'LL-CONFIG-REFERENCE', line: 3, column: 7, path: 'role' }]);
    const { errors: asset } = await load(good, points.replace('dma-1,pressure', 'dma-2,pressure'));
    expect(asset).toMatchObject([{ line: 3, column: 6, path: 'asset', fix: 'did you mean "dma-1"?' }]);
  });

  it('suggests a header', async () => {
    const { errors } = await load(good, 'tag,table,adress\nflow,holding,0\n');
    expect(errors[0]).toMatchObject({ code: 'LL-POINTS-HEADER', line: 1, column: 3, fix: 'did you mean "address"?' });
  });
});
