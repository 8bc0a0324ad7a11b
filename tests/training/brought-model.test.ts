import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { createProgram } from '../../edge/cli/program.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { parseSiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import { encodeGraph, floats, node, tensor } from '../../models/training/onnx-graph.ts';
import { site } from './site.ts';

let folder: string;
const said: string[] = [];
beforeEach(async () => {
  folder = (await site('allowUnsigned: true')).folder;
  said.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

/** The weighted sum of three signals, as another tool would export it: output [n, 1]. */
const brought = (operator = 'Gemm') =>
  encodeGraph({
    name: 'brought',
    node: [node(operator, ['x', 'w', 'b'], 'y')],
    initializer: [floats('w', [3, 1], [1, -2, 0.5]), floats('b', [1], [0.25])],
    input: [tensor('x', ['n', 3])],
    output: [tensor('y', ['n', 1])],
  });

async function models(...given: string[]): Promise<string> {
  said.length = 0;
  await (await createProgram('models')).parseAsync(['node', 'lifeline', 'models', ...given]);
  return said.join('\n');
}

describe('a model from elsewhere', () => {
  it('is described, filled in, put in its place, verified, and scores in shadow', async () => {
    const file = join(folder, 'brought.onnx');
    await writeFile(file, brought());
    const draft = parseSiteManifest(await models('describe', file, '--json'));
    expect(draft).toMatchObject({
      kind: 'brought',
      inputName: 'x',
      outputName: 'y',
      operatorSet: 13,
      file: 'brought.onnx',
    });
    for (const { input, output } of draft.parity)
      expect(output).toBeCloseTo(input[0]! - 2 * input[1]! + 0.5 * input[2]! + 0.25, 4);
    const roles = [
      ['flow', 'L/s', 0],
      ['discharge-pressure', 'kPa', 0],
      ['flow', 'L/s', 1],
    ] as const;
    const inputs = roles.map(([role, unit, lag]) => ({ name: `${role}-${lag}`, role, unit, lag }));
    const place = join(folder, 'learned/ps-1/1');
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'brought.onnx'), brought());
    await writeFile(
      join(place, 'manifest.json'),
      JSON.stringify({ ...draft, assetType: 'water.pump-station', inputs }),
    );
    const config = ['-c', join(folder, 'gateway.yaml')];
    expect(await models('verify', ...config, 'ps-1')).toBe('ps-1 version 1: in order, 64 parity vectors');
    expect(await models('shadow', ...config, 'ps-1')).toContain('version 1 in shadow');
  });

  it('with control flow, chance or foreign operators is refused, and bytes that are no model too', async () => {
    const file = join(folder, 'brought.onnx');
    for (const [bytes, code] of [
      [brought('Loop'), 'LL-MODEL-OPERATOR'],
      [brought('RandomNormalLike'), 'LL-MODEL-OPERATOR'],
      [new TextEncoder().encode('no model at all'), 'LL-MODEL-LOAD'],
    ] as const) {
      await writeFile(file, bytes);
      expect(await models('describe', file)).toContain(code);
      expect(process.exitCode).toBe(1);
    }
    expect(await models('describe', join(folder, 'nowhere.onnx'))).toContain('LL-MODEL-MISSING');
  });

  it('is trusted by public keys that can be read: others are told with their place', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const { config, folder: other } = await site('trustedKeys: [nowhere.pem, private.pem]');
    await writeFile(join(other, 'private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const { errors } = await loadGateway(config, loadContext);
    expect(errors.map(({ code, path, line }) => [code, path, line])).toEqual([
      ['LL-CONFIG-FILE', 'detection.trustedKeys[0]', 7],
      ['LL-CONFIG-VALUE', 'detection.trustedKeys[1]', 7],
    ]);
  });
});
