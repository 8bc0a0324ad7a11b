import { Argument, type Command, InvalidArgumentError } from 'commander';
import { replaceFile } from '../config/draft.ts';
import { csvBytes, type OutputCells } from '../config/table-output.ts';
import { type AlarmListView, alarmLists } from '../console/alarm-wire.ts';
import type { AcknowledgeResult, JudgeResult } from '../console/api.ts';
import type { AlarmView, ModelView, VerdictsView } from '../console/wire.ts';
import type { AlarmPerformance } from '../core/alarm-performance.ts';
import { performanceLists, performanceRows } from '../core/performance-rows.ts';
import { type Verdict, verdicts } from '../core/verdict.ts';
import { ConsoleLink, consoleOption, type LinkOptions } from './alarms/console-link.ts';
import { masterTableCommands } from './alarms/master-table.ts';
import { performancePage } from './alarms/performance-page.ts';
import { simulateCommands } from './alarms/simulate.ts';
import { durationArgument, wholeNumber } from './arguments.ts';
import { ExitCode } from './exit.ts';
import { inColumns, iso, reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline alarms list                                    what stands now, the most urgent first
  lifeline alarms list --recent                           the last 100, those that are over included, with their verdicts
  lifeline alarms acknowledge dma-2/burst --by 张工
  lifeline alarms judge dma-2/burst nuisance --by 张工 --note 消防用水
  lifeline alarms shelve dma-2/burst 60 --by 张工 --reason 抢修中     put it aside for an hour; unshelve brings it back
  lifeline alarms simulate pit-7/ch4 40 --by 李工 --reason 回路试验    test the loop; simulate-end ends it before its 30 minutes
  lifeline alarms report --last 30d --out report.html     rates, floods, the most frequent, stale, time to acknowledge, beside their targets
  lifeline alarms export -c gateway.yaml --out master.xlsx --headers zh    the master alarm table, for the review meeting
  lifeline alarms import reviewed.xlsx -c gateway.yaml                      its corrections

A verdict is useful, nuisance, wrong-cause or planned (work of your own, such as a flushing), of the alarm as it was raised last; another one replaces it.
Three of nuisance within 14 days, and none of useful, widen the limits of that claim; one of useful takes it back. What was no nuisance was no normal
operation: lifeline calibrate and train leave it out with --exclude-judged. They speak with a running gateway. Exit 1 when it refuses, 4 when none answers.
`;

/** `lifeline alarms`: the alarms of a running gateway, and what people say of them. */
export function alarmsCommand(program: Command): void {
  const group = program
    .command('alarms')
    .description(
      'alarms of a running gateway: list, acknowledge, shelve, reset, judge, report; the master alarm table: export, import',
    );
  group.addHelpText('after', examples);
  const about = (name: string, what: string) =>
    group.command(name).description(what).addOption(consoleOption()).option('--json', 'print the answer as JSON');
  const byPerson = (name: string, what: string) =>
    about(name, what).argument('<alarm>', 'asset/kind').requiredOption('--by <name>', 'who says so');
  about('list', 'alarms that are not over')
    .option('--recent', 'the last 100, those that are over included')
    .action((options: LinkOptions & { readonly recent?: boolean }) => reportingFailure(() => list(options)));
  byPerson('acknowledge', 'take an alarm over').action(
    (alarm: string, options: LinkOptions & { readonly by: string }) =>
      reportingFailure(() => acknowledge(alarm, options)),
  );
  byPerson('reset', 'let an alarm go that has latched').action(
    (alarm: string, options: LinkOptions & { readonly by: string }) =>
      reportingFailure(() => act('reset', alarm, options, {})),
  );
  byPerson('shelve', 'put an alarm aside')
    .argument('<minutes>', '480 at most', wholeNumber(1, 480))
    .requiredOption('--reason <text>', 'why')
    .option('--once', 'only until its condition is over')
    .action((alarm: string, minutes: number, { reason, once = false, ...options }: ShelveOptions) =>
      reportingFailure(() => act('shelve', alarm, options, { minutes, reason, once })),
    );
  byPerson('unshelve', 'bring an alarm back').action((alarm: string, options: LinkOptions & { readonly by: string }) =>
    reportingFailure(() => act('unshelve', alarm, options, {})),
  );
  simulateCommands(group);
  byPerson('judge', 'say what an alarm was worth')
    .addArgument(new Argument('<verdict>', 'what it was').choices(verdicts))
    .option('--note <text>', 'what there is to add', '')
    .action((alarm: string, verdict: Verdict, options: LinkOptions & { readonly by: string; readonly note: string }) =>
      reportingFailure(() => judge(alarm, verdict, options)),
    );
  about(
    'report',
    'how the alarm system does, beside the targets of IEC 62682; by detector what people think; which limits that has widened',
  )
    .option('--last <time>', 'over how long up to now', durationArgument, 7 * 86_400_000)
    .option('--out <file>', 'as .csv, or as .html to be printed', reportFile)
    .action((options: ReportOptions) => reportingFailure(() => report(options)));
  masterTableCommands(group);
}

async function list({ console: address, recent, json }: LinkOptions & { readonly recent?: boolean }): Promise<void> {
  const link = new ConsoleLink(address);
  const alarms = recent ? (await link.get<VerdictsView>('/api/verdicts')).recent : await standing(link);
  if (json) console.log(JSON.stringify(alarms, null, 2));
  else if (alarms.length === 0) console.log('no alarms');
  else for (const line of inColumns([alarmHead, ...alarms.map(alarmCells)])) console.log(line);
}

/** What people must act on, then what is kept out of view: all of it, page by page. */
async function standing(link: ConsoleLink): Promise<readonly AlarmView[]> {
  const found = new Map<string, AlarmView>();
  for (const list of alarmLists) {
    for (let [from, total] = [0, 1]; from < total; from += alarmsAsked) {
      const asked = new URLSearchParams({ list, from: String(from), most: String(alarmsAsked) });
      const page = await link.get<AlarmListView>(`/api/alarm-list?${asked}`);
      total = page.total;
      // one that moves up meanwhile is told once
      for (const alarm of page.alarms) found.set(alarm.id, alarm);
    }
  }
  return [...found.values()];
}

/** Alarms of one answer, the most that the console gives. */
const alarmsAsked = 500;

const alarmHead = ['alarm', 'raised', 'state', 'priority', 'verdict', 'what'];

const alarmCells = ({ id, raisedAt, state, priority, judgement, message }: AlarmView): string[] => [
  ...[id, iso(raisedAt), state, priority, judgement?.verdict ?? '–'],
  `${message.zh} · ${message.en}`,
];

async function acknowledge(alarm: string, { console: address, by, json }: LinkOptions & { readonly by: string }) {
  const { result } = await new ConsoleLink(address).post<{ readonly result: AcknowledgeResult }>('/api/acknowledge', {
    ...{ alarm, by },
  });
  if (json) console.log(JSON.stringify({ result }));
  else console.log(result === 'done' ? `${alarm}: acknowledged` : `${alarm}: there was nothing to acknowledge`);
}

async function judge(
  alarm: string,
  verdict: Verdict,
  { console: address, by, note, json }: LinkOptions & { readonly by: string; readonly note: string },
): Promise<void> {
  const link = new ConsoleLink(address);
  const { result } = await link.post<{ readonly result: JudgeResult }>('/api/verdict', { alarm, verdict, by, note });
  if (json) console.log(JSON.stringify({ result }));
  else console.log(`${alarm}: judged ${verdict}`);
  if (result !== 'done') process.exitCode = ExitCode.failed;
}

interface ShelveOptions extends LinkOptions {
  readonly by: string;
  readonly reason: string;
  readonly once?: boolean;
}

async function act(
  verb: 'reset' | 'shelve' | 'unshelve',
  alarm: string,
  { console: address, by, json }: LinkOptions & { readonly by: string },
  more: object,
): Promise<void> {
  const wish = { alarm, by, ...more };
  const { result } = await new ConsoleLink(address).post<{ readonly result: AcknowledgeResult }>(`/api/${verb}`, wish);
  if (json) console.log(JSON.stringify({ result }));
  else console.log(result === 'done' ? `${alarm}: ${verb} done` : `${alarm}: there was nothing to ${verb}`);
}

interface ReportOptions extends LinkOptions {
  readonly last: number;
  readonly out?: string;
}

function reportFile(name: string): string {
  if (/\.(csv|html)$/i.test(name)) return name;
  throw new InvalidArgumentError('expected a name that ends in .csv or .html');
}

async function report({ console: address, last, out, json }: ReportOptions): Promise<void> {
  const link = new ConsoleLink(address);
  const { recent, ...figures } = await link.get<VerdictsView>('/api/verdicts');
  const performance = await link.get<AlarmPerformance>(`/api/alarm-performance?lastMs=${last}`);
  if (out !== undefined) {
    const { gateway } = await link.get<ModelView>('/api/model');
    const isPage = out.toLowerCase().endsWith('.html');
    const bytes = isPage ? Buffer.from(performancePage(gateway.name, performance)) : csvBytes(reportCells(performance));
    await replaceFile(out, bytes);
    console.error(`${out}: ${performance.announced} alarms since ${iso(performance.from)}`);
  }
  if (json) console.log(JSON.stringify({ ...figures, performance }, null, 2));
  else if (out === undefined) printReport(figures, performance);
}

/** Figures, then the lists, as one table. */
const reportCells = (performance: AlarmPerformance): OutputCells => [
  ['figure', 'value', 'target', 'ok'],
  ...performanceRows(performance).map(({ name, value, target, ok }) => [name.en, value, target, `${ok ?? ''}`]),
  ...performanceLists(performance).flatMap(({ title, rows }) => rows.map(([id, value]) => [title.en, id, value, ''])),
];

function printReport({ since, detectors, widened }: Omit<VerdictsView, 'recent'>, performance: AlarmPerformance): void {
  console.log(`from ${iso(performance.from)} to ${iso(performance.to)}`);
  const figures = performanceRows(performance).map(({ name, value, target, ok }) => [
    ...[name.en, value, target, ok === false ? 'missed' : ''],
  ]);
  for (const line of inColumns([['figure', 'value', 'target', ''], ...figures])) console.log(line);
  if (since === null) {
    console.log('no alarms yet');
    return;
  }
  console.log(`alarms since ${iso(since)}`);
  const rows = detectors.map((one) => [
    ...[one.detector, one.raised, one.useful, one.nuisance, one.wrongCause, one.planned].map(String),
    ...[percent(one.nuisanceShare), percent(one.wrongCauseShare)],
  ]);
  for (const line of inColumns([reportHead, ...rows], [1, 2, 3, 4, 5, 6, 7])) console.log(line);
  for (const { asset, kind, factor, until } of widened)
    console.log(`limits of ${asset}/${kind} × ${factor.toFixed(2)} until ${iso(until)}`);
}

const reportHead = [
  ...['detector', 'alarms', 'useful', 'nuisance', 'wrong cause', 'planned'],
  ...['nuisance share', 'wrong cause share'],
];
const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(0)} %`);
