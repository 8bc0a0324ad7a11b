import { type Command, InvalidArgumentError, Option } from 'commander';
import { replaceFile } from '../config/draft.ts';
import type { IncidentLineView, IncidentsView, IncidentView } from '../console/incident-wire.ts';
import { type IncidentSheet, incidentSheet } from '../console/web/src/incident-sheet.ts';
import { cityOf } from '../console/web/src/model.ts';
import type { ModelView } from '../console/wire.ts';
import { ConsoleLink, consoleOption, type LinkOptions } from './alarms/console-link.ts';
import { sheetPage } from './incidents/sheet-page.ts';
import { type Language, languageOf } from './language.ts';
import { inColumns, iso, reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline incidents list                              open incidents, newest first, then those that were closed last
  lifeline incidents show dma-2/burst                  the newest one with this root: cause, steps, alarms, evidence, what was done
  lifeline incidents show dma-2/burst@1768464000000 --json
  lifeline incidents print dma-2/burst --html sheet.html    one page in Chinese and English, made to be printed and signed
  lifeline incidents list --console https://10.0.3.2:8080   another gateway; LIFELINE_TOKEN holds a token of its console

示例：list 列出未办结和最近办结的事件；show 查看一起事件的根源、步骤、报警、依据和处置记录；print 生成可打印、签字的事件单。

An incident is named by its id, or by the alarm that is its root. They speak with a running gateway. Exit 1 when it refuses, 4 when none answers.
`;

interface SheetOptions extends LinkOptions {
  readonly lang: Language;
}

/** `lifeline incidents`: what is going on, alarms of one cause as one, and what people do about it. */
export function incidentsCommand(program: Command): void {
  const group = program.command('incidents').description('incidents of a running gateway: list, show, print');
  group.addHelpText('after', examples);
  const about = (name: string, what: string) => group.command(name).description(what).addOption(consoleOption());
  const asJson = (command: Command) => command.option('--json', 'print the answer as JSON');
  asJson(about('list', 'those that are not closed, then those that were closed last')).action((options: LinkOptions) =>
    reportingFailure(() => list(options)),
  );
  asJson(about('show', 'everything about one'))
    .argument('<incident>', 'its id, or the alarm that is its root')
    .addOption(new Option('--lang <language>', 'language').choices(['zh', 'en']).default(languageOf(process.env)))
    .action((name: string, options: SheetOptions) => reportingFailure(() => show(name, options)));
  about('print', 'the sheet of one, in Chinese and English')
    .argument('<incident>', 'its id, or the alarm that is its root')
    .option('--html <file>', 'where to; standard output when left out', htmlFile)
    .action((name: string, options: LinkOptions & { readonly html?: string }) =>
      reportingFailure(() => print(name, options)),
    );
}

function htmlFile(name: string): string {
  if (/\.html?$/i.test(name)) return name;
  throw new InvalidArgumentError('expected a name that ends in .html');
}

async function list({ console: address, json }: LinkOptions): Promise<void> {
  const view = await new ConsoleLink(address).get<IncidentsView>('/api/incidents');
  if (json) {
    console.log(JSON.stringify(view, null, 2));
    return;
  }
  const all = [...view.incidents, ...view.closed];
  if (all.length === 0) console.log('no incidents');
  else for (const line of inColumns([listHead, ...all.map(listCells)])) console.log(line);
  const left = view.total - view.incidents.length;
  if (left > 0) console.log(`and ${left} older ones that are not closed`);
}

const listHead = ['incident', 'opened', 'over', 'level', 'stage', 'standing', 'steps', 'crew', 'case', 'what'];

function listCells(incident: IncidentLineView): string[] {
  const { id, openedAt, endedAt, riskLevel, stage, standing, members, steps, stepsDone, crew, cases, message } =
    incident;
  return [
    ...[id, iso(openedAt), iso(endedAt), riskLevel, stage, `${standing}/${members}`],
    ...[steps === 0 ? '–' : `${stepsDone}/${steps}`, crew || '–', cases[0]?.number ?? '–'],
    `${message.zh} · ${message.en}`,
  ];
}

async function show(name: string, { console: address, json, lang }: SheetOptions): Promise<void> {
  const link = new ConsoleLink(address);
  const view = await incidentCalled(link, name);
  if (json) console.log(JSON.stringify(view, null, 2));
  else for (const line of sheetLines((await sheets(link, view))[lang])) console.log(line);
}

async function print(
  name: string,
  { console: address, html }: LinkOptions & { readonly html?: string },
): Promise<void> {
  const link = new ConsoleLink(address);
  const view = await incidentCalled(link, name);
  const page = sheetPage(await sheets(link, view));
  if (html === undefined) {
    console.log(page);
    return;
  }
  await replaceFile(html, Buffer.from(page));
  console.log(`${html}: ${view.id}`);
}

/** By its id, or the newest whose root has the name; the console says where there is none. */
async function incidentCalled(link: ConsoleLink, name: string): Promise<IncidentView> {
  let id = name;
  if (!name.includes('@')) {
    const { incidents, closed } = await link.get<IncidentsView>('/api/incidents');
    const newest = [...incidents, ...closed].sort((a, b) => b.openedAt - a.openedAt);
    id = newest.find(({ root }) => root === name)?.id ?? name;
  }
  return link.get<IncidentView>(`/api/incident?${new URLSearchParams({ id })}`);
}

/** The sheet in both languages, its times in the zone of this machine. */
async function sheets(link: ConsoleLink, view: IncidentView): Promise<Readonly<Record<Language, IncidentSheet>>> {
  const city = cityOf(await link.get<ModelView>('/api/model'));
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const sheet = (language: Language) => incidentSheet(view, { city, language, timeZone });
  return { zh: sheet('zh'), en: sheet('en') };
}

function sheetLines({ title, under, facts, tables }: IncidentSheet): readonly string[] {
  return [
    ...[title, under, ''],
    ...inColumns(facts),
    ...tables.flatMap(({ title: of, head, rows }) => ['', of, ...inColumns(head.length > 0 ? [head, ...rows] : rows)]),
  ];
}
