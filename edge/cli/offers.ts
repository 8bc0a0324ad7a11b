import type { Command } from 'commander';
import type { ConfigurationOutcome, ConfigurationProblem } from '../console/configuration-api.ts';
import type { OfferLook } from '../console/offers-api.ts';
import type { OffersView } from '../console/wire.ts';
import { ConsoleLink, consoleOption, type LinkOptions } from './alarms/console-link.ts';
import { wholeNumber } from './arguments.ts';
import { inColumns, iso, reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline offers list                              configurations that the centre offers, and what became of the last ones
  lifeline offers show 3                            what number 3 would change now
  lifeline offers apply 3 --by 张工                  puts it in force; the way back is a version of the configuration
  lifeline offers refuse 3 --by 张工 --why 停泵检修中    the centre is told why

They speak with a running gateway. Exit 1 when it refuses, 4 when none answers.
`;

type PersonOptions = LinkOptions & { readonly by: string };

/** `lifeline offers`: configurations that the centre offers to a running gateway. */
export function offersCommand(program: Command): void {
  const group = program
    .command('offers')
    .description('configurations that the centre offers: list, show, apply, refuse');
  group.addHelpText('after', examples);
  const about = (name: string, what: string) =>
    group.command(name).description(what).addOption(consoleOption()).option('--json', 'print the answer as JSON');
  const one = (name: string, what: string) =>
    about(name, what).argument('<number>', 'which', wholeNumber(1, Number.MAX_SAFE_INTEGER));
  about('list', 'list them, the newest first').action((options: LinkOptions) => reportingFailure(() => list(options)));
  one('show', 'what one would change now').action((number: number, options: LinkOptions) =>
    reportingFailure(() => show(number, options)),
  );
  one('apply', 'put one in force')
    .requiredOption('--by <name>', 'who says so')
    .action((number: number, options: PersonOptions) => reportingFailure(() => apply(number, options)));
  one('refuse', 'refuse one')
    .requiredOption('--by <name>', 'who says so')
    .requiredOption('--why <text>', 'what the centre is told')
    .action((number: number, options: PersonOptions & { readonly why: string }) =>
      reportingFailure(() => refuse(number, options)),
    );
}

async function list({ console: address, json }: LinkOptions): Promise<void> {
  const { offers } = await new ConsoleLink(address).get<OffersView>('/api/configuration-offers');
  if (json) return console.log(JSON.stringify(offers, null, 2));
  if (offers.length === 0) return console.log('no offers');
  const rows = offers.map(({ number, state, by, via, time, expires, reason, decided }) => [
    ...[String(number), state, `${by} (${via})`, iso(time), iso(expires), reason],
    decided ? `${decided.by} ${iso(decided.at)} ${decided.why}`.trim() : '',
  ]);
  const head = ['number', 'state', 'of', 'came', 'until', 'reason', 'decided'];
  for (const line of inColumns([head, ...rows])) console.log(line);
}

const look = (number: number, address: URL): Promise<OfferLook> =>
  new ConsoleLink(address).get<OfferLook>(`/api/configuration-offer?number=${number}`);

async function show(number: number, { console: address, json }: LinkOptions): Promise<void> {
  const found = await look(number, address);
  if (json) return console.log(JSON.stringify(found, null, 2));
  const { offer, changes, errors, warnings } = found;
  console.log(
    `${offer.number} ${offer.state}: ${offer.reason}, of ${offer.by} (${offer.via}), until ${iso(offer.expires)}`,
  );
  for (const { file, lines } of changes) {
    console.log(file);
    for (const { sign, text } of lines) console.log(`${sign} ${text}`);
  }
  for (const problem of [...errors, ...warnings]) console.log(problemText(problem));
}

async function apply(number: number, { console: address, by, json }: PersonOptions): Promise<void> {
  const { base } = await look(number, address);
  const body = { number, base, by };
  const outcome = await new ConsoleLink(address).post<ConfigurationOutcome>('/api/configuration-offer-apply', body);
  if (json) return console.log(JSON.stringify(outcome, null, 2));
  if (outcome.result !== 'applied') return;
  const later = outcome.atNextStart.length > 0 ? `; at the next start: ${outcome.atNextStart.join(', ')}` : '';
  console.log(`offer ${number}: applied as version ${outcome.version}${later}`);
}

async function refuse(
  number: number,
  { console: address, by, why, json }: PersonOptions & { readonly why: string },
): Promise<void> {
  const body = { number, by, why };
  const answer = await new ConsoleLink(address).post<OffersView>('/api/configuration-offer-refuse', body);
  console.log(json ? JSON.stringify(answer.offers, null, 2) : `offer ${number}: refused`);
}

const problemText = ({ file, line, column, path, code, message, fix }: ConfigurationProblem): string =>
  `${file}:${line}:${column} ${path}: ${code} ${message.en}; ${fix.en}`;
