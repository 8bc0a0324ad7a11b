import type { Command } from 'commander';
import { type Solution, solveNetwork } from '../../simulator/network/solution.ts';
import { LifelineError } from '../core/errors.ts';
import { ExitCode } from './exit.ts';
import { count, printProblems } from './problems.ts';
import { inColumns } from './reporting.ts';
import { readNetworkFile } from './solve/network-file.ts';

const examples = `
Examples:
  lifeline solve network.json
  lifeline solve network.json --json | jq '.nodes[] | select(.pressureBar < 0.02)'

Pressures are gauge in bar, flows in kg/s from → to, velocities in m/s, temperatures in K. What no open way joins to a fixed
pressure has no figures. Exit 3: the file has mistakes; 1: its network has no solution.
`;

/** `lifeline solve`: one steady state of one gas, water or heating network. Exit 0, 1 or 3. */
export function solveCommand(program: Command): void {
  program
    .command('solve')
    .description('one steady state of a gas, water or heating network from JSON')
    .argument('<network>', 'network file, format lifeline-network/1')
    .option('--json', 'print {ok, iterations, seconds, nodes, pipes, valves, pumps, regulators, fixed}')
    .addHelpText('after', examples)
    .action(solve);
}

async function solve(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const { network, errors, warnings } = await readNetworkFile(file);
  if (!network) {
    if (json) console.log(JSON.stringify({ ok: false, errors, warnings }, null, 2));
    printProblems(json ? [] : errors, json ? [] : warnings);
    if (!json) console.error(`${file}: ${count(errors.length, 'error')}`);
    process.exitCode = ExitCode.configInvalid;
    return;
  }
  const began = performance.now();
  try {
    const solution = solveNetwork(network);
    const seconds = (performance.now() - began) / 1000;
    if (json) console.log(JSON.stringify({ ...solution, seconds, warnings }, null, 2));
    else {
      printProblems([], warnings);
      for (const line of describe(solution)) console.log(line);
      console.log(`${solution.iterations} rounds, ${(seconds * 1000).toFixed(1)} ms`);
    }
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    const { code, message, next } = error;
    if (json)
      console.log(JSON.stringify({ ok: false, errors: [{ file, code, message, fix: next }], warnings }, null, 2));
    else console.error(`error ${file}: ${message} [${code}]; ${next}`);
    process.exitCode = ExitCode.failed;
  }
}

/** Tables for people: a head, then one line for each entry. */
function describe(solution: Solution): string[] {
  const { nodes, pipes, valves, pumps, regulators } = solution;
  const tables: readonly (readonly (readonly string[])[])[] = [
    [
      ['node', 'bar', 'K'],
      ...nodes.map(({ id, pressureBar, temperatureK }) => [id, figure(pressureBar, 5), figure(temperatureK, 2)]),
    ],
    [
      ['pipe', 'kg/s', 'm/s', 'Re', 'λ', 'K along it'],
      ...pipes.map(({ id, massFlowKgS, velocityMS, reynolds, frictionFactor, sectionTemperaturesK }) => [
        ...[id, figure(massFlowKgS, 5), figure(velocityMS, 4), figure(reynolds, 0), figure(frictionFactor, 5)],
        sectionTemperaturesK?.map((kelvin) => figure(kelvin, 2)).join(' ') ?? '',
      ]),
    ],
    [
      ['valve', 'kg/s', 'm/s'],
      ...valves.map(({ id, massFlowKgS, velocityMS }) => [id, figure(massFlowKgS, 5), figure(velocityMS, 4)]),
    ],
    [
      ['pump', 'kg/s', 'lift bar'],
      ...pumps.map(({ id, massFlowKgS, liftBar }) => [id, figure(massFlowKgS, 5), figure(liftBar, 5)]),
    ],
    [
      ['regulator', 'kg/s', 'state'],
      ...regulators.map(({ id, massFlowKgS, state }) => [id, figure(massFlowKgS, 5), state ?? '–']),
    ],
  ];
  return tables.filter((rows) => rows.length > 1).flatMap((rows) => [...inColumns(rows, [1, 2, 3, 4]), '']);
}

const figure = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));
