import type { DevicePoint } from '../../drivers/api.ts';

/** A float32 in the holding registers of a device that a benchmark polls. */
export function floatPoint(tag: number, name: string, address: number, periodMs: number): DevicePoint {
  return {
    ...{ tag, name, address, periodMs, table: 'holding', type: 'float32', order: 'abcd' },
    ...{ bit: undefined, node: '', writable: true },
  };
}
