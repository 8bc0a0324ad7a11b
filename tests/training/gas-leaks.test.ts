import { describe, expect, it } from 'vitest';
import { Signatures } from '../../edge/detection/place/signature.ts';
import { cityGas } from '../../models/training/place/city-places.ts';
import { gasMatrix } from '../../models/training/place/gas-leaks.ts';
import { type NetworkInput, networkSchema } from '../../simulator/network/format.ts';
import { solveNetwork } from '../../simulator/network/solution.ts';

const gas = { kind: 'gas', densityKgM3: 0.72, viscosityPaS: 1.1e-5 } as const;
const pipe = (id: string, from: string, to: string, lengthM = 2000) => ({
  ...{ id, from, to, lengthM, diameterM: 0.2, roughnessMm: 0.1 },
});
/** A gate, a main to a fork, and a station at the end of either branch. */
const fork: NetworkInput = {
  ...{ format: 'lifeline-network/1', fluid: gas, friction: 'colebrook' },
  nodes: ['gate', 'fork', 'east', 'west'].map((id) => ({ id })),
  pipes: [pipe('main', 'gate', 'fork'), pipe('to-east', 'fork', 'east'), pipe('to-west', 'fork', 'west', 3000)],
  fixed: [{ node: 'gate', pressureBar: 3.5 }],
  flows: ['east', 'west'].map((node) => ({ node, massFlowKgS: 0.3 })),
};
const gauges = [
  { asset: 'gate', role: 'flow', into: 1, links: [{ id: 'gate', sign: 1 }] },
  { asset: 'east', role: 'inlet-pressure', node: 'east' },
  { asset: 'west', role: 'inlet-pressure', node: 'west' },
] as const;
const matrixOfFork = () =>
  gasMatrix({ name: 'fork', network: networkSchema.parse(fork), gauges, locationOf: () => undefined });

/** What the two stations have when so much is taken from the middle of the eastern branch, bar gauge. */
function solved(leakKgS: number) {
  const [main, , west] = fork.pipes as ReturnType<typeof pipe>[];
  const halves = [pipe('a', 'fork', 'hole', 1000), pipe('b', 'hole', 'east', 1000)];
  const network = networkSchema.parse({
    ...fork,
    nodes: [...fork.nodes, { id: 'hole' }],
    pipes: [main, west, ...halves],
    flows: [...(fork.flows ?? []), { node: 'hole', massFlowKgS: leakKgS }],
  });
  const { nodes } = solveNetwork(network);
  return new Map(nodes.map(({ id, pressureBar }) => [id, pressureBar ?? Number.NaN]));
}

describe('the sensitivity matrix of a gas network', () => {
  it('is what two solutions with and without the leak differ by, the leak going with the pressure that it leaves', () => {
    const matrix = matrixOfFork();
    const signatures = new Signatures(matrix);
    const sound = solved(0);
    const branch = matrix.candidates.findIndex(({ id }) => id === 'to-east');
    for (const [leak, nominalLs] of matrix.leaksLs.entries()) {
      const row = signatures.row(branch, leak, 1);
      const [flowLs = 0, eastKpa = 0, westKpa = 0] = [0, 1, 2].map((sensor) => signatures.at(row, sensor));
      const leaking = solved((flowLs * gas.densityKgM3) / 1000);
      for (const [id, kpa] of [
        ['east', eastKpa],
        ['west', westKpa],
      ] as const)
        expect(Math.abs(((leaking.get(id) ?? 0) - (sound.get(id) ?? 0)) * 100 - kpa)).toBeLessThan(0.1);
      expect(flowLs / nominalLs).toBeCloseTo(((leaking.get('hole') ?? 0) + 1.01325) / (3.5 + 1.01325), 2);
    }
  });

  it('has every pipe as a candidate, by its length, and all of them behind the gate', () => {
    expect(matrixOfFork().candidates).toEqual([
      { id: 'main', location: null, lengthM: 2000, asset: 'gate' },
      { id: 'to-east', location: null, lengthM: 2000, asset: 'gate' },
      { id: 'to-west', location: null, lengthM: 3000, asset: 'gate' },
    ]);
  });

  it('tells every section of the city apart by the largest leak', () => {
    const matrix = gasMatrix(cityGas());
    const signatures = new Signatures(matrix);
    expect(matrix.candidates).toHaveLength(16);
    const rows = matrix.candidates.map((_, candidate) => {
      const row = signatures.row(candidate, matrix.leaksLs.length - 1, 1);
      return matrix.sensors.map((_sensor, sensor) => signatures.at(row, sensor));
    });
    for (const [one, row] of rows.entries())
      for (const other of rows.slice(one + 1))
        expect(Math.max(...row.map((kpa, sensor) => Math.abs(kpa - (other[sensor] ?? 0))))).toBeGreaterThan(0.5);
  });

  it('refuses a gauge at a node or link that the network does not have', () => {
    const network = networkSchema.parse(fork);
    const lost = (gauge: Parameters<typeof gasMatrix>[0]['gauges'][number]) => () =>
      gasMatrix({ name: 'fork', network, gauges: [gauge], locationOf: () => undefined });
    expect(lost({ asset: 'a', role: 'p', node: 'south' })).toThrow('no "south" in the network');
    expect(lost({ asset: 'a', role: 'q', into: 1, links: [{ id: 'x', sign: 1 }] })).toThrow('no "x" in the network');
  });
});
