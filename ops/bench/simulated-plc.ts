import type { PointType } from '../../drivers/api.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { Plc, PlcPoint } from '../../simulator/city/plant.ts';
import { createScan, type PlcScan } from '../../simulator/plc/scan.ts';

/** The scan of a PLC with `count` points of one type, one behind the other in the holding registers, each `valueAt` its index. */
export function simulatedScan(
  count: number,
  { type, width, valueAt }: { type: PointType; width: number; valueAt: (index: number) => number },
): PlcScan {
  const points = Array.from({ length: count }, (_, index): PlcPoint => {
    const place = { table: 'holding', address: index * width, type, order: 'abcd', scale: 1, offset: 0 } as const;
    const signal = { unit: '1', noise: 0, low: 0, high: 65_535, periodMs: 1000, read: () => valueAt(index) };
    return { name: `r${index}`, description: { zh: '', en: '' }, ...place, ...signal };
  });
  const name = { zh: '测试', en: 'bench' };
  const plc: Plc = { id: 'bench', utility: 'water', protocol: 'modbus-tcp', name, unit: 1, points };
  return createScan(plc, seededRandom(1));
}
