import type { Happening, HappeningKind, PlantAsset, Plc, PlcPoint, Truth } from '../city/plant.ts';
import type { PlcScan } from '../plc/scan.ts';

/** A PLC as one thread describes it to another: all of it that is data. */
export interface DescribedPlc extends Omit<Plc, 'points' | 'powered' | 'instruments'> {
  readonly points: readonly DescribedPoint[];
}

interface DescribedPoint extends Omit<PlcPoint, 'read' | 'write' | 'text'> {
  readonly writable: boolean;
}

/** A built city. */
export interface DescribedCity {
  readonly assets: readonly PlantAsset[];
  readonly kinds: readonly HappeningKind[];
  readonly plcs: readonly DescribedPlc[];
}

/** Several steps in a row, one frame each. */
export interface Stretch {
  readonly frames: number;
  /** Raw values of all points of all PLCs, frame after frame. */
  readonly raw: Float64Array;
  /** 1 for each PLC that has its supply, frame after frame. */
  readonly powered: Uint8Array;
  /** What happened and what a point reads now where it holds a text and it changed, with the number of the frame. */
  readonly truths: readonly (readonly [frame: number, truth: Truth])[];
  readonly texts: readonly (readonly [frame: number, place: number, text: string])[];
  /** Where a source time turned into another than that of its scan, ms since epoch, or (null) is that again. */
  readonly stamps: readonly (readonly [frame: number, place: number, timeMs: number | null])[];
}

/** To the thread of a city; `more` asks for one stretch. */
export type CityRequest =
  | { readonly type: 'play'; readonly happenings: readonly Happening[] }
  | { readonly type: 'more' };

/** From the thread of a city. */
export type CityReply =
  | { readonly type: 'built'; readonly city: DescribedCity; readonly first: Stretch }
  | { readonly type: 'stretch'; readonly stretch: Stretch };

/** The data of a PLC, without what only its own thread can call. */
export function describePlc({ points, powered: _powered, instruments: _instruments, ...plc }: Plc): DescribedPlc {
  return {
    ...plc,
    points: points.map(({ read: _read, write, text: _text, ...point }) => ({
      ...point,
      writable: write !== undefined,
    })),
  };
}

/** Gathers frames of a city into a stretch. */
export class StretchRecorder {
  private readonly scans: readonly PlcScan[];
  private readonly points: number;
  private readonly told: (string | undefined)[];
  private readonly stamped = new Map<number, number>();
  private readonly stepMs: number;
  private scannedMs: number;

  /** @param startMs time of the scans as they stand, ms since epoch */
  constructor(scans: readonly PlcScan[], startMs: number, stepS: number) {
    this.scans = scans;
    this.stepMs = stepS * 1000;
    this.scannedMs = startMs - this.stepMs;
    this.points = scans.reduce((sum, { raw }) => sum + raw.length, 0);
    this.told = new Array(this.points).fill(undefined);
  }

  /** Calls `step` before each frame and records what the PLCs see then. */
  async record(frames: number, step: () => Promise<readonly Truth[]>): Promise<Stretch> {
    const raw = new Float64Array(frames * this.points);
    const powered = new Uint8Array(frames * this.scans.length);
    const truths: (readonly [number, Truth])[] = [];
    const texts: (readonly [number, number, string])[] = [];
    const stamps: (readonly [number, number, number | null])[] = [];
    for (let frame = 0; frame < frames; frame++) {
      for (const truth of await step()) truths.push([frame, truth]);
      this.scannedMs += this.stepMs;
      let place = 0;
      for (const [index, scan] of this.scans.entries()) {
        raw.set(scan.raw, frame * this.points + place);
        powered[frame * this.scans.length + index] = (scan.plc.powered?.() ?? true) ? 1 : 0;
        for (const [point, { text }] of scan.plc.points.entries()) {
          const stamp = this.newStamp(scan, point, place);
          if (stamp !== undefined) stamps.push([frame, place, stamp]);
          const now = text?.();
          if (now !== undefined && now !== this.told[place]) {
            this.told[place] = now;
            texts.push([frame, place, now]);
          }
          place++;
        }
      }
    }
    return { frames, raw, powered, truths, texts, stamps };
  }

  /** The source time of a point where it changed by itself; undefined where it goes on as before. */
  private newStamp(scan: PlcScan, point: number, place: number): number | null | undefined {
    const timeMs = scan.sourceTime?.(point, this.scannedMs) ?? this.scannedMs;
    const before = this.stamped.get(place);
    if (timeMs === this.scannedMs) return this.stamped.delete(place) ? null : undefined;
    if (timeMs === before) return undefined;
    this.stamped.set(place, timeMs);
    return timeMs;
  }
}

/** PLCs in another thread than their city: they see what a frame shows. */
export class MirroredPlcs {
  readonly scans: readonly PlcScan[];
  private readonly now: Float64Array;
  private readonly powered: Uint8Array;
  private readonly texts: string[];
  private readonly stamps = new Map<number, number>();

  constructor(plcs: readonly DescribedPlc[]) {
    const points = plcs.reduce((sum, plc) => sum + plc.points.length, 0);
    this.now = new Float64Array(points);
    this.powered = new Uint8Array(plcs.length).fill(1);
    this.texts = new Array(points).fill('');
    let first = 0;
    this.scans = plcs.map((plc, index) => {
      const scan = this.mirror(plc, index, first);
      first += plc.points.length;
      return scan;
    });
  }

  /** Shows the frame of this number; frames are shown in order. */
  show({ raw, powered, texts, stamps }: Stretch, frame: number): void {
    this.now.set(raw.subarray(frame * this.now.length, (frame + 1) * this.now.length));
    this.powered.set(powered.subarray(frame * this.powered.length, (frame + 1) * this.powered.length));
    for (const [at, place, text] of texts) if (at === frame) this.texts[place] = text;
    for (const [at, place, timeMs] of stamps) {
      if (at !== frame) continue;
      if (timeMs === null) this.stamps.delete(place);
      else this.stamps.set(place, timeMs);
    }
  }

  private mirror(described: DescribedPlc, index: number, first: number): PlcScan {
    const raw = this.now.subarray(first, first + described.points.length);
    const points = described.points.map(
      ({ writable, ...point }, place): PlcPoint => ({
        ...point,
        read: () => (raw[place] as number) * point.scale + point.offset,
        // a write reaches no city in another thread
        ...(writable ? { write: () => undefined } : {}),
        text: () => this.texts[first + place] ?? '',
      }),
    );
    const plc: Plc = { ...described, points, powered: () => this.powered[index] === 1 };
    return {
      ...{ plc, raw, scan: () => undefined },
      engineering: (place) => (raw[place] as number) * (points[place]?.scale ?? 1) + (points[place]?.offset ?? 0),
      sourceTime: (place, scannedMs) => this.stamps.get(first + place) ?? scannedMs,
      write: () => false,
    };
  }
}
