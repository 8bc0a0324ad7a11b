import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LoadedGateway } from '../config/load.ts';
import type { Clock } from '../core/clock.ts';
import { continuedClock } from '../core/continued-clock.ts';
import { describeError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Detection } from '../detection/index.ts';
import type { Snapshots } from '../store/api.ts';

const area = 'detection';
/** The memory of a detector is written so often at most … */
const saveMs = 60_000;
/** … and a large one so seldom that it costs the disk no more than this a day each. */
const bytesPerDay = 20e6;
const dayMs = 86_400_000;
/** One as small as this is written at once when a claim has changed. */
const smallBytes = 32_768;
/** The row with the devices that this gateway has written to, beside those of the detectors. */
const ownWritesName = 'own writes';

const savedRow = z.object({
  /** Of version, configuration and calibration. */
  fit: z.string(),
  wallMs: z.number(),
  monotonicMs: z.number(),
  state: z.record(z.string(), z.unknown()),
});

interface KeeperParts {
  readonly snapshots: Snapshots;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

/**
 * Keeps what detectors remember over a restart: charts, windows, claims that stand. It is written every minute and when the
 * gateway stops, and taken up again where version, configuration and calibration are those that it was made with.
 */
export class DetectionKeeper {
  /** The detectors' clock: its monotonic time goes on over a restart, by as much as the wall clock went on meanwhile. */
  readonly clock: Clock;
  /** Monotonic ms of that clock at which this gateway last wrote to a device, by its id. */
  private readonly ownWrites = new Map<string, number>();
  private readonly parts: KeeperParts;
  /** What was read, until detectors have taken it up. */
  private kept: readonly (readonly [string, z.output<typeof savedRow>])[];
  private fit = '';
  /** When each was written (monotonic ms), and how many bytes it took. */
  private readonly written = new Map<string, { readonly atMs: number; readonly bytes: number }>();
  private readonly changed = new Set<string>();
  private saving: Promise<void> = Promise.resolve();

  private constructor(parts: KeeperParts, rows: ReadonlyMap<string, string>) {
    this.parts = parts;
    this.kept = [...rows].flatMap(([name, text]) => {
      const found = savedRow.safeParse(JSON.parse(text));
      return found.success ? [[name, found.data] as const] : [];
    });
    const newest = this.kept.map(([, row]) => row).sort((a, b) => b.monotonicMs - a.monotonicMs)[0];
    const { clock } = parts;
    const pausedMs = newest ? Math.max(0, clock.wallMs() - newest.wallMs) : 0;
    this.clock = newest ? continuedClock(clock, newest.monotonicMs + pausedMs - clock.monotonicMs()) : clock;
  }

  /** Reads what is kept. Rejects with a coded error when the disk does not give it. */
  static async open(parts: KeeperParts): Promise<DetectionKeeper> {
    return new DetectionKeeper(parts, await parts.snapshots.load(area));
  }

  /** Lets detectors go on where they were. */
  resume(detection: Detection, loaded: LoadedGateway): void {
    this.adopt(detection, loaded);
    const { log } = this.parts;
    const fitting = this.kept.filter(([, { fit }]) => fit === this.fit);
    if (this.kept.length > 0 && fitting.length === 0)
      log.info({}, 'detectors start anew: version, configuration or calibration have changed');
    const states = new Map(fitting.map(([name, { state }]) => [name, state]));
    for (const [device, atMs] of Object.entries(states.get(ownWritesName) ?? {}))
      this.ownWrites.set(device, Number(atMs));
    states.delete(ownWritesName);
    this.kept = [];
    detection.restore(Object.fromEntries(states));
  }

  /** Another configuration is in force: what is written from now on is of it. */
  adopt(detection: Detection, loaded: LoadedGateway): void {
    this.fit = fitOf(detection, loaded, this.parts.version);
  }

  /** This gateway writes to a device now. */
  noteOwnWrite(device: string): void {
    this.ownWrites.set(device, this.clock.monotonicMs());
  }

  /** Monotonic ms at which it last did; −∞ when it never has. */
  lastOwnWriteMs(device: string): number {
    return this.ownWrites.get(device) ?? Number.NEGATIVE_INFINITY;
  }

  /** A detector's claim has changed. */
  note(detector: string): void {
    this.changed.add(detector);
  }

  /** Writes what is due; called once a second. */
  tick(detection: Detection): void {
    const nowMs = this.clock.monotonicMs();
    const due = [...detection.detectors, ownWritesName].filter((name) => this.isDue(name, nowMs));
    if (due.length > 0) void this.save(detection, due);
  }

  /** Writes all; resolves when it is on disk, or the disk has refused. */
  async stop(detection: Detection): Promise<void> {
    await this.saving;
    await this.save(detection, [...detection.detectors, ownWritesName]);
  }

  private isDue(name: string, nowMs: number): boolean {
    const { atMs, bytes } = this.written.get(name) ?? { atMs: Number.NEGATIVE_INFINITY, bytes: 0 };
    if (this.changed.has(name) && bytes <= smallBytes) return true;
    return nowMs - atMs >= Math.max(saveMs, (bytes / bytesPerDay) * dayMs);
  }

  private save(detection: Detection, names: readonly string[]): Promise<void> {
    const { snapshots, log } = this.parts;
    const [wallMs, monotonicMs] = [this.clock.wallMs(), this.clock.monotonicMs()];
    const bodies = new Map<string, string>();
    for (const name of names) {
      const state = name === ownWritesName ? Object.fromEntries(this.ownWrites) : detection.snapshot([name])[name];
      const text = JSON.stringify({ fit: this.fit, wallMs, monotonicMs, state });
      this.written.set(name, { atMs: monotonicMs, bytes: text.length });
      this.changed.delete(name);
      bodies.set(name, text);
    }
    this.saving = snapshots
      .save(area, bodies)
      .catch((error) => log.warn({ subject: 'detection' }, `keep what detectors remember: ${describeError(error)}`));
    return this.saving;
  }
}

/** What detectors rest on: what they remember of another version, configuration or calibration says nothing. */
function fitOf({ calibration }: Detection, { assets, packs, tags, config }: LoadedGateway, version: string): string {
  const parts = [version, assets, [...packs], tags.definitions, config.detection, calibration ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
