import { isTextType, type PointType } from '../../drivers/api.ts';
import { decodeValue, encodeValue } from '../../drivers/modbus/registers.ts';
import type { Random } from '../../edge/core/random.ts';
import { textValue } from '../../edge/core/text-value.ts';
import type { Plc, PlcPoint } from '../city/plant.ts';

/** What a PLC knows: raw values of its last scan, by the order of its points. */
export interface PlcScan {
  readonly plc: Plc;
  /** Raw values as the wire will carry them: engineering = raw × scale + offset. Rewritten by each scan. */
  readonly raw: Float64Array;
  /** Reads the truth of every point through its transmitter. */
  scan(): void;
  /** What the PLC sees of the point at `index`, in engineering units. */
  engineering(index: number): number;
  /** Takes a raw value written by a client; false when the point at `index` is read-only. */
  write(index: number, raw: number): boolean;
}

/**
 * Rounds a value to what its type can hold; ranges are kept by the instrument's own range. Types that are not here go
 * through their registers, which costs more.
 */
const quantisers: Readonly<Partial<Record<PointType, (value: number) => number>>> = {
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

/** Truth → transmitter (noise, instrument range) → raw of the point's type and scale. */
function measure(point: PlcPoint, random: Random): number {
  if (isTextType(point.type)) return textValue(point.text?.() ?? '');
  const noisy = point.noise > 0 ? point.read() + point.noise * random.normal() : point.read();
  const shown = Math.min(point.high, Math.max(point.low, noisy));
  const raw = (shown - point.offset) / point.scale;
  return quantisers[point.type]?.(raw) ?? decodeValue(point.type, 'abcd', encodeValue(point.type, 'abcd', raw), 0);
}

/** The scan cycle of one PLC. Noise comes from `random` in the order of the points, so that runs repeat. */
export function createScan(plc: Plc, random: Random): PlcScan {
  const { points } = plc;
  const raw = new Float64Array(points.length);
  const pointAt = (index: number) => {
    const point = points[index];
    if (!point) throw new RangeError(`PLC ${plc.id} has no point ${index}`);
    return point;
  };
  const scan = () => {
    for (let index = 0; index < points.length; index++) raw[index] = measure(points[index] as PlcPoint, random);
  };
  scan();
  return {
    plc,
    raw,
    scan,
    engineering(index) {
      const { scale, offset } = pointAt(index);
      return (raw[index] as number) * scale + offset;
    },
    write(index, value) {
      const point = pointAt(index);
      if (!point.write) return false;
      point.write(value * point.scale + point.offset);
      raw[index] = value;
      return true;
    },
  };
}

/** One scan per PLC of a city, each with its own stream of transmitter noise. */
export function createScans(plcs: readonly Plc[], random: Random): readonly PlcScan[] {
  return plcs.map((plc) => createScan(plc, random.fork(plc.id)));
}
