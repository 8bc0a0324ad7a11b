import { inputParts, standardising } from './course-onnx.ts';
import type { LinearModel } from './linear-model.ts';
import type { ModalModel } from './modal-model.ts';
import { encodeGraph, floats, type GraphPart, joined, node, tensor, wholes } from './onnx-graph.ts';

export const linearNames = {
  input: 'values',
  score: 'score',
  t2: 't2',
  spe: 'spe',
  contributions: 'contributions',
} as const;
const { input, ...outputs } = linearNames;
const vectors = [outputs.score, outputs.t2, outputs.spe];

/**
 * A linear model as an ONNX file: input [n, width + 2 + states] in the units of the roles, then local hour, free day, and
 * the states that tell modes; outputs `score`, `t2`, `spe` [n] and `contributions` [n, roles]. Daily course, normalisation,
 * statistics and the choice of the mode are in the graph; in a mode never seen all outputs are 0.
 */
export function encodeModalModel({ modes, parts }: ModalModel, states: number): Uint8Array {
  const [first] = parts as readonly [LinearModel];
  const width = first.origin.length;
  const { nodes, constants } = joined([
    inputParts(input, width, states),
    ...(modes
      ? [...parts.map((part, mode) => statistics(part, `mode-${mode}-`)), gates(modes, states), chosen(parts.length)]
      : [statistics(first, '')]),
  ]);
  return encodeGraph({
    name: 'linear',
    node: [...nodes],
    initializer: [...constants],
    input: [tensor(input, ['n', width + 2 + states])],
    output: [...vectors.map((name) => tensor(name, ['n'])), tensor(outputs.contributions, ['n', first.roles])],
  });
}

/** `<prefix>score`, `t2`, `spe` [n] (of a mode, which has a prefix: [n, 1]) and `contributions` [n, roles] of one linear model. */
function statistics(model: LinearModel, prefix: string): GraphPart {
  const { roles, components, loadings } = model;
  const width = model.origin.length;
  const at = (name: string) => `${prefix}${name}`;
  const sumOver = (length: number) => (prefix === '' ? [length] : [length, 1]);
  const byRole = Float64Array.from({ length: width * roles }, (_, place) =>
    Math.floor(place / roles) % roles === place % roles ? 1 : 0,
  );
  const transposed = Float64Array.from(
    { length: width * components },
    (_, place) => loadings[(place % width) * components + Math.floor(place / width)] as number,
  );
  const nodes = [
    node('MatMul', [at('standardised'), at('loadings')], at('along')),
    node('Mul', [at('along'), at('along')], at('along-squares')),
    node('MatMul', [at('along-squares'), at('inverse-variances')], at('t2')),
    node('MatMul', [at('along'), at('loadings-transposed')], at('rebuilt')),
    node('Sub', [at('standardised'), at('rebuilt')], at('errors')),
    node('Mul', [at('errors'), at('inverse-deviations')], at('standardised-errors')),
    node('Mul', [at('standardised-errors'), at('standardised-errors')], at('squares')),
    node('MatMul', [at('squares'), at('by-role')], at('contributions')),
    node('MatMul', [at('squares'), at('mean')], at('spe')),
    node('Mul', [at('spe'), at('inverse-spe')], at('score')),
  ];
  const constants = [
    floats(at('loadings'), [width, components], loadings),
    floats(at('loadings-transposed'), [components, width], transposed),
    floats(at('inverse-variances'), sumOver(components), model.inverseVariances),
    floats(at('inverse-deviations'), [width], model.inverseDeviations),
    floats(at('by-role'), [width, roles], byRole),
    floats(at('mean'), sumOver(width), new Float64Array(width).fill(1 / width)),
    floats(at('inverse-spe'), [1], [model.inverseSpe]),
  ];
  return joined([standardising(prefix, model), { nodes, constants }]);
}

/** `mode-<m>-gate` [n, 1]: 1 where the states are those of the mode, else 0; states are whole numbers. */
function gates({ by, known }: NonNullable<ModalModel['modes']>, states: number): GraphPart {
  const keys = by === 'combination' ? states : 1;
  const toKey = Float64Array.from({ length: states * keys }, (_, place) =>
    keys === 1 || Math.floor(place / keys) === place % keys ? 1 : 0,
  );
  const modeGates = known.map((key, mode): GraphPart => {
    const at = (name: string) => `mode-${mode}-${name}`;
    return {
      nodes: [
        node('Sub', ['key', at('key')], at('apart')),
        node('Abs', [at('apart')], at('distances')),
        node('ReduceSum', [at('distances'), 'columns'], at('distance'), { keepdims: 1 }),
        node('Sub', ['one', at('distance')], at('nearness')),
        node('Relu', [at('nearness')], at('gate')),
      ],
      constants: [floats(at('key'), [keys], key)],
    };
  });
  const key = {
    nodes: [node('MatMul', ['states', 'to-key'], 'key')],
    constants: [floats('to-key', [states, keys], toKey), wholes('columns', 1)],
  };
  return joined([key, ...modeGates]);
}

/** What the mode's part says, of every output. */
function chosen(modes: number): GraphPart {
  const nodes = [...vectors, outputs.contributions].flatMap((name) => {
    const said = Array.from({ length: modes }, (_, mode) => `mode-${mode}-said-${name}`);
    const isVector = name !== outputs.contributions;
    return [
      ...said.map((own, mode) => node('Mul', [`mode-${mode}-${name}`, `mode-${mode}-gate`], own)),
      node('Sum', said, isVector ? `${name}-column` : name),
      ...(isVector ? [node('ReduceSum', [`${name}-column`, 'columns'], name, { keepdims: 0 })] : []),
    ];
  });
  return { nodes, constants: [] };
}
