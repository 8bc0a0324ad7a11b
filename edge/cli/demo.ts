import { type Command, InvalidArgumentError } from 'commander';
import { durationArgument, wholeNumber } from './arguments.ts';
import { runDemo } from './demo/run-demo.ts';
import { ExitCode } from './exit.ts';
import { languageOf } from './language.ts';

const examples = `
Examples:
  lifeline demo                                       until Ctrl-C, console at http://127.0.0.1:8080
  lifeline demo --for 60s --report demo.json          bounded; exit 0 only if the whole chain held
  lifeline demo --for 60s --incident hydrant-flush    a decoy: exit 0 only if no alarm is raised
`;

/** `lifeline demo`: city, broker and gateway as processes of their own, and the story of one burst water main. */
export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('the whole thing on this machine: city, PLCs, gateway, broker, console, one burst main')
    .option('--for <duration>', 'stop after this long and judge the chain, such as 60s', durationArgument)
    .option('--seed <n>', 'decides where, when (15–30 s) and how big the burst is', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--incident <kind>', 'burst, none or hydrant-flush', incident, 'burst')
    .option('--report <file>', 'write the report as JSON')
    .option('--port <n>', 'console port', wholeNumber(0, 65535))
    .option('--no-console', 'serve no console')
    .option('--lang <zh|en>', 'language of the story', languageOf(process.env))
    .addHelpText('after', examples)
    .action(async (options) => {
      const ok = await runDemo({
        forMs: options.for,
        seed: options.seed,
        incident: options.incident,
        report: options.report,
        port: options.port,
        console: options.console,
        language: options.lang === 'zh' ? 'zh' : 'en',
      });
      process.exit(ok ? ExitCode.done : ExitCode.failed);
    });
}

const incidents = ['burst', 'none', 'hydrant-flush'] as const;

function incident(text: string): (typeof incidents)[number] {
  const found = incidents.find((kind) => kind === text);
  if (!found) throw new InvalidArgumentError(`expected one of: ${incidents.join(', ')}`);
  return found;
}
