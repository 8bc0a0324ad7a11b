import { type NetworkInput, networkSchema } from '../../simulator/network/format.ts';
import { NetworkModel } from '../../simulator/network/model.ts';
import { SteadyStateSolver } from '../../simulator/network/steady-state.ts';
import { ThermalNetwork } from '../../simulator/network/thermal.ts';
import { atMost, type BenchRow } from './row.ts';

const fluids = {
  water: { kind: 'liquid', densityKgM3: 983, viscosityPaS: 4.7e-4, heatCapacityJKgK: 4185 },
  gas: {
    kind: 'gas',
    densityKgM3: 0.84,
    viscosityPaS: 1.193e-5,
    compressibility: { offset: 1, slopePerBar: -0.0022 },
  },
} as const;

/** Side of the grid of streets, and the milliseconds allowed without and with heat. */
const sizes = [
  { side: 5, allowedMs: 0.5, withHeatMs: 0.8 },
  { side: 23, allowedMs: 5, withHeatMs: 8 },
  { side: 50, allowedMs: 30, withHeatMs: 45 },
] as const;
const solutions = 40;

/**
 * Steady states of meshed networks, one pipe in every street of a square grid, a demand at every corner. The topology is
 * prepared once; every solution starts from scratch with other demands, and the median counts.
 */
export async function benchSolve(): Promise<BenchRow[]> {
  return sizes.flatMap(({ side, allowedMs, withHeatMs }) => {
    const pipes = 2 * side * (side - 1);
    return [
      atMost(`solve water, ${pipes} pipes`, 'ms', medianMs(streets('water', side), false), allowedMs),
      atMost(`solve water with heat, ${pipes} pipes`, 'ms', medianMs(streets('water', side), true), withHeatMs),
      atMost(`solve gas, ${pipes} pipes`, 'ms', medianMs(streets('gas', side), false), allowedMs),
    ];
  });
}

function medianMs(network: NetworkInput, heat: boolean): number {
  const model = new NetworkModel(networkSchema.parse(network));
  const solver = new SteadyStateSolver(model);
  const thermal = heat ? new ThermalNetwork(model) : undefined;
  const demandKgS = model.flowKgS.slice();
  const spent = Array.from({ length: solutions }, (_, round) => {
    demandKgS.forEach((demand, index) => {
      model.flowKgS[index] = demand * (0.6 + 0.4 * Math.sin(round + index));
    });
    const began = performance.now();
    const steady = solver.solve();
    thermal?.solve(steady);
    return performance.now() - began;
  });
  return spent.sort((a, b) => a - b)[solutions / 2] as number;
}

function streets(fluid: keyof typeof fluids, side: number): NetworkInput {
  const corner = (x: number, y: number) => `${x}.${y}`;
  const corners = Array.from({ length: side ** 2 }, (_, index) => [index % side, Math.floor(index / side)] as const);
  const pipe = (from: string, to: string, trunk: boolean) => ({
    ...{ id: `${from}-${to}`, from, to, lengthM: 120, roughnessMm: 0.1 },
    ...{ diameterM: trunk ? 0.5 : 0.2, heatTransferWM2K: 1, ambientK: 278.15, sections: 3 },
  });
  const demandKgS = fluid === 'gas' ? 0.002 : 0.15;
  return {
    ...{ format: 'lifeline-network/1', fluid: fluids[fluid], friction: 'colebrook', thermal: fluid === 'water' },
    nodes: corners.map(([x, y]) => ({ id: corner(x, y), heightM: (x * 7 + y * 3) % 11 })),
    pipes: corners.flatMap(([x, y]) => [
      ...(x + 1 < side ? [pipe(corner(x, y), corner(x + 1, y), y % 10 === 0)] : []),
      ...(y + 1 < side ? [pipe(corner(x, y), corner(x, y + 1), x % 10 === 0)] : []),
    ]),
    fixed: [{ node: corner(0, 0), pressureBar: 4, temperatureK: 343.15 }],
    flows: corners.map(([x, y]) => ({ node: corner(x, y), massFlowKgS: demandKgS })),
  };
}
