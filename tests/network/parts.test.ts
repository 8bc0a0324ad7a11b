import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkInput } from '../../simulator/network/format.ts';
import { naturalGas, water } from './random-network.ts';
import { flows, nodes, pipe, pressures, refusal, solved } from './small-network.ts';

const waterNet = (parts: Partial<NetworkInput>): NetworkInput => ({
  ...{ format: 'lifeline-network/1', fluid: water, friction: 'colebrook', nodes: nodes('a', 'b', 'c', 'd') },
  fixed: [{ node: 'a', pressureBar: 4 }],
  ...parts,
});
const gasNet = (parts: Partial<NetworkInput>): NetworkInput => waterNet({ fluid: naturalGas, ...parts });
const demand = (node: string, massFlowKgS: number) => ({ node, massFlowKgS });

describe('pipes side by side and one after the other', () => {
  it('in a row lose the sum, whatever the law', () => {
    for (const friction of ['nikuradse', 'colebrook', 'swamee-jain'] as const) {
      const drop = (pipes: NetworkInput['pipes'], end: string) =>
        4 - (pressures(solved(waterNet({ friction, pipes, flows: [demand(end, 8)] })))[end] as number);
      const parts = drop([pipe('a', 'b', 300)], 'b') + drop([pipe('a', 'b', 500, { diameterM: 0.15 })], 'b');
      expect(drop([pipe('a', 'b', 300), pipe('b', 'c', 500, { diameterM: 0.15 })], 'c')).toBeCloseTo(parts, 8);
    }
  });

  it('that are alike share the flow, and lose together what one loses with its share', () => {
    const twins = [pipe('a', 'b', 700, { id: 'one' }), pipe('b', 'a', 700, { id: 'two' })];
    const solution = solved(gasNet({ pipes: twins, flows: [demand('b', 0.3)] }));
    expect(flows(solution)).toEqual({ one: expect.closeTo(0.15, 9), two: expect.closeTo(-0.15, 9) });
    const alone = solved(gasNet({ pipes: [pipe('a', 'b', 700)], flows: [demand('b', 0.15)] }));
    expect(pressures(solution)['b']).toBeCloseTo(pressures(alone)['b'] as number, 9);
  });

  it('lose more the more is taken out', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        (flow, more) => {
          const end = (kgS: number) =>
            pressures(
              solved(
                waterNet({
                  pipes: [pipe('a', 'b', 100), pipe('b', 'c', 100), pipe('a', 'c', 400)],
                  flows: [demand('c', kgS)],
                }),
              ),
            );
          const [less, greater] = [end(flow), end(flow + more)];
          expect(greater['c']).toBeLessThan(less['c'] as number);
          expect(greater['b']).toBeLessThan(less['b'] as number);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('valves', () => {
  const pipes = [pipe('a', 'b', 100), pipe('c', 'd', 100)];
  const valve = { id: 'v', from: 'b', to: 'c', diameterM: 0.1 };

  it('without losses pass everything at one pressure', () => {
    const solution = solved(waterNet({ pipes, valves: [valve], flows: [demand('d', 5)] }));
    expect(flows(solution)['v']).toBeCloseTo(5, 9);
    expect(pressures(solution)['c']).toBeCloseTo(pressures(solution)['b'] as number, 5);
    expect(solution.valves[0]?.velocityMS).toBeCloseTo(5 / (998.2 * (Math.PI / 4) * 0.01), 9);
  });

  it('lose ζ times the velocity head', () => {
    const solution = solved(waterNet({ pipes, valves: [{ ...valve, lossCoefficient: 12 }], flows: [demand('d', 5)] }));
    const speed = solution.valves[0]?.velocityMS as number;
    const { b, c } = pressures(solution);
    expect(((b as number) - (c as number)) * 1e5).toBeCloseTo((12 * 998.2 * speed ** 2) / 2, 1);
  });

  it('closed carry nothing and cut off what has no other way', () => {
    const solution = solved(
      gasNet({ pipes, valves: [{ ...valve, open: false }], flows: [demand('d', 0.1), demand('b', 0.1)] }),
    );
    expect(pressures(solution)).toEqual({ a: 4, b: expect.any(Number), c: null, d: null });
    expect(flows(solution)).toEqual({ 'a-b': expect.closeTo(0.1, 9), 'c-d': null, v: 0 });
    expect(solution.pipes[1]).toEqual({
      ...{ id: 'c-d', massFlowKgS: null, velocityMS: null },
      reynolds: null,
      frictionFactor: null,
    });
    expect(solution.nodes[3]?.temperatureK).toBeNull();
  });

  it('and pipes that are closed leave a network that is fed from both ends as two', () => {
    const solution = solved(
      waterNet({
        pipes: [pipe('a', 'b', 100), pipe('b', 'c', 100, { open: false }), pipe('c', 'd', 100)],
        fixed: [
          { node: 'a', pressureBar: 4 },
          { node: 'd', pressureBar: 2 },
        ],
        flows: [demand('b', 3), demand('c', 1)],
      }),
    );
    expect(solution.pipes.map(({ massFlowKgS }) => massFlowKgS)).toEqual([
      expect.closeTo(3, 9),
      0,
      expect.closeTo(-1, 9),
    ]);
    expect(solution.fixed).toEqual([
      { node: 'a', massFlowKgS: expect.closeTo(3, 9) },
      { node: 'd', massFlowKgS: expect.closeTo(1, 9) },
    ]);
  });
});

describe('pumps', () => {
  const lift = (flow: number) => 6.1 - 0.013 * flow - 0.00015 * flow ** 2;
  const curve = [0, 20, 80].map((flowM3H) => ({ flowM3H, liftBar: lift(flowM3H) }));
  const pump = { id: 'u', from: 'b', to: 'c', curve };
  const pipes = [pipe('a', 'b', 100), pipe('c', 'd', 100)];

  it('lift water by the quadratic through their points', () => {
    const solution = solved(waterNet({ pipes, pumps: [pump], flows: [demand('d', 10)] }));
    const { b, c } = pressures(solution);
    const expected = lift((10 / 998.2) * 3600);
    expect(solution.pumps[0]).toEqual({
      id: 'u',
      massFlowKgS: expect.closeTo(10, 9),
      liftBar: expect.closeTo(expected, 8),
    });
    expect((c as number) - (b as number)).toBeCloseTo(expected, 5);
  });

  it('lift gas by the volume at their inlet', () => {
    const solution = solved(gasNet({ pipes, pumps: [pump], flows: [demand('d', 0.05)] }));
    const { b, c } = pressures(solution);
    const inlet = (b as number) + 1.01325;
    const normal = (0.05 / 0.84) * 3600;
    const volume = normal * (1.01325 / inlet) * (283.15 / 273.15) * (1 - 0.0022 * inlet);
    expect(solution.pumps[0]?.liftBar).toBeCloseTo(lift(volume), 6);
    expect((c as number) - (b as number)).toBeCloseTo(lift(volume), 5);
  });

  it('take the least-squares quadratic of many points, a line of two, and one lift from one', () => {
    const lifted = (points: typeof curve) =>
      solved(waterNet({ pipes, pumps: [{ ...pump, curve: points }], flows: [demand('d', 10)] })).pumps[0]?.liftBar;
    const flow = (10 / 998.2) * 3600;
    const scattered = [0, 10, 20, 30, 40, 50].map((flowM3H, index) => ({
      flowM3H,
      liftBar: lift(flowM3H) + [1, -3, 2, 2, -3, 1][index]! * 0.01,
    }));
    // The scatter is orthogonal to 1, Q and Q² over these flows: the fit is the curve itself.
    expect(
      [0, 1, 2].map((power) => [1, -3, 2, 2, -3, 1].reduce((sum, each, index) => sum + each * index ** power, 0)),
    ).toEqual([0, 0, 0]);
    expect(lifted(scattered)).toBeCloseTo(lift(flow), 8);
    expect(
      lifted([
        { flowM3H: 0, liftBar: 5 },
        { flowM3H: 50, liftBar: 4 },
      ]),
    ).toBeCloseTo(5 - flow / 50, 8);
    expect(lifted([{ flowM3H: 0, liftBar: 5 }])).toBeCloseTo(5, 9);
  });

  it('never press back: beyond the end of the curve the lift is nothing', () => {
    const weak = [
      { flowM3H: 0, liftBar: 1 },
      { flowM3H: 10, liftBar: 0 },
    ];
    const solution = solved(waterNet({ pipes, pumps: [{ ...pump, curve: weak }], flows: [demand('d', 10)] }));
    expect(solution.pumps[0]?.liftBar).toBe(0);
    expect(pressures(solution)['c']).toBeCloseTo(pressures(solution)['b'] as number, 5);
  });

  it('that are too weak for the pressure behind them let the flow pass backwards without a lift', () => {
    const weak = [{ flowM3H: 0, liftBar: 0.5 }];
    const fixed = [
      { node: 'a', pressureBar: 2 },
      { node: 'd', pressureBar: 5 },
    ];
    const solution = solved(waterNet({ pipes, fixed, pumps: [{ ...pump, curve: weak }] }));
    expect(solution.pumps[0]?.liftBar).toBe(0);
    expect(solution.pumps[0]?.massFlowKgS).toBeLessThan(-1);
  });

  it('find their operating point in a loop: pump, pipes and back', () => {
    const loop = [pipe('c', 'd', 400), pipe('d', 'b', 400), pipe('a', 'b', 10)];
    const solution = solved(waterNet({ pipes: loop, pumps: [pump] }));
    const flow = solution.pumps[0]?.massFlowKgS as number;
    const { b, c, d } = pressures(solution);
    expect(flow).toBeGreaterThan(5);
    expect(flows(solution)['a-b']).toBeCloseTo(0, 6);
    expect(lift((flow / 998.2) * 3600)).toBeCloseTo((c as number) - (d as number) + ((d as number) - (b as number)), 5);
  });
});

describe('regulators', () => {
  const regulator = { id: 'r', from: 'b', to: 'c', setBar: 0.5 };
  const pipes = [pipe('a', 'b', 500), pipe('c', 'd', 200)];

  it('hold their outlet and draw what is taken out behind them', () => {
    const solution = solved(gasNet({ pipes, regulators: [regulator], flows: [demand('d', 0.1), demand('c', 0.02)] }));
    expect(pressures(solution)['c']).toBeCloseTo(0.5, 9);
    expect(solution.regulators).toEqual([{ id: 'r', massFlowKgS: expect.closeTo(0.12, 9), state: 'holding' }]);
    expect(flows(solution)['a-b']).toBeCloseTo(0.12, 9);
    const alone = solved(
      gasNet({ pipes: [pipe('c', 'd', 200)], fixed: [{ node: 'c', pressureBar: 0.5 }], flows: [demand('d', 0.1)] }),
    );
    expect(pressures(solution)['d']).toBeCloseTo(pressures(alone)['d'] as number, 9);
  });

  it('stand one behind the other', () => {
    const second = { id: 's', from: 'd', to: 'e', setBar: 0.02 };
    const solution = solved(
      gasNet({
        nodes: nodes('a', 'b', 'c', 'd', 'e', 'f'),
        pipes: [...pipes, pipe('e', 'f', 50)],
        regulators: [second, regulator],
        flows: [demand('f', 0.004), demand('d', 0.05)],
      }),
    );
    expect(solution.regulators.map(({ massFlowKgS }) => massFlowKgS)).toEqual([
      expect.closeTo(0.004, 9),
      expect.closeTo(0.054, 9),
    ]);
    expect(flows(solution)['a-b']).toBeCloseTo(0.054, 9);
    expect(pressures(solution)['e']).toBeCloseTo(0.02, 9);
  });

  it('feed one district from two sides', () => {
    const other = { id: 's', from: 'a', to: 'd', setBar: 0.5 };
    const solution = solved(gasNet({ pipes, regulators: [regulator, other], flows: [demand('d', 0.1)] }));
    expect(flows(solution)).toMatchObject({ r: expect.closeTo(0, 9), s: expect.closeTo(0.1, 9) });
  });

  it('are wide open where their inlet is below the set pressure', () => {
    const solution = solved(gasNet({ pipes, regulators: [{ ...regulator, setBar: 4.5 }], flows: [demand('d', 0.1)] }));
    expect(solution.regulators[0]?.state).toBe('open');
    expect(pressures(solution)['c']).toBeCloseTo(pressures(solution)['b'] as number, 5);
    expect(pressures(solution)['c']).toBeLessThan(4);
  });

  it('shut against a pressure behind them that is higher', () => {
    const fixed = [
      { node: 'a', pressureBar: 4 },
      { node: 'd', pressureBar: 1 },
    ];
    const solution = solved(gasNet({ pipes, fixed, regulators: [regulator] }));
    expect(solution.regulators).toEqual([{ id: 'r', massFlowKgS: 0, state: 'shut' }]);
    expect(pressures(solution)['c']).toBeCloseTo(1, 6);
  });

  it('cut off what lies in front of them from what feeds only behind', () => {
    const solution = solved(gasNet({ pipes, fixed: [{ node: 'd', pressureBar: 1 }], regulators: [regulator] }));
    expect(pressures(solution)).toEqual({ a: null, b: null, c: expect.closeTo(1, 6), d: 1 });
    expect(solution.regulators).toEqual([{ id: 'r', massFlowKgS: null, state: null }]);
  });

  it('of two that feed one district shut one by one until the rest fits, heights and water included', () => {
    const solution = solved(
      waterNet({
        nodes: [{ id: 'a' }, { id: 'b', heightM: 20 }, { id: 'c', heightM: 0 }, { id: 'd', heightM: 10 }],
        pipes: [pipe('a', 'b', 200), pipe('c', 'd', 50)],
        regulators: [
          { id: 'high', from: 'b', to: 'd', setBar: 2.5 },
          { id: 'low', from: 'b', to: 'c', setBar: 3 },
        ],
        flows: [demand('d', 4)],
      }),
    );
    // 10 m of water lie between the outlets: 2.5 bar above are 3.48 bar below.
    expect(solution.regulators.map(({ state }) => state)).toEqual(['holding', 'shut']);
    expect(flows(solution)).toMatchObject({ high: expect.closeTo(4, 6), low: 0 });
  });

  it('that are fed only from behind themselves are refused by the node whose pressure nothing determines', () => {
    const backwards = gasNet({
      pipes: [pipe('a', 'b', 100), pipe('b', 'c', 100)],
      regulators: [{ id: 'r', from: 'c', to: 'b', setBar: 1 }],
    });
    expect(refusal(backwards)).toBe('LL-NETWORK-VAGUE');
  });

  it('are refused where they would have to pass backwards, feed themselves, or hold what is held', () => {
    expect(refusal(gasNet({ pipes, regulators: [regulator], flows: [demand('d', -0.1)] }))).toBe('LL-NETWORK-REVERSED');
    const circle = [
      { id: 'r', from: 'b', to: 'c', setBar: 1 },
      { id: 's', from: 'c', to: 'b', setBar: 1 },
    ];
    expect(refusal(gasNet({ pipes, regulators: circle }))).toBe('LL-NETWORK-CIRCLE');
    expect(refusal(gasNet({ pipes, regulators: [regulator, { ...regulator, id: 's' }] }))).toBe('LL-NETWORK-CONFLICT');
    expect(refusal(gasNet({ pipes, regulators: [{ ...regulator, to: 'a' }] }))).toBe('LL-NETWORK-CONFLICT');
  });
});

describe('what has no solution', () => {
  it('gas that would need less than a vacuum at its end is refused with the place', () => {
    const thin = gasNet({ pipes: [pipe('a', 'b', 5000, { diameterM: 0.03 })], flows: [demand('b', 1)] });
    expect(refusal(thin)).toBe('LL-NETWORK-VACUUM');
    expect(() => solved(thin)).toThrow(/"b"/);
  });

  it('a network without a fixed pressure is refused', () => {
    expect(refusal(waterNet({ fixed: [] }))).toBe('LL-NETWORK-UNFED');
  });
});
