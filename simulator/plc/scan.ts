import type { Random } from '../../edge/core/random.ts';
import type { Plc, PlcPoint } from '../city/plant.ts';
import { Instrument } from './instrument.ts';

/** What a PLC knows: raw values of its last scan, by the order of its points. */
export interface PlcScan {
  readonly plc: Plc;
  /** Raw values as the wire will carry them: engineering = raw × scale + offset. Rewritten by each scan. */
  readonly raw: Float64Array;
  /** What the PLC's program saw, in engineering units, by the order of its points. Rewritten by each scan. */
  readonly seen?: Float64Array;
  /** Places of the points whose values something distorted in the last scan. Rewritten by each scan. */
  readonly distorted: readonly number[];
  /** Reads the truth of every point through its instrument. */
  scan(): void;
  /** What clients are told of the point at `index`, in engineering units. */
  engineering(index: number): number;
  /** Source time that goes with the point at `index` in a scan of `scannedMs`; that of the scan when left out. */
  sourceTime?(index: number, scannedMs: number): number;
  /** Takes a raw value written by a client; false when the point at `index` is read-only, or the PLC obeys nobody now. */
  write(index: number, raw: number): boolean;
}

/** The scan cycle of one PLC. Noise comes from `random` in the order of the points, so that runs repeat. */
export function createScan(plc: Plc, random: Random): PlcScan {
  const { points } = plc;
  const instruments = plc.instruments ?? points.map((point) => new Instrument(point));
  const raw = new Float64Array(points.length);
  const seen = new Float64Array(points.length);
  // points come in many shapes: what each scan needs of them lies here
  const reads = points.map(({ read }) => read);
  const scales = Float64Array.from(points, ({ scale }) => scale);
  const offsets = Float64Array.from(points, ({ offset }) => offset);
  const check = (index: number) => {
    if (index < 0 || index >= points.length) throw new RangeError(`PLC ${plc.id} has no point ${index}`);
  };
  const distorted: number[] = [];
  let cycle = Number.NaN;
  const scanProcess = () => {
    distorted.length = 0;
    for (let index = 0; index < instruments.length; index++) {
      const instrument = instruments[index] as Instrument;
      const value = instrument.see(instrument.isNoisy ? random.normal() : 0);
      seen[index] = value;
      raw[index] = instrument.tell(value);
      if (instrument.isDistorted) distorted.push(index);
    }
  };
  const scan = () => {
    const due = cycleOf(plc);
    if (due !== cycle || due === undefined) scanProcess();
    cycle = due ?? cycle;
    for (let index = instruments.length; index < reads.length; index++) {
      const value = (reads[index] as () => number)();
      seen[index] = value;
      raw[index] = (value - (offsets[index] as number)) / (scales[index] as number);
    }
  };
  scan();
  return {
    ...{ plc, raw, seen, distorted, scan },
    engineering(index) {
      check(index);
      return (raw[index] as number) * (scales[index] as number) + (offsets[index] as number);
    },
    sourceTime: (index, scannedMs) => instruments[index]?.time(scannedMs) ?? scannedMs,
    write(index, value) {
      check(index);
      const point = points[index] as PlcPoint;
      if (!point.write) return false;
      // what it knows of itself it takes in any mode
      if (index < instruments.length && plc.controller?.obeys === false) return false;
      point.write(value * point.scale + point.offset);
      raw[index] = value;
      return true;
    },
  };
}

/** Number of the scan that a PLC of slow scans is in; undefined for one that scans whenever it is looked at. */
const cycleOf = ({ scanMs, controller }: Plc): number | undefined =>
  scanMs !== undefined && controller ? Math.floor(controller.nowMs / scanMs) : undefined;

/** One scan per PLC of a city, each with its own stream of transmitter noise. */
export function createScans(plcs: readonly Plc[], random: Random): readonly PlcScan[] {
  return plcs.map((plc) => createScan(plc, random.fork(plc.id)));
}
