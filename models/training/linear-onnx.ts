import { DAY_BINS, type LinearModel } from './linear-model.ts';
import { encodeGraph, floats, node, tensor, whole } from './onnx-graph.ts';

export const linearNames = {
  input: 'values',
  score: 'score',
  t2: 't2',
  spe: 'spe',
  contributions: 'contributions',
} as const;

/**
 * A linear model as an ONNX file: input [n, width + 2] in the units of the roles, then local hour and free day; outputs
 * `score`, `t2`, `spe` [n] and `contributions` [n, roles]. Daily course, normalisation and statistics are in the graph.
 */
export function encodeLinearModel(model: LinearModel): Uint8Array {
  const { roles, components, origin, loadings } = model;
  const width = origin.length;
  const { input, score, t2, spe, contributions } = linearNames;
  const slice = (output: string, from: string, to: string) => node('Slice', [input, from, to, 'columns'], output);
  const nodes = [
    slice('readings', 'first', 'width'),
    slice('hour', 'width', 'hour-end'),
    slice('free-day', 'hour-end', 'all'),
    node('Sub', ['readings', 'origin'], 'departures'),
    node('Sub', ['hour', 'middles'], 'ahead'),
    node('Abs', ['ahead'], 'distance'),
    node('Sub', ['day', 'distance'], 'distance-round'),
    node('Min', ['distance', 'distance-round'], 'nearest'),
    node('Sub', ['one', 'nearest'], 'closeness'),
    node('Relu', ['closeness'], 'hats'),
    node('Mul', ['hats', 'free-day'], 'free-hats'),
    node('Sub', ['hats', 'free-hats'], 'working-hats'),
    node('Concat', ['working-hats', 'free-hats'], 'weights', { axis: 1 }),
    node('MatMul', ['weights', 'course'], 'expected'),
    node('Sub', ['departures', 'expected'], 'residuals'),
    node('Mul', ['residuals', 'inverse-scale'], 'standardised'),
    node('MatMul', ['standardised', 'loadings'], 'along'),
    node('Mul', ['along', 'along'], 'along-squares'),
    node('Mul', ['along-squares', 'inverse-variances'], 'along-shares'),
    node('ReduceSum', ['along-shares', 'columns'], t2, { keepdims: 0 }),
    node('MatMul', ['along', 'loadings-transposed'], 'rebuilt'),
    node('Sub', ['standardised', 'rebuilt'], 'errors'),
    node('Mul', ['errors', 'inverse-deviations'], 'standardised-errors'),
    node('Mul', ['standardised-errors', 'standardised-errors'], 'squares'),
    node('MatMul', ['squares', 'by-role'], contributions),
    node('ReduceSum', ['squares', 'columns'], 'energy', { keepdims: 0 }),
    node('Mul', ['energy', 'inverse-width'], spe),
    node('Mul', [spe, 'inverse-spe'], score),
  ];
  const byRole = Float64Array.from({ length: width * roles }, (_, at) =>
    Math.floor(at / roles) % roles === at % roles ? 1 : 0,
  );
  const transposed = Float64Array.from(
    { length: width * components },
    (_, at) => loadings[(at % width) * components + Math.floor(at / width)] as number,
  );
  const constants = [
    ...[whole('columns', 1), whole('first', 0), whole('width', width), whole('hour-end', width + 1)],
    ...[whole('all', width + 2), floats('one', [1], [1]), floats('day', [1], [DAY_BINS])],
    floats(
      'middles',
      [DAY_BINS],
      Float64Array.from({ length: DAY_BINS }, (_, bin) => bin + 0.5),
    ),
    floats('origin', [width], origin),
    floats('course', [2 * DAY_BINS, width], model.course),
    floats('inverse-scale', [width], model.inverseScale),
    floats('loadings', [width, components], loadings),
    floats('loadings-transposed', [components, width], transposed),
    floats('inverse-variances', [components], model.inverseVariances),
    floats('inverse-deviations', [width], model.inverseDeviations),
    floats('by-role', [width, roles], byRole),
    floats('inverse-width', [1], [1 / width]),
    floats('inverse-spe', [1], [model.inverseSpe]),
  ];
  return encodeGraph({
    name: 'linear',
    node: nodes,
    initializer: constants,
    input: [tensor(input, ['n', width + 2])],
    output: [...[score, t2, spe].map((name) => tensor(name, ['n'])), tensor(contributions, ['n', roles])],
  });
}
