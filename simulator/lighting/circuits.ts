import type { WordOrder } from '../../drivers/api.ts';
import type { Text } from '../../edge/core/text.ts';

type LampKind = 'led' | 'hps';

/** One street lighting circuit as built. */
export interface CircuitData {
  readonly id: string;
  readonly cabinet: string;
  readonly name: Text;
  /** Trunk roads switch at 30 lx, others at 20 lx (CJJ 45-2015). */
  readonly road: 'trunk' | 'branch';
  readonly lamp: LampKind;
  readonly lamps: number;
  /** Power of one lamp with its gear, W. */
  readonly lampW: number;
  /** Loop resistance from the cabinet to the load's centre, ohm per phase. */
  readonly feederOhm: number;
  /** Minutes that the circuit switches on later and off earlier than the astronomical clock; negative the other way. */
  readonly offsetMin: number;
  /** Residual current of the dry cable, mA. */
  readonly cableLeakageMa: number;
  /** Share of the open sky that its photocell sees. */
  readonly skyView: number;
  readonly grid: string;
  readonly location: readonly [number, number];
}

/** A lighting cabinet: supply from the street's transformer, feeding circuits. */
export interface CabinetData {
  readonly id: string;
  readonly name: Text;
  /** Modbus unit id, and the order of the controller's 32-bit values. */
  readonly unit: number;
  readonly order: WordOrder;
  /** No-load phase voltage at the transformer, V. */
  readonly supplyV: number;
  /** Transformer and service cable, ohm per phase. */
  readonly supplyOhm: number;
}

export const cabinets: readonly CabinetData[] = [
  {
    id: 'light-cab-1',
    name: { zh: '中山路照明控制柜', en: 'Zhongshan Road lighting cabinet' },
    unit: 1,
    order: 'abcd',
    supplyV: 230,
    supplyOhm: 0.028,
  },
  {
    id: 'light-cab-2',
    name: { zh: '学府路照明控制柜', en: 'Xuefu Road lighting cabinet' },
    unit: 11,
    order: 'dcba',
    supplyV: 229,
    supplyOhm: 0.033,
  },
];

type Row = readonly [
  cabinet: 1 | 2,
  zh: string,
  en: string,
  road: CircuitData['road'],
  lamp: LampKind,
  lamps: number,
  lampW: number,
  feederOhm: number,
  offsetMin: number,
  cableLeakageMa: number,
  skyView: number,
  location: readonly [number, number],
];

const rows: readonly Row[] = [
  [1, '中山路北段', 'Zhongshan Road north', 'trunk', 'led', 84, 180, 0.11, 0, 7, 0.95, [126.6562, 45.7571]],
  [1, '中山路南段', 'Zhongshan Road south', 'trunk', 'led', 90, 180, 0.12, 0, 8, 0.93, [126.6641, 45.7482]],
  [1, '红军街', 'Hongjun Street', 'trunk', 'led', 66, 150, 0.13, 1, 6, 0.85, [126.6438, 45.7627]],
  [1, '果戈里大街', 'Gogol Street', 'branch', 'led', 58, 120, 0.15, 2, 6, 0.8, [126.6487, 45.7548]],
  [1, '一曼街', 'Yiman Street', 'branch', 'hps', 48, 275, 0.14, -2, 11, 0.82, [126.6593, 45.7668]],
  [2, '学府路北段', 'Xuefu Road north', 'trunk', 'led', 80, 180, 0.12, 0, 7, 0.96, [126.6213, 45.7264]],
  [2, '学府路南段', 'Xuefu Road south', 'trunk', 'led', 76, 180, 0.13, 0, 7, 0.96, [126.6158, 45.7139]],
  [2, '西大直街', 'West Dazhi Street', 'trunk', 'led', 72, 150, 0.12, -1, 6, 0.88, [126.6329, 45.7445]],
  [2, '征仪路', 'Zhengyi Road', 'branch', 'led', 44, 100, 0.18, 3, 5, 0.84, [126.6271, 45.7195]],
  [2, '保健路', 'Baojian Road', 'branch', 'hps', 40, 275, 0.16, 0, 12, 0.8, [126.6402, 45.7168]],
];

/** The ten circuits of the city. */
export const circuits: readonly CircuitData[] = rows.map((row, index) => ({
  id: `circuit-${index + 1}`,
  cabinet: `light-cab-${row[0]}`,
  name: { zh: row[1], en: row[2] },
  road: row[3],
  lamp: row[4],
  lamps: row[5],
  lampW: row[6],
  feederOhm: row[7],
  offsetMin: row[8],
  cableLeakageMa: row[9],
  skyView: row[10],
  grid: `2301030050${70 + index}`,
  location: row[11],
}));
