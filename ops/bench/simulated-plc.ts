import type { PointType } from '../../drivers/api.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { Plc, PlcPoint } from '../../simulator/city/plant.ts';
import { createScan, type PlcScan } from '../../simulator/plc/scan.ts';

/** Points that are all alike. */
interface SimulatedPoints {
  readonly type: PointType;
  /** Registers of one point. */
  readonly width: number;
  valueAt(index: number): number;
  addressAt?(index: number): number;
  readonly unit?: number;
}

const write = () => undefined;

/**
 * The scan of a PLC with `count` points of one type in the holding registers, one behind the other unless `addressAt` says
 * otherwise, each `valueAt` its index. What is written to a point stays there.
 */
export function simulatedScan(
  count: number,
  { type, width, valueAt, addressAt = (index) => index * width, unit = 1 }: SimulatedPoints,
): PlcScan {
  const points = Array.from({ length: count }, (_, index): PlcPoint => {
    const place = { table: 'holding', address: addressAt(index), type, order: 'abcd', scale: 1, offset: 0 } as const;
    const signal = {
      unit: '1',
      noise: 0,
      low: 0,
      high: 0xffff_ffff,
      periodMs: 1000,
      read: () => valueAt(index),
      write,
    };
    return { name: `r${index}`, description: { zh: '', en: '' }, ...place, ...signal };
  });
  const name = { zh: '测试', en: 'bench' };
  const plc: Plc = { id: 'bench', utility: 'water', protocol: 'modbus-tcp', name, unit, points };
  return createScan(plc, seededRandom(1));
}
