import type { onnx as Onnx } from 'onnx-proto';
import type { Autoencoder, Layer } from './autoencoder.ts';
import { encodeGraph, floats, node, tensor, whole } from './onnx-graph.ts';

export const inputName = 'features';
export const outputName = 'error';

/** Nodes of one dense layer: Gemm, then Tanh where the layer has it. */
function denseNodes({ tanh }: Layer, index: number, input: string): Onnx.INodeProto[] {
  const linear = node('Gemm', [input, `weights-${index}`, `bias-${index}`], `linear-${index}`);
  return tanh ? [linear, node('Tanh', [`linear-${index}`], `dense-${index}`)] : [linear];
}

/**
 * An autoencoder's reconstruction error as an ONNX file: input `features` [n, width], output `error` [n] = Σ (x − x̂)²
 * over the inputs that the model rebuilds.
 */
export function encodeAutoencoder(model: Autoencoder): Uint8Array {
  const width = model[0]?.inputs ?? 0;
  const nodes: Onnx.INodeProto[] = [];
  for (const [index, layer] of model.entries())
    nodes.push(...denseNodes(layer, index, nodes.at(-1)?.output?.[0] ?? inputName));
  const rebuilt = nodes.at(-1)?.output?.[0] ?? inputName;
  nodes.push(
    node('Slice', [inputName, 'first', 'last', 'axes'], 'judged'),
    node('Sub', ['judged', rebuilt], 'difference'),
    node('Mul', ['difference', 'difference'], 'squares'),
    node('ReduceSum', ['squares', 'axes'], outputName, { keepdims: 0 }),
  );
  const constants = model.flatMap(({ inputs, outputs, weights, bias }, index) => [
    floats(`weights-${index}`, [inputs, outputs], weights),
    floats(`bias-${index}`, [outputs], bias),
  ]);
  return encodeGraph({
    name: 'district',
    node: nodes,
    initializer: [...constants, whole('axes', 1), whole('first', 0), whole('last', model.at(-1)?.outputs ?? 0)],
    input: [tensor(inputName, ['n', width])],
    output: [tensor(outputName, ['n'])],
  });
}
