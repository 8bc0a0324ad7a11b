import { createRequire } from 'node:module';
import type { onnx as Onnx } from 'onnx-proto';

/** The package is CommonJS whose names Node's loader does not see. */
const { onnx } = createRequire(import.meta.url)('onnx-proto') as typeof import('onnx-proto');

const FLOAT = onnx.TensorProto.DataType.FLOAT;
const INT64 = onnx.TensorProto.DataType.INT64;

export const operatorSet = 13;

/** Nodes and constants of a part of a graph. */
export interface GraphPart {
  readonly nodes: readonly Onnx.INodeProto[];
  readonly constants: readonly Onnx.ITensorProto[];
}

export const joined = (parts: readonly GraphPart[]): GraphPart => ({
  nodes: parts.flatMap(({ nodes }) => nodes),
  constants: parts.flatMap(({ constants }) => constants),
});

/** A constant of the graph as little-endian bytes, so that the same numbers always give the same file. */
export function floats(name: string, dims: readonly number[], values: ArrayLike<number>): Onnx.ITensorProto {
  const rawData = new Uint8Array(Float32Array.from(values).buffer);
  return { name, dims: [...dims], dataType: FLOAT, rawData };
}

/** A constant of whole numbers. */
export function wholes(name: string, ...values: readonly number[]): Onnx.ITensorProto {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims: [values.length], dataType: INT64, rawData };
}

/** A node with an output, which gives it its name, or several. */
export function node(
  opType: string,
  input: readonly string[],
  output: string | readonly string[],
  attributes: Readonly<Record<string, number>> = {},
): Onnx.INodeProto {
  const outputs = [output].flat();
  const plain: Onnx.INodeProto = { name: outputs.join('+'), opType, input: [...input], output: outputs };
  const entries = Object.entries(attributes);
  if (entries.length === 0) return plain;
  const type = onnx.AttributeProto.AttributeType.INT;
  return { ...plain, attribute: entries.map(([name, i]) => ({ name, type, i })) };
}

/** Input or output of floats; a dimension by name is the dynamic one. */
export function tensor(name: string, dims: readonly (number | string)[]): Onnx.IValueInfoProto {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}

/** A file of operator set 13, IR 8. */
export function encodeGraph(graph: Onnx.IGraphProto): Uint8Array {
  const file = onnx.ModelProto.fromObject({
    irVersion: 8,
    producerName: 'lifeline',
    opsetImport: [{ domain: '', version: operatorSet }],
    graph,
  });
  return onnx.ModelProto.encode(file).finish();
}
