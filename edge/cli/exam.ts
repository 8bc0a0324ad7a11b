import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { plants } from '../../simulator/city/plants.ts';
import { type AblationOptions, ablate } from '../../simulator/exam/ablation.ts';
import type { ExamStage } from '../../simulator/exam/exam.ts';
import { checkFigures, judge, parseRequirements, type Verdict } from '../../simulator/exam/requirement.ts';
import { type Suite, suites } from '../../simulator/exam/suites.ts';
import { silentLog } from '../core/log.ts';
import { someOf, wholeNumber } from './arguments.ts';
import { ablationTable, removableDetectors, watchingDetectors, withoutJson } from './exam/ablation.ts';
import { type CityWishes, examinedCity, Refused } from './exam/examined-city.ts';
import { examinedGateway } from './exam/examined-gateway.ts';
import { examHtml } from './exam/html.ts';
import { junitXml } from './exam/junit.ts';
import { examJson, summary } from './exam/report.ts';
import { ExitCode } from './exit.ts';
import { printProblems } from './problems.ts';
import { createProgress, type Progress } from './progress.ts';
import { reportingFailure } from './reporting.ts';
import { untilStopped } from './stopping.ts';

const examples = `
Examples:
  lifeline exam                                             two hours of all utilities, the city's own gateway
  lifeline exam --suite winter-night --seed 5 --json        a day that nobody tuned for
  lifeline exam --suite storm-night --seed 7 --ablation     what each detector contributes
  lifeline exam --junit exam.xml --html exam.html           for a CI server, and to look at
  lifeline exam --gateway gateway.yaml --require 'recall>=0.95,falsePerAssetWeek<=0.1'

Suites: ${suites.map(({ name, hours, seeds }) => `${name} (${hours} h, seeds ${seeds.join(' ')})`).join(', ')}.
The seeds are public, for development; any other number is as good. Exit code 1 when a requirement is not met.
`;

interface ExamCommandOptions extends CityWishes {
  readonly suite: string;
  readonly gateway?: string;
  readonly models?: string;
  readonly require?: string;
  /** Of every detector when true. */
  readonly ablation?: true | readonly string[];
  readonly json?: boolean;
  readonly junit?: string;
  readonly html?: string;
}

/** `lifeline exam`: city and gateway in virtual time, scored against the truth. */
export function examCommand(program: Command): void {
  const names = suites.map(({ name }) => name);
  program
    .command('exam')
    .description('examine a gateway on the simulated city, in virtual time, against the truth')
    .addOption(new Option('--suite <name>', 'what is played').choices(names).default('smoke'))
    .option('--seed <n>', "same seed: same exam; the suite's first when left out", wholeNumber(0, 2 ** 31 - 1))
    .option('--utility <names>', 'only these, such as water,gas; all when left out', someOf(Object.keys(plants)))
    .option('--gateway <file>', "gateway.yaml to examine; the city's own when left out")
    .option('--models <dir>', 'folder of lifeline train: its newest model of each asset decides')
    .option('--city <file>', 'city.yaml: what it says of seed, start, utilities, water network and happenings holds')
    .option('--scenario <file>', 'plays what this file says instead of what the seed draws')
    .option('--require <figures>', "what must hold, such as 'recall>=0.95,falsePerAssetWeek<=0.1'")
    .option(
      '--ablation [detectors]',
      'sits again without each detector, all or these: what each contributes',
      someOf(removableDetectors),
    )
    .option('--json', 'print the score as JSON')
    .option('--junit <file>', 'write JUnit XML: a test case per kind of happening and per requirement')
    .option('--html <file>', 'write a page with a timeline of every happening')
    .addHelpText('after', examples)
    .action((options: ExamCommandOptions) => reportingFailure(() => exam(options)));
}

async function exam(options: ExamCommandOptions): Promise<void> {
  const suite = suites.find(({ name }) => name === options.suite);
  if (!suite) throw new RangeError(`no suite ${options.suite}`);
  const stopping = new AbortController();
  void untilStopped(undefined).then(() => stopping.abort());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-exam-'));
  try {
    await examine(suite, options, folder, stopping.signal);
  } catch (error) {
    if (error instanceof Refused) {
      printProblems(error.errors, []);
      process.exitCode = ExitCode.configInvalid;
    } else if (stopping.signal.aborted) {
      console.error('broken off before the exam began');
      process.exitCode = ExitCode.failed;
    } else throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.exit();
}

/** Runs the exam and tells what came of it; the exit code says whether it was whole and everything required was met. */
async function examine(suite: Suite, options: ExamCommandOptions, folder: string, signal: AbortSignal): Promise<void> {
  const requirements = options.require === undefined ? [] : parseRequirements(options.require);
  const { built, happeningsOf } = await examinedCity(suite, options);
  const progress = createProgress(100, process.stderr);
  const startedMs = performance.now();
  let calibrationS = 0;
  let sitting = '';
  const { complete, without } = await ablate({
    ...{ suite, city: built, happeningsOf, log: silentLog, signal, detectorsOf: leftOut(options) },
    async gatewayOf(city) {
      checkFigures(requirements, [...Object.keys(plants), ...city.kinds.map(({ kind }) => kind)]);
      const calibratingMs = performance.now();
      const show = percent(progress, 'calibrating from 14 days of city history');
      const wanted = { file: options.gateway, models: options.models, folder: join(folder, 'gateway'), built };
      const gateway = await examinedGateway(wanted, city, { signal, onProgress: show });
      calibrationS += (performance.now() - calibratingMs) / 1000;
      return gateway;
    },
    folderOf: (name) => join(folder, name),
    onSitting: (detector, at, of) => {
      sitting = detector === undefined ? '' : ` without ${detector}, sitting ${at + 1} of ${of}`;
    },
    onProgress: examProgress(progress, suite, () => sitting),
  }).finally(() => progress.clear());
  const verdicts = judge(requirements, complete.score);
  const wallS = (performance.now() - startedMs) / 1000;
  const pace = { wallS, calibrationS, maxMemoryMb: process.resourceUsage().maxRSS / 1000 };
  if (options.junit) await writeFile(options.junit, junitXml(complete, verdicts, wallS));
  if (options.html) await writeFile(options.html, examHtml(complete, verdicts));
  if (options.json) {
    const ablation = options.ablation ? { ablation: without.map(withoutJson) } : {};
    console.log(JSON.stringify({ ...examJson(complete, verdicts, pace), ...ablation }, null, 2));
  } else for (const line of summary(complete, wallS)) console.log(line);
  if (options.ablation && !options.json) for (const line of ablationTable({ complete, without })) console.log(line);
  tell(verdicts);
  if (signal.aborted) console.error(`broken off after ${complete.hours.toFixed(1)} of ${suite.hours} h`);
  if (signal.aborted || verdicts.some(({ met }) => !met)) process.exitCode = ExitCode.failed;
}

/** What is left out in turn: nothing without an ablation, what is named, or every detector that watches something. */
function leftOut({ ablation, gateway, models }: ExamCommandOptions): AblationOptions['detectorsOf'] {
  if (ablation !== true) return () => ablation ?? [];
  return (loaded) => watchingDetectors(loaded, gateway !== undefined || models !== undefined);
}

const percent = (progress: Progress, text: string) => (share: number) =>
  progress.update(Math.round(share * 100), `% ${text}`);

/** Shows the sitting and, when it is over before them, the twins. */
function examProgress(
  progress: Progress,
  suite: Suite,
  sitting: () => string,
): (stage: ExamStage, share: number) => void {
  const show = {
    sitting: (share: number) => percent(progress, `of ${suite.name}${sitting()}`)(share),
    twins: percent(progress, 'of what sensors can show'),
  };
  let sat = 0;
  return (stage, share) => {
    if (stage === 'sitting') sat = share;
    if (stage === 'sitting' || sat === 1) show[stage](share);
  };
}

function tell(verdicts: readonly Verdict[]): void {
  for (const { requirement, value, met } of verdicts) {
    const measured = value === null ? 'nothing was measured' : `${value}`;
    console.error(`${met ? 'met' : 'NOT MET'}  ${requirement.text}  (${measured})`);
  }
}
