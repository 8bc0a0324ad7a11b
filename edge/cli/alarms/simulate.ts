import { type Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../arguments.ts';
import { reportingFailure } from '../reporting.ts';
import { ConsoleLink, consoleOption, type LinkOptions } from './console-link.ts';

interface PersonOptions extends LinkOptions {
  readonly by: string;
}

interface SimulateOptions extends PersonOptions {
  readonly reason: string;
  readonly minutes: number;
}

/** The test of a loop from the instrument to the operator: `simulate` and `simulate-end`. */
export function simulateCommands(group: Command): void {
  const ofTag = (name: string, what: string) =>
    group
      .command(name)
      .description(what)
      .addOption(consoleOption())
      .option('--json', 'print the answer as JSON')
      .argument('<tag>', 'device/point')
      .requiredOption('--by <name>', 'who does so');
  ofTag('simulate', 'test a loop: limits take a value for measured, and mark what comes of it')
    .argument('<value>', 'in the unit of the tag; write -- before one below 0', finiteNumber)
    .requiredOption('--reason <text>', 'why')
    .option('--minutes <n>', '30 at most', wholeNumber(1, 30), 30)
    .action((tag: string, value: number, options: SimulateOptions) =>
      reportingFailure(() => simulate(tag, value, options)),
    );
  ofTag('simulate-end', 'end the test of a loop').action((tag: string, options: PersonOptions) =>
    reportingFailure(() => endSimulation(tag, options)),
  );
}

function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number');
}

async function simulate(tag: string, value: number, options: SimulateOptions): Promise<void> {
  const { console: address, json, by, reason, minutes } = options;
  const wish = { tag, value, by, reason, minutes, simulated: true };
  const answer = await new ConsoleLink(address).post('/api/manual-value', wish);
  console.log(json ? JSON.stringify(answer) : `${tag}: simulated as ${value} for ${minutes} min at most`);
}

async function endSimulation(tag: string, { console: address, by, json }: PersonOptions): Promise<void> {
  const answer = await new ConsoleLink(address).post('/api/manual-value-end', { tag, by });
  console.log(json ? JSON.stringify(answer) : `${tag}: measured again`);
}
