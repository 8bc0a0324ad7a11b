import { loadStack } from '../../drivers/opcua/stack.ts';
import type { LoadedGateway } from '../../edge/config/load.ts';
import type { Event } from '../../edge/core/event.ts';
import type { Finding } from '../../edge/core/finding.ts';
import type { Log } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { buildGateway, type GatewayStatus } from '../../edge/gateway.ts';
import type { Truth } from '../city/plant.ts';
import type { CityFeed } from './city-feed.ts';
import { heldDatabases, heldModels } from './held.ts';
import { SignalRecorder } from './signals.ts';
import { setStage } from './stage.ts';

export interface SittingOptions {
  readonly city: CityFeed;
  /** The gateway that is examined; its sinks and its console stay out. */
  readonly gateway: LoadedGateway;
  readonly seed: number;
  /** City time at the start, ms since epoch. */
  readonly startMs: number;
  readonly hours: number;
  readonly stepS: number;
  /** Folder for the gateway's state. */
  readonly dataDir: string;
  readonly log: Log;
  /** Detectors that stay out; none when left out. */
  readonly without?: ReadonlySet<string>;
  /** Ends the run early, as if `hours` were over. */
  readonly signal?: AbortSignal;
  /** Called after each step with the share 0..1 that is done. */
  readonly onProgress?: (share: number) => void;
}

/** What came of a sitting, in order of time. */
export interface Sitting {
  readonly truths: readonly Truth[];
  readonly findings: readonly Finding[];
  /** All that the gateway journaled. */
  readonly events: readonly Event[];
  /** Courses of what the happenings touched. */
  readonly signals: Pick<SignalRecorder, 'of' | 'ofRole'>;
  /** By asset: how much of the time its inputs lay beyond what was trained. */
  readonly outOfModel: GatewayStatus['detection']['outOfModel'];
  /** Simulated; less than was asked for where it was broken off. */
  readonly hours: number;
}

const version = 'exam';

/**
 * City and complete gateway in virtual time: drivers, pipeline, detection with its models, alarms and journal, over lines in
 * memory. Time moves only when nothing is on its way, so the same city and seed give the same course on any machine.
 * Telemetry and what detectors remember are not kept: the gateway never starts again, and nobody looks back.
 */
export async function sit(options: SittingOptions): Promise<Sitting> {
  const { city, gateway: loaded, seed, startMs, stepS, dataDir, log } = options;
  // what is loaded later would be loaded in real time
  if (city.scans.some(({ plc }) => plc.protocol === 'opcua')) await loadStack();
  const clock = new VirtualClock(startMs);
  const stage = setStage(city.scans, startMs);
  stage.check(loaded.devices.map(({ definition }) => definition));
  const truths: Truth[] = [];
  const findings: Finding[] = [];
  const events: Event[] = [];
  const signals = new SignalRecorder(city.scans);
  const gateway = await buildGateway(
    { ...loaded, config: { ...loaded.config, sinks: [] } },
    {
      ...{ clock, log, dataDir, version, random: seededRandom(seed, 'gateway'), network: stage.network },
      ...{ openDatabase: heldDatabases(clock), endsForGood: true, spawn: heldModels(clock) },
      ...(options.without ? { without: options.without } : {}),
      observer: { finding: (finding) => findings.push(finding), event: (event) => events.push(event) },
    },
    { console: false },
  );
  const steps = (options.hours * 3600) / stepS;
  let done = 0;
  let outOfModel: Sitting['outOfModel'] = {};
  try {
    await gateway.idle();
    await gateway.start();
    for (; done < steps && !options.signal?.aborted; done++) {
      await clock.advance(stepS * 1000);
      const begun = await city.step();
      truths.push(...begun);
      signals.take(clock.wallMs(), begun);
      stage.publish(clock.wallMs());
      options.onProgress?.((done + 1) / steps);
    }
    outOfModel = gateway.status().detection.outOfModel;
  } finally {
    await gateway.stop();
  }
  return { truths, findings, events, signals, outOfModel, hours: (done * stepS) / 3600 };
}
