import { inputParts, standardising } from './course-onnx.ts';
import type { KindModel } from './kind-model.ts';
import { linearNames } from './linear-onnx.ts';
import { denseLayers } from './onnx.ts';
import { encodeGraph, floats, joined, node, tensor } from './onnx-graph.ts';

/**
 * The autoencoder of a kind for one of its assets as an ONNX file: input [n, roles + 2] in the units of the roles, then local
 * hour and free day; outputs `score`, `spe` [n] and `contributions` [n, roles]. Daily course and normalisation are in it.
 */
export function encodeKindModel(model: KindModel): Uint8Array {
  const { places, network } = model;
  const roles = places.length;
  const width = network[0]?.inputs ?? 0;
  const { input, score, spe, contributions } = linearNames;
  const placing = new Float64Array(roles * width);
  for (const [role, place] of places.entries()) placing[role * width + place] = 1;
  const taking = Float64Array.from(
    { length: roles * width },
    (_, at) => placing[(at % roles) * width + Math.floor(at / roles)] as number,
  );
  const layers = denseLayers(network, 'placed');
  const { nodes, constants } = joined([
    inputParts(input, roles, 0),
    standardising('', model),
    {
      nodes: [node('MatMul', ['standardised', 'placing'], 'placed')],
      constants: [floats('placing', [roles, width], placing), floats('taking', [width, roles], taking)],
    },
    layers,
    {
      nodes: [
        node('MatMul', [layers.output, 'taking'], 'rebuilt'),
        node('Sub', ['standardised', 'rebuilt'], 'errors'),
        node('Mul', ['errors', 'inverse-deviations'], 'standardised-errors'),
        node('Mul', ['standardised-errors', 'standardised-errors'], contributions),
        node('MatMul', [contributions, 'mean'], spe),
        node('Mul', [spe, 'inverse-spe'], score),
      ],
      constants: [
        floats('inverse-deviations', [roles], model.inverseDeviations),
        floats('mean', [roles], new Float64Array(roles).fill(1 / roles)),
        floats('inverse-spe', [1], [model.inverseSpe]),
      ],
    },
  ]);
  return encodeGraph({
    name: 'autoencoder',
    node: [...nodes],
    initializer: [...constants],
    input: [tensor(input, ['n', roles + 2])],
    output: [tensor(score, ['n']), tensor(spe, ['n']), tensor(contributions, ['n', roles])],
  });
}
