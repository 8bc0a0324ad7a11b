import { isTextType, type NumberType } from '../../drivers/api.ts';
import { decodeValue, encodeValue } from '../../drivers/modbus/registers.ts';
import { textValue } from '../../edge/core/text-value.ts';
import type { PlcPoint } from '../city/plc-points.ts';

/**
 * Something that distorts a value on its way from the process to the clients of a PLC. Each member acts at one place:
 *
 * - `element`: on what is measured, before noise, range and converter;
 * - `program`: on the value that the PLC's program works with, after the converter;
 * - `wire`: on the raw value that clients are told, of which the program knows nothing.
 */
export interface Distortion {
  element?(value: number): number;
  program?(value: number): number;
  wire?(raw: number): number;
  /** Source time that clients are told with the value, ms since epoch, for that of the scan. */
  time?(scannedMs: number): number;
}

/** Counts of an analogue input over its range, as S7 modules have them (S7-1200 system manual, analogue inputs). */
const converterCounts = 27_648;

/**
 * Rounds a value to what its type can hold; ranges are kept by the instrument's own range. Types that are not here go
 * through their registers, which costs more.
 */
const quantisers: Readonly<Partial<Record<NumberType, (value: number) => number>>> = {
  bool: (value) => (value === 0 ? 0 : 1),
  int16: Math.round,
  uint16: Math.round,
  int32: Math.round,
  uint32: Math.round,
  int64: Math.round,
  uint64: Math.round,
  float32: Math.fround,
  float64: (value) => value,
};

/** The type's own rounding of a raw value. */
function quantiserOf(type: NumberType): (raw: number) => number {
  return quantisers[type] ?? ((raw) => decodeValue(type, 'abcd', encodeValue(type, 'abcd', raw), 0));
}

/**
 * The way of one value into a PLC and out to its clients: truth → noise → range → converter → what the program works with
 * → type and scale → what the wire says. The one place where the three planes meet.
 */
export class Instrument {
  readonly point: PlcPoint;
  /** Whether what it measures has noise. */
  readonly isNoisy: boolean;
  /** Whether a program acts on what it sees. */
  steers = false;
  // points come in many shapes: what each scan needs of them lies here
  private readonly read: () => number;
  private readonly noise: number;
  private readonly low: number;
  private readonly high: number;
  private readonly scale: number;
  private readonly offset: number;
  private readonly step: number;
  private readonly wrapsAt: number | undefined;
  /** Undefined for a text. */
  private readonly quantised: ((raw: number) => number) | undefined;
  private distortions: readonly Distortion[] = [];

  constructor(point: PlcPoint) {
    const { read, noise, low, high, scale, offset, type, wrapsAt } = point;
    this.point = point;
    this.read = read;
    this.isNoisy = noise > 0;
    this.noise = noise;
    this.low = low;
    this.high = high;
    this.scale = scale;
    this.offset = offset;
    // What has noise is measured: a converter stands behind it. The rest the PLC counts or commands itself.
    this.step = noise > 0 ? (high - low) / converterCounts : 0;
    this.wrapsAt = wrapsAt;
    this.quantised = isTextType(type) ? undefined : quantiserOf(type);
  }

  /** Whether anything distorts its value now. */
  get isDistorted(): boolean {
    return this.distortions.length > 0;
  }

  /** Puts a distortion behind those that are there; the function takes it away again. */
  distort(distortion: Distortion): () => void {
    this.distortions = [...this.distortions, distortion];
    return () => {
      this.distortions = this.distortions.filter((other) => other !== distortion);
    };
  }

  /** What the program of the PLC sees now, in the point's unit, with `noise` standard deviations of noise in it. */
  see(noise: number): number {
    const { read, low, high, step, distortions } = this;
    let value = read();
    for (const { element } of distortions) if (element) value = element(value);
    value += this.noise * noise;
    if (this.wrapsAt !== undefined) value = this.counted(value, this.wrapsAt);
    value = Math.min(high, Math.max(low, value));
    if (step > 0) value = low + Math.round((value - low) / step) * step;
    for (const { program } of distortions) if (program) value = program(value);
    return value;
  }

  /** What a counter shows of a total: whole counts of its register, again from 0 when it is full. */
  private counted(total: number, wrapsAt: number): number {
    const { scale, high } = this;
    // a register of whole numbers ends one count before it begins again
    if (high === wrapsAt) return total % wrapsAt;
    return (Math.floor(total / scale) % Math.round(wrapsAt / scale)) * scale;
  }

  /** What clients are told of a value that the program sees: engineering = raw × scale + offset. */
  tell(seen: number): number {
    const { quantised, scale, offset } = this;
    if (!quantised) return textValue(this.point.text?.() ?? '');
    let raw = quantised((seen - offset) / scale);
    for (const { wire } of this.distortions) if (wire) raw = wire(raw);
    return raw;
  }

  /** The source time that goes with the value of a scan, ms since epoch. */
  time(scannedMs: number): number {
    let time = scannedMs;
    for (const distortion of this.distortions) if (distortion.time) time = distortion.time(time);
    return time;
  }
}
