import { createRequire } from 'node:module';
import type { onnx as Onnx } from 'onnx-proto';
import type { Autoencoder, Layer } from './autoencoder.ts';

/** The package is CommonJS whose names Node's loader does not see. */
const { onnx } = createRequire(import.meta.url)('onnx-proto') as typeof import('onnx-proto');

const FLOAT = onnx.TensorProto.DataType.FLOAT;
const INT64 = onnx.TensorProto.DataType.INT64;

export const operatorSet = 13;
export const inputName = 'features';
export const outputName = 'error';

/** A constant of the graph as little-endian bytes, so that the same numbers always give the same file. */
function floats(name: string, dims: readonly number[], values: Float64Array): Onnx.ITensorProto {
  const rawData = new Uint8Array(Float32Array.from(values).buffer);
  return { name, dims: [...dims], dataType: FLOAT, rawData };
}

function node(opType: string, input: readonly string[], output: string): Onnx.INodeProto {
  return { name: output, opType, input: [...input], output: [output] };
}

function tensor(name: string, dims: readonly Onnx.TensorShapeProto.IDimension[]): Onnx.IValueInfoProto {
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim: [...dims] } } } };
}

/** Nodes of one dense layer: Gemm, then Tanh where the layer has it. */
function denseNodes({ tanh }: Layer, index: number, input: string): Onnx.INodeProto[] {
  const linear = node('Gemm', [input, `weights-${index}`, `bias-${index}`], `linear-${index}`);
  return tanh ? [linear, node('Tanh', [`linear-${index}`], `dense-${index}`)] : [linear];
}

/**
 * An autoencoder's reconstruction error as an ONNX file: operator set 13, IR 8, input `features` [n, width], output
 * `error` [n] = Σ (x − x̂)² over the inputs that the model rebuilds.
 */
export function encodeAutoencoder(model: Autoencoder): Uint8Array {
  const width = model[0]?.inputs ?? 0;
  const nodes: Onnx.INodeProto[] = [];
  for (const [index, layer] of model.entries())
    nodes.push(...denseNodes(layer, index, nodes.at(-1)?.output?.[0] ?? inputName));
  const rebuilt = nodes.at(-1)?.output?.[0] ?? inputName;
  nodes.push(node('Slice', [inputName, 'first', 'last', 'axes'], 'judged'));
  nodes.push(node('Sub', ['judged', rebuilt], 'difference'));
  nodes.push(node('Mul', ['difference', 'difference'], 'squares'));
  nodes.push({
    ...node('ReduceSum', ['squares', 'axes'], outputName),
    attribute: [{ name: 'keepdims', type: onnx.AttributeProto.AttributeType.INT, i: 0 }],
  });
  const whole = (name: string, value: number): Onnx.ITensorProto => ({
    ...{ name, dims: [1], dataType: INT64 },
    rawData: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer),
  });
  const places = [whole('axes', 1), whole('first', 0), whole('last', model.at(-1)?.outputs ?? 0)];
  const constants = model.flatMap(({ inputs, outputs, weights, bias }, index) => [
    floats(`weights-${index}`, [inputs, outputs], weights),
    floats(`bias-${index}`, [outputs], bias),
  ]);
  const file = onnx.ModelProto.fromObject({
    irVersion: 8,
    producerName: 'lifeline',
    opsetImport: [{ domain: '', version: operatorSet }],
    graph: {
      name: 'district',
      node: nodes,
      initializer: [...constants, ...places],
      input: [tensor(inputName, [{ dimParam: 'n' }, { dimValue: width }])],
      output: [tensor(outputName, [{ dimParam: 'n' }])],
    },
  });
  return onnx.ModelProto.encode(file).finish();
}
