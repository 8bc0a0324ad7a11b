import type { PointType, WordOrder } from '../../drivers/api.ts';
import { registersOf } from '../../drivers/modbus/registers.ts';
import type { Text } from '../../edge/core/text.ts';

/**
 * A point inside a simulated PLC. Three planes stay apart: `read` gives the truth in engineering units; its instrument
 * turns it into what the PLC sees (noise, range, converter), and that into what the wire says (type and scale).
 */
export interface PlcPoint {
  readonly name: string;
  readonly description: Text;
  readonly unit: string;
  /** True value now, in engineering units; booleans as 0 or 1. */
  read(): number;
  /** Takes a written engineering value; absent for read-only points. */
  write?(value: number): void;
  /** Standard deviation of the transmitter's noise, engineering units; 0 for states and counters. */
  readonly noise: number;
  /** Instrument range: the PLC clamps to it, the point table carries it as plausible range. */
  readonly low: number;
  readonly high: number;
  /** Of a running total: where the PLC's count begins again at 0, in engineering units. Its truth goes on. */
  readonly wrapsAt?: number;
  readonly type: PointType;
  /** Engineering = raw × scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Modbus place; ignored by OPC UA PLCs. */
  readonly table: 'coil' | 'discrete' | 'input' | 'holding';
  readonly address: number;
  readonly order: WordOrder;
  /** For points of a text type: the text now, and the registers that it fills. */
  text?(): string;
  readonly length?: number;
  /** Asset and role it fills, where it has one. */
  readonly asset?: string;
  readonly role?: string;
  readonly states?: Readonly<Record<string, string>>;
  readonly periodMs: number;
}

export const isSwitch = ({ type, states }: PlcPoint): boolean => type === 'bool' || states !== undefined;

/** A point before it has its place in a PLC's register map. */
export type Signal = Pick<PlcPoint, 'name' | 'description' | 'unit' | 'read' | 'noise' | 'low' | 'high'> &
  Pick<Partial<PlcPoint>, 'asset' | 'role' | 'states' | 'write' | 'wrapsAt'>;

/** How a signal is coded: where, as what, and in which order. */
export interface Coding {
  readonly table: PlcPoint['table'];
  readonly type: PointType;
  readonly order: WordOrder;
  readonly scale: number;
}

/** One measured signal; `range` is the instrument's, its noise a share of the span in percent. */
export function measured(
  name: string,
  description: Text,
  unit: string,
  range: readonly [number, number],
  noisePercent: number,
  read: () => number,
): Signal {
  const [low, high] = range;
  return { name, description, unit, read, noise: ((high - low) * noisePercent) / 100, low, high };
}

/** A running total that begins again at 0 where its display or counter is `full`, at the end of its register at the latest. */
export function counted(name: string, description: Text, unit: string, full: number, read: () => number): Signal {
  return { name, description, unit, read, noise: 0, low: 0, high: full, wrapsAt: full };
}

/** Counts that a register of whole numbers has from 0 on. */
const registerCounts: Readonly<Partial<Record<PointType, number>>> = {
  int16: 2 ** 15,
  uint16: 2 ** 16,
  int32: 2 ** 31,
  uint32: 2 ** 32,
};

/** Where a running total begins again that would do so at `full`, and what it shows at most, in this register. */
export function wrapping(full: number, type: PointType, scale: number): Pick<PlcPoint, 'wrapsAt' | 'high'> {
  const counts = registerCounts[type];
  if (counts === undefined) return { wrapsAt: full, high: full };
  const wrapsAt = Math.min(full, counts * scale);
  return { wrapsAt, high: wrapsAt - scale };
}

/** A contact: two named states. */
export function contact(name: string, description: Text, off: string, on: string, read: () => boolean): Signal {
  const states = { '0': off, '1': on };
  return { name, description, unit: '', read: () => (read() ? 1 : 0), noise: 0, low: 0, high: 1, states };
}

/** Ties a signal to the role that it fills on an asset. */
export const filling = (asset: string, role: string, signal: Signal): Signal => ({ ...signal, asset, role });

/** Places signals one after the other from an address on; all in one coding unless the entry brings its own. */
export function placed(
  from: number,
  coding: Coding,
  entries: readonly (Signal | readonly [Signal, Partial<Coding>])[],
): readonly PlcPoint[] {
  let address = from;
  return entries.map((entry) => {
    const [signal, own] = 'name' in entry ? [entry, {}] : entry;
    const place = { ...coding, ...own };
    const end = signal.wrapsAt === undefined ? {} : wrapping(signal.wrapsAt, place.type, place.scale);
    const point: PlcPoint = { ...signal, ...place, ...end, offset: 0, address, periodMs: 1000 };
    address += place.table === 'coil' || place.table === 'discrete' ? 1 : registersOf(place.type);
    return point;
  });
}
