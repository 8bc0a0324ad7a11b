import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { inThread } from '../../simulator/exam/thread.ts';
import { type LoadedGateway, loadGateway } from '../config/load.ts';
import { suggest } from '../core/suggest.ts';
import { versionsOf } from '../detection/learned/shelf.ts';
import type { CodedText } from './coded-text.ts';
import { ExitCode } from './exit.ts';
import { pastErrors } from './past/errors.ts';
import { type PastOptions, pastOf, withPastOptions } from './past/wish.ts';
import { count, printProblems } from './problems.ts';
import { loadContext } from './product.ts';
import { createProgress } from './progress.ts';
import { inColumns, reportingFailure } from './reporting.ts';
import { untilStopped } from './stopping.ts';
import { type ModelKind, modelKinds, type TrainedAsset, type TrainingNews, type TrainingWork } from './train/work.ts';
import { writeModels } from './train/write-models.ts';

const examples = `
Examples:
  lifeline train -c gateway.yaml                               from the gateway's own history in ./data
  lifeline train -c gateway.yaml --from scada.csv --asset dma-2 --exclude 2026-03-01T08:00..2026-03-01T12:00
  lifeline train -c gateway.yaml --model autoencoder           one small network for each kind of asset, to be tried in shadow
  lifeline train -c gateway.yaml --from sim --seed 7 --json

Each asset gets a model of what its signals are to each other: daily course, static and lagged principal components, T2 and SPE, for each of its
operating modes, as ONNX with manifest and card in <models>/<asset>/<version>. With --model autoencoder one small network is trained over all assets
of a kind, and each asset gets it with normalisation and limit of its own. Limits come from days that shaped nothing; the newest fifth shows what they are worth.
The same history and seed give the same bytes. Nothing is used before it is promoted. Ctrl-C leaves nothing behind. Exit 1 when no asset
could be trained, 3 for mistakes in the configuration.
`;

interface TrainOptions extends PastOptions {
  readonly asset?: readonly string[];
  readonly model: ModelKind;
  readonly out?: string;
  readonly json?: boolean;
}

/** `lifeline train`: models of assets from history. */
export function trainCommand(program: Command): void {
  withPastOptions(program.command('train').description('train models of mapped assets from history, on this machine'))
    .option('--asset <id...>', 'only these assets; all of them when left out')
    .addOption(
      new Option('--model <kind>', 'linear: of each asset; autoencoder: one for all assets of a kind')
        .choices(modelKinds)
        .default('linear'),
    )
    .option('--out <dir>', "models folder; the configuration's when left out")
    .option('--json', 'print {source, steps, notes, folder, assets}')
    .addHelpText('after', examples)
    .action((options: TrainOptions) => reportingFailure(() => train(options)));
}

async function train(options: TrainOptions): Promise<void> {
  const { gateway, errors } = await loadGateway(options.config, loadContext);
  if (!gateway) {
    printProblems(errors, []);
    process.exitCode = ExitCode.configInvalid;
    return;
  }
  const assets = wantedAssets(gateway, options.asset);
  const folder = options.out ?? resolve(dirname(options.config), gateway.config.detection.learned);
  const stopping = new AbortController();
  void untilStopped(undefined).then(() => stopping.abort());
  const result = await trainInThread(await workOf(options, assets, folder), stopping.signal);
  if (!result) {
    console.error('broken off: nothing was written');
    process.exit(ExitCode.failed);
  }
  if ('failed' in result) {
    tellFailure(result.failed);
    process.exit(ExitCode.failed);
  }
  const made = result.assets.filter((asset) => 'files' in asset);
  await writeModels(folder, made);
  const { source, steps, notes } = result;
  if (options.json)
    console.log(JSON.stringify({ source, steps, notes, folder, assets: result.assets.map(plain) }, null, 2));
  else report(folder, result);
  process.exit(made.length > 0 ? ExitCode.done : ExitCode.failed);
}

type Trained = Extract<TrainingNews, { readonly assets: unknown }>;

function wantedAssets({ assets }: LoadedGateway, wanted: readonly string[] | undefined): readonly string[] {
  const known = assets.map(({ id }) => id);
  for (const id of wanted ?? []) {
    if (known.includes(id)) continue;
    const near = suggest(id, known);
    throw pastErrors.create('ASSET', `train ${id}: there is no such asset${near ? `; did you mean "${near}"?` : ''}`);
  }
  return wanted ?? known;
}

async function workOf(options: TrainOptions, assets: readonly string[], folder: string): Promise<TrainingWork> {
  const versions = await Promise.all(assets.map(async (id) => [id, ((await versionsOf(folder, id)).at(-1) ?? 0) + 1]));
  return { past: await pastOf(options), model: options.model, assets, versions: Object.fromEntries(versions) };
}

/** Undefined when it was broken off. */
async function trainInThread(
  work: TrainingWork,
  signal: AbortSignal,
): Promise<Trained | { readonly failed: CodedText } | undefined> {
  const progress = createProgress(100, process.stderr);
  let result: Trained | { readonly failed: CodedText } | undefined;
  const heard = (news: TrainingNews) => {
    if ('share' in news) progress.update(Math.round(news.share * 100), `% ${news.doing}`);
    else result = news;
  };
  try {
    await inThread(import.meta.url, 'train/training-thread', work, heard, signal);
    return result;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    progress.clear();
  }
}

function tellFailure({ code, message, next }: CodedText): void {
  console.error(`lifeline: ${code} ${message}`);
  console.error(next);
}

/** Without the bytes. */
function plain(trained: TrainedAsset): unknown {
  if (!('files' in trained)) return trained;
  const { files: _files, ...rest } = trained;
  return rest;
}

function report(folder: string, { assets, source, steps, notes }: Trained): void {
  console.log(`learnt from ${source}, ${steps} steps`);
  for (const note of notes) console.log(`  ${note}`);
  const made = assets.filter((asset) => 'files' in asset);
  const rows = made.map(({ asset, version, inputs, limit, heldOut }) => {
    const above = 100 * Number(heldOut['shareAboveLimit']);
    return [asset, `${version}`, `${inputs.length}`, limit.toPrecision(3), `${Number(above.toPrecision(2))} %`];
  });
  const head = ['asset', 'version', 'signals', 'limit', 'newest fifth above it'];
  if (rows.length > 0) for (const line of inColumns([head, ...rows], [1, 2, 3, 4])) console.log(line);
  const refused = Map.groupBy(
    assets.filter((asset) => 'error' in asset),
    ({ error }) => error.code,
  );
  for (const [code, some] of refused) {
    console.log(`${code} not trained: ${some.map(({ asset }) => asset).join(', ')}`);
    console.log(`  ${some[0]?.error.message}; ${some[0]?.error.next}`);
  }
  console.log(`${count(made.length, 'model')} in ${folder}; nothing uses them before lifeline models promotes them`);
}
