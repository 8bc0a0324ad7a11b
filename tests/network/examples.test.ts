import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNetwork } from '../../edge/cli/solve/network-file.ts';
import { repository } from '../../ops/reference/page.ts';
import { solveNetwork } from '../../simulator/network/solution.ts';

const example = (name: string) => {
  const file = `examples/networks/${name}.json`;
  const { network, errors, warnings } = readNetwork(file, readFileSync(join(repository, file), 'utf8'));
  expect([errors, warnings]).toEqual([[], []]);
  if (!network) throw new Error(file);
  return solveNetwork(network);
};

describe('the networks that come with Lifeline', () => {
  it('feed the gas district from both sides, its reserve cut off', () => {
    const solution = example('gas-district');
    const flow = (id: string) => solution.pipes.find((pipe) => pipe.id === id)?.massFlowKgS as number;
    expect(flow('m3') + flow('m4')).toBeCloseTo(0.08, 9);
    expect(Math.min(flow('m3'), flow('m4'))).toBeGreaterThan(0.02);
    expect(solution.nodes.filter(({ pressureBar }) => pressureBar === null).map(({ id }) => id)).toEqual(['reserve']);
  });

  it('show what the how-to shows of the heating branch', () => {
    const shown = readFileSync(join(repository, 'ops/docs/how-to/check-a-network.md'), 'utf8');
    for (const { id, pressureBar, temperatureK } of example('heating-branch').nodes) {
      expect(shown).toMatch(new RegExp(`^${id} +${pressureBar?.toFixed(5)} +${temperatureK?.toFixed(2)}$`, 'm'));
    }
  });
});
