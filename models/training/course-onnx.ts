import { DAY_BINS, type Standards } from './linear-model.ts';
import { floats, type GraphPart, node, whole } from './onnx-graph.ts';

/**
 * Takes an input [n, width + 2 + states] apart: `readings` [n, width], `weights` [n, 2 · DAY_BINS] of the bins of the daily
 * course, `states` [n, states] where there are some.
 */
export function inputParts(input: string, width: number, states: number): GraphPart {
  const slice = (output: string, from: string, to: string) => node('Slice', [input, from, to, 'columns'], output);
  return {
    nodes: [
      slice('readings', 'first', 'width'),
      slice('hour', 'width', 'hour-end'),
      slice('free-day', 'hour-end', 'calendar-end'),
      ...(states > 0 ? [slice('states', 'calendar-end', 'all')] : []),
      node('Sub', ['hour', 'middles'], 'ahead'),
      node('Abs', ['ahead'], 'distance'),
      node('Sub', ['day', 'distance'], 'distance-round'),
      node('Min', ['distance', 'distance-round'], 'nearest'),
      node('Sub', ['one', 'nearest'], 'closeness'),
      node('Relu', ['closeness'], 'hats'),
      node('Mul', ['hats', 'free-day'], 'free-hats'),
      node('Sub', ['hats', 'free-hats'], 'working-hats'),
      node('Concat', ['working-hats', 'free-hats'], 'weights', { axis: 1 }),
    ],
    constants: [
      ...[whole('columns', 1), whole('first', 0), whole('width', width), whole('hour-end', width + 1)],
      ...[whole('calendar-end', width + 2), ...(states > 0 ? [whole('all', width + 2 + states)] : [])],
      ...[floats('one', [1], [1]), floats('day', [1], [DAY_BINS])],
      floats(
        'middles',
        [DAY_BINS],
        Float64Array.from({ length: DAY_BINS }, (_, bin) => bin + 0.5),
      ),
    ],
  };
}

/** Readings without their course, in standard deviations: `<prefix>standardised` [n, width]. */
export function standardising(prefix: string, { origin, course, inverseScale }: Standards): GraphPart {
  const width = origin.length;
  const at = (name: string) => `${prefix}${name}`;
  return {
    nodes: [
      node('Sub', ['readings', at('origin')], at('departures')),
      node('MatMul', ['weights', at('course')], at('expected')),
      node('Sub', [at('departures'), at('expected')], at('residuals')),
      node('Mul', [at('residuals'), at('inverse-scale')], at('standardised')),
    ],
    constants: [
      floats(at('origin'), [width], origin),
      floats(at('course'), [2 * DAY_BINS, width], course),
      floats(at('inverse-scale'), [width], inverseScale),
    ],
  };
}
