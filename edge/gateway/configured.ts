import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Acquisition, DeviceChanges } from '../acquisition/acquisition.ts';
import { type Calculation, createCalculation } from '../calculation/calculation.ts';
import type { LoadedGateway } from '../config/load.ts';
import type { SinkEntry } from '../config/spec.ts';
import type { CentreDesk } from '../control/centre-desk.ts';
import type { Clock } from '../core/clock.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { Log } from '../core/log.ts';
import { createDetection, type Detection, learntIn } from '../detection/index.ts';
import { modelRecord } from '../detection/learned/models-disk.ts';
import type { ModelPort } from '../detection/model-thread.ts';
import type { ManualValues } from '../pipeline/manual-values.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Store } from '../store/api.ts';
import type { Sink, SinkHost } from '../upstream/api.ts';
import { Beginning } from '../upstream/beginning.ts';
import { certificatesAt, type PlacedCertificate } from '../upstream/broker-certificates.ts';
import { sinks as sinkKinds } from '../upstream/registry.ts';
import { Selection } from '../upstream/selection.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import { buildCatalogue } from './catalogue.ts';
import type { DetectionKeeper } from './detection-keeper.ts';
import { buildOutputs, type Outputs } from './outputs.ts';
import { type Learn, SelfLearning } from './self-learning.ts';
import { countAlarms } from './sinks.ts';

/** A sink with the entry that it was made from. */
interface ConfiguredSink {
  readonly entry: SinkEntry;
  readonly sink: Sink;
  readonly certificates: readonly PlacedCertificate[];
  /** What of the configuration in force goes to it. */
  selection: Selection;
}

/** The parts that a configuration decides. A change puts others in their place; everything else goes on. */
export interface Configured {
  loaded: LoadedGateway;
  calculation: Calculation;
  detection: Detection;
  outputs: Outputs;
  sinks: readonly ConfiguredSink[];
}

/** What they are made with. */
export interface ConfiguredParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the record of learned models is kept. */
  readonly dataDir: string;
  readonly sinkHost: Omit<
    SinkHost,
    'wants' | 'wantsTag' | 'alarms' | 'memory' | 'beginning' | 'documents' | 'history' | 'heed'
  >;
  readonly centre: CentreDesk;
  readonly store: Store;
  readonly desk: AlarmDesk;
  readonly live: LiveTable;
  readonly manual: Pick<ManualValues, 'simulated'>;
  readonly acquisition: Acquisition;
  readonly pipeline: Pipeline;
  /** Keeps what detectors remember, and has the clock that they measure by. */
  readonly keeper: DetectionKeeper;
  /** What calculated points remember, by tag name. */
  readonly memories: Map<string, string>;
  /** Starts the thread of a model; a real one when left out. */
  readonly spawn?: () => ModelPort;
  /** Detectors that stay out; none when left out. */
  readonly without?: ReadonlySet<string>;
}

/** Where memories of calculated points lie in the store. */
export const memoryArea = 'calculated';

/** What a change of the configuration came to. */
export interface ConfigurationChange {
  readonly devices: DeviceChanges;
  readonly tags: number;
  readonly assets: number;
  /** Keys of `gateway.yaml` that differ and take effect only when the gateway is started anew. */
  readonly atNextStart: readonly string[];
}

/** Keys that are what the gateway is called upstream, where its console listens and what its store keeps. */
const fixedKeys = ['gateway', 'console', 'history', 'journal', 'disk'] as const;

/** Everything that a configuration decides; its sinks are not started yet. */
export function configure(loaded: LoadedGateway, parts: ConfiguredParts): Configured {
  return {
    loaded,
    calculation: buildCalculation(loaded, parts),
    detection: buildDetection(loaded, parts),
    outputs: buildOutputsOf(loaded, parts),
    sinks: loaded.config.sinks.map((entry) => buildSink(entry, loaded, parts)),
  };
}

function buildCalculation(loaded: LoadedGateway, parts: ConfiguredParts, before?: Calculation): Calculation {
  const { clock, log, live, pipeline, memories, store } = parts;
  return createCalculation(
    {
      ...{ points: loaded.calculated, tags: loaded.tags, live, clock, log, push: pipeline.push, memories },
      save: (changed) => store.snapshots.save(memoryArea, changed),
    },
    before,
  );
}

function buildOutputsOf(loaded: LoadedGateway, { acquisition, keeper }: ConfiguredParts): Outputs {
  return buildOutputs(loaded, acquisition, (device) => keeper.noteOwnWrite(device));
}

function buildDetection(loaded: LoadedGateway, parts: ConfiguredParts): Detection {
  const { desk, live, keeper, log, dataDir, spawn, without } = parts;
  const { calibration, learns, budget, learned, allowUnsigned } = loaded.config.detection;
  const own = learns ? learntIn(dataDir) : undefined;
  return createDetection({
    ...{ assets: loaded.assets, packs: loaded.packs, tags: loaded.tags, live, clock: keeper.clock, log },
    calibrationFile: calibration === undefined ? own : resolve(loaded.folder, calibration),
    networkFiles: loaded.networks.map(({ file }) => file),
    budget,
    modelsFolder: loaded.modelsFolder,
    learned: {
      ...{ folder: resolve(loaded.folder, learned), recordFile: join(dataDir, modelRecord) },
      ...{ trustedKeys: loaded.trustedKeys, allowUnsigned },
    },
    simulated: (tag) => parts.manual.simulated(tag),
    judged: (claim) => desk.tolerances.of(claim),
    lastOwnWriteMs: (device) => keeper.lastOwnWriteMs(device),
    onFinding: (finding) => {
      keeper.note(finding.from);
      desk.take(finding);
    },
    onNotice: (error) => desk.claim('model-bypassed', error),
    onSound: () => desk.unclaim('model-bypassed'),
    ...(spawn ? { spawn } : {}),
    ...(without ? { without } : {}),
  });
}

function buildSink(entry: SinkEntry, loaded: LoadedGateway, parts: ConfiguredParts): ConfiguredSink {
  const { id, sink: name, select: _, from, orders: allowed, offers: _offers, documents = {}, ...rest } = entry;
  const kind = sinkKinds.find((candidate) => candidate.name === name);
  if (!kind) throw new Error(`sink ${name} passed configuration but is not registered`);
  const { snapshots, history, journal } = parts.store;
  const area = `sink/${id}`;
  const memory = {
    load: () => snapshots.load(area),
    save: (bodies: ReadonlyMap<string, string>) => snapshots.save(area, bodies),
  };
  const beginning = new Beginning({
    ...{ from, newest: journal.last, journal, memory, clock: parts.clock },
    standingSinceMs: () => parts.desk.standingSinceMs(),
    stands: (event) => parts.desk.stands(event),
  });
  const sink = kind.create(id, rest, {
    ...{ ...parts.sinkHost, history, documents, memory, beginning },
    alarms: () => countAlarms(parts.desk.register.current(), made.selection),
    heed: (order) => parts.centre.heed(order, { sink: id, allowed }),
    wants: (event) => made.selection.wantsEvent(event),
    wantsTag: (tag) => made.selection.wantsTag(tag),
  });
  const certificates = kind.certificates ? certificatesAt(kind.certificates, documents) : [];
  const made = { entry, sink, certificates, selection: selectionOf(entry, loaded) };
  return made;
}

const selectionOf = ({ select }: SinkEntry, { tags, assets }: LoadedGateway): Selection =>
  new Selection(select, tags, assets);

/**
 * Puts another configuration, loaded against the running tag table, in the place of the one in force. Devices that it
 * leaves as they are go on polling, detectors go on from where they stand, sinks that stay keep their connections.
 * Rejects, with nothing changed, when the disk refuses new tags.
 */
export async function changeOver(
  configured: Configured,
  wanted: LoadedGateway,
  parts: ConfiguredParts,
  by?: string,
): Promise<ConfigurationChange> {
  const { store, desk, pipeline, acquisition } = parts;
  const before = configured.loaded;
  const atNextStart = fixedKeys.filter((key) => !isDeepStrictEqual(wanted.config[key], before.config[key]));
  const { gateway, console, history, journal, disk } = before.config;
  const next = { ...wanted, config: { ...wanted.config, gateway, console, history, journal, disk } };
  const switchHistory = await store.history.prepare(next.tags);
  const devices = await acquisition.replace(next.devices, () => {
    switchHistory();
    pipeline.adopt(next.tags, next.tags.newIndexes(before.tags));
    desk.adopt(buildCatalogue(next, parts.live));
    configured.loaded = next;
    configured.outputs = buildOutputsOf(next, parts);
    for (const known of configured.sinks) known.selection = selectionOf(known.entry, next);
    changeDetection(configured, parts);
    void configured.calculation.stop();
    configured.calculation = buildCalculation(next, parts, configured.calculation);
    configured.calculation.start();
  });
  await changeSinks(configured, parts);
  const change = { devices, tags: next.tags.count, assets: next.assets.length, atNextStart };
  await desk.note('gateway.reconfigured', { ...change, ...(by === undefined ? {} : { by }) });
  return change;
}

/** Detectors of the configuration in force, and of the calibration as it is now, go on where the others stand. */
export function changeDetection(configured: Configured, parts: ConfiguredParts): void {
  const detection = buildDetection(configured.loaded, parts);
  detection.takeOver(configured.detection);
  parts.keeper.adopt(detection, configured.loaded);
  configured.detection = detection;
}

/** Learns what is normal where the configuration names no calibration. */
export function learningOf(configured: Configured, running: ConfiguredParts, learn: Learn | undefined): SelfLearning {
  const { store, desk, clock, log, dataDir } = running;
  return new SelfLearning({
    ...{ gateway: configured.loaded.config.gateway.id, clock, log, dataDir, learn },
    wanted: () =>
      configured.loaded.config.detection.learns && configured.loaded.config.detection.calibration === undefined,
    calibration: () => configured.detection.calibration,
    historySince: () => store.history.begin(),
    adopt: () => changeDetection(configured, running),
    record: (event) => desk.record(event),
  });
}

/** Stops sinks that are gone or changed, starts those that are new. */
async function changeSinks(configured: Configured, parts: ConfiguredParts): Promise<void> {
  const { loaded, sinks: before } = configured;
  const kept = loaded.config.sinks.map((entry) => before.find((known) => isDeepStrictEqual(known.entry, entry)));
  configured.sinks = before.filter((known) => kept.includes(known));
  await Promise.all(before.filter((known) => !kept.includes(known)).map(({ sink }) => sink.stop()));
  const after = loaded.config.sinks.map((entry, index) => kept[index] ?? buildSink(entry, loaded, parts));
  for (const known of after) if (!before.includes(known)) await known.sink.start();
  configured.sinks = after;
}
