import { join } from 'node:path';
import { Subject } from 'rxjs';
import type { DriverHost } from '../drivers/api.ts';
import { drivers } from '../drivers/registry.ts';
import { createAcquisition } from './acquisition/acquisition.ts';
import type { LoadedGateway } from './config/load.ts';
import type { ConsoleChange } from './console/api.ts';
import type { Console } from './console/server.ts';
import { CentreDesk } from './control/centre-desk.ts';
import { Commands } from './control/commands.ts';
import { type Clock, every } from './core/clock.ts';
import type { Actor, Command, CommandResult } from './core/command.ts';
import { describeError } from './core/errors.ts';
import type { Event } from './core/event.ts';
import type { Finding } from './core/finding.ts';
import { LiveTable } from './core/live-table.ts';
import type { Log } from './core/log.ts';
import type { Random } from './core/random.ts';
import type { SecretBytes } from './core/secret-bytes.ts';
import type { TagTable } from './core/tag.ts';
import type { ModelPort } from './detection/model-thread.ts';
import { Recalibration } from './detection/recalibration.ts';
import { followsTolerance } from './detection/registry.ts';
import { AlarmDesk } from './gateway/alarm-desk.ts';
import { buildCatalogue } from './gateway/catalogue.ts';
import { type CarryingOut, carryOut } from './gateway/centre-orders.ts';
import { certificateDesk } from './gateway/certificate-desk.ts';
import { ClockWatch } from './gateway/clock-watch.ts';
import { ConfigurationDesk, type ConfigurationFiles } from './gateway/configuration-desk.ts';
import { ConfigurationOffers, nowhereToOffer } from './gateway/configuration-offers.ts';
import {
  type ConfigurationChange,
  type Configured,
  type ConfiguredParts,
  changeOver,
  configure,
  learningOf,
  memoryArea,
} from './gateway/configured.ts';
import { auditTrailOf, buildConsole, openConsole, watchedCertificates } from './gateway/console.ts';
import { DetectionKeeper } from './gateway/detection-keeper.ts';
import { createDetectionView } from './gateway/detection-view.ts';
import { createEnquiries } from './gateway/enquiries.ts';
import { GatewayHealth } from './gateway/health.ts';
import { writesOf } from './gateway/outputs.ts';
import { createReadModel } from './gateway/read-model.ts';
import { safetyWatch } from './gateway/safety-watch.ts';
import type { Learn, SelfLearning } from './gateway/self-learning.ts';
import { SelfWatch } from './gateway/self-watch.ts';
import { deadLettersOf, inForce, replyTo } from './gateway/sinks.ts';
import type { GatewayStatus } from './gateway/status.ts';
import { ManualValues } from './pipeline/manual-values.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import type { AuditTrail } from './store/audit-trail.ts';
import type { OpenDatabase } from './store/database.ts';
import { retentionOf } from './store/retention.ts';
import { openStore, type StoreOptions } from './store/store.ts';

export type { GatewayStatus };

/** After this long the detectors have had data enough to confirm what was active before a restart. */
const settleMs = 120_000;
const tickMs = 1_000;
/** How often it is looked whether verdicts move limits and whether a calibration has aged. */
const reviewMs = 60_000;
const dayMs = 86_400_000;

/** Everything impure that a gateway is given. */
export interface GatewayHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The only folder the gateway writes to. */
  readonly dataDir: string;
  readonly version: string;
  /** Lines and servers in memory instead of the network; absent where the real ones are meant. */
  readonly network?: Pick<DriverHost, 'line' | 'server'>;
  /** How the store opens its files; by SQLite on the disk when left out. */
  readonly openDatabase?: OpenDatabase;
  /** What nobody can guess, for accounts and sessions; the system's when left out. */
  readonly secretBytes?: SecretBytes;
  /** Names and addresses by which this machine is known, for the certificate of the console. */
  readonly machineNames?: readonly string[];
  /** Bytes still free on the disk of the data folder; nobody looks at it when left out. */
  readonly freeBytes?: () => Promise<number>;
  /** Set where nobody asks for anything afterwards: telemetry and what detectors remember are not kept. */
  readonly endsForGood?: boolean;
  /** Starts the thread of a model; a real one when left out. */
  readonly spawn?: () => ModelPort;
  /** How it learns by itself what is normal; left out where it does not. */
  readonly learn?: Learn;
  /** Detectors that stay out, to see what each contributes; none when left out. */
  readonly without?: ReadonlySet<string>;
  /** Who looks on without a say. */
  readonly observer?: GatewayObserver;
}

/** Hears what a gateway finds. */
export interface GatewayObserver {
  /** A detector claims something, or takes it back. */
  finding(finding: Finding): void;
  /** An event is in the journal. */
  event(event: Event): void;
}

export interface GatewayOptions {
  /** Overrides the configured console; `false` serves none. */
  readonly console?: { readonly port: number; readonly page?: URL } | false | undefined;
  /** What a simulated city says of itself, for the console to show beside what was found; nothing else reads it. */
  readonly truth?: (() => Promise<string>) | undefined;
  /** The files that it was loaded from, where the console may look at them and change them. */
  readonly files?: ConfigurationFiles;
}

export interface Gateway {
  /** Resolves once everything runs; devices connect in the background. */
  start(): Promise<void>;
  /** Stops cleanly: polls, detectors, a last event, sinks, store. May be called twice. */
  stop(): Promise<void>;
  status(): GatewayStatus;
  /** Resolves when no model owes an answer, those that load included: virtual time waits for it. */
  idle(): Promise<void>;
  /** Sets an output, when it may be set. */
  command(command: Command, actor: Actor): Promise<CommandResult>;
  /**
   * Goes on with the configuration that `load` gives, made against the tag table then in force; what it leaves as it is
   * goes on undisturbed. Resolves with undefined when there is none; rejects with nothing changed.
   * @param by who wants it, for the journal; left out where nobody has said so
   */
  reconfigure(
    load: (running: TagTable) => Promise<LoadedGateway | undefined>,
    by?: string,
  ): Promise<ConfigurationChange | undefined>;
}

interface Parts {
  readonly host: GatewayHost;
  readonly running: ConfiguredParts;
  readonly configured: Configured;
  readonly commands: Commands;
  readonly watch: SelfWatch;
  readonly recalibration: Recalibration;
  readonly learning: SelfLearning;
  readonly web: Console | undefined;
  readonly audit: AuditTrail;
  readonly health: GatewayHealth;
  readonly changes: Subject<ConsoleChange>;
  readonly manual: ManualValues;
  /** Left out where there are no files to change. */
  readonly offers: ConfigurationOffers | undefined;
}

/** Puts all rooms together. The only place that knows them all. */
export async function buildGateway(
  loaded: LoadedGateway,
  host: GatewayHost,
  options: GatewayOptions = {},
): Promise<Gateway> {
  const { clock, random, log, spawn, without, observer, dataDir } = host;
  const store = await openStore({ tags: loaded.tags, ...storeOptions(loaded, host) });
  if (observer) store.journal.onAppend((events) => events.forEach(observer.event));
  const gateway = loaded.config.gateway.id;
  const live = new LiveTable(loaded.tags.size);
  const changes = new Subject<ConsoleChange>();
  const manual = new ManualValues({
    ...{ clock, tags: () => configured.loaded.tags, onChange: () => changes.next('alarms') },
    ...{ record: (event) => desk.record(event), push: (batch) => pipeline.push(batch) },
    ...{ ...safetyWatch(() => configured.loaded, live), live, nameOf: (tag: string) => desk.nameOf(tag) },
  });
  const pipeline = createPipeline(loaded.tags, live, manual);
  const desk = new AlarmDesk({
    ...{ gateway, catalogue: buildCatalogue(loaded, live), clock, log },
    ...{ journal: store.journal, snapshots: store.snapshots },
    onChange: () => changes.next('alarms'),
    follows: followsTolerance,
    onFinding: (finding) => observer?.finding(finding),
  });
  const stateDir = join(host.dataDir, 'drivers');
  const acquisition = createAcquisition({
    ...{ devices: loaded.devices, drivers, onBatch: pipeline.push },
    host: { clock, random, log, stateDir, ...host.network },
    onDeviceChange: () => changes.next('devices'),
    onDeviceNotice: (device, notice) => desk.heed(device, notice),
  });
  const { journal, cursors } = store;
  const sinkHost = {
    ...{ gateway, journal, cursors, stateDir, clock, random, log, live },
    ...inForce(() => configured.loaded, acquisition, changes),
    guidance: (asset: string, kind: string) => desk.guidance(asset, kind),
  };
  const centre = new CentreDesk({
    ...{ gateway, clock, record: (event) => desk.record(event), recalled: () => desk.recalled() },
    carryOut: (order, by) => carryOut(order, by, carryingOut),
    takeOffer: async (order, sink) => (offers ? offers.take(order, sink) : nowhereToOffer(order)),
  });
  const memories = await store.snapshots.load(memoryArea);
  const keeper = await DetectionKeeper.open({ snapshots: store.snapshots, clock, log, version: host.version });
  const running = {
    ...{ clock, log, dataDir: host.dataDir, store, desk, live, acquisition, pipeline },
    ...{ sinkHost, centre, memories, keeper, manual },
    ...(spawn ? { spawn } : {}),
    ...(without ? { without } : {}),
  };
  const configured = configure(loaded, running);
  const commands = commandsOf(configured, running);
  const carryingOut: CarryingOut = {
    ...{ desk, commands, now: () => clock.wallMs() },
    reply: (code, from) => replyTo(configured.sinks, code, from),
  };
  const [recalibration, learning] = [new Recalibration(gateway), learningOf(configured, running, host.learn)];
  store.keepWhile((event) => desk.stands(event));
  await goOn(running, configured, { manual, others: [commands, recalibration, centre] });
  const health = new GatewayHealth({ store, version: host.version, waiting: () => desk.figures().waiting });
  const sinkOf = (id: string) => configured.sinks.find(({ entry }) => entry.id === id)?.sink;
  const sinkStatus = () => configured.sinks.map(({ sink }) => sink.status());
  const source = createReadModel({
    ...{ loaded: () => configured.loaded, live, store, changes, desk, manual, commands, version: host.version },
    ...{ clock, devices: acquisition.status, sinks: sinkStatus, writes: () => writesOf(configured) },
    ...{ diagnostics: acquisition.diagnostics, trace: acquisition.trace, ask: createEnquiries(acquisition.session) },
    deadLetters: (id) => deadLettersOf(sinkOf(id), id, (type, data) => desk.note(type, data)),
    callBack: (id, posted) => sinkOf(id)?.callBack?.take(posted),
    detection: createDetectionView({
      ...{ clock, detection: () => configured.detection, history: store.history, desk, recalibration, learning },
    }),
    health,
  });
  const watch = new SelfWatch({
    ...{ gateway, clock, devices: () => acquisition.health(), sinks: sinkStatus },
    store: () => ({ figures: store.figures(), disk: store.disk(), waiting: desk.figures().waiting }),
    certificates: () => watchedCertificates(web, configured.sinks, clock),
    guessing: () => centre.guessing(),
    onFinding: (finding) => desk.take(finding),
  });
  const audit = auditTrailOf(host, store.journal);
  const reconfigure: Gateway['reconfigure'] = (load, by) => built.reconfigure(load, by);
  const configuration = options.files && new ConfigurationDesk({ ...options.files, clock, dataDir, reconfigure });
  const certificates = certificateDesk({ configured: () => configured, stateDir, clock });
  const offers = await offersOf(configured, running, configuration);
  const shown = { source, audit, configuration, certificates, offers, truth: options.truth };
  const web = await buildConsole(loaded, host, { ...shown, wanted: options.console });
  const own = { host, running, configured, commands, watch };
  const built = assemble({ ...own, recalibration, learning, web, audit, health, changes, manual, offers });
  return built;
}

/** Where the centre offers configurations in the place of the files that there are. */
async function offersOf(
  configured: Configured,
  { clock, log, dataDir, desk }: ConfiguredParts,
  configuration: ConfigurationDesk | undefined,
): Promise<ConfigurationOffers | undefined> {
  if (!configuration) return undefined;
  const offers = new ConfigurationOffers({
    ...{ gateway: configured.loaded.config.gateway.id, dataDir, clock, log, configuration },
    record: (event) => desk.record(event),
    unattended: (id) => configured.loaded.config.sinks.find((sink) => sink.id === id)?.offers === 'apply',
  });
  await offers.open();
  return offers;
}

/** What was before a restart is again: alarms and what else the journal tells, then what detectors remember. */
async function goOn(
  { desk, keeper }: ConfiguredParts,
  { detection, loaded }: Configured,
  { manual, others }: { readonly manual: ManualValues; readonly others: readonly { restore(event: Event): void }[] },
): Promise<void> {
  const later = (event: Event) => {
    for (const other of others) other.restore(event);
  };
  await desk.replay((event) => manual.restore(event), later);
  keeper.resume(detection, loaded);
  desk.confirm(detection.status().active);
}

/** The only way to the outputs of the devices that are configured. */
function commandsOf(configured: Configured, { clock, log, store, desk }: ConfiguredParts): Commands {
  return new Commands({
    ...{ clock, log, append: (events) => store.journal.append(events) },
    point: (tag) => configured.outputs.point(tag),
    output: (tag) => configured.outputs.output(tag),
    record: (event) => desk.record(event),
    recalled: () => desk.recalled(),
    onFinding: (finding) => desk.take(finding),
    consoleWriters: configured.loaded.config.console.writes,
    nameOf: (tag) => desk.nameOf(tag),
  });
}

/** What the configuration and the host say of the store. */
function storeOptions({ config }: LoadedGateway, host: GatewayHost): Omit<StoreOptions, 'tags'> {
  const { history, journal, disk } = config;
  const { dataDir: dir, clock, random, log, openDatabase, freeBytes } = host;
  return {
    ...{ dir, clock, random, log },
    retention: retentionOf(history),
    journal: { keepMs: journal.keep, keepAuditMs: journal.keepAudit, maxBytes: journal.maxMb * 1e6 },
    ...(openDatabase ? { openDatabase } : {}),
    ...(freeBytes ? { disk: { freeBytes, keepFreeBytes: disk.keepFreeMb * 1e6 } } : {}),
  };
}

/** The order in which parts start and stop. */
function assemble(parts: Parts): Gateway {
  const { host, running, commands, watch, web, audit, health, configured, changes, manual, learning } = parts;
  const { store, desk, pipeline, acquisition, keeper, centre } = running;
  const { clock, log, version } = host;
  const startedAt = new Date(clock.wallMs()).toISOString();
  let consoleUrl: string | null = null;
  let stopTimers: (() => void) | undefined;
  let stopping: Promise<void> | undefined;
  /** The start and changes of the configuration come one after another. */
  let turn: Promise<unknown> = Promise.resolve();
  const clockWatch = connect(parts);

  async function stop(): Promise<void> {
    await turn;
    health.status = undefined;
    const ran = stopTimers !== undefined;
    stopTimers?.();
    watch.stop();
    await learning.stop();
    await commands.stop();
    await acquisition.stop();
    await configured.calculation.stop();
    if (ran && !host.endsForGood) await keeper.stop(configured.detection);
    await configured.detection.stop();
    pipeline.close();
    await centre.tellRefused(Number.POSITIVE_INFINITY);
    if (ran) await desk.note('gateway.stopped');
    await desk.stop();
    await Promise.all(configured.sinks.map(({ sink }) => sink.stop()));
    await web?.stop();
    await audit.close();
    await store.close();
  }

  async function start(): Promise<void> {
    const { loaded } = configured;
    for (const notice of store.notices) desk.claim('store-damaged', notice);
    const head = web && (await audit.head().catch(() => undefined));
    const size = { devices: loaded.devices.length, tags: loaded.tags.count };
    await desk.note('gateway.started', { version, ...size, ...(head ? { audit: head } : {}) });
    if (store.gap) await desk.note('gateway.data-gap', { ...store.gap });
    for (const { sink } of configured.sinks) await sink.start();
    consoleUrl = web ? await openConsole(web, log) : null;
    manual.adopt();
    acquisition.start();
    configured.calculation.start();
    watch.start();
    health.status = status;
    stopTimers = startTimers(parts, clockWatch);
    void desk.recalled();
  }

  const status = () => statusOf(parts, startedAt, consoleUrl);

  return {
    start() {
      const started = start();
      turn = started.catch(() => undefined);
      return started;
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
    idle: () => configured.detection.idle(),
    command: (command, actor) => commands.submit(command, actor),
    reconfigure(load, by) {
      const change = turn.then(async () => {
        const next = await load(configured.loaded.tags);
        return next && !stopping ? changeOver(configured, next, running, by) : undefined;
      });
      turn = change.then(
        () => {
          manual.adopt();
          changes.next('description');
        },
        () => undefined,
      );
      return change;
    },
    status,
  };
}

/** How everything stands now. */
function statusOf(parts: Parts, startedAt: string, consoleUrl: string | null): GatewayStatus {
  const {
    configured,
    learning,
    recalibration,
    running: { acquisition, desk, pipeline, store },
  } = parts;
  return {
    gateway: configured.loaded.config.gateway.id,
    startedAt,
    consoleUrl,
    devices: acquisition.status(),
    sinks: configured.sinks.map(({ sink }) => sink.status()),
    ...{ values: pipeline.figures(), alarms: desk.figures(), journaled: store.journal.last },
    store: store.figures(),
    calculated: configured.calculation.status(),
    detection: configured.detection.status(),
    ...{ learning: learning.status(), recalibration: recalibration.proposals() },
    memoryMb: { rss: Math.round(process.memoryUsage.rss() / 1e6) },
  };
}

/** A step of the wall clock is told to what measures by stamps, and once to people. */
function watchClock({ running: { desk }, configured, host: { clock, log } }: Parts): ClockWatch {
  return new ClockWatch(clock, (jump) => {
    configured.detection.clockJumped(jump.byMs);
    desk.clockJumped(jump.byMs);
    log.warn({ subject: 'clock', ...jump }, 'the clock was set');
    void desk.note('gateway.clock-jumped', { ...jump });
  });
}

/** What goes on by the clock; returns what ends it. */
function startTimers(parts: Parts, clockWatch: ClockWatch): () => void {
  const { host, running, configured, manual, web } = parts;
  const stopTicking = every(host.clock, tickMs, () => {
    clockWatch.look();
    configured.detection.tick();
    if (!host.endsForGood) running.keeper.tick(configured.detection);
    running.desk.tick();
    manual.tick();
  });
  const stopReviewing = every(host.clock, reviewMs, () => void review(parts));
  const stopTrimming = web ? every(host.clock, dayMs, () => trimAudit(parts)) : () => undefined;
  const settle = host.clock.after(settleMs, () => running.desk.settle());
  return () => {
    stopTicking();
    stopReviewing();
    stopTrimming();
    settle.cancel();
  };
}

/** Limits that verdicts move, calibrations that have aged, guesses that were only counted, offers that are over. */
async function review(parts: Parts): Promise<void> {
  const { offers, recalibration, learning, configured } = parts;
  const { desk, centre, clock, log } = parts.running;
  await desk.recalled();
  void learning.look().catch((error) => log.warn({ subject: 'calibration' }, describeError(error)));
  const told = recalibration.look(configured.detection.status().outOfModel, clock.wallMs());
  for (const { type, data } of told) log.warn({ event: type, ...data }, type);
  const written = [desk.review(), centre.tellRefused(), offers?.tick(), ...told.map((event) => desk.record(event))];
  await Promise.all(written).catch((error) => log.error({ subject: 'journal' }, describeError(error)));
}

/** What is older than audit is kept goes. */
function trimAudit({ audit, configured, host: { clock, log } }: Parts): void {
  audit
    .trim(clock.wallMs() - configured.loaded.config.journal.keepAudit)
    .catch((error) => log.error({ code: 'LL-STORE-AUDIT', subject: 'trim' }, describeError(error)));
}

/** Who reads values: history and detection all of them, sinks what changed. A step of the clock is known before them. */
function connect(parts: Parts): ClockWatch {
  const { configured, host } = parts;
  const { pipeline, store } = parts.running;
  const clockWatch = watchClock(parts);
  let first = true;
  pipeline.samples.subscribe((batch) => {
    clockWatch.look();
    if (first) host.log.info({ device: batch.device, samples: batch.tags.length }, 'first sample');
    first = false;
    if (!host.endsForGood) store.history.append(batch);
    configured.detection.batch(batch);
  });
  pipeline.changes.subscribe((batch) => {
    for (const { sink, selection } of configured.sinks) {
      const wanted = selection.pick(batch);
      if (wanted.tags.length > 0) sink.publish(wanted);
    }
  });
  // last, so that everybody has a batch before the points that are computed from it
  pipeline.samples.subscribe((batch) => configured.calculation.batch(batch));
  return clockWatch;
}
