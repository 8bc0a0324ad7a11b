import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../edge/cli/program.ts';
import { recordText } from '../../edge/detection/learned/record.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { site } from './site.ts';

/** A site with two versions of the model of `ps-1`, and a key that its configuration trusts. */
let trained: string;
let folder: string;
const said: string[] = [];
const keys = generateKeyPairSync('ed25519', {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

beforeAll(async () => {
  const { folder: made, config, csv } = await site('trustedKeys: [site.pub.pem]');
  await writeFile(join(made, 'site.pub.pem'), keys.publicKey);
  await writeFile(join(made, 'site.pem'), keys.privateKey);
  for (let version = 1; version <= 2; version++)
    expect((await lifeline('train', '-c', config, '--from', csv).ended).code).toBe(0);
  trained = made;
});
beforeEach(async () => {
  folder = join(trained, '..', `${Math.trunc(performance.now() * 1000)}-models`);
  await cp(trained, folder, { recursive: true });
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});
afterAll(killAll);

/** What a command says, and its exit code. */
async function models(verb: string, ...options: string[]): Promise<{ readonly text: string; readonly code: number }> {
  said.length = 0;
  process.exitCode = 0;
  const given = ['-c', join(folder, 'gateway.yaml'), '--data', join(folder, 'data')];
  await (await createProgram('models')).parseAsync(['node', 'lifeline', 'models', verb, ...given, ...options]);
  return { text: said.join('\n'), code: Number(process.exitCode) };
}

const manifestFile = (version = 2) => join(folder, 'learned/ps-1', `${version}`, 'manifest.json');
const sign = (version = 2) => models('sign', 'ps-1', '--key', join(folder, 'site.pem'), '--version', `${version}`);
async function edit(change: (manifest: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestFile(), 'utf8'));
  await writeFile(manifestFile(), JSON.stringify({ ...manifest, ...change(manifest) }));
}

/** A record of three days in shadow. */
async function shadowRecord(more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const day = {
    ...{
      date: '2026-02-01',
      rows: 864,
      above: 0,
      missing: 0,
      outOfModel: 0,
      episodes: 0,
      activeEpisodes: 0,
      agreed: 0,
    },
    ...{ sum: 800, largest: 2, bins: new Array<number>(10).fill(86) },
    ...more,
  };
  await mkdir(join(folder, 'data'), { recursive: true });
  const text = recordText([{ asset: 'ps-1', version: 2, days: [day] }]);
  await writeFile(join(folder, 'data/models.json'), text);
}

describe('lifeline models verify', () => {
  it('finds a signed version in order, and lists it as signed', async () => {
    expect((await sign()).text).toContain('signed with key');
    expect(await models('verify', 'ps-1')).toEqual({ text: 'ps-1 version 2: in order, 64 parity vectors', code: 0 });
    const [first, second] = JSON.parse((await models('list', '--json')).text);
    expect(first).toMatchObject({ asset: 'ps-1', version: 1, role: '', kind: 'linear', signed: false, record: null });
    expect(second).toMatchObject({ version: 2, signed: true });
  });

  const cases: readonly [string, string, () => Promise<void>][] = [
    ['has no signature', 'LL-MODEL-UNSIGNED', async () => undefined],
    [
      'was changed after it was signed',
      'LL-MODEL-SIGNATURE',
      async () => {
        await sign();
        await edit(() => ({ limit: { value: 1e6, alpha: 0.0001, margin: 1 } }));
      },
    ],
    [
      'is signed by a stranger',
      'LL-MODEL-SIGNATURE',
      async () => {
        const { privateKey } = generateKeyPairSync('ed25519');
        await writeFile(join(folder, 'site.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
        await sign();
      },
    ],
    [
      'has another file',
      'LL-MODEL-HASH',
      async () => {
        await sign();
        const file = join(folder, 'learned/ps-1/2/model.onnx');
        const bytes = await readFile(file);
        await writeFile(file, bytes.with(500, (bytes[500] as number) ^ 1));
      },
    ],
    [
      'is of another kind of asset',
      'LL-MODEL-KIND',
      () => edit(() => ({ assetType: 'water.tank' })).then(async () => void (await sign())),
    ],
    [
      'needs a role that is not mapped',
      'LL-MODEL-ROLE',
      async () => {
        await edit(({ inputs }) => ({
          inputs: (inputs as { role: string }[]).map((input) =>
            input.role === 'power' ? { ...input, role: 'pump-1-run' } : input,
          ),
        }));
        await sign();
      },
    ],
    [
      'wants another unit',
      'LL-MODEL-UNIT',
      async () => {
        await edit(({ inputs }) => ({
          inputs: (inputs as { role: string }[]).map((input) =>
            input.role === 'flow' ? { ...input, unit: 'MPa' } : input,
          ),
        }));
        await sign();
      },
    ],
    [
      'has an input more than its file',
      'LL-MODEL-SHAPE',
      async () => {
        await edit(({ inputs, parity }) => ({
          inputs: [...(inputs as object[]), { name: 'more', role: 'flow', unit: 'm3/h', lag: 3 }],
          parity: (parity as { input: number[]; output: number }[]).map(({ input, output }) => ({
            input: [...input, 0],
            output,
          })),
        }));
        await sign();
      },
    ],
    [
      'gives other figures here',
      'LL-MODEL-PARITY',
      async () => {
        await edit(({ parity }) => ({
          parity: (parity as { output: number }[]).map((one) => ({ ...one, output: one.output * 1.001 + 1 })),
        }));
        await sign();
      },
    ],
  ];
  it.each(cases)('a version that %s is refused: %s', async (_, code, spoil) => {
    await spoil();
    const { text, code: exit } = await models('verify', 'ps-1', '--json');
    const [judged] = JSON.parse(text);
    expect(judged.ok).toBe(false);
    expect(judged.errors.map((error: { code: string }) => error.code)).toEqual([code]);
    expect(judged.errors[0].next).not.toBe('');
    expect(exit).toBe(1);
    expect((await models('shadow', 'ps-1')).text).toContain(code);
  });
});

describe('the life of a model', () => {
  it('goes from shadow to promotion, and back', async () => {
    for (const version of [1, 2]) await sign(version);
    const place = async () => JSON.parse(await readFile(join(folder, 'learned/state.json'), 'utf8')).models['ps-1'];
    await models('promote', 'ps-1', '--version', '1', '--force');
    expect(await place()).toEqual({ active: 1, previous: null, shadow: null, counter: 1 });
    await models('shadow', 'ps-1');
    expect(await place()).toMatchObject({ active: 1, shadow: 2 });
    expect((await models('promote', 'ps-1')).text).toMatch(/LL-MODEL-UNPROVEN .*0 rows in shadow, 864 are asked/);
    await shadowRecord();
    expect((await models('promote', 'ps-1')).text).toContain('version 2 decides');
    expect(await place()).toEqual({ active: 2, previous: 1, shadow: null, counter: 2 });
    await models('rollback', 'ps-1');
    expect(await place()).toEqual({ active: 1, previous: null, shadow: null, counter: 2 });
    await models('rollback', 'ps-1');
    expect(await place()).toMatchObject({ active: null });
    expect((await models('rollback', 'ps-1')).text).toContain('LL-MODEL-VERSION');
    expect((await models('promote', 'ps-1', '--version', '1', '--force')).text).toContain('LL-MODEL-DOWNGRADE');
  });

  it.each([
    [{ episodes: 3 }, 'rose above its limit 3 times, 1 are allowed'],
    [{ activeEpisodes: 4, episodes: 4, agreed: 3 }, 'saw 3 of 4 events'],
    [{ outOfModel: 40 }, '40 of 864 rows were out of model'],
  ])('a shadow whose record is %j is not promoted', async (more, why) => {
    await sign();
    await models('shadow', 'ps-1');
    await shadowRecord(more);
    const { text, code } = await models('promote', 'ps-1');
    expect(text).toContain(why);
    expect(code).toBe(1);
  });

  it('names an asset or version that is not there', async () => {
    expect((await models('shadow', 'ps-2')).text).toMatch(/LL-MODEL-VERSION .*did you mean "ps-1"/);
    expect((await models('shadow', 'ps-1', '--version', '7')).text).toMatch(/LL-MODEL-VERSION .*there are 1, 2/);
    expect((await models('shadow', 'tank-1')).text).toContain('LL-MODEL-VERSION');
  });
});
