import type { Text } from '../../edge/core/text.ts';

/** What every part of the network has for the gateway's configuration. */
interface Placed {
  readonly id: string;
  readonly name: Text;
  readonly grid: string;
  readonly location: readonly [number, number];
}

/** One half of a 66/10 kV substation: a transformer with the bus section that it feeds. */
export interface SectionData {
  readonly substation: string;
  readonly transformer: Placed;
  readonly bus: Placed;
}

/** A 10 kV cable line from a bus section into the streets. */
export interface FeederData extends Placed {
  readonly bus: string;
  /** The feeder to which its load can be moved over the open ring. */
  readonly ringWith: string;
  readonly lengthKm: number;
  /** Load of the neighbourhood at the day's peak, MW. */
  readonly peakMw: number;
}

/** The distribution room of one consumer: 10/0.4 kV transformer, undervoltage release, restart timer and battery. */
export interface ServiceData extends Placed {
  readonly feeder: string;
  /** A second feeder to which it changes over by itself. */
  readonly alternative?: string;
  /** Cable from the bus, km. */
  readonly distanceKm: number;
  /** Hours that the battery carries the controllers (RTU 4–8 h, gas 8–24 h: domain reference 1.5). */
  readonly batteryHours: number;
  /** Seconds from the voltage's return to reconnection: consumers come back one after the other. */
  readonly restartS: number;
}

const substations: readonly (readonly [id: string, name: Text, location: readonly [number, number]])[] = [
  ['grid-1', { zh: '66 kV 南岗变', en: 'Nangang 66 kV substation' }, [126.6402, 45.7561]],
  ['grid-2', { zh: '66 kV 哈西变', en: 'Haxi 66 kV substation' }, [126.6455, 45.7282]],
];

/** Two sections in each of two substations. */
export const sections: readonly SectionData[] = substations.flatMap(([substation, { zh, en }, location], index) =>
  [1, 2].map((number) => ({
    substation,
    transformer: {
      id: `transformer-${index + 1}${number}`,
      name: { zh: `${zh}${number}号主变`, en: `${en}, transformer ${number}` },
      grid: `2301030050${80 + 2 * index + number}`,
      location,
    },
    bus: {
      id: `bus-${index + 1}${number}`,
      name: { zh: `${zh} 10 kV ${number}段母线`, en: `${en}, 10 kV bus section ${number}` },
      grid: `2301030050${80 + 2 * index + number}`,
      location,
    },
  })),
);

const feeder = (
  number: number,
  name: Text,
  bus: string,
  ringWith: number,
  lengthKm: number,
  peakMw: number,
  location: readonly [number, number],
): FeederData => ({
  id: `feeder-${number}`,
  name: { zh: `10 kV ${name.zh}`, en: `10 kV ${name.en}` },
  grid: `2301030050${84 + number}`,
  ...{ bus, ringWith: `feeder-${ringWith}`, lengthKm, peakMw, location },
});

export const feeders: readonly FeederData[] = [
  feeder(1, { zh: '水厂线', en: 'Waterworks line' }, 'bus-11', 3, 2.6, 2.2, [126.6287, 45.7551]),
  feeder(2, { zh: '中山线', en: 'Zhongshan line' }, 'bus-11', 4, 3.1, 2.9, [126.6561, 45.7569]),
  feeder(3, { zh: '大直线', en: 'Dazhi line' }, 'bus-12', 1, 3.4, 2.6, [126.6502, 45.7495]),
  feeder(4, { zh: '会展线', en: 'Exhibition line' }, 'bus-12', 2, 4.6, 2.4, [126.6835, 45.7512]),
  feeder(5, { zh: '管廊线', en: 'Gallery line' }, 'bus-21', 7, 2.2, 2.1, [126.6552, 45.7337]),
  feeder(6, { zh: '热源线', en: 'Heat plant line' }, 'bus-21', 8, 3.0, 2.3, [126.6247, 45.7266]),
  feeder(7, { zh: '学府线', en: 'Xuefu line' }, 'bus-22', 5, 3.8, 2.8, [126.6188, 45.7175]),
  feeder(8, { zh: '保健线', en: 'Baojian line' }, 'bus-22', 6, 3.2, 2.5, [126.6437, 45.7205]),
];

type Row = readonly [
  consumer: string,
  name: Text,
  feeder: number,
  alternative: number | undefined,
  distanceKm: number,
  batteryHours: number,
  restartS: number,
  location: readonly [number, number],
];

const rows: readonly Row[] = [
  ['ps-1', { zh: '一号供水泵站', en: 'Pump station 1' }, 1, undefined, 2.1, 6, 20, [126.6205, 45.7545]],
  ['dma-1', { zh: '大直街分区表井', en: 'Dazhi Street meter chamber' }, 2, undefined, 1.9, 6, 30, [126.651, 45.7548]],
  ['dma-2', { zh: '果戈里分区表井', en: 'Gogol meter chamber' }, 4, undefined, 2.8, 6, 30, [126.6735, 45.753]],
  ['dma-3', { zh: '学府路分区表井', en: 'Xuefu Road meter chamber' }, 8, undefined, 1.2, 6, 30, [126.6482, 45.7242]],
  ['dma-4', { zh: '会展分区表井', en: 'Exhibition meter chamber' }, 4, undefined, 4.3, 6, 40, [126.6938, 45.7522]],
  ['light-cab-1', { zh: '中山路照明柜', en: 'Zhongshan Road lighting' }, 2, undefined, 2.4, 2, 50, [126.6562, 45.7571]],
  ['sub-1', { zh: '哈西一号换热站', en: 'Haxi substation 1' }, 8, undefined, 1.4, 4, 60, [126.6352, 45.7298]],
  ['sub-2', { zh: '文昌换热站', en: 'Wenchang substation' }, 3, undefined, 2.2, 4, 60, [126.6502, 45.7365]],
  ['sub-3', { zh: '和兴换热站', en: 'Hexing substation' }, 3, undefined, 3.1, 4, 75, [126.6631, 45.7441]],
  ['sub-4', { zh: '保健路换热站', en: 'Baojian Road substation' }, 8, undefined, 2.0, 4, 75, [126.6428, 45.7189]],
  ['sub-5', { zh: '征仪路换热站', en: 'Zhengyi Road substation' }, 8, undefined, 2.9, 4, 90, [126.6577, 45.7236]],
  ['sub-6', { zh: '嵩山换热站', en: 'Songshan substation' }, 4, undefined, 3.8, 4, 60, [126.6689, 45.7348]],
  ['sub-7', { zh: '哈西二号换热站', en: 'Haxi substation 2' }, 6, undefined, 1.9, 4, 60, [126.6298, 45.7352]],
  [
    'sub-8',
    { zh: '西大直街换热站', en: 'West Dazhi Street substation' },
    3,
    undefined,
    1.7,
    4,
    75,
    [126.6381, 45.7431],
  ],
  ['sub-9', { zh: '教化街换热站', en: 'Jiaohua Street substation' }, 3, undefined, 2.3, 4, 90, [126.6452, 45.7466]],
  ['sub-10', { zh: '学府路换热站', en: 'Xuefu Road substation' }, 7, undefined, 1.6, 4, 60, [126.6231, 45.7208]],
  ['sub-11', { zh: '延兴路换热站', en: 'Yanxing Road substation' }, 7, undefined, 2.8, 4, 75, [126.6148, 45.7161]],
  ['sub-12', { zh: '清滨路换热站', en: 'Qingbin Road substation' }, 6, undefined, 2.4, 4, 75, [126.6329, 45.7389]],
  ['heat-plant-1', { zh: '哈西热源厂', en: 'Haxi heat plant' }, 6, 8, 2.7, 8, 30, [126.6189, 45.7261]],
  ['gate-1', { zh: '一号门站', en: 'City gate 1' }, 7, undefined, 3.6, 16, 25, [126.606, 45.708]],
  ['gallery-plc-1', { zh: '哈西大街管廊', en: 'Haxi Avenue gallery' }, 5, undefined, 1.8, 6, 40, [126.6572, 45.737]],
  ['gallery-plc-2', { zh: '学府路管廊', en: 'Xuefu Road gallery' }, 7, undefined, 2.2, 6, 40, [126.6209, 45.7301]],
  ['light-cab-2', { zh: '学府路照明柜', en: 'Xuefu Road lighting' }, 7, undefined, 2.5, 2, 50, [126.6213, 45.7264]],
  ['light-cab-3', { zh: '友谊路照明柜', en: 'Youyi Road lighting' }, 1, undefined, 1.6, 2, 50, [126.6211, 45.779]],
  ['light-cab-4', { zh: '和兴路照明柜', en: 'Hexing Road lighting' }, 3, undefined, 2.0, 2, 65, [126.6238, 45.728]],
  [
    'light-cab-5',
    { zh: '红旗大街照明柜', en: 'Hongqi Street lighting' },
    4,
    undefined,
    3.2,
    2,
    50,
    [126.6872, 45.7497],
  ],
  ['lift-1', { zh: '一曼街污水泵站', en: 'Yiman Street sewage pumps' }, 1, 2, 2.6, 6, 30, [126.6362, 45.7684]],
  ['storm-1', { zh: '滨江雨水泵站', en: 'Binjiang storm pumps' }, 1, undefined, 3.4, 6, 45, [126.6486, 45.7828]],
  [
    'up-1',
    { zh: '东大直街下穿立交泵站', en: 'Dongdazhi underpass pumps' },
    2,
    undefined,
    2.2,
    6,
    15,
    [126.6398, 45.7641],
  ],
  ['up-2', { zh: '景阳街下穿桥泵站', en: 'Jingyang underpass pumps' }, 1, undefined, 3.2, 6, 15, [126.6499, 45.777]],
];

export const services: readonly ServiceData[] = rows.map((row, index) => {
  const [consumer, { zh, en }, from, alternative, distanceKm, batteryHours, restartS, location] = row;
  return {
    id: `supply-${consumer}`,
    name: { zh: `${zh}配电室`, en: `${en}, distribution room` },
    grid: `230103005${100 + index}`,
    feeder: `feeder-${from}`,
    ...(alternative === undefined ? {} : { alternative: `feeder-${alternative}` }),
    ...{ distanceKm, batteryHours, restartS, location },
  };
});
