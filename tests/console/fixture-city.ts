import { loadPacks } from '../../edge/config/packs.ts';
import type { ConsoleKind } from '../../edge/console/api.ts';
import type { Asset } from '../../edge/core/asset.ts';
import { packAssetOf } from '../../edge/core/pack.ts';

const { packs } = await loadPacks('models');

/** How the packs draw a type of asset. */
export const pictureOf = (type: string) => packAssetOf(packs, type)?.picture;

/** How one role of the sketched city looks and moves. */
export interface RoleSketch {
  readonly zh: string;
  readonly en: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  /** Where the value stands, how far it swings, and its noise. */
  readonly at: number;
  readonly swing?: number;
  readonly noise?: number;
  readonly states?: Readonly<Record<string, string>>;
  /** A point that may be written. */
  readonly output?: true;
}

interface KindSketch extends Pick<ConsoleKind, 'name' | 'limits'> {
  readonly roles: Readonly<Record<string, RoleSketch>>;
}

type Span = readonly [low: number, high: number];
type Motion = readonly [at: number, swing?: number, noise?: number];

function role(zh: string, en: string, unit: string, [low, high]: Span, [at, swing = 0, noise = 0]: Motion): RoleSketch {
  return { zh, en, unit, low, high, at, swing, noise };
}

const state = (zh: string, en: string, at: number): RoleSketch => ({
  ...{ zh, en, unit: '', low: 0, high: 1, at },
  states: { 0: '停', 1: '运行' },
});

const above = (name: string, roleName: string, value: number) => ({ kind: name, role: roleName, above: value });
const below = (name: string, roleName: string, value: number) => ({ kind: name, role: roleName, below: value });

/** Kinds of assets with their roles and limits, as packs would give them. */
export const kinds: Readonly<Record<string, KindSketch>> = {
  'water.district': {
    name: { zh: '计量分区', en: 'Metered district' },
    roles: {
      inflow: role('进口流量', 'Inflow', 'm3/h', [0, 400], [142, 18, 0.6]),
      outflow: role('转输流量', 'Outflow to the next district', 'm3/h', [0, 300], [38, 6, 0.4]),
      pressure: role('进口压力', 'Inlet pressure', 'MPa', [0, 1], [0.382, 0.008, 0.0006]),
      'pressure-critical': role('最不利点压力', 'Pressure at the critical point', 'MPa', [0, 1], [0.268, 0.01, 0.0006]),
      chlorine: role('余氯', 'Free chlorine', 'mg/L', [0, 5], [0.42, 0.04, 0.004]),
    },
    limits: [
      below('pressure-low', 'pressure-critical', 0.2),
      above('pressure-high', 'pressure', 0.6),
      below('chlorine-low', 'chlorine', 0.05),
    ],
  },
  'water.pump-station': {
    name: { zh: '供水泵站', en: 'Pump station' },
    roles: {
      flow: role('出站流量', 'Station flow', 'm3/h', [0, 1500], [512, 40, 2]),
      'suction-pressure': role('吸水压力', 'Suction pressure', 'MPa', [0, 0.3], [0.08, 0.004, 0.0004]),
      'discharge-pressure': role('出站压力', 'Discharge pressure', 'MPa', [0, 1], [0.452, 0.006, 0.0008]),
      power: role('总功率', 'Power', 'kW', [0, 250], [96, 8, 0.3]),
      'pump-1-run': state('1号泵运行', 'Pump 1 runs', 1),
      'pump-2-run': state('2号泵运行', 'Pump 2 runs', 1),
      'pump-3-run': state('3号泵运行', 'Pump 3 runs', 0),
    },
    limits: [above('discharge-high', 'discharge-pressure', 0.55), below('discharge-low', 'discharge-pressure', 0.35)],
  },
  'water.tank': {
    name: { zh: '高位水池', en: 'Elevated tank' },
    roles: {
      level: role('液位', 'Level', 'm', [0, 8], [5.14, 0.6, 0.004]),
      flow: role('进出水流量', 'Flow, positive into the tank', 'm3/h', [-300, 300], [24, 30, 0.5]),
    },
    limits: [above('level-high', 'level', 7.6), below('level-low', 'level', 1.2)],
  },
  'heating.plant': {
    name: { zh: '热源厂', en: 'Heat plant' },
    roles: {
      'supply-temperature': role('供水温度', 'Supply temperature', 'Cel', [0, 150], [92.4, 1.2, 0.05]),
      'return-temperature': role('回水温度', 'Return temperature', 'Cel', [0, 120], [48.6, 0.6, 0.05]),
      flow: role('循环流量', 'Flow', 't/h', [0, 3000], [1184, 25, 1.5]),
      'heat-power': role('供热功率', 'Heat output', 'MW', [0, 120], [60.3, 2, 0.05]),
      'supply-pressure': role('供水压力', 'Supply pressure', 'MPa', [0, 1.6], [0.92, 0.01, 0.001]),
      'return-pressure': role('回水压力', 'Return pressure', 'MPa', [0, 1.6], [0.31, 0.006, 0.001]),
      'outdoor-temperature': role('室外温度', 'Outdoor temperature', 'Cel', [-45, 45], [-14.2, 0.6, 0.02]),
    },
    limits: [
      above('supply-temperature-high', 'supply-temperature', 130),
      below('return-pressure-low', 'return-pressure', 0.2),
    ],
  },
  'heating.substation': {
    name: { zh: '换热站', en: 'Substation' },
    roles: {
      'secondary-supply-temperature': {
        ...role('二次供水温度', 'Secondary supply temperature', 'Cel', [0, 95], [46.8, 1, 0.05]),
        output: true,
      },
      'secondary-return-temperature': role(
        '二次回水温度',
        'Secondary return temperature',
        'Cel',
        [0, 95],
        [38.2, 0.6, 0.05],
      ),
      'primary-flow': role('一次流量', 'Primary flow', 't/h', [0, 300], [96, 5, 0.3]),
      'heat-power': role('供热功率', 'Heat output', 'MW', [0, 15], [4.86, 0.3, 0.01]),
      'room-temperature': role('室内温度', 'Room temperature', 'Cel', [0, 40], [21.3, 0.3, 0.02]),
      'pump-run': { ...state('循环泵运行', 'Circulation pump runs', 1), output: true },
    },
    limits: [
      above('secondary-supply-high', 'secondary-supply-temperature', 75),
      below('room-cold', 'room-temperature', 18),
    ],
  },
  'gas.city-gate': {
    name: { zh: '门站', en: 'City gate' },
    roles: {
      'inlet-pressure': role('进站压力', 'Inlet pressure', 'MPa', [0, 4], [2.14, 0.02, 0.002]),
      'outlet-pressure': role('出站压力', 'Outlet pressure', 'MPa', [0, 0.6], [0.352, 0.003, 0.0004]),
      flow: role('流量', 'Flow', 'Nm3/h', [0, 20_000], [7420, 400, 12]),
      temperature: role('出站温度', 'Outlet temperature', 'Cel', [-30, 60], [8.4, 0.4, 0.02]),
    },
    limits: [above('outlet-high', 'outlet-pressure', 0.42), below('outlet-low', 'outlet-pressure', 0.28)],
  },
  'gas.regulator': {
    name: { zh: '调压站', en: 'Regulator station' },
    roles: {
      'inlet-pressure': role('进口压力', 'Inlet pressure', 'MPa', [0, 0.6], [0.334, 0.004, 0.0004]),
      'outlet-pressure': role('出口压力', 'Outlet pressure', 'kPa', [0, 5], [2.52, 0.03, 0.004]),
      flow: role('流量', 'Flow', 'Nm3/h', [0, 4000], [1236, 90, 4]),
      lel: role('可燃气体浓度', 'Combustible gas', '%', [0, 100], [0.6, 0.2, 0.06]),
      'slam-shut': { ...state('紧急切断阀', 'Slam-shut valve', 0), states: { 0: '开启', 1: '切断' } },
    },
    limits: [
      above('cabinet-leak', 'lel', 20),
      above('outlet-high', 'outlet-pressure', 3),
      below('outlet-low', 'outlet-pressure', 2),
    ],
  },
  'gas.district': {
    name: { zh: '低压片区', en: 'Low-pressure district' },
    roles: {
      flow: role('片区流量', 'District flow', 'Nm3/h', [0, 4000], [1180, 90, 4]),
      pressure: role('末端压力', 'End-of-line pressure', 'kPa', [0, 5], [2.28, 0.04, 0.004]),
    },
    limits: [below('pressure-low', 'pressure', 1.5), above('pressure-high', 'pressure', 3)],
  },
  'gallery.compartment': {
    name: { zh: '防火分区', en: 'Fire compartment' },
    roles: {
      ch4: role('甲烷', 'Methane', '%', [0, 100], [0.4, 0.1, 0.05]),
      oxygen: role('氧气', 'Oxygen', '%', [0, 25], [20.8, 0.03, 0.01]),
      h2s: role('硫化氢', 'Hydrogen sulphide', 'mg/m3', [0, 150], [0.5, 0.2, 0.05]),
      temperature: role('环境温度', 'Air temperature', 'Cel', [-20, 80], [14.6, 0.4, 0.03]),
      humidity: role('相对湿度', 'Relative humidity', '%', [0, 100], [68.2, 2, 0.2]),
      'sump-level': role('集水坑液位', 'Sump level', 'm', [0, 2], [0.42, 0.15, 0.002]),
      'fan-run': state('风机运行', 'Fan run', 1),
      'pump-run': state('排水泵运行', 'Pump run', 0),
    },
    limits: [above('methane-high', 'ch4', 20), below('oxygen-low', 'oxygen', 19.5), above('flood', 'sump-level', 1.2)],
  },
  'lighting.circuit': {
    name: { zh: '照明回路', en: 'Lighting circuit' },
    roles: {
      command: state('开关命令', 'Command', 1),
      feedback: state('接触器反馈', 'Feedback', 1),
      'current-a': role('A 相电流', 'Current, phase A', 'A', [0, 60], [18.4, 0.3, 0.05]),
      power: role('有功功率', 'Active power', 'kW', [0, 40], [11.8, 0.2, 0.03]),
      leakage: role('漏电流', 'Leakage current', 'mA', [0, 500], [18, 2, 0.4]),
    },
    limits: [above('leakage-high', 'leakage', 100), above('current-high', 'current-a', 30)],
  },
};

type Sketch = Omit<Asset, 'roles'> & { readonly device: string };

function asset(
  type: string,
  id: string,
  name: string,
  at: readonly [number, number],
  device: string,
  feeds: string[] = [],
): Sketch {
  return {
    id,
    type,
    name,
    device,
    grid: `2301030050${id.length}${at[0].toFixed(2).slice(-2)}`,
    location: at,
    upstreamOf: feeds,
  };
}

const column = (index: number, count: number, from: number, to: number) => from + ((to - from) * index) / (count - 1);
const streets = ['学府路', '西大直街', '中兴大道', '哈西大街', '和兴路', '保健路', '文景街', '康安路'];

/** Forty assets laid out over the district of Nangang. */
export const fixtureAssets: readonly Sketch[] = [
  asset('water.pump-station', 'ps-1', '朱顺泵站', [126.604, 45.751], 'water-ps', ['tank-1', 'dma-1', 'dma-4']),
  asset('water.tank', 'tank-1', '革新水池', [126.628, 45.764], 'water-ps', ['dma-2']),
  asset('water.district', 'dma-1', '学府分区', [126.626, 45.744], 'water-dma-a', ['dma-3']),
  asset('water.district', 'dma-2', '教化分区', [126.655, 45.768], 'water-dma-a', ['dma-5']),
  asset('water.district', 'dma-3', '哈西分区', [126.64, 45.726], 'water-dma-b', []),
  asset('water.district', 'dma-4', '和兴分区', [126.615, 45.733], 'water-dma-b', []),
  asset('water.district', 'dma-5', '文昌分区', [126.688, 45.764], 'water-dma-b', []),
  asset('heating.plant', 'plant-1', '哈西热源厂', [126.607, 45.709], 'heat-plant', [
    'sub-1',
    'sub-2',
    'sub-3',
    'sub-4',
  ]),
  ...Array.from({ length: 8 }, (_, at) =>
    asset(
      ...(['heating.substation', `sub-${at + 1}`, `${streets[at]}换热站`] as const),
      [column(at % 4, 4, 126.632, 126.706), at < 4 ? 45.713 : 45.724],
      ...([`heat-sub-${at < 4 ? 'a' : 'b'}`, at < 4 ? [`sub-${at + 5}`] : []] as const),
    ),
  ),
  asset('gas.city-gate', 'gate-1', '王岗门站', [126.714, 45.777], 'gas-gate', ['reg-1', 'reg-2', 'reg-3']),
  ...Array.from({ length: 3 }, (_, at) =>
    asset(
      'gas.regulator',
      `reg-${at + 1}`,
      `${streets[at]}调压站`,
      [126.672 + at * 0.016, 45.757 - at * 0.008],
      'gas-reg',
      [`gas-${at + 1}`],
    ),
  ),
  ...Array.from({ length: 3 }, (_, at) =>
    asset(
      'gas.district',
      `gas-${at + 1}`,
      `${streets[at + 3]}片区`,
      [126.66 + at * 0.02, 45.746 - at * 0.008],
      'gas-reg',
    ),
  ),
  ...Array.from({ length: 8 }, (_, at) =>
    asset(
      ...(['gallery.compartment', `zone-${at + 1}`, `哈西大街综合舱${at + 1}号防火分区`] as const),
      [column(at, 8, 126.612, 126.682), 45.739 + 0.0012 * at],
      ...([`gallery-${at < 4 ? 'a' : 'b'}`, at < 7 ? [`zone-${at + 2}`] : []] as const),
    ),
  ),
  ...Array.from({ length: 8 }, (_, at) =>
    asset(
      'lighting.circuit',
      `circuit-${at + 1}`,
      `${streets[at]}照明回路`,
      [column(at, 8, 126.603, 126.718), 45.7015 + (at % 2) * 0.002],
      `light-${at < 4 ? 'a' : 'b'}`,
    ),
  ),
];
