import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NetworkInput, networkSchema } from '../../simulator/network/format.ts';
import { type Solution, solveNetwork } from '../../simulator/network/solution.ts';
import { gasNetwork, waterNetwork } from './random-network.ts';

const solved = (input: NetworkInput): Solution => solveNetwork(networkSchema.parse(input));

/** What leaves each node beyond what comes in, kg/s, and the largest flow. */
function imbalance(input: NetworkInput, solution: Solution) {
  const left = new Map(input.nodes.map(({ id }) => [id, 0]));
  const move = (node: string, flow: number) => left.set(node, (left.get(node) as number) + flow);
  const links = [...(input.pipes ?? []), ...(input.valves ?? [])];
  const results = new Map([...solution.pipes, ...solution.valves].map(({ id, massFlowKgS }) => [id, massFlowKgS]));
  let largest = 0;
  for (const { id, from, to } of links) {
    const flow = results.get(id) as number;
    largest = Math.max(largest, Math.abs(flow));
    move(from, flow);
    move(to, -flow);
  }
  for (const { node, massFlowKgS } of input.flows ?? []) move(node, massFlowKgS);
  for (const { node, massFlowKgS } of solution.fixed) move(node, -massFlowKgS);
  return { worst: Math.max(...[...left.values()].map(Math.abs)), largest };
}

const air = (heightM: number) => 101_325 * (1 - (0.0065 * heightM) / 288.15) ** 5.255;

describe('balances', () => {
  it.each([
    ['water', waterNetwork],
    ['gas', gasNetwork],
  ] as const)('keep mass at every node of any %s network', (_, networks) => {
    fc.assert(
      fc.property(networks, (input) => {
        const { worst, largest } = imbalance(input, solved(input));
        expect(worst).toBeLessThan(1e-7 * largest + 1e-9);
      }),
      { numRuns: 150 },
    );
  });

  it('bring water along every pipe what Darcy and Weisbach ask for, the heights and the air included', () => {
    fc.assert(
      fc.property(waterNetwork, (input) => {
        const solution = solved(input);
        const at = new Map(solution.nodes.map(({ id, pressureBar }) => [id, pressureBar as number]));
        const height = new Map(input.nodes.map(({ id, heightM }) => [id, heightM as number]));
        input.pipes?.forEach((pipe, index) => {
          const { velocityMS, frictionFactor } = solution.pipes[index] as Solution['pipes'][number];
          const speed = velocityMS as number;
          const total = (id: string) =>
            (at.get(id) as number) * 1e5 + air(height.get(id) as number) + 998.2 * 9.81 * (height.get(id) as number);
          const drop = total(pipe.from) - total(pipe.to);
          const lengths = ((frictionFactor ?? 0) * pipe.lengthM) / pipe.diameterM + (pipe.lossCoefficient as number);
          expect(Math.abs(drop - (lengths * 998.2 * speed * Math.abs(speed)) / 2)).toBeLessThan(
            1 + 1e-5 * Math.abs(drop),
          );
        });
      }),
      { numRuns: 1500 },
    );
  });
});
