import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { productRoot } from '../../edge/cli/installation.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { type LoadedGateway, loadGateway } from '../../edge/config/load.ts';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { realClock } from '../../edge/core/clock.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { parseCalibration } from '../../edge/detection/calibration.ts';
import { type ChartState, stepChart } from '../../edge/detection/charts/cusum.ts';
import { stepEwma } from '../../edge/detection/charts/ewma.ts';
import { createDetection, type Detection } from '../../edge/detection/index.ts';
import { ModelRunner } from '../../edge/detection/model.ts';
import { spawnModelWorker } from '../../edge/detection/model-thread.ts';
import { median, quantileOfSorted } from '../../edge/detection/order-statistics.ts';
import { locate } from '../../edge/detection/place/locate.ts';
import { Signatures } from '../../edge/detection/place/signature.ts';
import { detectorFactories, learnedDetector } from '../../edge/detection/registry.ts';
import { openCity } from '../../simulator/exam/city-feed.ts';

const seed = 7;
const startMs = Date.parse('2026-01-16T18:00:00+08:00');
/** Forty assets; the demo's gateway and calibration know them. */
const utilities = ['water', 'heating', 'gas', 'gallery'];
/** Minutes of the city: those in which code is compiled and windows fill, and those that count. */
const settlingS = 300;
const countedS = 900;
/** Real seconds at one scan a second, and without any. */
const pacedS = 30;
const idleS = 10;
const lastLadderRung = 2;

const chartedTags = 1000;
const chartScans = 20_000;
const chartWeight = 0.1;
const chartLimits = { allowance: 0.5, limit: 8 } as const;

const batchAssets = 100;
const batchRuns = 500;
const placeQueries = 300;

/** Figures of this process. */
export interface DetectionCost {
  readonly tags: number;
  readonly assets: number;
  readonly chartsUs: number;
  readonly ladderUs: number;
  /** Shares of one core. */
  readonly coreShare: number;
  readonly idleCoreShare: number;
  readonly delayMs: number;
  readonly scanMs: number;
  readonly modelBatchMs: number;
  readonly placeMs: number;
}

/** Processor time of this thread, ms: what other programs take of the machine is none of it. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** What PLCs of a city told the gateway, second by second. */
interface Recorded {
  readonly loaded: LoadedGateway;
  readonly tags: number;
  readonly scans: readonly (readonly SampleBatch[])[];
}

/** The demo's gateway, of which only these utilities speak, and what their PLCs tell it. */
async function record(): Promise<Recorded> {
  const { gateway, errors } = await loadGateway(join(productRoot, 'examples/demo/gateway.yaml'), loadContext);
  if (!gateway) throw new Error(`the demo's gateway has mistakes: ${errors[0]?.message}`);
  const city = await openCity({ seed, startMs, equipment: 'lean', utilities, stepS: 1 });
  const indexes = city.scans.map(({ plc }) =>
    plc.points.flatMap(({ name, text }, index) => {
      const tag = text ? undefined : gateway.tags.indexOf(`${plc.id}/${name}`);
      return tag === undefined ? [] : [{ tag, index }];
    }),
  );
  const scans: SampleBatch[][] = [];
  for (let second = 1; second <= settlingS + countedS + 2 * pacedS; second++) {
    await city.step();
    const timeMs = startMs + 1000 * second;
    scans.push(
      city.scans.map((scan, plc): SampleBatch => {
        const points = indexes[plc] ?? [];
        const batch = createBatch(scan.plc.id, points.length, timeMs);
        for (const [row, { tag, index }] of points.entries()) {
          batch.tags[row] = tag;
          batch.values[row] = scan.engineering(index);
          batch.quality[row] = Quality.good;
          batch.times[row] = timeMs;
        }
        return batch;
      }),
    );
  }
  await city.close();
  const ids = new Set(city.assets.map(({ id }) => id));
  const assets = gateway.assets.filter(({ id, type }) => ids.has(id) && !type.startsWith('plc.'));
  return { loaded: { ...gateway, assets }, tags: indexes.flat().length, scans };
}

/** A detection over the recorded city, moved along scan by scan as the gateway does it. */
class Replayed {
  readonly detection: Detection;
  /** Processor time of each scan in the detectors, ms. */
  busyMs: number[] = [];
  private readonly clock = new VirtualClock(startMs);
  private readonly live: LiveTable;
  private readonly scans: Recorded['scans'];
  private at = 0;

  constructor({ loaded, scans }: Recorded, without: ReadonlySet<string> = new Set()) {
    const { assets, packs, tags, folder, modelsFolder, config } = loaded;
    this.live = new LiveTable(tags.size);
    this.scans = scans;
    this.detection = createDetection({
      ...{ assets, packs, tags, live: this.live, clock: this.clock, log: silentLog, modelsFolder, without },
      calibrationFile: join(folder, config.detection.calibration ?? ''),
      onFinding: () => undefined,
      onNotice: (error) => {
        throw error;
      },
    });
  }

  /** One second: every PLC's batch, and the second's tick. */
  async scan(): Promise<void> {
    await this.clock.advance(1000);
    const batches = this.scans[this.at++] ?? [];
    for (const batch of batches) this.live.write(batch);
    const began = threadMs();
    for (const batch of batches) this.detection.batch(batch);
    this.detection.tick();
    this.busyMs.push(threadMs() - began);
  }

  /** As many scans as fit, one after another; models answer in between. */
  async run(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.scan();
      await this.detection.idle();
    }
  }

  /** One scan a second, in real time. @returns processor time of all threads of this process, s */
  async paced(seconds: number): Promise<number> {
    const clock = realClock();
    const before = process.cpuUsage();
    const beganMs = clock.monotonicMs();
    for (let second = 1; second <= seconds; second++) {
      await wait(beganMs + 1000 * second - clock.monotonicMs());
      await this.scan();
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }
}

/** Rungs 0 to 2 alone: processor time of a sample, µs. */
async function ladderUs(recorded: Recorded): Promise<number> {
  const higher = Object.entries(detectorFactories).filter(([, { rung }]) => rung > lastLadderRung);
  const replayed = new Replayed(recorded, new Set([...higher.map(([name]) => name), learnedDetector]));
  await replayed.run(settlingS);
  replayed.busyMs = [];
  await replayed.run(countedS);
  await replayed.detection.stop();
  return (1000 * sumOf(replayed.busyMs)) / (countedS * recorded.tags);
}

/** Everything that the gateway has, at its own pace; then with nothing to do. */
async function whole(
  recorded: Recorded,
): Promise<Pick<DetectionCost, 'coreShare' | 'idleCoreShare' | 'delayMs' | 'scanMs'>> {
  const replayed = new Replayed(recorded);
  await replayed.run(settlingS);
  replayed.busyMs = [];
  await replayed.run(countedS);
  const scanMs = quantileOfSorted(
    replayed.busyMs.sort((a, b) => a - b),
    0.99,
  );
  const coreShare = (await replayed.paced(pacedS)) / pacedS;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await replayed.paced(pacedS);
  delay.disable();
  const before = process.cpuUsage();
  await wait(1000 * idleS);
  const { user, system } = process.cpuUsage(before);
  await replayed.detection.stop();
  return { coreShare, idleCoreShare: (user + system) / 1e6 / idleS, delayMs: delay.percentile(99) / 1e6, scanMs };
}

/** A mean and two sums for each of so many tags, as detectors step them: a scan, µs. */
function chartsUs(): number {
  const random = seededRandom(seed, 'charts');
  const values = Float64Array.from({ length: 16 * chartedTags }, () => random.normal());
  const means = new Float64Array(chartedTags);
  const states = Array.from({ length: chartedTags }, (): ChartState => ({ up: 0, down: 0, active: false }));
  const scan = (at: number) => {
    const row = values.subarray((at % 16) * chartedTags, ((at % 16) + 1) * chartedTags);
    stepEwma(means, row, chartWeight);
    for (let tag = 0; tag < chartedTags; tag++)
      stepChart(states[tag] as ChartState, means[tag] as number, chartLimits, 'both');
  };
  for (let at = 0; at < chartScans; at++) scan(at);
  const began = threadMs();
  for (let at = 0; at < chartScans; at++) scan(at);
  return (1000 * (threadMs() - began)) / chartScans;
}

/** The shipped model of districts asked for a hundred of them at once, there and back: ms, median. */
async function modelBatchMs({ loaded }: Recorded): Promise<number> {
  const runner = new ModelRunner(join(loaded.modelsFolder, 'water/district.manifest.json'), {
    ...{ clock: realClock(), spawn: spawnModelWorker, ready: () => undefined },
    notice: (error) => {
      throw error;
    },
  });
  await runner.idle();
  const row = runner.manifest?.parity[0]?.input ?? [];
  const rows = Float32Array.from(Array.from({ length: batchAssets }, () => row).flat());
  const tookMs: number[] = [];
  for (let run = 0; run < batchRuns; run++) {
    const began = performance.now();
    const answer = await runner.run(rows.slice());
    if ('bypassed' in answer) throw new Error(`the model of districts was bypassed: ${answer.bypassed}`);
    tookMs.push(performance.now() - began);
  }
  await runner.stop();
  return median(tookMs);
}

/** A burst in the water network of the demo's calibration placed from its gauges: ms, median. */
async function placeMs({ loaded }: Recorded): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const file = join(loaded.folder, loaded.config.detection.calibration ?? '');
  const [matrix] = parseCalibration(JSON.parse(await readFile(file, 'utf8'))).places ?? [];
  if (!matrix) throw new Error('the calibration of the demo has no matrix of places');
  const signatures = new Signatures(matrix);
  const random = seededRandom(seed, 'places');
  const tookMs: number[] = [];
  for (let query = 0; query < placeQueries; query++) {
    const column = (middle: number) => Float64Array.from(matrix.sensors, () => middle + random.normal());
    const shown = { before: column(300), after: column(295), noise: column(1).map(Math.abs) };
    const began = performance.now();
    locate(signatures, shown);
    tookMs.push(performance.now() - began);
  }
  return median(tookMs);
}

async function measure(): Promise<DetectionCost> {
  const recorded = await record();
  return {
    ...{ tags: recorded.tags, assets: recorded.loaded.assets.length },
    ...{ chartsUs: chartsUs(), ladderUs: await ladderUs(recorded), ...(await whole(recorded)) },
    ...{ modelBatchMs: await modelBatchMs(recorded), placeMs: await placeMs(recorded) },
  };
}

const [, script] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await measure()));
  process.exit();
}
