import type { Plc, PlcPoint } from '../city/plant.ts';
import type { PlcScan } from '../plc/scan.ts';
import type { DescribedPlc, Stretch } from './frames.ts';

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
      ...{ plc, raw, distorted: [], scan: () => undefined },
      engineering: (place) => (raw[place] as number) * (points[place]?.scale ?? 1) + (points[place]?.offset ?? 0),
      sourceTime: (place, scannedMs) => this.stamps.get(first + place) ?? scannedMs,
      write: () => false,
    };
  }
}
