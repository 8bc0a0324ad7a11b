import type { Plc, PlcPoint } from '../../simulator/city/plant.ts';

/** A point of a test's PLC: a holding register at 0, unless told otherwise. */
export const point = (name: string, over: Partial<PlcPoint>): PlcPoint => ({
  name,
  description: { zh: name, en: name },
  unit: '',
  read: () => 0,
  noise: 0,
  low: -1e9,
  high: 1e9,
  type: 'uint16',
  scale: 1,
  offset: 0,
  table: 'holding',
  address: 0,
  order: 'abcd',
  periodMs: 1000,
  ...over,
});

/** A Modbus PLC of a test. */
export const plcOf = (id: string, unit: number, points: readonly PlcPoint[]): Plc => ({
  id,
  utility: 'water',
  protocol: 'modbus-tcp',
  name: { zh: id, en: `${id} station` },
  unit,
  points,
});
