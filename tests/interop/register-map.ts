import type { DevicePoint, PointType, WordOrder } from '../../drivers/api.ts';
import type { PlcPoint } from '../../simulator/city/plant.ts';
import { pointAt } from '../drivers/peer.ts';
import { point } from '../plc/plc.ts';

/** Places of each table in every server of these tests: 64 coils, discrete inputs, input and holding registers. */
export const places = 64;

/** What the single places of the tables hold at first. */
export const heldAt = {
  coil: (address: number) => (address % 3 === 0 ? 1 : 0),
  discrete: (address: number) => (address % 5 === 0 ? 1 : 0),
  input: (address: number) => 1000 + address,
  holding: (address: number) => 2000 + address,
} as const;

/** Holding registers below this one hold single words, those from here on wide values. */
const words = 20;

/** Wide values from holding register 20 on, in every order there is for 32 bits. */
export const wideValues: readonly { address: number; type: PointType; order: WordOrder; value: number }[] = [
  { address: 20, type: 'float32', order: 'abcd', value: 1.5 },
  { address: 22, type: 'float32', order: 'badc', value: -2.25 },
  { address: 24, type: 'float32', order: 'cdab', value: 1_234_567.5 },
  { address: 26, type: 'float32', order: 'dcba', value: Math.fround(0.1) },
  { address: 28, type: 'int32', order: 'cdab', value: -123_456_789 },
  { address: 30, type: 'float64', order: 'abcdefgh', value: -1 / 3 },
  { address: 34, type: 'uint64', order: 'ghefcdab', value: 1_099_511_627_781 },
];

/** Registers and coils that tests write; they hold zero at first, the coils what `heldAt` says. */
export const written = { word: 40, float: 42, floats: 44, coil: 50, coils: 51 } as const;

const tables = ['coil', 'discrete', 'input', 'holding'] as const;

/** Every place as a point for the driver, with the value that it is to find there. */
export function expectedPoints(): { points: DevicePoint[]; values: number[] } {
  const single = tables.flatMap((table) =>
    Array.from({ length: table === 'holding' ? words : places }, (_, address) => ({ table, address })),
  );
  const points = [
    ...single.map(({ table, address }, tag) =>
      pointAt(tag, address, { table, type: table === 'coil' || table === 'discrete' ? 'bool' : 'uint16' }),
    ),
    ...wideValues.map(({ address, type, order }, index) => pointAt(single.length + index, address, { type, order })),
  ];
  const values = [
    ...single.map(({ table, address }) => heldAt[table](address)),
    ...wideValues.map(({ value }) => value),
  ];
  return { points, values };
}

/** The same map as points of a simulated PLC. What clients write stays in its registers, as nothing reads it anew. */
export function simulatedPoints(): PlcPoint[] {
  const writable = { write: () => undefined };
  const single = tables.flatMap((table) => {
    const type: PointType = table === 'coil' || table === 'discrete' ? 'bool' : 'uint16';
    return Array.from({ length: table === 'holding' ? words : places }, (_, address) =>
      point(`${table}${address}`, {
        ...{ table, address, type, read: () => heldAt[table](address), high: 65_535 },
        ...(table === 'coil' ? writable : {}),
      }),
    );
  });
  const wide = wideValues.map(({ address, type, order, value }) =>
    point(`wide${address}`, { address, type, order, read: () => value, low: -1e15, high: 1e15 }),
  );
  const free = Array.from({ length: places - 38 }, (_, index) =>
    point(`free${38 + index}`, { address: 38 + index, low: 0, high: 60_000, ...writable }),
  );
  return [...single, ...wide, ...free];
}
