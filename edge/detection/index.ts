import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asset } from '../core/asset.ts';
import type { SampleBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import { describeError, type LifelineError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { Log } from '../core/log.ts';
import type { ShelfChange, ShelfVersion } from '../core/model-shelf.ts';
import { type Pack, packAssetOf } from '../core/pack.ts';
import type { TagTable } from '../core/tag.ts';
import { both } from '../core/text.ts';
import type { BudgetStatus, ExpectedCourse, OutOfModel, WatchReport } from '../core/watch.ts';
import { budgetProblem, budgetStatus, type ClaimTolerance, toleranceOf } from './budget/tolerance.ts';
import { type Calibration, parseCalibration } from './calibration.ts';
import { Carriers } from './carriers.ts';
import type { Attachment, Detector, DetectorContext, Snapshot } from './detector.ts';
import { detectionErrors, shelfErrors } from './errors.ts';
import { LearnedModels, type LearnedOptions, type LearnedStatus } from './learned/learned-models.ts';
import { SharedWorker } from './learned/shared-worker.ts';
import { ModelRunner, type ModelStatus } from './model.ts';
import { type ModelPort, spawnModelWorker } from './model-thread.ts';
import { OutOfModelMinutes } from './out-of-model.ts';
import { withoutOutdated } from './place/outdated.ts';
import { detectorFactories, learnedDetector } from './registry.ts';
import { courseOf, reportOf } from './report.ts';
import { Standing } from './standing.ts';
import { Trust } from './trust.ts';

/** What detection is built from. */
export interface DetectionParts {
  readonly assets: readonly Asset[];
  /** By utility. */
  readonly packs: ReadonlyMap<string, Pack>;
  readonly tags: TagTable;
  /** Written before `batch` is called. */
  readonly live: LiveTable;
  readonly clock: Clock;
  readonly log: Log;
  /** `calibration.json` of this installation; without it only limits and data quality work. */
  readonly calibrationFile: string | undefined;
  /** Paths of the networks of the configuration, to see whether the calibration is still of them; none when left out. */
  readonly networkFiles?: readonly string[];
  /** False alarms per asset-week that statistical limits are set for; as calibrated when left out. */
  readonly budget?: number | undefined;
  /** How far people's verdicts have widened the limits of a claim; not at all when left out. */
  readonly judged?: ClaimTolerance;
  /** Folder with `<utility>/<model>.manifest.json`. */
  readonly modelsFolder: string;
  /** Each transition once. */
  readonly onFinding: (finding: Finding) => void;
  /** A model or the calibration cannot be used; detection goes on without. */
  readonly onNotice: (error: LifelineError) => void;
  /** No model is in trouble any more, and the calibration is read. */
  readonly onSound?: () => void;
  /** Models trained on site or brought; none when left out. */
  readonly learned?: LearnedOptions;
  /** Monotonic ms at which this gateway last wrote to a device; −∞ when it never did, or nobody says. */
  readonly lastOwnWriteMs?: (device: string) => number;
  /** Whether a person simulates the value of a tag; nobody does when left out. */
  readonly simulated?: (tag: number) => boolean;
  /** Starts the thread of a model; the one of this room when left out. */
  readonly spawn?: () => ModelPort;
  /** Detectors that stay out, by the names of the registry, to see what each contributes; none when left out. */
  readonly without?: ReadonlySet<string>;
}

/** What a gateway has learnt by itself lies here, in its data folder. */
export const learntFile = (dataDir: string): string => join(dataDir, 'calibration.json');

/** The same; undefined while it is not there. */
export function learntIn(dataDir: string): string | undefined {
  const file = learntFile(dataDir);
  return existsSync(file) ? file : undefined;
}

/** Figures for the gateway's status. */
export interface DetectionStatus {
  readonly assets: number;
  /** How many attachments each detector watches. */
  readonly detectors: Readonly<Record<string, number>>;
  readonly calibrated: boolean;
  readonly budget: BudgetStatus;
  /** `<asset>/<kind>` of what stands now. */
  readonly active: readonly string[];
  readonly models: Readonly<Record<string, ModelStatus>>;
  readonly learned: readonly LearnedStatus[];
  /** Of each asset with calibrated residuals or a learned model that decides: how much of the time its inputs lay beyond what was trained. */
  readonly outOfModel: Readonly<Record<string, OutOfModel>>;
}

/** Detection on the device: samples in, findings out. */
export interface Detection {
  /** At scan rate, after the live table has the batch. */
  batch(batch: SampleBatch): void;
  /** Once a second. */
  tick(): void;
  /** The wall clock has moved by so much at once, told before the first batch that is stamped by it. */
  clockJumped(byMs: number): void;
  /** Resolves when no model owes an answer: virtual time waits for it. */
  idle(): Promise<void>;
  stop(): Promise<void>;
  status(): DetectionStatus;
  /** Where every claim about every asset stands, and what is masked. */
  report(): WatchReport;
  /** The models that were trained here or brought; none where none are looked for. */
  models(): Promise<readonly ShelfVersion[]>;
  /** Changes which model of an asset decides or scores; rejects with the coded reason when it may not be. */
  changeModel(change: ShelfChange): Promise<void>;
  /** How what a claim rests on is reckoned from history; undefined where that cannot be drawn. */
  course(asset: string, kind: string): ExpectedCourse | undefined;
  /** What they are calibrated by; undefined without any. */
  readonly calibration: Calibration | undefined;
  /** Names of the detectors at work. */
  readonly detectors: readonly string[];
  /** What they remember, or some of them, by name. */
  snapshot(names?: readonly string[]): Readonly<Record<string, Snapshot>>;
  restore(snapshot: Readonly<Record<string, Snapshot>>): void;
  /**
   * Goes on where another detection, of another configuration, stands now; ends those of its claims that have nobody
   * here to stand for them. The other one is to be stopped and says nothing any more.
   */
  takeOver(from: Detection): void;
}

const noModels = ({ change, asset }: ShelfChange) =>
  shelfErrors.create(
    'VERSION',
    both(`${change} a model of ${asset}: there are none`, `更改 ${asset} 的模型：没有模型`),
  );

/** Builds all detectors for the mapped assets. Never throws for a bad calibration, model or option: it says so and goes on. */
export function createDetection(parts: DetectionParts): Detection {
  const models = new Map<string, ModelRunner>();
  const standing = new Standing();
  let stopped = false;
  const emit = (finding: Finding) => {
    if (stopped) return;
    if (standing.take(finding)) parts.onFinding(carriers.dated(finding));
  };
  const read = readCalibration(parts);
  const { calibration, outdated } = read ? withoutOutdated(read, parts.networkFiles ?? []) : { outdated: [] };
  const ready = () => {
    const all = [...[...models.values()].map((runner) => runner.status()), ...(learned?.status() ?? [])];
    const isRead = parts.calibrationFile === undefined || calibration !== undefined;
    if (isRead && !stopped && all.every(({ state, code }) => state === 'ready' && code === '')) parts.onSound?.();
  };
  const budget = budgetStatus(parts.budget, calibration, parts.assets);
  const context = createContext(parts, { calibration, budget, models, emit, ready });
  const problem = budgetProblem(budget);
  for (const notice of [...outdated, ...(problem ? [problem] : [])]) context.notice(notice);
  const attachments = attach(parts, context);
  for (const name of parts.without ?? []) attachments.delete(name);
  const detectors = createDetectors(attachments, context);
  const carriers = new Carriers(context);
  detectors.set('carriers', carriers);
  const shared = new SharedWorker();
  const learned = learnedOf(parts, { context, ready, shared });
  if (learned) detectors.set(learnedDetector, learned);
  const all = [...detectors.values()];
  const restore = (snapshot: Readonly<Record<string, Snapshot>>) => {
    for (const [name, detector] of detectors)
      for (const claim of detector.restore(snapshot[name] ?? {})) standing.add(claim, name);
  };
  return {
    batch(batch) {
      for (const detector of all) detector.batch?.(batch);
    },
    tick() {
      const wallMs = parts.clock.wallMs();
      const monotonicMs = parts.clock.monotonicMs();
      for (const detector of all) detector.tick?.(wallMs, monotonicMs);
      context.outOfModel.tick(monotonicMs);
    },
    clockJumped(byMs) {
      for (const detector of all) detector.clockJumped?.(byMs);
    },
    async idle() {
      await Promise.all([...[...models.values()].map((runner) => runner.idle()), learned?.idle()]);
    },
    async stop() {
      stopped = true;
      await Promise.all([...[...models.values()].map((runner) => runner.stop()), learned?.stop()]);
      await shared.stop();
    },
    status: () => ({
      assets: parts.assets.length,
      detectors: Object.fromEntries([...attachments].map(([name, own]) => [name, own.length])),
      calibrated: context.calibration !== undefined,
      budget,
      active: standing.claims,
      models: Object.fromEntries([...models].map(([name, runner]) => [name, runner.status()])),
      learned: learned?.status() ?? [],
      outOfModel: context.outOfModel.status(),
    }),
    report: () => reportOf(detectors, context, budget),
    models: async () => (await learned?.shelf.list()) ?? [],
    async changeModel(change) {
      if (!learned) throw noModels(change);
      await learned.change(change);
    },
    course: (asset, kind) => courseOf(detectors, asset, kind),
    calibration,
    detectors: [...detectors.keys()],
    snapshot: (names = [...detectors.keys()]) =>
      Object.fromEntries(names.map((name) => [name, detectors.get(name)?.snapshot() ?? {}])),
    restore,
    takeOver(from) {
      restore(from.snapshot());
      const time = parts.clock.wallMs();
      const orphans = from.status().active.filter((claim) => !standing.has(claim));
      void from.stop();
      for (const claim of orphans) {
        const [asset = '', kind = ''] = claim.split('/');
        emit({ asset, kind, from: 'detection', active: false, score: 0, time, evidence: [] });
      }
    },
  };
}

/** Models that were trained here or brought, where they are looked for. */
function learnedOf(
  { assets, learned: options, without, onNotice: notice, spawn }: DetectionParts,
  {
    shared,
    ...given
  }: Pick<ConstructorParameters<typeof LearnedModels>[0], 'context' | 'ready'> & {
    readonly shared: SharedWorker;
  },
): LearnedModels | undefined {
  if (!options || without?.has(learnedDetector)) return undefined;
  return new LearnedModels({ assets, options, notice, ...given, spawn: spawn ?? (() => shared.port()) });
}

/** By name, those that some asset asks for. */
function createDetectors(
  attachments: ReadonlyMap<string, readonly Attachment[]>,
  context: DetectorContext,
): Map<string, Detector> {
  const detectors = new Map<string, Detector>();
  for (const [name, factory] of Object.entries(detectorFactories)) {
    const own = attachments.get(name) ?? [];
    if (own.length > 0) detectors.set(name, factory.create(context, own));
  }
  return detectors;
}

/** What detectors are given: one trust table, one runner per model, findings and notices outwards. */
function createContext(
  parts: DetectionParts,
  {
    calibration,
    budget,
    models,
    emit,
    ready,
  }: {
    readonly calibration: Calibration | undefined;
    readonly budget: BudgetStatus;
    readonly models: Map<string, ModelRunner>;
    readonly emit: DetectorContext['emit'];
    readonly ready: () => void;
  },
): DetectorContext {
  const { assets, packs, tags, live, clock, modelsFolder, onNotice, spawn = spawnModelWorker } = parts;
  const packAssetFor: DetectorContext['packAssetOf'] = ({ type }) => packAssetOf(packs, type);
  return {
    assets,
    lastOwnWriteMs: parts.lastOwnWriteMs ?? (() => Number.NEGATIVE_INFINITY),
    packAssetOf: packAssetFor,
    simulated: parts.simulated ?? (() => false),
    ...{ tags, live, clock, trust: new Trust(live), calibration, outOfModel: new OutOfModelMinutes() },
    tolerance: toleranceOf(budget, parts.judged ?? (() => 1), packAssetFor),
    model(utility, name) {
      const key = `${utility}/${name}`;
      const manifestFile = join(modelsFolder, utility, `${name}.manifest.json`);
      const runner = models.get(key) ?? new ModelRunner(manifestFile, { clock, notice: onNotice, ready, spawn });
      models.set(key, runner);
      return runner;
    },
    emit,
    notice: (error) => parts.log.warn({ code: error.code, next: error.next }, error.message),
  };
}

function readCalibration({ calibrationFile, onNotice }: DetectionParts): Calibration | undefined {
  if (calibrationFile === undefined) return undefined;
  try {
    return parseCalibration(JSON.parse(readFileSync(calibrationFile, 'utf8')));
  } catch (error) {
    onNotice(
      detectionErrors.create('CALIBRATION', `read calibration ${calibrationFile}: ${describeError(error)}`, error),
    );
    return undefined;
  }
}

/** Which detectors the packs want on which assets. */
function attach({ assets }: DetectionParts, context: DetectorContext): Map<string, Attachment[]> {
  const attachments = new Map<string, Attachment[]>();
  const add = (name: string, attachment: Attachment) => {
    attachments.set(name, [...(attachments.get(name) ?? []), attachment]);
  };
  for (const asset of assets) {
    const packAsset = context.packAssetOf(asset);
    if (!packAsset) continue;
    add('instrument', { asset, packAsset, kind: '', options: {} });
    if (packAsset.limits.length > 0) add('limit', { asset, packAsset, kind: '', options: {} });
    if (packAsset.limits.some(({ kind }) => packAsset.alarms[kind]?.safety))
      add('safety-blind', { asset, packAsset, kind: 'safety-blind', options: {} });
    for (const { detector, kind, options } of packAsset.detectors) {
      const checked = detectorFactories[detector]?.options.safeParse(options);
      if (checked?.success) {
        add(detector, { asset, packAsset, kind, options: checked.data });
        continue;
      }
      const problem = checked ? checked.error.issues[0]?.message : 'there is no such detector';
      context.notice(detectionErrors.create('OPTIONS', `attach ${detector} to ${asset.id} as ${kind}: ${problem}`));
    }
  }
  return attachments;
}
