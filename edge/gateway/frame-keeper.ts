import type { Clock } from '../core/clock.ts';
import type { WireFrame } from '../core/diagnostics.ts';

/** Frames kept of a device that somebody looks at. */
const maxFrames = 100;
/** How long frames are kept on after somebody looked last: pages look every few seconds. */
const keepMs = 60_000;
/** Devices under observation at once; the one not looked at for longest is let go first. */
const maxDevices = 8;

/** Calls the reader with every frame of a device from now on; returns what ends it. */
export type Trace = (device: string, reader: (frame: WireFrame) => void) => () => void;

interface Kept {
  readonly frames: WireFrame[];
  untilMs: number;
  readonly stop: () => void;
}

/** The last frames of the devices that somebody looks at; nothing of any other, so that nobody else pays for it. */
export class FrameKeeper {
  private readonly clock: Clock;
  private readonly trace: Trace;
  /** The one looked at last stands last. */
  private readonly devices = new Map<string, Kept>();

  constructor(clock: Clock, trace: Trace) {
    this.clock = clock;
    this.trace = trace;
  }

  /** The last frames of a device, oldest first, since somebody began to look at it. */
  look(device: string): readonly WireFrame[] {
    const kept = this.devices.get(device) ?? this.begin(device);
    kept.untilMs = this.clock.monotonicMs() + keepMs;
    this.devices.delete(device);
    this.devices.set(device, kept);
    const [oldest] = this.devices.keys();
    if (oldest !== undefined && this.devices.size > maxDevices) this.end(oldest);
    return kept.frames;
  }

  private begin(device: string): Kept {
    const frames: WireFrame[] = [];
    const stop = this.trace(device, (frame) => {
      if (this.clock.monotonicMs() > kept.untilMs) {
        this.end(device);
        return;
      }
      frames.push(frame);
      if (frames.length > maxFrames) frames.shift();
    });
    const kept = { frames, untilMs: 0, stop };
    return kept;
  }

  private end(device: string): void {
    this.devices.get(device)?.stop();
    this.devices.delete(device);
  }
}
