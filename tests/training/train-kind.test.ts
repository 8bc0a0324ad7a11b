import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { parseSiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import type { AssetHistory } from '../../models/training/asset-history.ts';
import { createAutoencoder, rounded, trainAutoencoder } from '../../models/training/autoencoder.ts';
import { judgeKind, type KindModel } from '../../models/training/kind-model.ts';
import { encodeKindModel } from '../../models/training/kind-onnx.ts';
import { modelCard } from '../../models/training/model-card.ts';
import { StepGrid } from '../../models/training/step-grid.ts';
import { trainKind } from '../../models/training/train-kind.ts';
import { startMs } from './plant.ts';

const roles = ['supply', 'return', 'flow', 'heat', 'valve'] as const;
const stepS = 300;

interface Substation {
  /** Size of the substation: its normalisation differs, its physics does not. */
  readonly size?: number;
  readonly lacks?: string;
  readonly days?: number;
  readonly disturb?: (step: number, values: number[]) => void;
}

/** Heat is what flow takes from supply to return, which no straight line says. */
function substation(
  asset: string,
  { size = 1, lacks, days = 20, disturb = () => undefined }: Substation = {},
): AssetHistory {
  const random = seededRandom(7, asset);
  const names = roles.map((role) => `${asset}/${role}`);
  const grid = new StepGrid(names, { fromMs: startMs, toMs: startMs + days * 86_400_000 - 1 }, stepS);
  let [cold, hot] = [0, 0];
  for (let step = 0; step < grid.steps; step++) {
    cold = 0.8 * cold + 0.6 * random.normal();
    hot = 0.8 * hot + 0.6 * random.normal();
    const valve = 50 + 12 * cold;
    const flow = size * (10 + 0.3 * valve + 0.05 * random.normal());
    const [supply, back] = [80 + 4 * hot, 45 + hot - 2 * cold];
    const values = [supply, back, flow, 1.163 * flow * (supply - back) + 0.5 * size * random.normal(), valve];
    disturb(step, values);
    for (const [column, value] of values.entries()) grid.take(column, grid.timeMs(step) - 1, value);
  }
  const known = roles.map((role, column) => ({ role, unit: '', column })).filter(({ role }) => role !== lacks);
  return {
    ...{ asset, assetType: 'test.substation', grid, utcOffsetMinutes: 0, source: 'a test', version: 1, seed: 1 },
    roles: known,
  };
}

function trained(histories: readonly AssetHistory[]) {
  return trainKind(histories, () => undefined).map((training) => {
    if ('refused' in training) throw new Error(`refused: ${training.refused} ${training.found}`);
    return training;
  });
}

const leaking = (step: number, values: number[]) => {
  if (step >= 17 * 288) values[3]! *= 0.7;
};

describe('the autoencoder of a kind', () => {
  const kind = [substation('a'), substation('b', { size: 20 }), substation('c', { size: 3, lacks: 'valve' })];
  const models = trained(kind);

  it('computes in ONNX what the reference computes, within 1e-5, also where a role of the kind is lacking', async () => {
    const random = seededRandom(3, 'model');
    const network = rounded(createAutoencoder([5, 8, 4, 8, 5], random));
    const rows = Array.from({ length: 100 }, () => Float32Array.from({ length: 5 }, () => random.normal()));
    trainAutoencoder(network, rows, { epochs: 3, batch: 16, rate: 0.01 }, random);
    const figures = (scale: number, length = 4) =>
      Float64Array.from({ length }, () => Math.fround(scale * random.next()));
    const model: KindModel = {
      ...{ places: [0, 2, 3, 4], network: rounded(network), origin: figures(100), course: figures(3, 4 * 48) },
      ...{ inverseScale: figures(2), inverseDeviations: figures(9), inverseSpe: 0.5 },
    };
    const batch = Array.from({ length: 64 }, (_, at) => Float32Array.of(...figures(150), (24 * at) / 64, at % 2));
    const session = await InferenceSession.create(encodeKindModel(model));
    const values = new Tensor('float32', Float32Array.from(batch.flatMap((row) => [...row])), [64, 6]);
    const outputs = await session.run({ values });
    expect(outputs['contributions']?.dims).toEqual([64, 4]);
    for (const [at, row] of batch.entries()) {
      const wanted = judgeKind(model, row);
      const got = [
        outputs['score']!.data[at],
        outputs['spe']!.data[at],
        ...outputs['contributions']!.data.slice(4 * at, 4 * at + 4),
      ];
      for (const [place, reference] of [wanted.score, wanted.spe, ...wanted.contributions].entries())
        expect(Math.abs((got[place] as number) - reference)).toBeLessThanOrEqual(
          1e-5 * Math.max(1, Math.abs(reference)),
        );
    }
  });

  it('answers its golden vectors in ONNX, for every asset', async () => {
    for (const { onnx, manifest } of models) {
      const session = await InferenceSession.create(onnx);
      const width = manifest.inputs.length;
      const rows = Float32Array.from(manifest.parity.flatMap(({ input }) => input));
      const outputs = await session.run({ values: new Tensor('float32', rows, [manifest.parity.length, width]) });
      const apart = manifest.parity.map(
        ({ output }, at) => Math.abs((outputs['score']!.data[at] as number) - output) / Math.max(1, output),
      );
      expect(Math.max(...apart)).toBeLessThanOrEqual(1e-5);
    }
  });

  it('is one for all of them: only normalisation, widths and limits differ', () => {
    expect(models.map(({ manifest }) => manifest.training['layers'])).toEqual(
      Array.from({ length: 3 }, () => [5, 8, 3, 8, 5]),
    );
    const limits = models.map(({ manifest }) => manifest.limit.value);
    expect(new Set(limits).size).toBe(3);
    expect(models[2]!.manifest.contributors).toEqual(['supply', 'return', 'flow', 'heat']);
    for (const { manifest } of models) expect(manifest.heldOut['shareAboveLimit']).toBeLessThan(0.02);
  });

  it('sees heat that is lost, though the assets of the kind are of very different size', () => {
    const [, odd] = trained([substation('a'), substation('b', { size: 20, disturb: leaking })]);
    expect(odd!.manifest.heldOut['shareAboveLimit']).toBeGreaterThan(0.3);
  });

  it('gives the same bytes for the same histories and seed, and others for another seed', () => {
    const alike = [substation('a', { days: 4 }), substation('b', { days: 4, size: 20 })];
    const [one, same, other] = [1, 1, 2].map((seed) => trained(alike.map((history) => ({ ...history, seed }))));
    expect(same!.map(({ manifest }) => manifest)).toEqual(one!.map(({ manifest }) => manifest));
    expect(Buffer.from(same![1]!.onnx).equals(Buffer.from(one![1]!.onnx))).toBe(true);
    expect(other![1]!.manifest.sha256).not.toBe(one![1]!.manifest.sha256);
  });

  it('tells how far it is, refuses assets without enough signals or rows, and trains the others all the same', () => {
    const shares: number[] = [];
    const bare = { ...substation('d'), roles: substation('d').roles.slice(0, 2) };
    const young = substation('e', { days: 0.4 });
    const [good, few, short] = trainKind([substation('a', { days: 4 }), bare, young], (share) => shares.push(share));
    expect(good).toHaveProperty('onnx');
    expect(few).toMatchObject({ refused: 'inputs', found: 2 });
    expect(short).toMatchObject({ refused: 'rows' });
    expect(shares.length).toBeGreaterThan(20);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(trainKind([bare], () => undefined)).toMatchObject([{ refused: 'inputs' }]);
  });

  it('writes a manifest that is read back as it is, and a card that says what it is', () => {
    const [{ manifest, leftOut }] = models as [(typeof models)[0]];
    expect(parseSiteManifest(JSON.stringify(manifest))).toEqual(manifest);
    expect(manifest).toMatchObject({ kind: 'autoencoder', operatorSet: 13, assetType: 'test.substation' });
    expect(modelCard(manifest, leftOut)).toContain(
      'the autoencoder of test.substation, learnt over 3 of them, 5-8-3-8-5',
    );
  });
});
