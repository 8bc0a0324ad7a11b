import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkInput } from '../../simulator/network/format.ts';
import { gasNetwork } from './random-network.ts';
import { pressures, solved } from './small-network.ts';

/** What leaves each node beyond what comes in, and the largest flow, when every pipe carries what its ends drive, kg/s. */
function balances({ nodes, pipes, flows }: NetworkInput, pressure: readonly number[]) {
  const left = nodes.map(() => 0);
  let largest = 0;
  const at = (id: string) => Number(id.slice(1));
  for (const { node, massFlowKgS } of flows ?? []) left[at(node)]! += massFlowKgS;
  for (const pipe of pipes ?? []) {
    const [from, to] = [at(pipe.from), at(pipe.to)];
    const flow = flowOf(pipe, pressure[from]!, pressure[to]!, nodes[from]!.heightM! - nodes[to]!.heightM!);
    left[from]! += flow;
    left[to]! -= flow;
    largest = Math.max(largest, Math.abs(flow));
  }
  return { left, largest };
}

/** Mass flow in kg/s of a pipe of the network's gas at 283.15 K under Nikuradse's law, by bisection. */
function flowOf(pipe: NonNullable<NetworkInput['pipes']>[number], p1: number, p2: number, descentM: number): number {
  const { lengthM, diameterM, roughnessMm, lossCoefficient = 0 } = pipe;
  const area = (Math.PI * diameterM ** 2) / 4;
  const mean = p1 === p2 ? p1 : ((2 / 3) * (p1 ** 3 - p2 ** 3)) / (p1 ** 2 - p2 ** 2);
  const z = 1 - (0.0022 * mean) / 1e5;
  const density = (0.84 * mean * 273.15) / (101_325 * 283.15 * z);
  const drive = p1 - p2 + density * 9.81 * descentM;
  const rough = (2 * Math.log10(roughnessMm / 1000 / diameterM / 3.71)) ** -2;
  const perSquare = (101_325 / (273.15 * 0.84 * area ** 2)) * z * (283.15 / (p1 + p2));
  const loss = (m: number) => {
    const factor = rough + (64 * area * 1.193e-5) / (m * diameterM);
    return perSquare * ((factor * lengthM) / diameterM + lossCoefficient) * m ** 2;
  };
  let [low, high] = [1e-12, 1e4];
  for (let round = 0; round < 200 && high / low > 1 + 1e-15; round++) {
    const middle = Math.sqrt(low * high);
    if (loss(middle) > Math.abs(drive)) high = middle;
    else low = middle;
  }
  return Math.sign(drive) * low;
}

describe('pressures of the sparse solver', () => {
  it('drive flows that balance at every node, each pipe worked out on its own by bisection', () => {
    fc.assert(
      fc.property(gasNetwork, (drawn) => {
        const network: NetworkInput = { ...drawn, friction: 'nikuradse', valves: [] };
        const found = pressures(solved(network));
        const absolute = network.nodes.map(({ id, heightM = 0 }) => {
          const air = 101_325 * (1 - (0.0065 * heightM) / 288.15) ** 5.255;
          return (found[id] as number) * 1e5 + air;
        });
        const { left, largest } = balances(network, absolute);
        network.nodes.forEach(({ id }, index) => {
          if (network.fixed.some(({ node }) => node === id)) return;
          expect(Math.abs(left[index]!)).toBeLessThan(1e-5 * largest + 1e-6);
        });
      }),
      { numRuns: 100 },
    );
  });
});
