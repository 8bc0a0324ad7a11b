import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection } from '../../edge/detection/index.ts';

export const models = 200;
export const roles = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
export const stepS = 60;
const swaps = 1000;
/**
 * Swaps before the first look at memory: within so many the heap of this thread takes the room that it works in (55 to 91 MB);
 * of 3,500 swaps the first 500 added 8.4 MB, the next 1,000 2.2, and each 1,000 after them about 3.
 */
const warmSwaps = 500;
const scans = 20;
/** After this long the folder is looked at again. */
const lookMs = 30_000;

export const assetName = (index: number): string => `asset-${index}`;

export interface LearnedFigures {
  readonly firstMb: number;
  readonly othersMb: number;
  readonly scanMs: number;
  readonly delayMs: number;
  readonly grownMb: number;
}

/** Says which version of each asset's model decides. */
export const writeState = (folder: string, active: ReadonlyMap<string, number | null>): Promise<void> =>
  writeFile(
    join(folder, 'state.json'),
    JSON.stringify({
      schema: 'lifeline-models/1',
      models: Object.fromEntries([...active].map(([asset, version]) => [asset, { active: version }])),
    }),
  );

/** The same version of every model of the bench, or what is said of each. */
export const versions = (active: (index: number) => number | null): ReadonlyMap<string, number | null> =>
  new Map(Array.from({ length: models }, (_, index) => [assetName(index), active(index)]));

/** Resident memory when what nobody needs any more is gone. */
function residentMb(): number {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  return process.memoryUsage().rss / 2 ** 20;
}

/** A detection of nothing but learned models, moved along by a virtual clock. */
function bench(folder: string) {
  const tags = new TagTable(
    Array.from({ length: models * roles.length }, (_, index) => ({
      ...{ name: `plc/${index}`, device: 'plc', point: `${index}`, unit: '', scale: 1, offset: 0, low: 0, high: 1 },
      ...{ deadband: 0, periodMs: 1000, description: '' },
    })),
  );
  const assets = Array.from(
    { length: models },
    (_, index): Asset => ({
      ...{ id: assetName(index), type: 'bench.asset', name: '', grid: '', location: undefined, upstreamOf: [] },
      roles: Object.fromEntries(roles.map((role, place) => [role, index * roles.length + place])),
    }),
  );
  const clock = new VirtualClock(Date.UTC(2026, 0, 5));
  const live = new LiveTable(tags.size);
  const random = seededRandom(2, 'bench');
  const troubles: string[] = [];
  const detection = createDetection({
    ...{
      assets,
      packs: new Map(),
      tags,
      live,
      clock,
      log: silentLog,
      calibrationFile: undefined,
      modelsFolder: folder,
    },
    learned: { folder, recordFile: undefined, trustedKeys: [], allowUnsigned: true },
    onFinding: () => undefined,
    onNotice: (error) => troubles.push(error.message),
  });
  const pass = async (ms: number) => {
    await clock.advance(ms);
    detection.tick();
    await detection.idle();
  };
  const scan = async () => {
    const batch = createBatch('plc', tags.size, clock.wallMs());
    for (let tag = 0; tag < tags.size; tag++) {
      batch.tags[tag] = tag;
      batch.values[tag] = random.normal();
    }
    live.write(batch);
    for (let second = 0; second < stepS; second++) await pass(1000);
  };
  return { detection, troubles, pass, scan };
}

async function measure(folder: string): Promise<LearnedFigures> {
  const { detection, troubles, pass, scan } = bench(folder);
  await detection.idle();
  const seat = async (active: (index: number) => number | null) => {
    await writeState(folder, versions(active));
    await pass(lookMs);
    await detection.idle();
  };
  const bareMb = residentMb();
  await seat((index) => (index === 0 ? 1 : null));
  for (let count = 0; count < 3; count++) await scan();
  const oneMb = residentMb();
  await seat(() => 1);
  for (let count = 0; count < 3; count++) await scan();
  const allMb = residentMb();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = performance.now();
  for (let count = 0; count < scans; count++) await scan();
  const scanMs = (performance.now() - before) / scans;
  delay.disable();
  const swap = async (from: number, to: number) => {
    for (let at = from; at < to; at++)
      await seat((index) => (index === at % models ? 2 - (Math.floor(at / models) % 2) : 1));
  };
  await swap(0, warmSwaps);
  const warmMb = residentMb();
  await swap(warmSwaps, warmSwaps + swaps);
  const grownMb = residentMb() - warmMb;
  await detection.stop();
  if (troubles.length > 0) throw new Error(`${troubles.length} models in trouble: ${troubles[0]}`);
  const delayMs = delay.percentile(99) / 1e6;
  return { firstMb: oneMb - bareMb, othersMb: allMb - oneMb, scanMs, delayMs, grownMb };
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url) && folder !== undefined)
  console.log(JSON.stringify(await measure(folder)));
