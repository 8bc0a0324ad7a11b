import type { DevicePoint } from '../../../drivers/api.ts';
import type { LoadedGateway } from '../../config/load.ts';
import type { PointRow } from '../../config/point-columns.ts';

/**
 * The points of one `devices:` entry as rows of a point table, with everything that profiles, notations and raw ranges made
 * of them: such a table says the same wherever it is read.
 */
export function pointRows({ devices, tags }: LoadedGateway, entry: string): readonly PointRow[] {
  return devices.flatMap(({ definition: { id, points, options } }) => {
    const [own, unit] = id.split(':');
    const unitId = unit === undefined ? undefined : (options['unit'] as number);
    return own === entry
      ? points.map((point) => ({ ...placeOf(point), ...meaningOf(tags.at(point.tag)), unitId }))
      : [];
  });
}

function placeOf({ table, address, bit, type, order, length, node, writable }: DevicePoint) {
  const place = node === '' ? { table, address, node: undefined } : { table: undefined, address: undefined, node };
  return { ...place, bit, type, order, length, writable };
}

function meaningOf(tag: ReturnType<LoadedGateway['tags']['at']>) {
  const { point, scale, offset, unit, low, high, deadband, periodMs, states, class: kind, description } = tag;
  const unless = (value: number, usual: number) => (value === usual ? undefined : value);
  return {
    ...{ tag: point, scale: unless(scale, 1), offset: unless(offset, 0), rawLow: undefined, rawHigh: undefined },
    ...{ low: unless(low, Number.NEGATIVE_INFINITY), high: unless(high, Number.POSITIVE_INFINITY) },
    ...{ unit: unit || undefined, deadband: unless(deadband, 0), group: periodMs, states },
    ...{ asset: undefined, role: undefined, class: kind, description: description || undefined },
  };
}
