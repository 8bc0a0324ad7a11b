import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';

const head = `gateway: { id: gw-1 }
devices:
  - { id: ps-3, driver: modbus, endpoint: "tcp://127.0.0.1:502", points: ps-3.csv }
`;
const table = `tag,table,address,type,unit,group
flow,holding,0,float32,m3/h,500ms
flow-out,holding,2,float32,L/s,1s
p,holding,4,float32,bar,1s
run,coil,0,,,1s
`;

async function load(more: string, points = table) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-calculated-'));
  await writeFile(join(folder, 'ps-3.csv'), points);
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, head + more);
  return loadGateway(file, loadContext);
}

const list = (...entries: readonly string[]) => `calculated:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;
const placed = (problems: readonly { line: number; column: number; code: string; message: string; fix: string }[]) =>
  problems.map(({ line, column, code }) => [line, column, code]);

describe('calculated points in gateway.yaml', () => {
  it('become tags behind the measured ones, with the unit and the period that follow', async () => {
    const { gateway, errors, warnings } = await load(
      `${list(
        '{ tag: dma-2/net, expression: "[ps-3/flow] - [ps-3/flow-out]", low: 0, high: 500, deadband: 0.5 }',
        '{ tag: dma-2/net-ls, expression: "[dma-2/net] * 1", unit: L/s, period: 10s }',
        '{ tag: ps-3/volume, expression: "total([dma-2/net])", description: 净水量 }',
        '{ tag: ps-3/hours, expression: "runningHours([ps-3/run] == 1)", period: 5s }',
      )}assets:
  - { id: dma-2, type: water.district, roles: { inflow: dma-2/net } }
`,
    );
    expect(errors).toEqual([]);
    expect(warnings.filter(({ path }) => path.startsWith('calculated'))).toEqual([]);
    const { tags, calculated, assets } = gateway!;
    expect(tags.definitions.slice(4)).toMatchObject([
      {
        name: 'dma-2/net',
        device: 'dma-2',
        point: 'net',
        unit: 'm3/h',
        periodMs: 500,
        low: 0,
        high: 500,
        deadband: 0.5,
      },
      { name: 'dma-2/net-ls', unit: 'L/s', periodMs: 10_000 },
      { name: 'ps-3/volume', unit: 'm3', periodMs: 1000, description: '净水量' },
      { name: 'ps-3/hours', unit: 'h', periodMs: 5000 },
    ]);
    expect(calculated.map(({ tag, level, periodMs }) => [tag, level, periodMs])).toEqual([
      [4, 0, undefined],
      [7, 0, 5000],
      [5, 1, 10_000],
      [6, 1, 1000],
    ]);
    expect(assets[0]?.roles).toEqual({ inflow: 4 });
  });

  it('keep their index beside a running table', async () => {
    const before = await load(list('{ tag: x/a, expression: "[ps-3/p]" }', '{ tag: x/b, expression: "[x/a]" }'));
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-calculated-'));
    await writeFile(join(folder, 'ps-3.csv'), table.replace('run,', 'more,holding,20,float32,bar,1s\nrun,'));
    await writeFile(join(folder, 'gateway.yaml'), head + list('{ tag: x/b, expression: "[ps-3/more]" }'));
    const after = await loadGateway(join(folder, 'gateway.yaml'), loadContext, before.gateway!.tags);
    expect(after.errors).toEqual([]);
    expect(after.gateway!.tags.indexOf('x/b')).toBe(5);
    expect(after.gateway!.calculated[0]).toMatchObject({ tag: 5, inputs: [4], level: 0 });
  });

  it.each([
    ['in double quotes', '{ tag: x/a, expression: "[ps-3/p] + [ps-3/q]" }', 5, 41],
    ['in single quotes', "{ tag: x/a, expression: '[ps-3/p] + [ps-3/q]' }", 5, 41],
    ['with quotes inside', "{ tag: x/a, expression: 'rate([ps-3/p], ''1min'') + [ps-3/q]' }", 5, 57],
    ['with escapes', '{ tag: x/a, expression: "rate([ps-3/p], \\"1min\\") + [ps-3/q]" }', 5, 57],
    ['plain', '{ tag: x/a, expression: 1 + rate(ps) }', 5, 38],
    ['over several lines', 'tag: x/a\n    expression: >\n      [ps-3/p]\n      + [ps-3/q]', 8, 9],
    ['over lines that stay', 'tag: x/a\n    expression: |\n      [ps-3/p] +\n\n      abs([ps-3/q])', 9, 11],
    ['in quotes over lines', 'tag: x/a\n    expression: "[ps-3/p]\n      + [ps-3/q]"', 7, 9],
  ])('an expression %s: a mistake is told with its own line and column', async (_, entry, line, column) => {
    const { errors } = await load(list(entry));
    expect(placed(errors)).toEqual([[line, column, 'LL-CALC-NAME']]);
  });

  it('suggests the tag that was meant', async () => {
    const { errors } = await load(list('{ tag: x/a, expression: "[ps-3/flwo] * 2" }'));
    expect(errors[0]).toMatchObject({ fix: 'did you mean "ps-3/flow"?', path: 'calculated[0].expression' });
  });

  it('computes nothing from a text', async () => {
    const texts = 'tag,table,address,type,length\nserial,holding,0,string-ascii,8\n';
    const { errors } = await load(list('{ tag: x/a, expression: "2 * [ps-3/serial]" }'), texts);
    expect(placed(errors)).toEqual([[5, 34, 'LL-CALC-ARGUMENT']]);
    expect(errors[0]?.message).toContain('holds a text');
  });

  it('names a circle', async () => {
    const { errors } = await load(
      list(
        '{ tag: x/a, expression: "[x/b] + 1" }',
        '{ tag: x/b, expression: "[x/c]" }',
        '{ tag: x/c, expression: "[x/a]" }',
      ),
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'LL-CALC-CYCLE', line: 5 });
    expect(errors[0]?.message).toContain('[x/a] → [x/b] → [x/c] → [x/a]');
  });

  it('tells every mistake once, and what follows from none', async () => {
    const { errors } = await load(
      list(
        '{ tag: x/a, expression: "[ps-3/p] +" }',
        '{ tag: x/b, expression: "[x/a] * 2" }',
        '{ tag: ps-3/p, expression: "[ps-3/run]" }',
        '{ tag: x/b, expression: "[ps-3/run]" }',
        '{ tag: x/c, expression: "[ps-3/run]", period: often }',
        '{ tag: x/d, expression: "[ps-3/p] + [ps-3/flow]" }',
        '{ tag: x/e, expression: "[ps-3/p]", unit: m3/h }',
        '{ tag: x/f, expression: "[ps-3/p]", unit: kPa }',
      ),
    );
    expect(placed(errors)).toEqual([
      [5, 40, 'LL-CALC-SYNTAX'],
      [7, 12, 'LL-CONFIG-DUPLICATE'],
      [8, 12, 'LL-CONFIG-DUPLICATE'],
      [9, 51, 'LL-CONFIG-VALUE'],
      [10, 41, 'LL-CALC-UNIT'],
      [11, 30, 'LL-CALC-UNIT'],
    ]);
  });

  it('refuses a name without a place and unknown keys', async () => {
    const { errors } = await load(list('{ tag: net, expression: "[ps-3/p]", unti: bar }'));
    expect(errors.map(({ code, path }) => [code, path])).toEqual(
      expect.arrayContaining([
        ['LL-CONFIG-VALUE', 'calculated[0].tag'],
        ['LL-CONFIG-KEY', 'calculated[0].unti'],
      ]),
    );
  });
});
