import { type Command, Option } from 'commander';
import { loadGateway } from '../config/load.ts';
import { ExitCode } from './exit.ts';
import { type Language, languageOf } from './language.ts';
import { readNetwork } from './networks/read-network.ts';
import { count, printProblems } from './problems.ts';
import { loadContext } from './product.ts';

const examples = `
Examples:
  lifeline check -c gateway.yaml
  lifeline check -c gateway.yaml --json | jq .errors
`;

/** `lifeline check`: the configuration and everything it names, without touching the network. Exit 0 or 3. */
export function checkCommand(program: Command): void {
  program
    .command('check')
    .description('check a configuration: every error with file:line:column and the fix')
    .requiredOption('-c, --config <file>', 'gateway.yaml')
    .option('--json', 'print {ok, errors, warnings}, each problem in both languages')
    .addOption(
      new Option('--lang <language>', 'language of the problems')
        .choices(['zh', 'en'])
        .default(languageOf(process.env)),
    )
    .addHelpText('after', examples)
    .action(async (options: { config: string; json?: boolean; lang: Language }) => {
      const { gateway, errors, warnings } = await loadGateway(options.config, {
        ...loadContext,
        networks: readNetwork,
      });
      if (options.json) console.log(JSON.stringify({ ok: errors.length === 0, errors, warnings }, null, 2));
      else {
        printProblems(errors, warnings, options.lang);
        if (gateway) {
          const { devices, tags, assets, config } = gateway;
          console.log(
            `${options.config}: ${devices.length} devices, ${tags.size} tags, ${assets.length} assets, ${config.sinks.length} sinks, no errors`,
          );
        } else console.error(`${options.config}: ${count(errors.length, 'error')}`);
      }
      process.exitCode = gateway ? ExitCode.done : ExitCode.configInvalid;
    });
}
