import fc from 'fast-check';
import type { NetworkInput } from '../../simulator/network/format.ts';

export const water = { kind: 'liquid', densityKgM3: 998.2, viscosityPaS: 1.0e-3, heatCapacityJKgK: 4185 } as const;
export const naturalGas = {
  kind: 'gas',
  densityKgM3: 0.84,
  viscosityPaS: 1.193e-5,
  heatCapacityJKgK: 2160,
  compressibility: { offset: 1, slopePerBar: -0.0022 },
} as const;

const friction = fc.constantFrom('nikuradse', 'colebrook', 'swamee-jain');
const double = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** Evenly over the decades. */
const decades = (min: number, max: number) => double(Math.log10(min), Math.log10(max)).map((x) => 10 ** x);

interface Scale {
  readonly fluid: NetworkInput['fluid'];
  readonly feedBar: readonly [number, number];
  readonly flowKgS: readonly [number, number];
  readonly heightM: number;
}

const pipeFigures = fc.record({
  lengthM: decades(5, 1500),
  diameterM: fc.constantFrom(0.1, 0.15, 0.25, 0.4),
  roughnessMm: decades(0.01, 1),
  lossCoefficient: fc.constantFrom(0, 0, 2, 30),
});

/** A connected network: every node hangs on an earlier one, and further pipes and valves close loops. */
function network({ fluid, feedBar, flowKgS, heightM }: Scale): fc.Arbitrary<NetworkInput> {
  return fc.integer({ min: 2, max: 25 }).chain((size) => {
    const node = fc.nat(size - 1);
    const parents = fc.tuple(...Array.from({ length: size - 1 }, (_, index) => fc.nat(index)));
    const pipes = fc.array(pipeFigures, { minLength: size - 1, maxLength: size - 1 });
    const extra = fc.array(fc.tuple(node, node, pipeFigures), { maxLength: 12 });
    const valves = fc.array(fc.tuple(node, node, fc.constantFrom(0, 5), fc.boolean()), { maxLength: 3 });
    const heights = fc.array(double(-heightM, heightM), { minLength: size, maxLength: size });
    const flows = fc.array(fc.tuple(node, double(...flowKgS)), { maxLength: 12 });
    const fixed = fc.uniqueArray(fc.tuple(node, double(...feedBar)), {
      minLength: 1,
      maxLength: 3,
      selector: ([n]) => n,
    });
    return fc.record({ parents, pipes, extra, valves, heights, flows, fixed, friction }).map((drawn): NetworkInput => {
      const joined = drawn.pipes.map((figures, index) => [drawn.parents[index], index + 1, figures] as const);
      return {
        ...{ format: 'lifeline-network/1', fluid, friction: drawn.friction },
        nodes: drawn.heights.map((height, index) => ({ id: `n${index}`, heightM: height })),
        pipes: [...joined, ...drawn.extra]
          .filter(([from, to]) => from !== to)
          .map(([from, to, figures], index) => ({ id: `p${index}`, from: `n${from}`, to: `n${to}`, ...figures })),
        valves: drawn.valves
          .filter(([from, to]) => from !== to)
          .map(([from, to, loss, open], index) => ({
            ...{ id: `v${index}`, from: `n${from}`, to: `n${to}`, diameterM: 0.2, open },
            // A valve without losses between two fixed pressures would pass without limit.
            lossCoefficient: drawn.fixed.length > 1 ? 5 + loss : loss,
          })),
        fixed: drawn.fixed.map(([at, pressureBar]) => ({ node: `n${at}`, pressureBar })),
        flows: drawn.flows.map(([at, massFlowKgS]) => ({ node: `n${at}`, massFlowKgS })),
      };
    });
  });
}

/** Water networks with loops, several sources that press against each other, and what is fed in on the way. */
export const waterNetwork = network({ fluid: water, feedBar: [3, 6], flowKgS: [-5, 20], heightM: 30 });
/** Medium-pressure gas networks of the same kind, whose demand their pipes can carry. */
export const gasNetwork = network({ fluid: naturalGas, feedBar: [2.5, 4], flowKgS: [-0.01, 0.02], heightM: 100 });
