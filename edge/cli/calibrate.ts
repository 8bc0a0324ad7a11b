import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { inThread } from '../../simulator/exam/thread.ts';
import { replaceFile } from '../config/draft.ts';
import { type LoadedGateway, loadGateway } from '../config/load.ts';
import type { BudgetStatus } from '../core/watch.ts';
import { budgetStatus } from '../detection/budget/tolerance.ts';
import { calibrateFromCity } from './calibrate/from-city.ts';
import { guarded } from './calibrate/guard.ts';
import { onlyPlaces, placesOfSite, withPlaces } from './calibrate/places.ts';
import type { Calibrated, CalibrationNews, Omission } from './calibrate/work.ts';
import { calibrationIn, countsOf, joined, textOf } from './calibrate/written.ts';
import type { CodedText } from './coded-text.ts';
import { ExitCode } from './exit.ts';
import { readNetwork } from './networks/read-network.ts';
import { type PastOptions, type PastWish, pastOf, withPastOptions } from './past/wish.ts';
import { count, printProblems } from './problems.ts';
import { loadContext } from './product.ts';
import { createProgress, type Progress } from './progress.ts';
import { reportingFailure } from './reporting.ts';
import { untilStopped } from './stopping.ts';

const examples = `
Examples:
  lifeline calibrate -c gateway.yaml --from scada.csv          from an export, at once
  lifeline calibrate -c gateway.yaml --exclude 2026-03-01T08:00..2026-03-01T12:00     from the gateway's own history, without a flushing
  lifeline calibrate -c gateway.yaml --exclude-judged          without what alarms were judged to be: useful, wrong-cause or planned, asset by asset
  lifeline calibrate -c gateway.yaml --from sim                from the simulated city
  lifeline calibrate -c gateway.yaml --only-places             where leaks are, from the networks that gateway.yaml names

Says what normal operation looks like: what each value follows from, and what tags do from poll to poll. What the history does not tell
is named with the reason, and stays as it was in the calibration that is there already. Ctrl-C changes nothing. Exit 1 when nothing
could be calibrated.

A value that has moved the way of a fault since the first calibration, by more than its detector allows, is not learnt as normal (LL-PAST-DRIFT):
--accept-drift does it, after the plant was changed.

Held-out history tells how many false alarms per asset-week the limits let expect, and which alarm budget (detection.budget) may be asked for.
`;

interface CalibrateOptions extends PastOptions {
  readonly out?: string;
  readonly acceptDrift?: boolean;
  readonly onlyPlaces?: boolean;
  readonly json?: boolean;
}

/** `lifeline calibrate`: what normal looks like, from history. */
export function calibrateCommand(program: Command): void {
  withPastOptions(program.command('calibrate').description('find limits and courses of this site from history'))
    .option('--out <file>', "calibration file; the configuration's when left out")
    .option('--accept-drift', 'learn as normal what has moved the way of a fault, too')
    .option('--only-places', 'no history: work out again where leaks are, by the networks of the configuration')
    .option('--json', 'print {source, notes, out, tags, claims, districts, places, budget, not}')
    .addHelpText('after', examples)
    .action((options: CalibrateOptions) => reportingFailure(() => calibrate(options)));
}

async function calibrate(options: CalibrateOptions): Promise<void> {
  const { gateway, errors } = await loadGateway(options.config, { ...loadContext, networks: readNetwork });
  if (!gateway) {
    printProblems(errors, []);
    process.exitCode = ExitCode.configInvalid;
    return;
  }
  const stopping = new AbortController();
  void untilStopped(undefined).then(() => stopping.abort());
  const progress = createProgress(100, process.stderr);
  const named = gateway.config.detection.calibration;
  const out = options.out ?? resolve(dirname(options.config), named ?? 'calibration.json');
  const before = await calibrationIn(out);
  const past = await pastOf(options);
  const learn = () =>
    options.onlyPlaces
      ? Promise.resolve(onlyPlaces(gateway, before, Date.now()))
      : learnt(gateway, past, progress, stopping.signal);
  const made = await make(gateway, learn, progress, stopping.signal).catch((error: unknown) => {
    if (stopping.signal.aborted) return undefined;
    throw error;
  });
  progress.clear();
  if (!made || 'failed' in made) {
    console.error(
      made
        ? `lifeline: ${made.failed.code} ${made.failed.message}\n${made.failed.next}`
        : 'broken off: nothing was changed',
    );
    process.exit(ExitCode.failed);
  }
  const taken = guarded(before, made, options.acceptDrift === true);
  const figures = figuresOf(taken);
  const some = figures.tags + figures.claims + figures.districts + figures.places > 0;
  const whole = joined(before, taken.calibration);
  const budget = budgetStatus(gateway.config.detection.budget, whole, gateway.assets);
  if (some) await replaceFile(out, Buffer.from(textOf(whole)));
  if (options.json)
    console.log(JSON.stringify({ ...figures, budget, out: some ? out : null, not: taken.not }, null, 2));
  else report(taken, budget, some ? out : undefined, named !== undefined);
  process.exit(some ? ExitCode.done : ExitCode.failed);
}

type Made = Calibrated | { readonly failed: CodedText };

/** What is learnt of normal operation, with the places of the networks that the configuration names. */
async function make(
  gateway: LoadedGateway,
  learn: () => Promise<Made>,
  progress: Progress,
  signal: AbortSignal,
): Promise<Made> {
  const placed = await placesOfSite(gateway, (share) => progress.update(Math.round(share * 100), '% placing'), signal);
  if ('failed' in placed) return placed;
  const made = await learn();
  return 'failed' in made ? made : withPlaces(made, placed);
}

async function learnt(gateway: LoadedGateway, wish: PastWish, progress: Progress, signal: AbortSignal): Promise<Made> {
  const show = (share: number, doing: string) => progress.update(Math.round(share * 100), `% ${doing}`);
  if (wish.from === 'sim')
    return calibrateFromCity(gateway, wish, (share) => show(share, 'living through the city'), signal);
  let result: Made | undefined;
  const heard = (news: CalibrationNews) => {
    if ('share' in news) show(news.share, news.doing);
    else result = 'failed' in news ? news : news.calibrated;
  };
  await inThread(import.meta.url, 'calibrate/calibrating-thread', wish, heard, signal);
  if (!result) throw new Error('the calibrating thread ended without a result');
  return result;
}

/** What the limits let expect, in a line. */
function budgetLine({ wanted, tolerance, expected, supported }: BudgetStatus): string {
  if (!supported || expected === null) return 'too little was held out to tell how rare false alarms are';
  const [least, most] = supported.map((rate) => rate.toPrecision(2));
  const widened = wanted === null ? 'as calibrated' : `with limits × ${tolerance.toFixed(2)} for a budget of ${wanted}`;
  return `${expected.toPrecision(2)} false alarms per asset-week to be expected ${widened}; detection.budget may be ${least} to ${most}`;
}

const figuresOf = ({ calibration, source, notes }: Calibrated) => ({ source, notes, ...countsOf(calibration) });

function report(made: Calibrated, budget: BudgetStatus, out: string | undefined, named: boolean): void {
  const { source, notes, tags, claims, districts, places } = figuresOf(made);
  console.log(`learnt from ${source}`);
  for (const note of notes) console.log(`  ${note}`);
  console.log(
    `${count(tags, 'tag')}, ${count(claims, 'claim')} by residuals, ${count(districts, 'district')} calibrated, ${count(places, 'network')} to place leaks in`,
  );
  console.log(budgetLine(budget));
  const reasons = Map.groupBy(made.not, ({ error }) => error.code);
  for (const [code, some] of reasons) tell(code, some);
  if (out === undefined) console.log('nothing was written');
  else
    console.log(
      `${out}: written; ${named ? 'a reload takes it in' : 'name it in gateway.yaml: detection: { calibration: … }'}`,
    );
}

function tell(code: string, some: readonly Omission[]): void {
  console.log(`${code} not calibrated: ${some.map(({ subject }) => subject).join(', ')}`);
  console.log(`  ${some[0]?.error.message}; ${some[0]?.error.next}`);
}
