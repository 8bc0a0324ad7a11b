import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Driver, DriverHost } from '../../../drivers/api.ts';
import {
  encodeSamples,
  manifestFile,
  type RecordedFile,
  type RecordingManifest,
  recordingFormat,
} from '../../../drivers/replay/recording-format.ts';
import { type Acquisition, createAcquisition } from '../../acquisition/acquisition.ts';
import type { ConfiguredDevice } from '../../config/devices.ts';
import type { SampleBatch } from '../../core/batch.ts';
import type { Timer } from '../../core/clock.ts';
import { isBad } from '../../core/quality.ts';
import { seededRandom } from '../../core/random.ts';
import type { DeviceStatus } from '../../core/status.ts';
import { withoutUser } from './configuration.ts';
import { recordErrors } from './errors.ts';
import { encodeBreak, encodeFrame } from './frame-lines.ts';
import { RecordingFile } from './recording-file.ts';

/** What a killed recorder loses at most. */
const flushMs = 1000;
/** Errors of a link that the other side ended, or that could not be followed any more. */
const breaks = /^(LL-MODBUS-(?:CLOSED|FRAMING)) /;

export type RecordingEnd = NonNullable<RecordingManifest['ended']>;

export interface RecorderOptions {
  readonly out: string;
  readonly gateway: string;
  readonly version: string;
  readonly devices: readonly ConfiguredDevice[];
  readonly drivers: readonly Driver[];
  readonly host: Omit<DriverHost, 'random'>;
  /** Phases of polls and back-offs are drawn from it; kept, so that a run on the frames draws the same. */
  readonly seed: number;
  /** Samples and frames together, in bytes; it ends when they are reached. */
  readonly maxBytes: number;
  /** It ended by itself. */
  onEnd(why: 'size' | 'disk', cause?: unknown): void;
}

/** What a recording holds so far. */
export interface RecordingFigures {
  readonly samples: number;
  readonly frames: number;
  readonly bytes: number;
  readonly online: number;
  readonly devices: number;
  /** Whether any device gave a value. */
  readonly answered: boolean;
}

interface Track {
  readonly device: ConfiguredDevice;
  readonly samples: RecordingFile;
  readonly frames: RecordingFile;
  /** Place of a tag among the device's points. */
  readonly places: ReadonlyMap<number, number>;
}

/**
 * Reads devices as a gateway would and writes what they say into a folder: raw values of every batch, and the frames of
 * those whose protocol shows them.
 */
export class Recorder {
  private readonly options: RecorderOptions;
  private readonly tracks: ReadonlyMap<string, Track>;
  private readonly acquisition: Acquisition;
  private readonly startedAt: string;
  private samples = 0;
  /** Of samples and frames, those that wait for the next flush included. */
  private bytes = 0;
  private answered = false;
  private timer: Timer | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private full = false;

  constructor(options: RecorderOptions) {
    const { out, devices, drivers, host, seed } = options;
    this.options = options;
    this.startedAt = new Date(host.clock.wallMs()).toISOString();
    this.tracks = new Map(devices.map((device) => [device.definition.id, trackOf(out, device)]));
    this.acquisition = createAcquisition({
      ...{ devices, drivers, host: { ...host, random: seededRandom(seed) } },
      onBatch: (batch) => this.batch(batch),
      onDeviceChange: (status) => this.changed(status),
    });
    for (const [id, { frames }] of this.tracks) {
      this.acquisition.trace(id, (frame) => this.write(frames, () => encodeFrame(frame)));
    }
  }

  /** Rejects when the folder cannot be written. */
  async start(): Promise<void> {
    const { out } = this.options;
    await mkdir(join(out, 'samples'), { recursive: true });
    await mkdir(join(out, 'frames'), { recursive: true });
    await this.writeManifest((file) => Promise.resolve({ file: file.file }));
    this.acquisition.start();
    this.flushLater();
  }

  /** Ends the recording; `recording.json` then tells of every file how long it is and what it hashes to. */
  async stop(ended: RecordingEnd): Promise<void> {
    this.timer?.cancel();
    await this.acquisition.stop();
    await this.flushing;
    await this.writeManifest((file) => file.close(), {
      end: new Date(this.options.host.clock.wallMs()).toISOString(),
      ended,
    });
  }

  figures(): RecordingFigures {
    const tracks = [...this.tracks.values()];
    const status = this.acquisition.status();
    return {
      samples: this.samples,
      frames: tracks.reduce((sum, { frames }) => sum + frames.lines, 0),
      bytes: this.bytes,
      online: status.filter(({ state }) => state === 'online').length,
      devices: status.length,
      answered: this.answered,
    };
  }

  /** Nothing is taken beyond the limit, not even while a slow disk holds up the flush that would notice. */
  private write(file: RecordingFile, line: () => string): void {
    if (!this.full && this.bytes < this.options.maxBytes) this.bytes += file.write(line());
  }

  private batch(batch: SampleBatch): void {
    const track = this.tracks.get(batch.device);
    if (!track) return;
    const { places } = track;
    this.write(track.samples, () => encodeSamples(batch, places.size, (tag) => places.get(tag) as number));
    this.samples += batch.tags.length;
    this.answered ||= !batch.quality.every(isBad);
  }

  private changed({ id, state, lastError }: DeviceStatus): void {
    const code = state === 'backing-off' ? breaks.exec(lastError)?.[1] : undefined;
    const frames = this.tracks.get(id)?.frames;
    if (code && frames) this.write(frames, () => encodeBreak(this.options.host.clock.wallMs(), code));
  }

  private flushLater(): void {
    this.timer = this.options.host.clock.after(flushMs, () => {
      this.flushing = this.flush();
    });
  }

  private async flush(): Promise<void> {
    try {
      for (const { samples, frames } of this.tracks.values()) {
        await samples.flush();
        await frames.flush();
      }
    } catch (cause) {
      this.full = true;
      this.options.onEnd('disk', recordErrors.create('DISK', `write the recording ${this.options.out}`, cause));
      return;
    }
    if (this.bytes >= this.options.maxBytes) {
      this.full = true;
      this.options.onEnd('size');
    } else this.flushLater();
  }

  private async writeManifest(
    describe: (file: RecordingFile) => Promise<RecordedFile>,
    end: Pick<RecordingManifest, 'end' | 'ended'> = {},
  ): Promise<void> {
    const { out, gateway, version, seed } = this.options;
    const devices: RecordingManifest['devices'] = [];
    for (const { device, samples, frames } of this.tracks.values()) {
      const { id, endpoint, points } = device.definition;
      const traced = end.ended === undefined || frames.lines > 0;
      devices.push({
        ...{ id, driver: device.driver, endpoint: withoutUser(endpoint) },
        points: points.map(({ name }) => name.slice(name.indexOf('/') + 1)),
        samples: await describe(samples),
        ...(traced ? { frames: await describe(frames) } : {}),
      });
    }
    const manifest: RecordingManifest = {
      ...{ format: recordingFormat, lifeline: version, gateway, seed, start: this.startedAt },
      ...{ ...end, devices },
    };
    await writeFile(join(out, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

function trackOf(out: string, device: ConfiguredDevice): Track {
  const { id, points } = device.definition;
  // the devices of single unit ids have a colon in their names, which not every file system takes
  const name = `${id.replace(':', '~')}.ndjson`;
  return {
    device,
    samples: new RecordingFile(out, join('samples', name)),
    frames: new RecordingFile(out, join('frames', name)),
    places: new Map(points.map(({ tag }, place) => [tag, place])),
  };
}
