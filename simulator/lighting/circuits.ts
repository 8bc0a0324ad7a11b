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
  readonly location: readonly [number, number];
}

const cabinet = (
  number: number,
  zh: string,
  en: string,
  [unit, order]: readonly [number, WordOrder],
  supplyV: number,
  supplyOhm: number,
  location: readonly [number, number],
): CabinetData => ({
  id: `light-cab-${number}`,
  name: { zh: `${zh}照明控制柜`, en: `${en} lighting cabinet` },
  ...{ unit, order, supplyV, supplyOhm, location },
});

export const cabinets: readonly CabinetData[] = [
  cabinet(1, '中山路', 'Zhongshan Road', [1, 'abcd'], 230, 0.028, [126.6577, 45.7556]),
  cabinet(2, '学府路', 'Xuefu Road', [11, 'dcba'], 229, 0.033, [126.6224, 45.7281]),
  cabinet(3, '友谊路', 'Youyi Road', [1, 'cdab'], 231, 0.03, [126.6211, 45.779]),
  cabinet(4, '和兴路', 'Hexing Road', [3, 'abcd'], 228.5, 0.031, [126.6238, 45.728]),
  cabinet(5, '红旗大街', 'Hongqi Street', [21, 'badc'], 230.5, 0.029, [126.6872, 45.7497]),
];

type Row = readonly [
  cabinet: number,
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
  [3, '友谊路东段', 'Youyi Road east', 'trunk', 'led', 78, 180, 0.12, 0, 7, 0.94, [126.6294, 45.7818]],
  [3, '友谊路西段', 'Youyi Road west', 'trunk', 'led', 82, 180, 0.12, 0, 8, 0.95, [126.6128, 45.7762]],
  [3, '经纬街', 'Jingwei Street', 'trunk', 'led', 62, 150, 0.13, 1, 6, 0.84, [126.6243, 45.7706]],
  [3, '尚志大街', 'Shangzhi Street', 'branch', 'led', 56, 120, 0.15, 2, 6, 0.78, [126.6301, 45.7731]],
  [3, '新阳路', 'Xinyang Road', 'branch', 'hps', 46, 275, 0.15, -1, 11, 0.83, [126.6019, 45.7669]],
  [3, '通江街', 'Tongjiang Street', 'branch', 'led', 42, 100, 0.17, 2, 5, 0.8, [126.6192, 45.7752]],
  [4, '和兴路北段', 'Hexing Road north', 'trunk', 'led', 76, 180, 0.12, 0, 7, 0.95, [126.6207, 45.7318]],
  [4, '和兴路南段', 'Hexing Road south', 'trunk', 'led', 74, 180, 0.13, 0, 7, 0.95, [126.6268, 45.7241]],
  [4, '清滨路', 'Qingbin Road', 'branch', 'led', 48, 120, 0.16, 1, 5, 0.82, [126.6352, 45.7302]],
  [4, '文昌街', 'Wenchang Street', 'trunk', 'led', 68, 150, 0.13, -1, 6, 0.87, [126.6509, 45.7369]],
  [4, '哈平路', 'Haping Road', 'trunk', 'hps', 52, 275, 0.13, 0, 12, 0.93, [126.6613, 45.7121]],
  [5, '红旗大街北段', 'Hongqi Street north', 'trunk', 'led', 88, 180, 0.12, 0, 8, 0.96, [126.6951, 45.7573]],
  [5, '红旗大街南段', 'Hongqi Street south', 'trunk', 'led', 86, 180, 0.12, 0, 8, 0.96, [126.6933, 45.7431]],
  [5, '淮河路', 'Huaihe Road', 'branch', 'led', 54, 120, 0.15, 1, 6, 0.86, [126.6847, 45.7462]],
  [5, '长江路', 'Changjiang Road', 'trunk', 'led', 92, 180, 0.11, 0, 8, 0.97, [126.7046, 45.7502]],
  [5, '珠江路', 'Zhujiang Road', 'branch', 'hps', 44, 275, 0.16, -2, 11, 0.85, [126.6892, 45.7389]],
];

/** The circuits of the city. */
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
  grid: `230103005${String(70 + index).padStart(3, '0')}`,
  location: row[11],
}));
