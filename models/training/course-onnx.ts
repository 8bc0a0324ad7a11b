import { DAY_BINS, type Standards } from './linear-model.ts';
import { floats, type GraphPart, node, wholes } from './onnx-graph.ts';

/** Bins of a day and, so that nothing need go round midnight, the last before it and the first after it. */
const boundedBins = DAY_BINS + 2;

/**
 * Takes an input [n, width + 2 + states] apart: `readings` [n, width], `weights` [n, 2 · boundedBins] of the bins of the
 * daily course, `states` [n, states] where there are some.
 */
export function inputParts(input: string, width: number, states: number): GraphPart {
  const parts = { readings: width, hour: 1, 'free-day': 1, ...(states > 0 ? { states } : {}) };
  return {
    nodes: [
      node('Split', [input, 'parts'], Object.keys(parts), { axis: 1 }),
      node('Sub', ['hour', 'middles'], 'ahead'),
      node('Abs', ['ahead'], 'distance'),
      node('Sub', ['one', 'distance'], 'closeness'),
      node('Relu', ['closeness'], 'hats'),
      node('Mul', ['hats', 'free-day'], 'free-hats'),
      node('Sub', ['hats', 'free-hats'], 'working-hats'),
      node('Concat', ['working-hats', 'free-hats'], 'weights', { axis: 1 }),
    ],
    constants: [
      ...[wholes('parts', ...Object.values(parts)), floats('one', [1], [1])],
      floats(
        'middles',
        [boundedBins],
        Float64Array.from({ length: boundedBins }, (_, bin) => bin - 0.5),
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
      floats(at('course'), [2 * boundedBins, width], bounded(course, width)),
      floats(at('inverse-scale'), [width], inverseScale),
    ],
  };
}

/** The course [2 · DAY_BINS, width] with the bins that bound each of its two days. */
function bounded(course: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: 2 * boundedBins * width }, (_, place) => {
    const bin = Math.floor(place / width);
    const day = Math.floor(bin / boundedBins);
    const hour = ((bin % boundedBins) - 1 + DAY_BINS) % DAY_BINS;
    return course[(day * DAY_BINS + hour) * width + (place % width)] as number;
  });
}
