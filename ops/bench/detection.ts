import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../edge/core/random.ts';
import { manifestText } from '../../edge/detection/learned/site-manifest.ts';
import { trainAsset } from '../../models/training/site-model.ts';
import { StepGrid } from '../../models/training/step-grid.ts';
import { assetName, type LearnedFigures, models, roles, stepS, writeState } from './learned-models.ts';
import { withProcess } from './processes.ts';
import { atMost, type BenchRow } from './row.ts';
import { serviceEnvironment } from './service-environment.ts';

const days = 3;
const startMs = Date.UTC(2026, 0, 5);

/** Learned models in a gateway's environment: memory of 200, one scan of all of them, delay of the loop, growth over swaps. */
export async function benchDetection(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  try {
    await writeShelf(folder);
    await writeState(folder, () => null);
    const script = fileURLToPath(new URL('./learned-models.ts', import.meta.url));
    const figures = await withProcess(
      process.execPath,
      ['--expose-gc', script, folder],
      async (run) => JSON.parse(await run.nextLine()) as LearnedFigures,
      await serviceEnvironment(),
    );
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
