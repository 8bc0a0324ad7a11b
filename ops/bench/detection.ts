import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../edge/core/random.ts';
import { manifestText } from '../../edge/detection/learned/site-manifest.ts';
import { trainAsset } from '../../models/training/site-model.ts';
import { StepGrid } from '../../models/training/step-grid.ts';
import type { DetectionCost } from './detection-cost.ts';
import { assetName, type LearnedFigures, models, roles, stepS, versions, writeState } from './learned-models.ts';
import { type Talking, withProcess } from './processes.ts';
import { atMost, type BenchRow } from './row.ts';
import { serviceEnvironment } from './service-environment.ts';

const days = 3;
const startMs = Date.UTC(2026, 0, 5);

/**
 * What detection costs in a gateway's environment: the whole of it on the demo's water, heating, gas and gallery, its parts,
 * and learned models.
 */
export async function benchDetection(): Promise<readonly BenchRow[]> {
  return [...(await costRows()), ...(await learnedRows())];
}

/** Runs a script of this folder in the environment of the service and reads what it prints. */
async function figuresOf<Figures>(script: string, ...options: readonly string[]): Promise<Figures> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const [flags, parameters] = [options.filter(isFlag), options.filter((option) => !isFlag(option))];
  const read = async (run: Talking) => JSON.parse(await run.nextLine()) as Figures;
  return withProcess(process.execPath, [...flags, file, ...parameters], read, await serviceEnvironment());
}

const isFlag = (option: string): boolean => option.startsWith('--');

async function costRows(): Promise<readonly BenchRow[]> {
  const figures = await figuresOf<DetectionCost>('./detection-cost.ts');
  const { tags, assets } = figures;
  return [
    atMost('charts of 1,000 tags, a scan', 'us', figures.chartsUs, 20),
    atMost('rungs 0 to 2, a sample', 'us', figures.ladderUs, 0.15),
    atMost(`detection of ${tags} tags, ${assets} assets at 1 Hz`, '% of a core', 100 * figures.coreShare, 2),
    atMost('delay of the main loop then, p99', 'ms', figures.delayMs, 5),
    atMost('work of one scan on the main loop, p99', 'ms', figures.scanMs, 5),
    atMost('detection with nothing to do', '% of a core', 100 * figures.idleCoreShare, 0.5),
    atMost('a model asked for 100 assets at once', 'ms', figures.modelBatchMs, 1),
    atMost('place of a leak, a query', 'ms', figures.placeMs, 1),
  ];
}

/** Memory of 200 models, one scan of all of them, delay of the loop, growth over swaps. */
async function learnedRows(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  try {
    await writeShelf(folder);
    await writeState(
      folder,
      versions(() => null),
    );
    const figures = await figuresOf<LearnedFigures>('./learned-models.ts', '--expose-gc', folder);
    return [
      atMost('memory of the runtime with one learned model', 'MB', figures.firstMb, 60),
      atMost('memory of 200 learned models beyond it', 'MB', figures.othersMb, 40),
      atMost('a scan of 200 learned models', 'ms', figures.scanMs, 100),
      atMost('delay of the main loop meanwhile, p99', 'ms', figures.delayMs, 5),
      atMost('growth over 1,000 swaps of a model', 'MB', figures.grownMb, 10),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Six signals with two common causes, minute by minute. */
function history(): StepGrid {
  const random = seededRandom(1, 'bench');
  const grid = new StepGrid([...roles], { fromMs: startMs, toMs: startMs + days * 86_400_000 - 1 }, stepS);
  let [slow, fast] = [0, 0];
  for (let step = 0; step < grid.steps; step++) {
    slow = 0.99 * slow + 0.1 * random.normal();
    fast = 0.8 * fast + random.normal();
    for (const column of roles.keys())
      grid.take(column, grid.timeMs(step) - 1, 10 * slow + (column + 1) * fast + random.normal());
  }
  return grid;
}

/** The same linear model, 18 inputs and the calendar, as two versions of every asset. */
async function writeShelf(folder: string): Promise<void> {
  const described = roles.map((role, column) => ({ role, unit: '', column }));
  const training = trainAsset({
    ...{ asset: assetName(0), assetType: 'bench.asset', roles: described, grid: history(), utcOffsetMinutes: 0 },
    ...{ source: 'a benchmark', version: 1, seed: 1 },
  });
  if ('refused' in training) throw new Error(`the model of the benchmark was refused: ${training.refused}`);
  const { asset: _asset, ...manifest } = training.manifest;
  for (let index = 0; index < models; index++)
    for (const version of [1, 2]) {
      const place = join(folder, assetName(index), `${version}`);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'model.onnx'), training.onnx);
      await writeFile(join(place, 'manifest.json'), manifestText({ ...manifest, counter: version }));
    }
}
