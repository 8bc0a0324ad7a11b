import type { Command } from 'commander';
import type { DeadLettersView } from '../console/wire.ts';
import { ConsoleLink, consoleOption, type LinkOptions } from './alarms/console-link.ts';
import { inColumns, iso, reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline upstream dead-letters platform                  events that the receiver of sink "platform" does not take, and why
  lifeline upstream resend platform --by 张工              sends all of them again, once the reason is mended
  lifeline upstream resend platform gw-1/events/e/7 --by 张工
  lifeline upstream discard platform gw-1/events/e/7 --by 张工    lets one go for good

An event that is sent again and taken is a dead letter no more; the receiver knows it by its id. Who did what is journaled.
They speak with a running gateway. Exit 1 when it refuses, 4 when none answers.
`;

/** Ids of one request at most, as the console takes them. */
const maxIds = 30;

type PersonOptions = LinkOptions & { readonly by: string };

/** `lifeline upstream`: what the far ends of a running gateway's sinks do not take. */
export function upstreamCommand(program: Command): void {
  const group = program
    .command('upstream')
    .description('events that a receiver does not take: list, send again, let go');
  group.addHelpText('after', examples);
  const about = (name: string, what: string) =>
    group
      .command(name)
      .description(what)
      .argument('<sink>', 'id of the sink in gateway.yaml')
      .addOption(consoleOption())
      .option('--json', 'print the answer as JSON');
  about('dead-letters', 'list them, the oldest first').action((sink: string, options: LinkOptions) =>
    reportingFailure(() => list(sink, options)),
  );
  about('resend', 'send them again')
    .argument('[ids...]', 'which; all when left out')
    .requiredOption('--by <name>', 'who says so')
    .action((sink: string, ids: string[], options: PersonOptions) =>
      reportingFailure(() => act('resend', sink, ids, options)),
    );
  about('discard', 'let them go for good')
    .argument('<ids...>', 'which')
    .requiredOption('--by <name>', 'who says so')
    .action((sink: string, ids: string[], options: PersonOptions) =>
      reportingFailure(() => act('discard', sink, ids, options)),
    );
}

async function list(sink: string, { console: address, json }: LinkOptions): Promise<void> {
  const { letters } = await new ConsoleLink(address).get<DeadLettersView>(
    `/api/dead-letters?sink=${encodeURIComponent(sink)}`,
  );
  if (json) console.log(JSON.stringify(letters, null, 2));
  else if (letters.length === 0) console.log('no dead letters');
  else {
    const rows = letters.map(({ id, type, subject, since, reason }) => [id, iso(since), type, subject, reason]);
    for (const line of inColumns([['id', 'since', 'type', 'about', 'reason'], ...rows])) console.log(line);
  }
}

async function act(
  what: 'resend' | 'discard',
  sink: string,
  ids: readonly string[],
  { console: address, by, json }: PersonOptions,
): Promise<void> {
  const link = new ConsoleLink(address);
  let count = 0;
  for (let from = 0; from === 0 || from < ids.length; from += maxIds) {
    const some = ids.slice(from, from + maxIds);
    const body = { sink, by, ...(some.length > 0 ? { ids: some } : {}) };
    count += (await link.post<{ readonly count: number }>(`/api/dead-letters-${what}`, body)).count;
  }
  if (json) console.log(JSON.stringify({ count }));
  else console.log(`${sink}: ${count} ${what === 'resend' ? 'sent again' : 'let go'}`);
}
