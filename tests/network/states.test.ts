import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkInput } from '../../simulator/network/format.ts';
import type { Solution } from '../../simulator/network/solution.ts';
import { gasNetwork, waterNetwork } from './random-network.ts';
import { pressures, solved } from './small-network.ts';

const curve = [
  { flowM3H: 0, liftBar: 2 },
  { flowM3H: 60, liftBar: 1.6 },
  { flowM3H: 150, liftBar: 0.4 },
];
type Part = 'pipe' | 'regulator' | 'pump';

/** A network some of whose pipes are regulators and pumps instead, where nothing else holds the node. */
function withParts(network: NetworkInput, parts: readonly Part[], setBar: number): NetworkInput {
  const held = new Set(network.fixed.map(({ node }) => node));
  const kinds = (network.pipes ?? []).map((pipe, index): Part => {
    const part = parts[index % parts.length] ?? 'pipe';
    if (part !== 'regulator' || held.has(pipe.to)) return part === 'regulator' ? 'pipe' : part;
    held.add(pipe.to);
    return part;
  });
  const of = (kind: Part) => (network.pipes ?? []).filter((_, index) => kinds[index] === kind);
  return {
    ...network,
    pipes: of('pipe'),
    pumps: of('pump').map(({ id, from, to }, index) => {
      return { id, from, to, curve, flowAt: index % 2 === 0 ? ('inlet' as const) : ('mean' as const) };
    }),
    regulators: of('regulator').map(({ id, from, to }) => ({ id, from, to, setBar })),
  };
}

/** The solution, or undefined where the network is refused with a code of its own. */
function solvedOrRefused(network: NetworkInput): Solution | undefined {
  try {
    return solved(network);
  } catch (error) {
    expect((error as { readonly code?: string }).code).toMatch(/^LL-NETWORK-(VACUUM|REVERSED|VAGUE|CIRCLE|DIVERGED)$/);
    return undefined;
  }
}

describe('any network with regulators and pumps', () => {
  const part = fc.constantFrom<Part>('pipe', 'pipe', 'pipe', 'regulator', 'pump');
  const drawn = fc.record({
    network: fc.oneof(waterNetwork, gasNetwork),
    parts: fc.array(part, { minLength: 5, maxLength: 12 }),
    setBar: fc.double({ min: 0.2, max: 3, noNaN: true }),
  });

  it('is solved with every part in a state that fits its flow and pressures, or refused with a reason', () => {
    let solutions = 0;
    fc.assert(
      fc.property(drawn, ({ network, parts, setBar }) => {
        const whole = withParts(network, parts, setBar);
        const solution = solvedOrRefused(whole);
        if (!solution) return;
        solutions++;
        const at = pressures(solution);
        const still = 1e-5 * Math.max(20, ...solution.pipes.map(({ massFlowKgS }) => Math.abs(massFlowKgS ?? 0)));
        solution.regulators.forEach(({ massFlowKgS, state }, index) => {
          const outlet = at[whole.regulators?.[index]?.to ?? ''];
          if (state === 'holding') expect(outlet).toBeCloseTo(setBar, 6);
          if (state === 'open') expect(outlet).toBeLessThan(setBar + 1e-4);
          if (state === 'shut') expect(massFlowKgS).toBe(0);
          if (massFlowKgS !== null) expect(massFlowKgS).toBeGreaterThan(-still);
        });
        for (const { massFlowKgS, liftBar } of solution.pumps) {
          if (liftBar === null || massFlowKgS === null) continue;
          expect(liftBar).toBeGreaterThanOrEqual(0);
          if (massFlowKgS < -still) expect(liftBar).toBe(0);
        }
      }),
      { numRuns: 150 },
    );
    expect(solutions).toBeGreaterThan(75);
  });
});
