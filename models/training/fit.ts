import { createHash } from 'node:crypto';
import { seededRandom } from '../../edge/core/random.ts';
import type { Calibration } from '../../edge/detection/calibration.ts';
import { featureSpecs } from '../../edge/detection/district-features.ts';
import { conformalLimit } from '../../edge/detection/limits/conformal.ts';
import type { Manifest } from '../../edge/detection/manifest.ts';
import { largest } from '../../edge/detection/order-statistics.ts';
import { type Autoencoder, createAutoencoder, reconstructionError, rounded, trainAutoencoder } from './autoencoder.ts';
import { type FeatureBlock, featureBlocks } from './features.ts';
import { encodeAutoencoder, inputName, outputName } from './onnx.ts';
import { operatorSet } from './onnx-graph.ts';
import { operatingWindows } from './plan.ts';
import { significant } from './significant.ts';

const judged = featureSpecs.filter(({ context }) => !context).length;
/** Encoder, three hidden dimensions (how much, how sudden, where), decoder of what is judged. */
const widths = [featureSpecs.length, 12, 3, 12, judged];
/** Neighbouring scans say nearly the same. */
const EVERY_SCAN = 5;
const alpha = 0.01;
/** On the conformal limit of block maxima. */
const margin = 1.2;
/** The trained range of a context input is widened by this share of its width. */
const ENVELOPE_MARGIN = 0.1;
const PARITY_VECTORS = 64;

/** How much to train on; every figure that shapes the model. */
export interface TrainingPlan {
  readonly seed: number;
  readonly firstTrainSeed: number;
  readonly firstHeldOutSeed: number;
  /** Windows of twenty minutes each. */
  readonly windows: number;
  readonly epochs: number;
}

/** A trained model as it is released. */
export interface TrainedModel {
  readonly onnx: Uint8Array;
  readonly manifest: Manifest;
}

/** Trains the district model on normal operation alone. The same plan and calibration give the same bytes. */
export async function fitDistrictModel(plan: TrainingPlan, calibration: Calibration): Promise<TrainedModel> {
  const blocks = await featureBlocks(operatingWindows(plan.firstTrainSeed, plan.windows), calibration);
  const heldOut = await featureBlocks(operatingWindows(plan.firstHeldOutSeed, plan.windows), calibration);
  const rows = blocks.flatMap((block) => block.filter((_, scan) => scan % EVERY_SCAN === 0));
  const random = seededRandom(plan.seed, 'autoencoder');
  const model = rounded(createAutoencoder(widths, random));
  trainAutoencoder(model, rows, { epochs: plan.epochs, batch: 64, rate: 0.004 }, random);
  const released = rounded(model);
  const onnx = encodeAutoencoder(released);
  return { onnx, manifest: describe(released, onnx, rows, heldOut, plan) };
}

function describe(
  model: Autoencoder,
  onnx: Uint8Array,
  rows: FeatureBlock,
  heldOut: readonly FeatureBlock[],
  plan: TrainingPlan,
): Manifest {
  const errors = heldOut.map((block) => block.map((row) => reconstructionError(model, row)));
  const limit = margin * conformalLimit(errors.map(largest), alpha);
  const all = errors.flat();
  const share = all.filter((error) => error >= limit).length / all.length;
  const parity = Array.from({ length: PARITY_VECTORS }, (_, index) => {
    const row = rows[Math.floor((index * rows.length) / PARITY_VECTORS)] as Float32Array;
    // Every other vector goes beyond normal operation, where the limit lies.
    const input = [...row].map((value) => Math.fround(index % 2 === 0 ? value : 2 * value));
    return { input, output: reconstructionError(model, input) };
  });
  return {
    ...{ id: 'water/district', version: '1', kind: 'autoencoder', file: 'district.onnx' },
    ...{ sha256: createHash('sha256').update(onnx).digest('hex'), operatorSet, inputName, outputName },
    inputs: featureSpecs.map(({ name, role, unit, context }, column) => {
      return context ? { name, role, unit, envelope: envelopeOf(rows, column) } : { name, role, unit };
    }),
    limit: { value: significant(limit, 6), alpha, margin },
    training: { by: 'models/training/train.ts', from: 'simulated city, normal operation', ...plan, rows: rows.length },
    heldOut: {
      ...{ blocks: heldOut.length, rows: all.length, shareAboveLimit: significant(share, 3) },
      blocksAboveLimit: errors.filter((block) => largest(block) >= limit).length,
    },
    parity,
  };
}

function envelopeOf(rows: FeatureBlock, column: number): { min: number; max: number } {
  const values = rows.map((row) => row[column] ?? Number.NaN);
  const [max, min] = [largest(values), -largest(values.map((value) => -value))];
  const slack = ENVELOPE_MARGIN * (max - min);
  return { min: significant(min - slack), max: significant(max + slack) };
}
