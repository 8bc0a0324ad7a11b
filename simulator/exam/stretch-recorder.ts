import type { Truth } from '../city/plant.ts';
import type { PlcScan } from '../plc/scan.ts';
import { isPowered } from '../plc/server.ts';
import type { Columns, Stretch } from './frames.ts';

/** A PLC's part of a frame. */
interface Recorded {
  readonly scan: PlcScan;
  /** Place of its first point. */
  readonly first: number;
  /** Its points that hold a text. */
  readonly texts: readonly { readonly place: number; readonly now: () => string }[];
  /** Source times that are not that of the scan, by index of the point, as they were told last. */
  readonly stamps: Map<number, number>;
}

/** Gathers frames of a city into a stretch. */
export class StretchRecorder {
  private readonly recorded: readonly Recorded[];
  private readonly points: number;
  /** By place, what was told last of a text. */
  private readonly told = new Map<number, string>();
  private readonly stepMs: number;
  private scannedMs: number;

  /** @param startMs time of the scans as they stand, ms since epoch */
  constructor(scans: readonly PlcScan[], startMs: number, stepS: number) {
    this.stepMs = stepS * 1000;
    this.scannedMs = startMs - this.stepMs;
    let points = 0;
    this.recorded = scans.map((scan) => {
      const first = points;
      points += scan.raw.length;
      const texts = scan.plc.points.flatMap(({ text }, index) => (text ? [{ place: first + index, now: text }] : []));
      return { scan, first, texts, stamps: new Map() };
    });
    this.points = points;
  }

  /** Columns for so many frames. */
  private columns(frames: number): Columns {
    return { raw: new Float64Array(frames * this.points), powered: new Uint8Array(frames * this.recorded.length) };
  }

  /** Calls `step` before each frame and records what the PLCs see then, in columns for so many frames. */
  async record(
    frames: number,
    step: () => Promise<readonly Truth[]>,
    { raw, powered } = this.columns(frames),
  ): Promise<Stretch> {
    const truths: (readonly [number, Truth])[] = [];
    const texts: (readonly [number, number, string])[] = [];
    const stamps: (readonly [number, number, number | null])[] = [];
    for (let frame = 0; frame < frames; frame++) {
      for (const truth of await step()) truths.push([frame, truth]);
      this.scannedMs += this.stepMs;
      for (const [index, one] of this.recorded.entries()) {
        raw.set(one.scan.raw, frame * this.points + one.first);
        powered[frame * this.recorded.length + index] = isPowered(one.scan.plc) ? 1 : 0;
        for (const [place, stamp] of this.newStamps(one)) stamps.push([frame, place, stamp]);
        for (const { place, now } of one.texts) {
          const text = now();
          if (text === this.told.get(place)) continue;
          this.told.set(place, text);
          texts.push([frame, place, text]);
        }
      }
    }
    return { frames, raw, powered, truths, texts, stamps };
  }

  /** Source times of a PLC's points that changed by themselves, or (null) go on with the scans again. */
  private *newStamps({ scan, first, stamps }: Recorded): Iterable<readonly [place: number, timeMs: number | null]> {
    if (scan.distorted.length + stamps.size === 0) return;
    for (const index of new Set([...stamps.keys(), ...scan.distorted])) {
      const timeMs = scan.sourceTime?.(index, this.scannedMs) ?? this.scannedMs;
      if (timeMs === this.scannedMs) {
        if (stamps.delete(index)) yield [first + index, null];
      } else if (timeMs !== stamps.get(index)) {
        stamps.set(index, timeMs);
        yield [first + index, timeMs];
      }
    }
  }
}
