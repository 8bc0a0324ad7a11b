import type { onnx as Onnx } from 'onnx-proto';
import type { Autoencoder, Layer } from './autoencoder.ts';
import { encodeGraph, floats, type GraphPart, node, tensor, wholes } from './onnx-graph.ts';

export const inputName = 'features';
export const outputName = 'error';

/** Nodes of one dense layer: Gemm, then Tanh where the layer has it. */
function denseNodes({ tanh }: Layer, index: number, input: string): Onnx.INodeProto[] {
  const linear = node('Gemm', [input, `weights-${index}`, `bias-${index}`], `linear-${index}`);
  return tanh ? [linear, node('Tanh', [`linear-${index}`], `dense-${index}`)] : [linear];
}

/** The dense layers of an autoencoder over what the node `input` gives, and the name of what they give. */
export function denseLayers(model: Autoencoder, input: string): GraphPart & { readonly output: string } {
  const nodes: Onnx.INodeProto[] = [];
  const last = () => nodes.at(-1)?.output?.[0] ?? input;
  for (const [index, layer] of model.entries()) nodes.push(...denseNodes(layer, index, last()));
  const constants = model.flatMap(({ inputs, outputs, weights, bias }, index) => [
    floats(`weights-${index}`, [inputs, outputs], weights),
    floats(`bias-${index}`, [outputs], bias),
  ]);
  return { nodes, constants, output: last() };
}

/**
 * An autoencoder's reconstruction error as an ONNX file: input `features` [n, width], output `error` [n] = Σ (x − x̂)²
 * over the inputs that the model rebuilds.
 */
export function encodeAutoencoder(model: Autoencoder): Uint8Array {
  const width = model[0]?.inputs ?? 0;
  const layers = denseLayers(model, inputName);
  const nodes = [
    ...layers.nodes,
    node('Slice', [inputName, 'first', 'last', 'axes'], 'judged'),
    node('Sub', ['judged', layers.output], 'difference'),
    node('Mul', ['difference', 'difference'], 'squares'),
    node('ReduceSum', ['squares', 'axes'], outputName, { keepdims: 0 }),
  ];
  return encodeGraph({
    name: 'district',
    node: nodes,
    initializer: [
      ...layers.constants,
      wholes('axes', 1),
      wholes('first', 0),
      wholes('last', model.at(-1)?.outputs ?? 0),
    ],
    input: [tensor(inputName, ['n', width])],
    output: [tensor(outputName, ['n'])],
  });
}
