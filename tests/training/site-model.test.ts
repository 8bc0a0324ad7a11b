import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { parseSiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import { AssetRows } from '../../models/training/asset-rows.ts';
import { calibratedLinear } from '../../models/training/calibrated-linear.ts';
import { judgeRow, type LinearModel, standardise } from '../../models/training/linear-model.ts';
import { encodeModalModel } from '../../models/training/linear-onnx.ts';
import { modelCard } from '../../models/training/model-card.ts';
import { trainAsset } from '../../models/training/site-model.ts';
import { historyOf, plantGrid } from './plant.ts';

const usable = [0, 1, 2, 3];
const rowsOf = (grid = plantGrid(1, 10)) => new AssetRows(grid, usable, 0);

function trained(grid = plantGrid(1, 10), more = {}) {
  const training = trainAsset(historyOf(grid, more));
  if ('refused' in training) throw new Error(`refused: ${training.refused}`);
  return training;
}

/** T² and SPE by whole matrices: P, Λ and the projector I − PPᵀ written out. */
function byMatrices(model: LinearModel, row: ArrayLike<number>) {
  const z = standardise(model, row);
  const width = z.length;
  const loading = (at: number, component: number) => model.loadings[at * model.components + component]!;
  const scores = Array.from({ length: model.components }, (_, k) =>
    z.reduce((sum, value, at) => sum + value * loading(at, k), 0),
  );
  const t2 = scores.reduce((sum, score, k) => sum + score * model.inverseVariances[k]! * score, 0);
  const spread = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_unused, j) => {
      const inPlane = scores.reduce((sum, _score, k) => sum + loading(i, k) * loading(j, k), 0);
      return (i === j ? 1 : 0) - inPlane;
    }),
  );
  const errors = spread.map(
    (line, i) => line.reduce((sum, value, j) => sum + value * z[j]!, 0) * model.inverseDeviations[i]!,
  );
  const spe = errors.reduce((sum, error) => sum + error ** 2, 0) / width;
  const shares = Array.from({ length: model.roles }, (_, role) =>
    errors.reduce((sum, error, at) => sum + (at % model.roles === role ? error ** 2 : 0), 0),
  );
  return { t2, spe, shares };
}

const close = (got: number, wanted: number, tolerance: number) =>
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));

describe('the linear model of an asset', () => {
  it('gives the T², SPE and contributions that the matrices give', () => {
    const rows = rowsOf();
    const { model } = calibratedLinear(rows, 2);
    const [part] = model.parts as [LinearModel];
    let seen = 0;
    for (const row of rows.rows('verify', 2)) {
      const verdict = judgeRow(part, row);
      const { t2, spe, shares } = byMatrices(part, row);
      close(verdict.t2, t2, 1e-9);
      close(verdict.spe, spe, 1e-9);
      for (const [role, share] of shares.entries()) close(verdict.contributions[role]!, share, 1e-9);
      close(verdict.score, spe * part.inverseSpe, 1e-9);
      if (++seen === 50) break;
    }
    expect(seen).toBe(50);
  });

  it('computes in ONNX what the reference computes, every output, from one row to many', async () => {
    const rows = rowsOf();
    const { model } = calibratedLinear(rows, 2);
    const [part] = model.parts as [LinearModel];
    const session = await InferenceSession.create(encodeModalModel(model, 0));
    const batch = Array.from(rows.rows('verify', 2), (row) => row.slice()).slice(0, 200);
    batch.forEach((row, at) => {
      row[at % 4] = row[at % 4]! + (at % 5) / part.inverseScale[at % 4]!;
      row[row.length - 1] = at % 2;
    });
    const width = batch[0]!.length;
    for (const some of [batch.slice(0, 1), batch]) {
      const values = new Tensor('float32', Float32Array.from(some.flatMap((row) => [...row])), [some.length, width]);
      const outputs = await session.run({ values });
      expect(outputs['contributions']?.dims).toEqual([some.length, 4]);
      some.forEach((row, at) => {
        const wanted = judgeRow(part, row);
        for (const name of ['t2', 'spe', 'score'] as const)
          close(outputs[name]!.data[at] as number, wanted[name], 1e-5);
        for (const [role, share] of wanted.contributions.entries())
          close(outputs['contributions']!.data[4 * at + role] as number, share, 1e-5);
      });
    }
  });

  it('is found the more unusual the further the pressure is from what the flow says, and names it', () => {
    const rows = rowsOf();
    const { model, limit } = calibratedLinear(rows, 2);
    const [part] = model.parts as [LinearModel];
    const some = Array.from(rows.rows('verify', 2), (row) => row.slice()).slice(0, 100);
    const scores = [0, 0.005, 0.01, 0.02].map((fall) => {
      const verdicts = some.map((row) => {
        const spoilt = row.map((value, at) => (at < 12 && at % 4 === 1 ? value - fall : value));
        return judgeRow(part, spoilt);
      });
      if (fall === 0.02)
        for (const { contributions } of verdicts)
          expect([...contributions].indexOf(Math.max(...contributions))).toBeLessThan(2);
      return verdicts.reduce((sum, { score }) => sum + score, 0) / some.length;
    });
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(scores[0]).toBeLessThan(limit);
    expect(scores[3]).toBeGreaterThan(3 * limit);
  });
});

describe('training', () => {
  it('gives the same bytes for the same history and seed, other parity vectors for another seed', () => {
    const [one, same, other] = [trained(), trained(), trained(plantGrid(1, 10), { seed: 2 })];
    expect(Buffer.from(one.onnx).equals(Buffer.from(same.onnx))).toBe(true);
    expect(one.manifest).toEqual(same.manifest);
    expect(other.manifest.sha256).toBe(one.manifest.sha256);
    expect(other.manifest.parity).not.toEqual(one.manifest.parity);
    expect(trained(plantGrid(2, 10)).manifest.training['dataSha256']).not.toBe(one.manifest.training['dataSha256']);
  });

  it('leaves out what moves never, only upwards, or is mostly missing, and says so', () => {
    const grid = plantGrid(1, 10);
    grid.columns[2]!.fill(Number.NaN, 100);
    const { leftOut, manifest } = trained(grid);
    expect(leftOut).toEqual([
      { role: 'level', why: 'missing' },
      { role: 'total', why: 'running total' },
      { role: 'spare', why: 'constant' },
    ]);
    expect(manifest.contributors).toEqual(['flow', 'pressure', 'running']);
    expect(modelCard(manifest, leftOut)).toContain('total (running total)');
  });

  it('sets limits by rows that shaped nothing, and judges them by rows that set nothing', () => {
    const calm = trained();
    const day = 288;
    /** Noise in one part alone: the parts follow from the split of ten days. */
    const noisyIn = (use: (step: number) => boolean) =>
      trained(
        plantGrid(1, 10, (step, values) => {
          if (use(step) && step % 29 === 0) values[1]! += 0.006;
        }),
      ).manifest;
    const block = Math.floor((8 * day) / 16);
    const limitPart = (step: number) => step < 8 * day && Math.floor(step / block) % 4 === 3;
    const noisyLimit = noisyIn(limitPart);
    const noisyVerify = noisyIn((step) => step >= 8 * day);
    expect(noisyLimit.limit.value).not.toBe(calm.manifest.limit.value);
    expect(noisyLimit.outputDeciles![8]).toBeGreaterThan(1.1 * calm.manifest.outputDeciles![8]!);
    expect(noisyLimit.inputs).toEqual(calm.manifest.inputs);
    expect(noisyVerify.limit).toEqual(calm.manifest.limit);
    expect(noisyVerify.sha256).toBe(calm.manifest.sha256);
    expect(noisyVerify.heldOut['shareAbove']).not.toEqual(calm.manifest.heldOut['shareAbove']);
  });

  it('keeps its limit to what it nominally is on weeks it has not seen', () => {
    const shares = [1, 2, 3, 4].map(
      (seed) => trained(plantGrid(seed, 56)).manifest.heldOut['shareAbove'] as Record<string, number>,
    );
    const mean = shares.reduce((sum, share) => sum + share['nominal 0.01']!, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.005);
    expect(mean).toBeLessThan(0.02);
  });

  it('is not led astray by 5 % of anomalies in the history', () => {
    const clean = trained(plantGrid(1, 20)).manifest;
    const poisoned = trained(
      plantGrid(1, 20, (step, values) => {
        if (step >= 2000 && step < 2288) values[1]! -= 0.08;
      }),
    ).manifest;
    expect(poisoned.limit.value).toBeLessThan(2 * clean.limit.value);
    expect(poisoned.limit.value).toBeGreaterThan(0.5 * clean.limit.value);
  });

  it('refuses with a reason: one signal, ten rows, and normal operation of several kinds', () => {
    const still = plantGrid(1, 10);
    for (const column of [1, 2, 3]) still.columns[column]!.fill(5);
    expect(trainAsset(historyOf(still))).toMatchObject({ refused: 'inputs', found: 1 });
    const short = plantGrid(1, 1, undefined, 3600);
    expect(trainAsset(historyOf(short))).toMatchObject({ refused: 'rows' });
    const jumpy = plantGrid(1, 20, (step, values) => {
      if (step % 211 === 0) values[1]! += 5;
    });
    expect(trainAsset(historyOf(jumpy))).toMatchObject({ refused: 'blind' });
  });

  it('writes a manifest that is read back as it is', () => {
    const { manifest } = trained();
    expect(manifest.parity.length).toBe(64);
    expect(manifest.outputDeciles).toEqual([...manifest.outputDeciles!].sort((a, b) => a - b));
    expect(parseSiteManifest(JSON.stringify(manifest))).toEqual(manifest);
  });
});
