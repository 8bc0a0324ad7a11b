import type { Text } from '../../edge/core/text.ts';
import type { CatchmentDesign } from './catchment.ts';
import type { PumpGroupDesign } from './pump-group.ts';
import type { SewerNode } from './sewer-network.ts';

/** Concrete sewers with some growth and deposits, s/m^(1/3) (GB 50014-2021 has 0.013–0.014 for concrete). */
const manning = 0.014;

/** What a place is called and where it lies. */
interface Place {
  readonly id: string;
  readonly name: Text;
  readonly grid: string;
  readonly location: readonly [number, number];
}

/** A manhole with its sensors: the sewer that leaves it and the street above. */
export interface ManholeDesign extends Place {
  readonly groundM: number;
  readonly invertM: number;
  readonly to: string;
  readonly lengthM: number;
  readonly diameterM: number;
  readonly slope: number;
  /** Carries sewage too; the others are storm sewers. */
  readonly combined: boolean;
}

const manhole = (
  number: number,
  zh: string,
  en: string,
  [x, y]: readonly [number, number],
  [groundM, invertM]: readonly [number, number],
  [to, lengthM, diameterM, slope]: readonly [string, number, number, number],
): ManholeDesign => ({
  id: `mh-${number}`,
  name: { zh: `${zh}检查井`, en: `Manhole ${en}` },
  grid: `2301030060${10 + number}`,
  location: [x, y],
  ...{ groundM, invertM, to, lengthM, diameterM, slope },
  combined: to === 'lift-1' || number < 7,
});

/** Manholes, each before the one below it. Old town: combined sewers to lift-1. Near the river: storm sewers to storm-1. */
export const manholeDesigns: readonly ManholeDesign[] = [
  manhole(1, '红军街', 'Hongjun Street', [126.6405, 45.7585], [127, 122.6], ['mh-2', 240, 1.2, 0.002]),
  manhole(2, '花园街', 'Huayuan Street', [126.6378, 45.7606], [126.2, 122.1], ['mh-5', 260, 1.2, 0.002]),
  manhole(3, '果戈里大街', 'Gogol Street', [126.6448, 45.7611], [126.4, 122.8], ['mh-4', 220, 1, 0.0025]),
  manhole(4, '奋斗路', 'Fendou Road', [126.642, 45.7628], [125.6, 122.2], ['mh-5', 230, 1, 0.0025]),
  manhole(5, '东大直街', 'Dongdazhi Street', [126.6392, 45.7632], [125, 121.5], ['mh-6', 300, 1.5, 0.0015]),
  manhole(6, '一曼街', 'Yiman Street', [126.6371, 45.7662], [124.2, 121], ['lift-1', 200, 1.5, 0.0015]),
  manhole(7, '靖宇街', 'Jingyu Street', [126.6522, 45.7742], [122.5, 118.1], ['mh-8', 250, 1.35, 0.0018]),
  manhole(8, '景阳街', 'Jingyang Street', [126.6493, 45.7761], [121.6, 117.62], ['mh-10', 260, 1.35, 0.0018]),
  manhole(9, '北新街', 'Beixin Street', [126.6464, 45.7798], [121, 117.7], ['mh-10', 200, 1, 0.0025]),
  manhole(10, '滨江街', 'Binjiang Street', [126.6478, 45.7812], [120.6, 117.1], ['storm-1', 180, 1.5, 0.0015]),
];

/** A pump station: its wet well, the way to the river by gravity, and its pumps. Heights in m above the datum. */
export interface StationDesign extends Place {
  readonly groundM: number;
  readonly bottomM: number;
  readonly wellM2: number;
  /** Sewer to the river behind a flap gate: overflow of the one, usual way of the other. */
  readonly toRiver: {
    readonly upperM: number;
    readonly lowerM: number;
    readonly lengthM: number;
    readonly diameterM: number;
  };
  readonly pumps: PumpGroupDesign;
  /** Where the pumps deliver: treatment works, or the river above its level. */
  readonly delivers: 'works' | 'river';
  readonly deliveryM: number;
}

export const stationDesigns: readonly StationDesign[] = [
  {
    id: 'lift-1',
    name: { zh: '一曼街污水提升泵站', en: 'Yiman Street sewage pump station' },
    grid: '230103006031',
    location: [126.6362, 45.7684],
    groundM: 123.6,
    bottomM: 117.2,
    wellM2: 90,
    toRiver: { upperM: 121.3, lowerM: 119.3, lengthM: 320, diameterM: 1.8 },
    pumps: {
      count: 3,
      rated: { flowM3S: 0.12, headM: 9.5 },
      mainS2M5: 40,
      levelsM: { off: 118.4, starts: [119.3, 119.7, 120.1], lowFloat: 118, highFloat: 120.5 },
    },
    delivers: 'works',
    deliveryM: 126,
  },
  {
    id: 'storm-1',
    name: { zh: '滨江雨水泵站', en: 'Binjiang storm pump station' },
    grid: '230103006032',
    location: [126.6486, 45.7828],
    groundM: 119.8,
    bottomM: 114.5,
    wellM2: 120,
    toRiver: { upperM: 116, lowerM: 115.6, lengthM: 90, diameterM: 1.5 },
    pumps: {
      count: 4,
      rated: { flowM3S: 0.6, headM: 5 },
      mainS2M5: 0.25,
      levelsM: { off: 116.2, starts: [117.1, 117.3, 117.5, 117.7], lowFloat: 115.8, highFloat: 118 },
    },
    delivers: 'river',
    deliveryM: 118,
  },
];

/** An underpass: a paved hollow whose only way out are its pumps. Heights in m above the datum. */
export interface UnderpassDesign extends Place {
  /** Height of the road at its lowest point, and of the bottom of the sump below it. */
  readonly roadM: number;
  readonly sumpBottomM: number;
  readonly sumpM2: number;
  /** Flooded area of the road per metre of depth, m²/m. */
  readonly bowlM: number;
  readonly pumps: PumpGroupDesign;
  /** Manhole that takes the pumped water, and the height at which the main ends there. */
  readonly to: string;
  readonly deliveryM: number;
}

export const underpassDesigns: readonly UnderpassDesign[] = [
  {
    id: 'up-1',
    name: { zh: '东大直街下穿立交', en: 'Dongdazhi Street underpass' },
    grid: '230103006041',
    location: [126.6398, 45.7641],
    roadM: 119.2,
    sumpBottomM: 115.4,
    sumpM2: 24,
    bowlM: 700,
    pumps: {
      count: 3,
      rated: { flowM3S: 0.2, headM: 9 },
      mainS2M5: 4,
      levelsM: { off: 116, starts: [117, 117.4, 117.8], lowFloat: 115.8, highFloat: 118.2 },
    },
    to: 'mh-5',
    deliveryM: 124,
  },
  {
    id: 'up-2',
    name: { zh: '景阳街铁路下穿桥', en: 'Jingyang Street railway underpass' },
    grid: '230103006042',
    location: [126.6499, 45.777],
    roadM: 116.6,
    sumpBottomM: 112.9,
    sumpM2: 18,
    bowlM: 560,
    pumps: {
      count: 2,
      rated: { flowM3S: 0.2, headM: 8.5 },
      mainS2M5: 5,
      levelsM: { off: 113.5, starts: [114.4, 114.9], lowFloat: 113.3, highFloat: 115.4 },
    },
    to: 'mh-8',
    deliveryM: 120.5,
  },
];

/** A catchment with the place that its water reaches. */
export interface CatchmentPlace extends CatchmentDesign {
  readonly to: string;
  /** People whose sewage reaches the same place. */
  readonly people: number;
}

export const catchmentDesigns: readonly CatchmentPlace[] = [
  { to: 'mh-1', areaHa: 12, pavedShare: 0.6, lagS: 720, people: 8500 },
  { to: 'mh-3', areaHa: 9, pavedShare: 0.6, lagS: 600, people: 6300 },
  { to: 'mh-7', areaHa: 14, pavedShare: 0.55, lagS: 780, people: 0 },
  { to: 'mh-9', areaHa: 8, pavedShare: 0.7, lagS: 540, people: 0 },
  { to: 'up-1', areaHa: 1.2, pavedShare: 0.9, lagS: 240, people: 0 },
  { to: 'up-2', areaHa: 0.9, pavedShare: 0.9, lagS: 210, people: 0 },
];

/** A shaft of 1.2 m, and the street that a flooded one covers, m². */
export const shaftM2 = 1.13;
const pondM2 = 600;

/** The sewers as the hydraulics know them; wet wells come last. */
export const sewerNodes: readonly SewerNode[] = [
  ...manholeDesigns.map(
    ({ id, groundM, invertM, to, lengthM, diameterM, slope }): SewerNode => ({
      ...{ id, groundM, bottomM: invertM, shaftM2, pondM2 },
      outlet: {
        to,
        pipe: { lengthM, diameterM, manning, upperM: invertM, lowerM: invertM - slope * lengthM },
      },
    }),
  ),
  ...stationDesigns.map(
    ({ id, groundM, bottomM, wellM2, toRiver }): SewerNode => ({
      ...{ id, groundM, bottomM, shaftM2: wellM2, pondM2: 800 },
      outlet: { to: undefined, pipe: { ...toRiver, manning } },
    }),
  ),
];

/** Index of a manhole or station in `sewerNodes`; RangeError when there is none of that name. */
export function nodeIndex(id: string): number {
  const index = sewerNodes.findIndex((node) => node.id === id);
  if (index < 0) throw new RangeError(`no manhole or pump station ${id}`);
  return index;
}

/** Where the water of a manhole, station or underpass goes: the place itself and those below it, in order. */
export function pathFrom(place: string): readonly string[] {
  const next = [...manholeDesigns, ...underpassDesigns].find(({ id }) => id === place)?.to;
  return next === undefined ? [place] : [place, ...pathFrom(next)];
}

/** Manholes and underpasses whose water goes through a place, the place itself included. */
export const drainingTo = (place: string): readonly string[] => [
  place,
  ...[...manholeDesigns, ...underpassDesigns]
    .map(({ id }) => id)
    .filter((id) => id !== place && pathFrom(id).includes(place)),
];
