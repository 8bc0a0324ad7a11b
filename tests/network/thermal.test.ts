import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkInput } from '../../simulator/network/format.ts';
import type { Solution } from '../../simulator/network/solution.ts';
import { water, waterNetwork } from './random-network.ts';
import { nodes, pipe, refusal, solved } from './small-network.ts';

const heated = (parts: Partial<NetworkInput>): NetworkInput => ({
  ...{
    format: 'lifeline-network/1',
    fluid: water,
    friction: 'colebrook',
    thermal: true,
    nodes: nodes('a', 'b', 'c', 'd'),
  },
  fixed: [{ node: 'a', pressureBar: 4, temperatureK: 353.15 }],
  ...parts,
});
const losing = { heatTransferWM2K: 4, ambientK: 275.15 };
const kelvins = (solution: Solution) =>
  Object.fromEntries(solution.nodes.map(({ id, temperatureK }) => [id, temperatureK]));

describe('temperatures', () => {
  it('fall along a pipe section by section, worked by hand', () => {
    // r = 4 · π · 0.1 · 500/(2 · 4185) = 0.075068 for each of two sections.
    const solution = solved(
      heated({ pipes: [pipe('a', 'b', 1000, { ...losing, sections: 2 })], flows: [{ node: 'b', massFlowKgS: 2 }] }),
    );
    const first = (353.15 + 0.075068 * 275.15) / 1.075068;
    const second = (first + 0.075068 * 275.15) / 1.075068;
    expect(solution.pipes[0]?.sectionTemperaturesK).toEqual([expect.closeTo(first, 4), expect.closeTo(second, 4)]);
    expect(kelvins(solution)['b']).toBeCloseTo(second, 4);
  });

  it('come near the exponential law with many sections', () => {
    const solution = solved(
      heated({ pipes: [pipe('a', 'b', 1000, { ...losing, sections: 2000 })], flows: [{ node: 'b', massFlowKgS: 2 }] }),
    );
    const exact = 275.15 + 78 * Math.exp((-4 * Math.PI * 0.1 * 1000) / (2 * 4185));
    expect(kelvins(solution)['b']).toBeCloseTo(exact, 2);
  });

  it('are listed in flow direction where a pipe flows against its own', () => {
    const flow = [{ node: 'b', massFlowKgS: 2 }];
    const forward = solved(heated({ pipes: [pipe('a', 'b', 1000, { ...losing, sections: 3 })], flows: flow }));
    const backward = solved(heated({ pipes: [pipe('b', 'a', 1000, { ...losing, sections: 3 })], flows: flow }));
    expect(backward.pipes[0]?.massFlowKgS).toBeLessThan(0);
    expect(backward.pipes[0]?.sectionTemperaturesK).toEqual(forward.pipes[0]?.sectionTemperaturesK);
  });

  it('mix by mass, what is fed in included', () => {
    const solution = solved(
      heated({
        pipes: [pipe('a', 'b', 100), pipe('b', 'c', 100)],
        flows: [
          { node: 'b', massFlowKgS: -1, temperatureK: 300 },
          { node: 'c', massFlowKgS: 4 },
        ],
      }),
    );
    expect(kelvins(solution)['b']).toBeCloseTo((3 * 353.15 + 300) / 4, 6);
    expect(kelvins(solution)['c']).toBeCloseTo((3 * 353.15 + 300) / 4, 6);
  });

  it('of what rests are those around it', () => {
    const solution = solved(
      heated({
        pipes: [pipe('a', 'b', 100), pipe('b', 'c', 100, { ...losing, sections: 2 })],
        flows: [{ node: 'b', massFlowKgS: 1 }],
      }),
    );
    expect(solution.pipes[1]?.sectionTemperaturesK).toEqual([275.15, 275.15]);
    expect(kelvins(solution)).toMatchObject({ b: expect.closeTo(353.15, 9), c: 275.15, d: null });
  });

  it('of a closed circuit follow from its heat, and without any there are none', () => {
    const pump = {
      id: 'u',
      from: 'b',
      to: 'c',
      curve: [
        { flowM3H: 0, liftBar: 1 },
        { flowM3H: 60, liftBar: 0.2 },
      ],
    };
    const circuit = (more: object) =>
      heated({ pumps: [pump], pipes: [pipe('a', 'b', 10), pipe('c', 'd', 300, more), pipe('d', 'b', 300)] });
    expect(kelvins(solved(circuit(losing)))['d']).toBeCloseTo(275.15, 6);
    expect(refusal(circuit({}))).toBe('LL-NETWORK-TEMPERATURE');
  });

  it('keep the energy: what flows in brings what flows out takes and what the pipes lose', () => {
    fc.assert(
      fc.property(waterNetwork, fc.double({ min: 0, max: 10, noNaN: true }), (network, heatTransferWM2K) => {
        const pipes = network.pipes?.map((each) => ({ ...each, heatTransferWM2K, ambientK: 276, sections: 1 })) ?? [];
        const fixed = network.fixed.map((each, index) => ({ ...each, temperatureK: 340 + 10 * index }));
        const solution = solved({ ...network, thermal: true, pipes, fixed });
        const at = kelvins(solution);
        let balance = 0;
        let turnover = 0;
        const bring = (flow: number, kelvin: number) => {
          balance += flow * kelvin;
          turnover += Math.abs(flow * kelvin);
        };
        solution.fixed.forEach(({ node, massFlowKgS }, index) => {
          bring(massFlowKgS, massFlowKgS > 0 ? 340 + 10 * index : (at[node] as number));
        });
        for (const { node, massFlowKgS } of network.flows ?? [])
          bring(-massFlowKgS, massFlowKgS < 0 ? 283.15 : (at[node] as number));
        pipes.forEach(({ diameterM, lengthM }, index) => {
          const [end = null] = solution.pipes[index]?.sectionTemperaturesK ?? [];
          balance -= (heatTransferWM2K * Math.PI * diameterM * lengthM * ((end as number) - 276)) / 4185;
        });
        expect(Math.abs(balance)).toBeLessThan(1e-5 * turnover + 1e-3);
      }),
      { numRuns: 100 },
    );
  });

  it('lie between the coldest and the warmest of what flows in and what is around', () => {
    fc.assert(
      fc.property(waterNetwork, (network) => {
        const pipes =
          network.pipes?.map((each) => ({ ...each, heatTransferWM2K: 3, ambientK: 270, sections: 2 })) ?? [];
        const fixed = network.fixed.map((each) => ({ ...each, temperatureK: 350 }));
        for (const { temperatureK } of solved({ ...network, thermal: true, pipes, fixed }).nodes) {
          expect(temperatureK).toBeGreaterThan(270 - 1e-6);
          expect(temperatureK).toBeLessThan(350 + 1e-6);
        }
      }),
      { numRuns: 60 },
    );
  });
});
