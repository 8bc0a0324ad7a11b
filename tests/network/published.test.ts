import { describe, expect, it } from 'vitest';
import { naturalGas } from './random-network.ts';
import { nodes, pipe, solved } from './small-network.ts';

/** Water of 20 °C as the OpenModelica models have it. */
const water = {
  kind: 'liquid',
  densityKgM3: 998.2060924679472,
  viscosityPaS: 0.001001605325647912,
  heatCapacityJKgK: 4184.777801948556,
} as const;

/** Figures that STANET and OpenModelica give; both are published with the tests of pandapipes (version 0.2). */
describe('results of other solvers', () => {
  it('agree for a gas network fed at two ends with an H of pipes between (STANET, Prandtl–Colebrook)', () => {
    const bore = { diameterM: 0.04, lossCoefficient: 2000 };
    const solution = solved({
      ...{ format: 'lifeline-network/1', fluid: naturalGas, friction: 'colebrook' },
      nodes: nodes('0', '1', '2', '3', '4', '5'),
      pipes: [
        pipe('0', '1', 500, bore),
        pipe('1', '2', 500, bore),
        pipe('3', '4', 250, bore),
        pipe('4', '5', 500, bore),
        pipe('1', '4', 500, bore),
      ],
      fixed: [
        { node: '0', pressureBar: 10 },
        { node: '3', pressureBar: 10 },
      ],
      flows: [
        { node: '2', massFlowKgS: 0.084 / 3.6 },
        { node: '5', massFlowKgS: 0.084 / 3.6 },
      ],
    });
    const published = [10, 9.5609, 9.0842, 10, 9.5611, 9.0844];
    solution.nodes.forEach(({ pressureBar }, index) => {
      expect(pressureBar).toBeCloseTo(published[index] as number, 4);
    });
    const speeds = [2.0603, 2.1949, 2.1391, 2.1949, -0.0402];
    solution.pipes.forEach(({ velocityMS }, index) => {
      expect(velocityMS).toBeCloseTo(speeds[index] as number, 3);
    });
  });

  it('agree for a compressor whose curve counts volumes at its mean pressure, between two pipes (STANET, Nikuradse)', () => {
    // the three points of a curve of which pandapipes gives the polynomial 6.1 − 0.012966 Q − 0.00014862 Q²
    const lift = (flowM3H: number) => 6.1 - 0.01296567850348759 * flowM3H - 0.00014862079898541572 * flowM3H ** 2;
    const curve = [0, 20, 80].map((flowM3H) => ({ flowM3H, liftBar: lift(flowM3H) }));
    const solution = solved({
      ...{ format: 'lifeline-network/1', fluid: naturalGas, friction: 'nikuradse' },
      nodes: nodes('0', '1', '2', '3'),
      pipes: [pipe('0', '1', 433.8), pipe('2', '3', 263.7)],
      pumps: [{ id: 'compressor', from: '1', to: '2', curve, flowAt: 'mean' }],
      fixed: [{ node: '0', pressureBar: 5 }],
      flows: [{ node: '3', massFlowKgS: 0.084 / 3.6 }],
    });
    const published = [5, 4.9991, 10.9314, 10.9311];
    solution.nodes.forEach(({ pressureBar }, index) => {
      expect(Math.abs((pressureBar as number) / (published[index] as number) - 1)).toBeLessThan(2.5e-4);
    });
    expect(solution.pipes.map(({ velocityMS }) => velocityMS)).toEqual([
      expect.closeTo(0.6097, 3),
      expect.closeTo(0.3028, 3),
    ]);
  });

  it('agree within 2e-3 for a loop of water over 350 m of height (OpenModelica, its water compressible)', () => {
    const bore = { diameterM: 0.075 };
    const solution = solved({
      ...{ format: 'lifeline-network/1', fluid: water, friction: 'colebrook' },
      nodes: [350, 250, 50, 0].map((heightM, index) => ({ id: `${index}`, heightM })),
      pipes: [
        pipe('0', '3', 5000, bore),
        pipe('1', '3', 5000, bore),
        pipe('3', '2', 5000, bore),
        pipe('2', '1', 1000, bore),
      ],
      fixed: [{ node: '0', pressureBar: 6 }],
      flows: [
        { node: '1', massFlowKgS: 1 },
        { node: '2', massFlowKgS: 0.5 },
      ],
    });
    const published = [6, 14.397786, 34.013525, 39.214136];
    solution.nodes.forEach(({ pressureBar }, index) => {
      expect(Math.abs((pressureBar as number) / (published[index] as number) - 1)).toBeLessThan(2e-3);
    });
    const speeds = [0.33981, -0.170485, 0.169185, 0.056019];
    solution.pipes.forEach(({ velocityMS }, index) => {
      expect(Math.abs((velocityMS as number) - (speeds[index] as number))).toBeLessThan(1e-3);
    });
  });

  it('agree within 1e-3 for the sections of a loop that cools down (OpenModelica)', () => {
    const bore = { diameterM: 0.075, roughnessMm: 0.025, sections: 5, ambientK: 293.15 };
    const solution = solved({
      ...{ format: 'lifeline-network/1', fluid: water, friction: 'colebrook', thermal: true },
      nodes: nodes('0', '1', '2'),
      pipes: [
        pipe('0', '1', 1000, { ...bore, heatTransferWM2K: 50 }),
        pipe('1', '2', 100, { ...bore, heatTransferWM2K: 200 }),
        pipe('0', '2', 2000, { ...bore, heatTransferWM2K: 50, diameterM: 0.1 }),
      ],
      fixed: [{ node: '0', pressureBar: 1, temperatureK: 343.15 }],
      flows: [
        { node: '1', massFlowKgS: 3 },
        { node: '2', massFlowKgS: 0.5 },
      ],
    });
    // The pipe from 1 to 2 flows backwards: its sections are listed from 2 on.
    const published = [
      [329.410601, 319.440562, 312.210415, 306.968779, 303.169318],
      [295.835809, 295.488151, 295.185477, 294.921999, 294.692678],
      [321.799153, 309.559836, 302.549598, 298.534728, 296.23532],
    ];
    solution.pipes.forEach(({ sectionTemperaturesK }, index) => {
      sectionTemperaturesK?.forEach((kelvin, section) => {
        expect(Math.abs((kelvin as number) / (published[index]?.[section] as number) - 1)).toBeLessThan(1e-3);
      });
      expect(sectionTemperaturesK).toHaveLength(5);
    });
  });
});
