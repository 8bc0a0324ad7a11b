import { type Command, Option } from 'commander';
import { type TokenScope, tokenScopes } from '../console/grants.ts';
import { wholeNumber } from './arguments.ts';
import { inColumns, reportingFailure } from './reporting.ts';
import { atTerminal, noteTerminal } from './users/terminal-audit.ts';
import { accountsIn } from './users.ts';

const examples = `
Examples:
  lifeline tokens add prometheus --scope metrics --days 365      prints the token, for the only time
  lifeline tokens add shift-report --scope viewer > token
  LIFELINE_TOKEN=$(cat token) lifeline alarms list
  lifeline tokens remove prometheus

A script sends it as "authorization: Bearer …". metrics reads figures of the gateway itself alone; the others may do what
the role of that name may. A gateway that runs goes by a change at once.
`;

interface TokensOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** `lifeline tokens`: by which scripts speak with the console of a gateway. */
export function tokensCommand(program: Command): void {
  const group = program.command('tokens').description('tokens of scripts for the console: add, remove, list');
  group.addHelpText('after', examples);
  const about = (name: string, what: string) =>
    group.command(name).description(what).option('--data <dir>', 'folder of the state of lifeline run', 'data');
  about('list', 'tokens, without what they are known by')
    .option('--json', 'print them as JSON')
    .action((options: TokensOptions) => reportingFailure(() => list(options)));
  about('add', 'make one and print it on stdout, for the only time')
    .argument('<name>')
    .addOption(new Option('--scope <scope>', 'what it may be used for').choices(tokenScopes).default('viewer'))
    .option('--days <n>', 'how long it is valid', wholeNumber(1, 400), 90)
    .action(
      (name: string, { data, scope, days }: TokensOptions & { readonly scope: TokenScope; readonly days: number }) =>
        reportingFailure(async () => {
          const token = await accountsIn(data).addToken(name, scope, days, atTerminal());
          await noteTerminal(data, { action: 'tokens add', target: name, after: { scope, days } });
          console.log(token);
        }),
    );
  about('remove', 'take one away')
    .argument('<name>')
    .action((name: string, { data }: TokensOptions) =>
      reportingFailure(async () => {
        await accountsIn(data).removeToken(name);
        await noteTerminal(data, { action: 'tokens remove', target: name });
        console.error(`${name}: removed`);
      }),
    );
}

async function list({ data, json }: TokensOptions): Promise<void> {
  const tokens = await accountsIn(data).tokens();
  if (json) return console.log(JSON.stringify(tokens, null, 2));
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const rows = tokens.map(({ name, scope, madeBy, expiresAt }) => [name, scope, madeBy, day(expiresAt)]);
  for (const line of inColumns([['name', 'scope', 'made by', 'until'], ...rows])) console.log(line);
}
