import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { LifelineError } from '../../edge/core/errors.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { type Manifest, outsideEnvelope, parseManifest } from '../../edge/detection/manifest.ts';
import { ModelRunner } from '../../edge/detection/model.ts';
import { spawnModelWorker } from '../../edge/detection/model-thread.ts';
import { createAutoencoder, reconstructionError } from '../../models/training/autoencoder.ts';
import { encodeAutoencoder, inputName, outputName } from '../../models/training/onnx.ts';

const released = resolve(import.meta.dirname, '../../models/water');
const running: ModelRunner[] = [];
afterEach(async () => {
  for (const runner of running.splice(0)) await runner.stop();
});

/** A copy of the released model that may be spoilt. */
function copy(): { readonly manifestFile: string; readonly modelFile: string } {
  const folder = mkdtempSync(join(tmpdir(), 'lifeline-'));
  for (const name of ['district.manifest.json', 'district.onnx']) cpSync(join(released, name), join(folder, name));
  return { manifestFile: join(folder, 'district.manifest.json'), modelFile: join(folder, 'district.onnx') };
}

function start(manifestFile: string, spawn = spawnModelWorker) {
  const clock = new VirtualClock(0);
  const notices: LifelineError[] = [];
  const told = { ready: 0 };
  const ready = () => void told.ready++;
  const runner = new ModelRunner(manifestFile, { clock, spawn, ready, notice: (error) => notices.push(error) });
  running.push(runner);
  return { runner, clock, notices, told };
}

const edit = (file: string, change: (manifest: Manifest) => Record<string, unknown>) => {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...manifest, ...change(manifest) }));
};

describe('a model that is not what it should be is refused, by code, with file and next step', () => {
  const cases: readonly [string, string, (of: ReturnType<typeof copy>) => void][] = [
    [
      'one byte of the model changed',
      'LL-MODEL-HASH',
      ({ modelFile }) => {
        const bytes = readFileSync(modelFile);
        bytes[200] = (bytes[200] as number) ^ 1;
        writeFileSync(modelFile, bytes);
      },
    ],
    [
      'a manifest of another model',
      'LL-MODEL-HASH',
      ({ manifestFile }) => edit(manifestFile, () => ({ sha256: '0'.repeat(64) })),
    ],
    ['a manifest that is no JSON', 'LL-MODEL-MANIFEST', ({ manifestFile }) => writeFileSync(manifestFile, '{"id":')],
    [
      'a manifest without limit',
      'LL-MODEL-MANIFEST',
      ({ manifestFile }) => edit(manifestFile, () => ({ limit: null })),
    ],
    ['no model file', 'LL-MODEL-MISSING', ({ manifestFile }) => edit(manifestFile, () => ({ file: 'gone.onnx' }))],
    [
      'a file that the runtime cannot load, although its sum is right',
      'LL-MODEL-LOAD',
      ({ manifestFile, modelFile }) => {
        writeFileSync(modelFile, 'no model at all');
        edit(manifestFile, () => ({ sha256: createHash('sha256').update('no model at all').digest('hex') }));
      },
    ],
    [
      'figures that do not come out on this machine',
      'LL-MODEL-PARITY',
      ({ manifestFile }) =>
        edit(manifestFile, ({ parity }) => ({
          parity: parity.map((one, row) => (row === 3 ? { ...one, output: one.output * 1.01 } : one)),
        })),
    ],
  ];

  it.each(cases)('%s: %s', async (_, code, spoil) => {
    const files = copy();
    spoil(files);
    const { runner, notices } = start(files.manifestFile);
    await runner.idle();
    expect(notices.map((notice) => notice.code)).toEqual([code]);
    expect(notices[0]?.message).toMatch(/district|gone/);
    expect(notices[0]?.next).not.toBe('');
    expect(runner.status()).toMatchObject({ state: 'refused', code });
    expect(await runner.run(new Float32Array(10))).toEqual({ bypassed: code });
  });
});

describe('the released model', () => {
  const { manifestFile } = copy();
  const manifest = parseManifest(readFileSync(manifestFile, 'utf8'));

  it('gives the figures of its manifest, a row at a time and all at once', async () => {
    const { runner, notices } = start(manifestFile);
    await runner.idle();
    expect(manifest.parity.length).toBeGreaterThanOrEqual(64);
    const all = await runner.run(Float32Array.from(manifest.parity.flatMap(({ input }) => input)));
    for (const [row, { input, output }] of manifest.parity.entries()) {
      const alone = await runner.run(Float32Array.from(input));
      for (const answer of [all, alone]) {
        const got = 'outputs' in answer ? answer.outputs[answer === all ? row : 0] : Number.NaN;
        expect(Math.abs((got as number) - output)).toBeLessThanOrEqual(1e-5 * Math.max(1, output));
      }
    }
    expect(notices).toEqual([]);
  });

  it('is bypassed for a row that is no number, and answers the next', async () => {
    const { runner, notices, told } = start(manifestFile);
    await runner.idle();
    expect(await runner.run(new Float32Array(manifest.inputs.length).fill(Number.NaN))).toEqual({
      bypassed: 'LL-MODEL-OUTPUT',
    });
    expect(told.ready).toBe(1);
    expect(await runner.run(new Float32Array(manifest.inputs.length))).toHaveProperty('outputs');
    expect(told.ready).toBe(2);
    expect(notices.map(({ code }) => code)).toEqual(['LL-MODEL-OUTPUT']);
    expect(runner.status()).toMatchObject({ state: 'ready', code: '', bypassed: 1 });
  });

  it('is started again after its thread has died, with growing pauses', async () => {
    const workers: Worker[] = [];
    const spawn = () => {
      workers.push(spawnModelWorker());
      return workers.at(-1) as Worker;
    };
    const { runner, clock, notices, told } = start(manifestFile, spawn);
    await runner.idle();
    for (const pauseMs of [5_000, 10_000]) {
      await workers.at(-1)?.terminate();
      expect(runner.status()).toMatchObject({ state: 'down', code: 'LL-MODEL-WORKER' });
      expect(await runner.run(new Float32Array(manifest.inputs.length))).toEqual({ bypassed: 'LL-MODEL-WORKER' });
      const before = workers.length;
      await clock.advance(pauseMs - 1);
      expect(workers.length).toBe(before);
      await clock.advance(1);
      expect(workers.length).toBe(before + 1);
      await expect.poll(() => runner.status().state, { timeout: 10_000 }).toBe('ready');
    }
    expect(told.ready).toBe(3);
    expect(new Set(notices.map(({ code }) => code))).toEqual(new Set(['LL-MODEL-WORKER']));
  });

  it('has no say outside the conditions it was trained on', () => {
    const inside = manifest.inputs.map(({ envelope }) => (envelope ? (envelope.min + envelope.max) / 2 : 0));
    expect(outsideEnvelope(manifest, inside)).toEqual([]);
    const judged = manifest.inputs.flatMap(({ envelope, name }, column) =>
      envelope ? [{ envelope, name, column }] : [],
    );
    expect(judged.length).toBeGreaterThan(0);
    for (const { envelope, name, column } of judged) {
      for (const value of [envelope.min - 1, envelope.max + 1, Number.NaN]) {
        expect(outsideEnvelope(manifest, inside.with(column, value)).map((one) => one.name)).toEqual([name]);
      }
    }
  });
});

it('computes in ONNX what the training computes in TypeScript', async () => {
  const random = seededRandom(5);
  const model = createAutoencoder([10, 6, 3, 6, 7], random);
  for (const { bias } of model) for (const place of bias.keys()) bias[place] = random.next() - 0.5;
  const bytes = encodeAutoencoder(model);
  const rows = Array.from({ length: 64 }, () => Float32Array.from({ length: 10 }, () => 3 * random.normal()));
  const files = copy();
  writeFileSync(files.modelFile, bytes);
  edit(files.manifestFile, () => ({
    ...{ sha256: createHash('sha256').update(bytes).digest('hex'), inputName, outputName },
    parity: rows.slice(0, 8).map((row) => ({ input: [...row], output: reconstructionError(model, row) })),
  }));
  const { runner, notices } = start(files.manifestFile);
  await runner.idle();
  expect(notices).toEqual([]);
  const answer = await runner.run(Float32Array.from(rows.flatMap((row) => [...row])));
  for (const [index, row] of rows.entries()) {
    const expected = reconstructionError(model, row);
    const got = 'outputs' in answer ? (answer.outputs[index] as number) : Number.NaN;
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-5 * Math.max(1, expected));
  }
});
