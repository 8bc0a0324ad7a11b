import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../edge/cli/program.ts';
import { jsonMistakeAt } from '../../edge/cli/solve/json-syntax.ts';
import { readNetwork } from '../../edge/cli/solve/network-file.ts';

const file = `{
  "format": "lifeline-network/1",
  "fluid": { "kind": "liquid", "densityKgM3": 998, "viscosityPaS": 0.001 },
  "friction": "colebrook",
  "nodes": [{ "id": "a" }, { "id": "b" }],
  "pipes": [
    { "id": "p1", "from": "a", "to": "b", "lengthM": 100, "diameterM": 0.1, "roughnessMm": 0.1 }
  ],
  "fixed": [{ "node": "a", "pressureBar": 3 }],
  "flows": [{ "node": "b", "massFlowKgS": 2 }]
}
`;
/** What is found where, in a file with one place changed. */
const found = (from: string, to: string) => {
  expect(file).toContain(from);
  const { network, errors } = readNetwork('net.json', file.replace(from, to));
  expect(network).toBeUndefined();
  return errors.map(({ line, column, path, code, fix }) => ({ place: `${line}:${column} ${path}`, code, fix }));
};
const only = (place: string, code: string, fix: unknown = expect.any(String)) => [{ place, code, fix }];

describe('a network file', () => {
  it('without mistakes is read with its defaults', () => {
    const { network, errors, warnings } = readNetwork('net.json', `\ufeff${file}`.slice(1));
    expect([errors, warnings]).toEqual([[], []]);
    expect(network).toMatchObject({ thermal: false, ambientPressureBar: 1.01325, valves: [] });
    expect(network?.pipes[0]).toMatchObject({ sections: 1, open: true, lossCoefficient: 0, ambientK: 283.15 });
  });

  it.each([
    ['an unknown node', '"to": "b"', '"to": "c"', '7:38 pipes[0].to', 'LL-NETWORK-NODE'],
    ['a flow at an unknown node', '"node": "b"', '"node": "pump"', '10:23 flows[0].node', 'LL-NETWORK-NODE'],
    [
      'an id that comes twice',
      '{ "id": "b" }',
      '{ "id": "a" }, { "id": "b" }',
      '5:36 nodes[1].id',
      'LL-NETWORK-DUPLICATE',
    ],
    ['a link back to itself', '"to": "b"', '"to": "a"', '7:38 pipes[0].to', 'LL-NETWORK-LOOP'],
    ['a length below nothing', '100', '-100', '7:54 pipes[0].lengthM', 'LL-CONFIG-VALUE'],
    ['a diameter of nothing', '0.1, "roughnessMm"', '0, "roughnessMm"', '7:72 pipes[0].diameterM', 'LL-CONFIG-VALUE'],
    ['a figure in quotes', '"pressureBar": 3', '"pressureBar": "3"', '9:43 fixed[0].pressureBar', 'LL-CONFIG-VALUE'],
    [
      'a roughness in metres of a hundredth',
      '"roughnessMm": 0.1',
      '"roughnessMm": 60',
      '7:92 pipes[0].roughnessMm',
      'LL-NETWORK-FIGURE',
    ],
    [
      'a pressure below vacuum',
      '"pressureBar": 3',
      '"pressureBar": -3',
      '9:43 fixed[0].pressureBar',
      'LL-NETWORK-FIGURE',
    ],
    ['no fixed pressure', '{ "node": "a", "pressureBar": 3 }', '', '9:12 fixed', 'LL-NETWORK-UNFED'],
    ['another format', 'lifeline-network/1', 'lifeline-network/2', '2:13 format', 'LL-CONFIG-VALUE'],
    ['an unknown friction law', 'colebrook', 'hazen-williams', '4:15 friction', 'LL-CONFIG-VALUE'],
    [
      'heat without a heat capacity',
      '"friction"',
      '"thermal": true, "friction"',
      '3:12 fluid.heatCapacityJKgK',
      'LL-NETWORK-FIGURE',
    ],
  ])('with %s is refused at its place', (_, from, to, place, code) => {
    expect(found(from, to)).toEqual(only(place, code));
  });

  it('with a misspelt key or node is told what was meant', () => {
    expect(found('"lengthM"', '"lenghtM"')).toContainEqual({
      ...{ place: '7:43 pipes[0].lenghtM', code: 'LL-CONFIG-KEY', fix: 'did you mean "lengthM"?' },
    });
    const { errors } = readNetwork(
      'net.json',
      file.replaceAll('"a"', '"north"').replace('"from": "north"', '"from": "nort"'),
    );
    expect(errors.map(({ fix }) => fix)).toEqual(['did you mean "north"?']);
  });

  it('with keys of other programs is read, and they are named', () => {
    const { network, warnings } = readNetwork(
      'net.json',
      file.replace('"id": "p1",', '"id": "p1", "geometry": [1, 2],'),
    );
    expect(network).toBeDefined();
    expect(warnings).toMatchObject([{ line: 7, column: 19, path: 'pipes[0].geometry', code: 'LL-CONFIG-KEY' }]);
  });

  it.each([
    ['{"a": }', 6],
    ['{"a": 1,}', 8],
    ['[1, 2', 5],
    ['{"a": NaN}', 6],
    ['{"a": 1 "b": 2}', 8],
    ['{"a": 1} x', 9],
    ['{"a": "line\nbreak"}', 6],
    ['', 0],
    ['{"a": [1, {"b": tru}]}', 16],
  ])('%s is no JSON from its first mistake on', (text, at) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonMistakeAt(text)).toBe(at);
  });

  it('that is JSON has no first mistake but its end', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (text, indent) => {
        const pretty = JSON.stringify(JSON.parse(text), null, indent);
        expect(jsonMistakeAt(pretty)).toBe(pretty.length);
      }),
    );
  });
});

describe('lifeline solve', () => {
  let folder = '';
  const out: string[] = [];
  const err: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'solve-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = 0;
    out.length = 0;
    err.length = 0;
  });

  /** Runs the command on a text; gives its exit code. */
  async function run(text: string, ...options: readonly string[]): Promise<number> {
    vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
    vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
    const path = join(folder, 'net.json');
    await writeFile(path, text);
    process.exitCode = 0;
    await (await createProgram('solve')).parseAsync(['node', 'lifeline', 'solve', path, ...options]);
    return Number(process.exitCode);
  }

  it('prints the solution as JSON in the units of the names', async () => {
    expect(await run(file, '--json')).toBe(0);
    expect(JSON.parse(out.join('\n'))).toMatchObject({
      ok: true,
      iterations: expect.any(Number),
      seconds: expect.any(Number),
      nodes: [{ id: 'a', pressureBar: 3 }, { id: 'b' }],
      pipes: [{ id: 'p1', massFlowKgS: expect.closeTo(2, 9), velocityMS: expect.closeTo(0.25516, 4) }],
      ...{ valves: [], pumps: [], regulators: [] },
    });
  });

  it('prints tables for people, with no figures for what is cut off', async () => {
    expect(await run(file.replace('{ "id": "b" }', '{ "id": "b" }, { "id": "island" }'))).toBe(0);
    expect(out.find((line) => line.startsWith('island'))).toMatch(/island +– +–$/);
    expect(out.find((line) => line.startsWith('p1'))).toMatch(/2\.00000 +0\.2552/);
  });

  it('exits with 3 and located errors for mistakes in the file, without numbers', async () => {
    expect(await run(file.replace('"to": "b"', '"to": "x"'), '--json')).toBe(3);
    const { ok, errors, ...rest } = JSON.parse(out.join('\n'));
    expect([ok, errors[0].code, errors[0].line]).toEqual([false, 'LL-NETWORK-NODE', 7]);
    expect(rest).toEqual({ warnings: [] });
    expect(await run('{', '--json')).toBe(3);
    expect(await run(file.replace('"to": "b"', '"to": "x"'))).toBe(3);
    expect(err.join('\n')).toMatch(/net\.json:7:38 pipes\[0\]\.to: there is no node "x" \[LL-NETWORK-NODE\]; /);
  });

  it('exits with 1 and a code where there is no solution, without numbers', async () => {
    const gas = file
      .replace(
        '{ "kind": "liquid", "densityKgM3": 998, "viscosityPaS": 0.001 }',
        '{ "kind": "gas", "densityKgM3": 0.84, "viscosityPaS": 1e-5 }',
      )
      .replace('"massFlowKgS": 2', '"massFlowKgS": 200');
    expect(await run(gas, '--json')).toBe(1);
    expect(JSON.parse(out.join('\n'))).toEqual({
      ok: false,
      errors: [expect.objectContaining({ code: 'LL-NETWORK-VACUUM', message: expect.stringContaining('"b"') })],
      warnings: [],
    });
    expect(await run(gas)).toBe(1);
    expect(err.join('\n')).toContain('[LL-NETWORK-VACUUM]');
  });

  it('exits with 3 where there is no file', async () => {
    vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
    await (await createProgram('solve')).parseAsync(['node', 'lifeline', 'solve', join(folder, 'none.json')]);
    expect(process.exitCode).toBe(3);
    expect(err.join('\n')).toContain('there is no such file');
  });
});
