import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Friction, frictionFactor, frictionFunctions, frictionLaws } from '../../simulator/network/friction.ts';
import { naturalGas, water } from './random-network.ts';
import { nodes, pipe, pressures, solved } from './small-network.ts';

const turbulent = fc.tuple(
  fc.double({ min: 3.7, max: 8, noNaN: true }).map((decade) => 10 ** decade),
  fc.double({ min: 1e-5, max: 0.05, noNaN: true }),
);

describe('friction', () => {
  it('satisfies Colebrook’s equation to 1e-9', () => {
    fc.assert(
      fc.property(turbulent, ([reynolds, rough]) => {
        const root = Math.sqrt(frictionFactor('colebrook', reynolds, rough));
        expect(Math.abs(1 / root + 2 * Math.log10(2.51 / (reynolds * root) + rough / 3.71))).toBeLessThan(1e-9);
      }),
    );
  });

  it('is Swamee and Jain’s explicit figure, near Colebrook’s', () => {
    fc.assert(
      fc.property(turbulent, ([reynolds, rough]) => {
        const explicit = 0.25 / Math.log10(rough / 3.7 + 5.74 / reynolds ** 0.9) ** 2;
        const factor = frictionFactor('swamee-jain', reynolds, rough);
        expect(factor).toBeCloseTo(explicit, 12);
        expect(Math.abs(factor / frictionFactor('colebrook', reynolds, rough) - 1)).toBeLessThan(0.05);
      }),
    );
  });

  it('is Nikuradse’s rough figure with 64/Re added, at any Reynolds number', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e8, noNaN: true }),
        fc.double({ min: 1e-5, max: 0.05, noNaN: true }),
        (re, rough) => {
          expect(frictionFactor('nikuradse', re, rough)).toBeCloseTo((2 * Math.log10(rough / 3.71)) ** -2 + 64 / re, 9);
        },
      ),
    );
  });

  it.each(['colebrook', 'swamee-jain'] as const)('of %s is 64/Re where that is more, and nowhere jumps', (law) => {
    expect(frictionFactor(law, 500, 0.001)).toBeCloseTo(64 / 500, 12);
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        (decade, rough) => {
          const reynolds = 10 ** decade;
          const ratio = frictionFactor(law, reynolds * (1 + 1e-9), rough) / frictionFactor(law, reynolds, rough);
          expect(Math.abs(ratio - 1)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it.each(frictionLaws)('of %s has the slope that a small step shows, and a drop that rises with the flow', (law) => {
    const drop = (reynolds: number) => frictionFactor(law, reynolds, 0.002) * reynolds ** 2;
    for (const reynolds of [1, 50, 700, 1500, 3000, 1e4, 1e6]) {
      const friction: Friction = { poiseuille: 0, slope: 0, inverseRoot: 0 };
      frictionFunctions[law](reynolds, 0.002, friction);
      const step = reynolds * 1e-5;
      const shown = (drop(reynolds + step) - drop(reynolds - step)) / (2 * step);
      expect(shown / (friction.poiseuille + friction.slope * reynolds)).toBeCloseTo(1, 5);
      expect(shown).toBeGreaterThan(0);
    }
  });
});

describe('one pipe of water', () => {
  it.each(frictionLaws)('loses by %s what the formula says, worked by hand', (law) => {
    // 10 kg/s through 100 mm: v = 10/(998.2 π/4 0.01) = 1.275536 m/s, Re = 998.2 v 0.1/1e-3 = 127,324.
    const solution = solved({
      ...{ format: 'lifeline-network/1', fluid: water, friction: law, nodes: nodes('a', 'b') },
      pipes: [pipe('a', 'b', 1000, { lossCoefficient: 5 })],
      fixed: [{ node: 'a', pressureBar: 5 }],
      flows: [{ node: 'b', massFlowKgS: 10 }],
    });
    const factor = { nikuradse: 0.0196226 + 64 / 127_324, colebrook: 0.021699, 'swamee-jain': 0.0218755 }[law];
    const [first] = solution.pipes;
    expect(first?.velocityMS).toBeCloseTo(1.275536, 5);
    expect(first?.reynolds).toBeCloseTo(127_324, 0);
    expect(first?.frictionFactor).toBeCloseTo(factor, 6);
    const dropPa = ((factor * 1000) / 0.1 + 5) * ((998.2 * 1.275536 ** 2) / 2);
    expect(pressures(solution)['b']).toBeCloseTo(5 - dropPa / 1e5, 4);
  });

  it('at rest stands by its height alone, against an air that is thinner above', () => {
    const solution = solved({
      ...{ format: 'lifeline-network/1', fluid: water, friction: 'colebrook' },
      nodes: [{ id: 'a' }, { id: 'b', heightM: 40 }],
      pipes: [pipe('a', 'b', 100)],
      fixed: [{ node: 'a', pressureBar: 5 }],
    });
    const airBar = 1.01325 * (1 - (1 - (0.0065 * 40) / 288.15) ** 5.255);
    expect(pressures(solution)['b']).toBeCloseTo(5 - (998.2 * 9.81 * 40) / 1e5 + airBar, 9);
    expect(solution.pipes[0]).toMatchObject({ frictionFactor: null });
    expect(Math.abs(solution.pipes[0]?.massFlowKgS as number)).toBeLessThan(1e-9);
  });
});

describe('one pipe of gas', () => {
  const single = (flow: number, more: object = {}) =>
    solved({
      ...{ format: 'lifeline-network/1', fluid: { ...naturalGas, compressibility: 1 }, friction: 'nikuradse' },
      nodes: [{ id: 'a' }, { id: 'b', ...more }],
      pipes: [pipe('a', 'b', 1000)],
      fixed: [{ node: 'a', pressureBar: 3 }],
      flows: [{ node: 'b', massFlowKgS: flow }],
    });

  it('loses squared pressure by the isothermal equation, worked by hand', () => {
    // R = 101325/(273.15 · 0.84) = 441.606 J/(kg K); λ = 0.0196226 + 64/Re, Re = 0.5 · 0.1/(A η) = 533,629.
    const area = (Math.PI * 0.01) / 4;
    const factor = 0.0196226 + 64 / 533_629;
    const loss = ((441.606 * 283.15) / area ** 2) * ((factor * 1000) / 0.1) * 0.25;
    const solution = single(0.5);
    const end = Math.sqrt((3e5 + 101_325) ** 2 - loss);
    expect(pressures(solution)['b']).toBeCloseTo((end - 101_325) / 1e5, 4);
    const start = 401_325;
    const mean = ((2 / 3) * (start ** 3 - end ** 3)) / (start ** 2 - end ** 2);
    expect(solution.pipes[0]?.velocityMS).toBeCloseTo((0.5 / area) * ((441.606 * 283.15) / mean), 3);
  });

  it('gets lighter or heavier with its height at rest, by the barometric formula of the gas', () => {
    const solution = single(0, { heightM: 200 });
    const air = 1.01325 * (1 - (0.0065 * 200) / 288.15) ** 5.255;
    const above = 4.01325 * Math.exp((-9.81 * 200) / (441.606 * 283.15));
    expect(Math.abs((pressures(solution)['b'] as number) / (above - air) - 1)).toBeLessThan(1e-4);
  });

  it('is the mirror image when it flows the other way', () => {
    const forward = solved({
      ...{ format: 'lifeline-network/1', fluid: naturalGas, friction: 'colebrook', nodes: nodes('a', 'b') },
      pipes: [pipe('a', 'b', 800)],
      fixed: [
        { node: 'a', pressureBar: 3 },
        { node: 'b', pressureBar: 2.9 },
      ],
    });
    const backward = solved({
      ...{ format: 'lifeline-network/1', fluid: naturalGas, friction: 'colebrook', nodes: nodes('a', 'b') },
      pipes: [pipe('b', 'a', 800)],
      fixed: [
        { node: 'a', pressureBar: 3 },
        { node: 'b', pressureBar: 2.9 },
      ],
    });
    expect(forward.pipes[0]?.massFlowKgS).toBeGreaterThan(0.1);
    expect(backward.pipes[0]?.massFlowKgS).toBeCloseTo(-(forward.pipes[0]?.massFlowKgS as number), 9);
    expect(backward.pipes[0]?.velocityMS).toBeCloseTo(-(forward.pipes[0]?.velocityMS as number), 9);
  });
});
