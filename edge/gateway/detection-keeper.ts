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
/** One as small as this is written at once when a claim has changed; a larger one never together with others. */
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
  /** When each was written or read (monotonic ms), and how many bytes it took; 0 where nobody knows. */
  private readonly written = new Map<string, { readonly atMs: number; readonly bytes: number }>();
  private readonly changed = new Set<string>();
  private saving: Promise<void> | undefined;

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
    for (const name of namesOf(detection)) this.written.set(name, { atMs: this.clock.monotonicMs(), bytes: 0 });
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

  /** Writes what is due, of what is large one at a time; called once a second. */
  tick(detection: Detection): void {
    if (this.saving) return;
    const nowMs = this.clock.monotonicMs();
    const [first] = this.together(namesOf(detection).filter((name) => this.isDue(name, nowMs)));
    if (!first) return;
    this.saving = this.save(detection, first).finally(() => {
      this.saving = undefined;
    });
  }

  /** Writes all; resolves when it is on disk, or the disk has refused. */
  async stop(detection: Detection): Promise<void> {
    await this.saving;
    for (const names of this.together(namesOf(detection))) await this.save(detection, names);
  }

  /** Of these so many as are written in one go: all that are small, then each of the others by itself. */
  private together(names: readonly string[]): readonly (readonly string[])[] {
    const isSmall = (name: string) => (this.written.get(name)?.bytes ?? 0) <= smallBytes;
    const small = names.filter(isSmall);
    return [...(small.length > 0 ? [small] : []), ...names.filter((name) => !isSmall(name)).map((name) => [name])];
  }

  private isDue(name: string, nowMs: number): boolean {
    const { atMs, bytes } = this.written.get(name) ?? { atMs: Number.NEGATIVE_INFINITY, bytes: 0 };
    if (this.changed.has(name) && bytes <= smallBytes) return true;
    return nowMs - atMs >= Math.max(saveMs, (bytes / bytesPerDay) * dayMs);
  }

  private async save(detection: Detection, names: readonly string[]): Promise<void> {
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
    await snapshots
      .save(area, bodies)
      .catch((error) => log.warn({ subject: 'detection' }, `keep what detectors remember: ${describeError(error)}`));
  }
}

const namesOf = ({ detectors }: Detection): readonly string[] => [...detectors, ownWritesName];

/** What detectors rest on: what they remember of another version, configuration or calibration says nothing. */
function fitOf({ calibration }: Detection, { assets, packs, tags, config }: LoadedGateway, version: string): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([version, assets, [...packs], config.detection, calibration ?? null]));
  // of many tags columns and joined texts: as objects they would take a second for 100,000
  const { scale, offset, low, high, deadband, periodMs } = tags;
  for (const column of [scale, offset, low, high, deadband, periodMs]) hash.update(column);
  const texts = tags.definitions.map(({ name, device, unit, wire, shows, states }) =>
    [name, device, unit, wire, shows, states && JSON.stringify(states)].join('\t'),
  );
  return hash.update(texts.join('\n')).digest('hex');
}
