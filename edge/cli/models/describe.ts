import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileReason } from '../../config/file-reason.ts';
import { seededRandom } from '../../core/random.ts';
import { modelErrors } from '../../detection/errors.ts';
import { manifestText, type SiteManifest } from '../../detection/learned/site-manifest.ts';
import { ModelSession } from '../../detection/model-session.ts';
import { type OnnxFile, objectionToOperators, type Port, readOnnx } from './onnx-file.ts';

const parityVectors = 64;

/**
 * Prints a manifest for an ONNX file. What only its maker knows stands there as a guess and is named on stderr: kind of asset,
 * roles, units, limit. Parity vectors are what the file answers on this machine.
 */
export async function describeModel(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw modelErrors.create('MISSING', `cannot read ${file}${fileReason(cause)}`, cause);
  });
  const found = readOnnx(file, bytes);
  const objection = objectionToOperators(file, found);
  if (objection) throw objection;
  const { input, width, output } = portsOf(file, found);
  const manifest = await draft(file, bytes, found, input, width, output);
  console.log(manifestText(manifest).trimEnd());
  if (json) return;
  console.error(
    `operators: ${found.operators.join(', ')}; operator set ${found.operatorSet}${found.producer ? `, by ${found.producer}` : ''}`,
  );
  console.error(
    'fill in: assetType, asset (or leave it out), role, unit and lag of every input, stepS, utcOffsetMinutes, limit.value',
  );
  console.error(
    'inputs from the calendar have role "" and are named hour or free-day; envelope {min, max} is the range it was trained on',
  );
}

function portsOf(
  file: string,
  { inputs, outputs }: OnnxFile,
): { readonly input: Port; readonly width: number; readonly output: Port } {
  const [input, second] = inputs;
  const width = input?.shape[1];
  const output = outputs.find(({ float, shape }) => float && shape.slice(1).every((size) => size === 1));
  if (!input?.float || second || input.shape.length !== 2 || width === undefined || !output) {
    const said = (ports: readonly Port[]) =>
      ports.map(({ name, shape }) => `${name} [${shape.map((size) => size ?? 'n').join(', ')}]`).join(', ');
    throw modelErrors.create('SHAPE', `describe ${file}: its inputs are ${said(inputs)}, its outputs ${said(outputs)}`);
  }
  return { input, width, output };
}

async function draft(
  file: string,
  bytes: Buffer,
  found: OnnxFile,
  input: Port,
  width: number,
  output: Port,
): Promise<SiteManifest> {
  const [inputName, outputName] = [input.name, output.name];
  return {
    ...{ schema: 'lifeline-model/1', id: basename(file, '.onnx'), version: '1', kind: 'brought', counter: 1 },
    ...{ assetType: 'utility.kind', file: basename(file), sha256: createHash('sha256').update(bytes).digest('hex') },
    ...{ operatorSet: found.operatorSet, inputName, outputName, contributors: [] },
    inputs: Array.from({ length: width }, (_, at) => ({ name: `input-${at}`, role: `role-${at}`, unit: '', lag: 0 })),
    ...{ stepS: 60, utcOffsetMinutes: 0, smoothing: 1, limit: { value: 1, alpha: 0.001, margin: 1 } },
    training: { by: found.producer || 'unknown' },
    ...{ heldOut: {}, parity: await answers(file, bytes, inputName, outputName, width) },
  };
}

/** What the file answers to standard normal rows. */
async function answers(
  file: string,
  bytes: Uint8Array,
  inputName: string,
  outputName: string,
  width: number,
): Promise<SiteManifest['parity']> {
  const random = seededRandom(1, 'parity');
  const rows = Float32Array.from({ length: parityVectors * width }, () => random.normal());
  const session = new ModelSession();
  try {
    const loaded = await session.answer({ type: 'load', bytes, inputName, outputName });
    const reply = await session.answer({ type: 'run', id: 0, rows, width });
    if (reply.type !== 'outputs' || reply.outputs.length !== parityVectors) {
      const reason = [loaded, reply].flatMap((each) => ('reason' in each ? [each.reason] : [])).join('; ');
      throw modelErrors.create('LOAD', `run ${file}: ${reason || 'not one output for each row'}`);
    }
    return Array.from(reply.outputs, (answer, at) => ({
      input: [...rows.subarray(at * width, (at + 1) * width)],
      output: answer,
    }));
  } finally {
    await session.close();
  }
}
