import { createRequire } from 'node:module';
import type { onnx as Onnx } from 'onnx-proto';
import type { LifelineError } from '../../core/errors.ts';
import { modelErrors } from '../../detection/errors.ts';
import type { SiteManifest } from '../../detection/learned/site-manifest.ts';

/** The package is CommonJS whose names Node's loader does not see. */
const { onnx } = createRequire(import.meta.url)('onnx-proto') as typeof import('onnx-proto');

/** Control flow may never end, chance gives no parity. */
const refusedOperators = /^(Loop|If|Scan|Sequence\w*|Optional\w*|Random\w*|Multinomial|Bernoulli|Dropout)$/;
const knownDomains = new Set(['', 'ai.onnx', 'ai.onnx.ml']);
const leastOperatorSet = 7;

/** An input or output; a dimension that is not fixed is undefined. */
export interface Port {
  readonly name: string;
  readonly float: boolean;
  readonly shape: readonly (number | undefined)[];
}

/** What an ONNX file says of itself. */
export interface OnnxFile {
  readonly operatorSet: number;
  /** `Operator` or `domain.Operator`, each once, sorted. */
  readonly operators: readonly string[];
  readonly domains: readonly string[];
  /** Weights that lie in other files. */
  readonly external: boolean;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly producer: string;
}

/** Reads the description in an ONNX file. Rejects bytes that are none with LL-MODEL-LOAD. */
export function readOnnx(file: string, bytes: Uint8Array): OnnxFile {
  let model: Onnx.ModelProto;
  try {
    model = onnx.ModelProto.decode(bytes);
    if (!model.graph?.output?.length) throw new Error('it has no graph');
  } catch (cause) {
    throw modelErrors.create(
      'LOAD',
      `read ${file}: it is no ONNX file (${cause instanceof Error ? cause.message : cause})`,
    );
  }
  const { graph, opsetImport } = model;
  const constants = new Set((graph.initializer ?? []).map(({ name }) => name));
  const nodes = graph.node ?? [];
  const operators = nodes.map(({ domain, opType }) => (domain ? `${domain}.${opType}` : `${opType}`));
  return {
    operatorSet: Number(opsetImport.find(({ domain }) => !domain || domain === 'ai.onnx')?.version ?? 0),
    operators: [...new Set(operators)].sort(),
    domains: [...new Set(nodes.map(({ domain }) => domain ?? ''))],
    external: (graph.initializer ?? []).some(
      ({ dataLocation }) => dataLocation === onnx.TensorProto.DataLocation.EXTERNAL,
    ),
    inputs: (graph.input ?? []).filter(({ name }) => !constants.has(name)).map(portOf),
    outputs: (graph.output ?? []).map(portOf),
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
  };
}

function portOf({ name, type }: Onnx.IValueInfoProto): Port {
  const tensor = type?.tensorType;
  const shape = (tensor?.shape?.dim ?? []).map(({ dimValue }) =>
    Number(dimValue ?? 0) > 0 ? Number(dimValue) : undefined,
  );
  return { name: name ?? '', float: tensor?.elemType === onnx.TensorProto.DataType.FLOAT, shape };
}

/** Whether the file may be run at all; undefined when it may. */
export function objectionToOperators(file: string, found: OnnxFile): LifelineError | undefined {
  const strange = found.domains.filter((domain) => !knownDomains.has(domain));
  const refused = found.operators.filter((operator) => refusedOperators.test(operator));
  const reasons = [
    ...(strange.length > 0 ? [`operators of ${strange.join(', ')}`] : []),
    ...(refused.length > 0 ? [`operators ${refused.join(', ')}`] : []),
    ...(found.external ? ['weights in other files'] : []),
    ...(found.operatorSet < leastOperatorSet ? [`operator set ${found.operatorSet}`] : []),
  ];
  return reasons.length > 0 ? modelErrors.create('OPERATOR', `check ${file}: ${reasons.join('; ')}`) : undefined;
}

/** Whether the file has the inputs and outputs that a manifest says; undefined when it has. */
export function objectionToShape(file: string, found: OnnxFile, manifest: SiteManifest): LifelineError | undefined {
  const [input, ...more] = found.inputs;
  const width = manifest.inputs.length;
  const refuse = (text: string) => modelErrors.create('SHAPE', `check ${file}: ${text}`);
  const shown = (port: Port | undefined) =>
    port ? `${port.name} [${port.shape.map((size) => size ?? 'n').join(', ')}]` : 'none';
  if (more.length > 0 || input?.name !== manifest.inputName)
    return refuse(`its inputs are ${found.inputs.map(shown).join(', ')}, the manifest says ${manifest.inputName}`);
  if (!input.float || input.shape.length !== 2 || input.shape[0] !== undefined || (input.shape[1] ?? width) !== width)
    return refuse(`its input is ${input.float ? '' : 'not of floats, '}${shown(input)}, not [n, ${width}]`);
  const output = found.outputs.find(({ name }) => name === manifest.outputName);
  if (!output?.float || output.shape.slice(1).some((size) => size !== 1))
    return refuse(`its output ${manifest.outputName} is ${shown(output)}, not [n] or [n, 1] of floats`);
  if (manifest.contributionsName === undefined) return undefined;
  const shares = found.outputs.find(({ name }) => name === manifest.contributionsName);
  const roles = manifest.contributors.length;
  return shares?.float && shares.shape.at(-1) === roles
    ? undefined
    : refuse(`its output ${manifest.contributionsName} is ${shown(shares)}, not [n, ${roles}] of floats`);
}
