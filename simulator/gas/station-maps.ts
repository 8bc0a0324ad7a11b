import type { PointType, WordOrder } from '../../drivers/api.ts';
import type { Coding } from '../city/plc-points.ts';

/** Analogue points of a station's RTU that some makes send as scaled integers. */
export type AnalogueKey =
  | 'p1'
  | 'p2'
  | 'flow'
  | 'filter-dp'
  | 'gas-temp'
  | 'lel'
  | 'battery'
  | 'end-pressure'
  | 'district-flow'
  | 'opening'
  | 'cabinet-temp'
  | 'panel-power';

/** How one make of RTU lays its registers out. */
interface StationMap {
  readonly unit: number;
  readonly analogue: Coding;
  readonly from: number;
  /** Scale of integers by key; floats carry engineering units. */
  readonly scales: Partial<Record<AnalogueKey, number>>;
  readonly total: { readonly type: PointType; readonly order: WordOrder };
  readonly long: WordOrder;
  readonly contacts: Pick<Coding, 'table'> & { readonly from: number };
}

/** Integer scales of the RTUs that send counts: two or more decimals. */
const counts: Partial<Record<AnalogueKey, number>> = {
  p1: 0.0001,
  p2: 0.001,
  flow: 1,
  'filter-dp': 0.01,
  'gas-temp': 0.01,
  lel: 0.01,
  battery: 0.01,
  'end-pressure': 0.001,
  'district-flow': 1,
  opening: 0.01,
  'cabinet-temp': 0.01,
  'panel-power': 0.1,
};

const float = (table: 'input' | 'holding', order: WordOrder): Coding => ({ table, type: 'float32', order, scale: 1 });
const count = (table: 'input' | 'holding', order: WordOrder): Coding => ({ table, type: 'int16', order, scale: 1 });

/** Register maps by station: two RTUs send int16, two send floats, each in its vendor's order (domain reference 3). */
export const stationMaps: Readonly<Record<string, StationMap>> = {
  'reg-1': {
    unit: 1,
    analogue: count('input', 'abcd'),
    from: 0,
    scales: counts,
    total: { type: 'uint32', order: 'abcd' },
    long: 'abcd',
    contacts: { table: 'discrete', from: 0 },
  },
  'reg-2': {
    unit: 2,
    analogue: float('holding', 'cdab'),
    from: 100,
    scales: {},
    total: { type: 'uint32', order: 'cdab' },
    long: 'cdab',
    contacts: { table: 'coil', from: 16 },
  },
  'reg-3': {
    unit: 3,
    analogue: count('holding', 'abcd'),
    from: 1000,
    scales: counts,
    total: { type: 'float64', order: 'ghefcdab' },
    long: 'cdab',
    contacts: { table: 'discrete', from: 100 },
  },
  'reg-4': {
    unit: 17,
    analogue: float('input', 'badc'),
    from: 4,
    scales: {},
    total: { type: 'float64', order: 'badcfehg' },
    long: 'badc',
    contacts: { table: 'discrete', from: 8 },
  },
};
