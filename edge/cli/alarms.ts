import { Argument, type Command } from 'commander';
import type { AcknowledgeResult, JudgeResult } from '../console/api.ts';
import type { AlarmsView, AlarmView, VerdictsView } from '../console/wire.ts';
import { type Verdict, verdicts } from '../core/verdict.ts';
import { ConsoleLink, consoleAddress, usualConsole } from './alarms/console-link.ts';
import { ExitCode } from './exit.ts';
import { inColumns, reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline alarms list                                    what stands now, the most urgent first
  lifeline alarms list --recent                           the last 100, those that are over included, with their verdicts
  lifeline alarms acknowledge dma-2/burst --by 张工
  lifeline alarms judge dma-2/burst nuisance --by 张工 --note 消防用水
  lifeline alarms report                                  by detector: how many alarms, and what people think of them

A verdict is useful, nuisance, wrong-cause or planned (work of your own, such as a flushing), of the alarm as it was raised last; another one replaces it.
Three of nuisance within 14 days, and none of useful, widen the limits of that claim; one of useful takes it back. What was no nuisance was no normal
operation: lifeline calibrate and train leave it out with --exclude-judged. They speak with a running gateway. Exit 1 when it refuses, 4 when none answers.
`;

interface LinkOptions {
  readonly console: URL;
  readonly json?: boolean;
}

/** `lifeline alarms`: the alarms of a running gateway, and what people say of them. */
export function alarmsCommand(program: Command): void {
  const group = program.command('alarms').description('alarms of a running gateway: list, acknowledge, judge, report');
  group.addHelpText('after', examples);
  const about = (name: string, what: string) =>
    group
      .command(name)
      .description(what)
      .option('--console <url>', 'address of its console', consoleAddress, new URL(usualConsole))
      .option('--json', 'print the answer as JSON');
  const byPerson = (name: string, what: string) =>
    about(name, what).argument('<alarm>', 'asset/kind').requiredOption('--by <name>', 'who says so');
  about('list', 'alarms that are not over')
    .option('--recent', 'the last 100, those that are over included')
    .action((options: LinkOptions & { readonly recent?: boolean }) => reportingFailure(() => list(options)));
  byPerson('acknowledge', 'take an alarm over').action(
    (alarm: string, options: LinkOptions & { readonly by: string }) =>
      reportingFailure(() => acknowledge(alarm, options)),
  );
  byPerson('judge', 'say what an alarm was worth')
    .addArgument(new Argument('<verdict>', 'what it was').choices(verdicts))
    .option('--note <text>', 'what there is to add', '')
    .action((alarm: string, verdict: Verdict, options: LinkOptions & { readonly by: string; readonly note: string }) =>
      reportingFailure(() => judge(alarm, verdict, options)),
    );
  about(
    'report',
    'by detector: how many alarms, useful, nuisance, wrong cause, planned; and which limits that has widened',
  ).action((options: LinkOptions) => reportingFailure(() => report(options)));
}

async function list({ console: address, recent, json }: LinkOptions & { readonly recent?: boolean }): Promise<void> {
  const link = new ConsoleLink(address);
  const { alarms } = recent
    ? { alarms: (await link.get<VerdictsView>('/api/verdicts')).recent }
    : await link.get<AlarmsView>('/api/alarms');
  if (json) console.log(JSON.stringify(alarms, null, 2));
  else if (alarms.length === 0) console.log('no alarms');
  else for (const line of inColumns([alarmHead, ...alarms.map(alarmCells)])) console.log(line);
}

const alarmHead = ['alarm', 'raised', 'state', 'priority', 'verdict', 'what'];

const alarmCells = ({ id, raisedAt, state, priority, judgement, message }: AlarmView): string[] => [
  ...[id, iso(raisedAt), state, priority, judgement?.verdict ?? '–'],
  `${message.zh} · ${message.en}`,
];

const iso = (timeMs: number | null): string => (timeMs === null ? '–' : new Date(timeMs).toISOString().slice(0, 19));

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

async function report({ console: address, json }: LinkOptions): Promise<void> {
  const { recent, ...figures } = await new ConsoleLink(address).get<VerdictsView>('/api/verdicts');
  if (json) {
    console.log(JSON.stringify(figures, null, 2));
    return;
  }
  const { since, detectors, widened } = figures;
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
