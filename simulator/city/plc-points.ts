import type { PointType, WordOrder } from '../../drivers/api.ts';
import { registersOf } from '../../drivers/modbus/registers.ts';
import type { Text } from '../../edge/core/text.ts';
import type { PlcPoint } from './plant.ts';

/** A point before it has its place in a PLC's register map. */
export type Signal = Pick<PlcPoint, 'name' | 'description' | 'unit' | 'read' | 'noise' | 'low' | 'high'> &
  Pick<Partial<PlcPoint>, 'asset' | 'role' | 'states' | 'write'>;

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
    const point: PlcPoint = { ...signal, ...place, offset: 0, address, periodMs: 1000 };
    address += place.table === 'coil' || place.table === 'discrete' ? 1 : registersOf(place.type);
    return point;
  });
}
