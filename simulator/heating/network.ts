import type { Text } from '../../edge/core/text.ts';
import type { BuildingDesign } from './building.ts';

/** A junction of the mains; supply and return lie in one trench. */
export interface Junction {
  readonly id: string;
  /** Height against the plant, m. */
  readonly heightM: number;
  /** Where a chamber lies, longitude and latitude; the others are where their assets are. */
  readonly place?: readonly [number, number];
}

/** A pair of pipes in one trench, supply and return alike. */
export interface Trench {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly lengthM: number;
  readonly nominal: keyof typeof pipeSizes;
  /** Bends, branches, compensators and valves, on the velocity head. */
  readonly zeta: number;
}

/** Steel pipe by nominal diameter: inner diameter, wall and casing of the foam, m (GB/T 29047). */
export const pipeSizes = {
  125: { diameterM: 0.124, wallM: 0.0045, casingM: 0.225 },
  150: { diameterM: 0.15, wallM: 0.0045, casingM: 0.25 },
  200: { diameterM: 0.207, wallM: 0.006, casingM: 0.315 },
  250: { diameterM: 0.261, wallM: 0.006, casingM: 0.4 },
  300: { diameterM: 0.311, wallM: 0.007, casingM: 0.45 },
  350: { diameterM: 0.363, wallM: 0.007, casingM: 0.5 },
  500: { diameterM: 0.513, wallM: 0.008, casingM: 0.655 },
} as const;

/** Water in the mains: mean density and viscosity of supply and return over the season (IAPWS, 95 and 50 °C). */
export const supplyWater = { densityKgM3: 962, viscosityM2S: 0.31e-6 };
export const returnWater = { densityKgM3: 988, viscosityM2S: 0.553e-6 };
/** Roughness of steel in hot water networks, m (CJJ 34). */
export const roughnessM = 0.5e-3;
/** Depth of the pipes' axis, m, just below what freezes in most winters. */
export const trenchDepthM = 1.8;

export const junctions: readonly Junction[] = [
  { id: 'plant', heightM: 0 },
  { id: 'a', heightM: 2, place: [126.6318, 45.7287] },
  { id: 'b', heightM: 4, place: [126.6462, 45.7338] },
  { id: 'c', heightM: 7, place: [126.6607, 45.7402] },
  { id: 'd', heightM: 1, place: [126.6402, 45.7222] },
  { id: 'e', heightM: 3, place: [126.6541, 45.7266] },
  { id: 'f', heightM: 5, place: [126.6322, 45.7352] },
  { id: 'g', heightM: 6, place: [126.6402, 45.7412] },
  { id: 'h', heightM: 2, place: [126.6222, 45.7182] },
  { id: 'sub-1', heightM: 2 },
  { id: 'sub-2', heightM: 4 },
  { id: 'sub-3', heightM: 8 },
  { id: 'sub-4', heightM: 1 },
  { id: 'sub-5', heightM: 3 },
  { id: 'sub-6', heightM: 6 },
  { id: 'sub-7', heightM: 5 },
  { id: 'sub-8', heightM: 7 },
  { id: 'sub-9', heightM: 6 },
  { id: 'sub-10', heightM: 2 },
  { id: 'sub-11', heightM: 1 },
  { id: 'sub-12', heightM: 4 },
];

/** One main to the town, the rings a–b–c–e–d and a–f–g–h–d, and a branch to each substation. */
export const trenches: readonly Trench[] = [
  { id: 'plant-a', from: 'plant', to: 'a', lengthM: 900, nominal: 500, zeta: 12 },
  { id: 'a-b', from: 'a', to: 'b', lengthM: 520, nominal: 250, zeta: 8 },
  { id: 'b-c', from: 'b', to: 'c', lengthM: 460, nominal: 200, zeta: 7 },
  { id: 'a-d', from: 'a', to: 'd', lengthM: 610, nominal: 300, zeta: 9 },
  { id: 'd-e', from: 'd', to: 'e', lengthM: 550, nominal: 250, zeta: 8 },
  { id: 'e-c', from: 'e', to: 'c', lengthM: 500, nominal: 200, zeta: 8 },
  { id: 'a-f', from: 'a', to: 'f', lengthM: 580, nominal: 300, zeta: 9 },
  { id: 'f-g', from: 'f', to: 'g', lengthM: 470, nominal: 250, zeta: 8 },
  { id: 'g-h', from: 'g', to: 'h', lengthM: 540, nominal: 200, zeta: 8 },
  { id: 'h-d', from: 'h', to: 'd', lengthM: 490, nominal: 250, zeta: 8 },
  { id: 'a-sub-1', from: 'a', to: 'sub-1', lengthM: 140, nominal: 150, zeta: 6 },
  { id: 'b-sub-2', from: 'b', to: 'sub-2', lengthM: 180, nominal: 150, zeta: 6 },
  { id: 'c-sub-3', from: 'c', to: 'sub-3', lengthM: 160, nominal: 150, zeta: 6 },
  { id: 'd-sub-4', from: 'd', to: 'sub-4', lengthM: 130, nominal: 125, zeta: 6 },
  { id: 'e-sub-5', from: 'e', to: 'sub-5', lengthM: 210, nominal: 150, zeta: 6 },
  { id: 'c-sub-6', from: 'c', to: 'sub-6', lengthM: 150, nominal: 150, zeta: 6 },
  { id: 'f-sub-7', from: 'f', to: 'sub-7', lengthM: 170, nominal: 150, zeta: 6 },
  { id: 'g-sub-8', from: 'g', to: 'sub-8', lengthM: 150, nominal: 150, zeta: 6 },
  { id: 'g-sub-9', from: 'g', to: 'sub-9', lengthM: 190, nominal: 150, zeta: 6 },
  { id: 'h-sub-10', from: 'h', to: 'sub-10', lengthM: 140, nominal: 150, zeta: 6 },
  { id: 'h-sub-11', from: 'h', to: 'sub-11', lengthM: 220, nominal: 125, zeta: 6 },
  { id: 'f-sub-12', from: 'f', to: 'sub-12', lengthM: 160, nominal: 150, zeta: 6 },
];

/** A substation as built; its junction has its id. */
export interface SubstationDesign {
  readonly id: string;
  readonly name: Text;
  readonly grid: string;
  readonly location: readonly [number, number];
  readonly building: BuildingDesign;
  /** Flow coefficient of the open control valve, m³/h at 1 bar. */
  readonly kvs: number;
  /** Pressure that the secondary side holds at rest, MPa. */
  readonly restMPa: number;
  /** Head of the circulation pump at its set speed, MPa; the speed, Hz. */
  readonly headMPa: number;
  readonly speedHz: number;
  /** One way from substation to houses, m. */
  readonly secondaryM: number;
}

type Row = readonly [
  zh: string,
  en: string,
  location: readonly [number, number],
  heatedM2: number,
  designWM2: number,
  timeConstantH: number,
  kvs: number,
  restMPa: number,
  headMPa: number,
  speedHz: number,
  secondaryM: number,
];

const rows: readonly Row[] = [
  ['哈西一号换热站', 'Haxi substation 1', [126.6352, 45.7298], 110_000, 45, 95, 160, 0.29, 0.16, 42, 320],
  ['文昌换热站', 'Wenchang substation', [126.6502, 45.7365], 150_000, 45, 80, 160, 0.27, 0.17, 43.5, 380],
  ['和兴换热站', 'Hexing substation', [126.6631, 45.7441], 130_000, 44, 70, 160, 0.31, 0.16, 41, 340],
  ['保健路换热站', 'Baojian Road substation', [126.6428, 45.7189], 95_000, 46, 105, 160, 0.26, 0.15, 40, 280],
  ['征仪路换热站', 'Zhengyi Road substation', [126.6577, 45.7236], 140_000, 46, 62, 160, 0.28, 0.17, 44, 400],
  ['嵩山换热站', 'Songshan substation', [126.6689, 45.7348], 120_000, 45, 88, 160, 0.3, 0.16, 42.5, 310],
  ['哈西二号换热站', 'Haxi substation 2', [126.6298, 45.7352], 125_000, 45, 92, 160, 0.3, 0.16, 42, 330],
  ['西大直街换热站', 'West Dazhi Street substation', [126.6381, 45.7431], 135_000, 46, 76, 160, 0.28, 0.17, 43, 360],
  ['教化街换热站', 'Jiaohua Street substation', [126.6452, 45.7466], 105_000, 45, 101, 160, 0.27, 0.15, 41, 290],
  ['学府路换热站', 'Xuefu Road substation', [126.6231, 45.7208], 145_000, 44, 84, 160, 0.29, 0.17, 43.5, 370],
  ['延兴路换热站', 'Yanxing Road substation', [126.6148, 45.7161], 90_000, 46, 66, 160, 0.26, 0.15, 40.5, 300],
  ['清滨路换热站', 'Qingbin Road substation', [126.6329, 45.7389], 115_000, 45, 97, 160, 0.28, 0.16, 42, 320],
];

/** The substations, in the order of their numbers. */
export const substations: readonly SubstationDesign[] = rows.map((row, index) => ({
  id: `sub-${index + 1}`,
  name: { zh: row[0], en: row[1] },
  grid: `230103005${String(151 + index)}`,
  location: row[2],
  building: { heatedM2: row[3], designWM2: row[4], timeConstantH: row[5], apertureShare: 0.01 },
  kvs: row[6],
  restMPa: row[7],
  headMPa: row[8],
  speedHz: row[9],
  secondaryM: row[10],
}));

/** The heat plant's asset. */
export const heatPlant = {
  id: 'heat-plant-1',
  name: { zh: '哈西热源厂', en: 'Haxi heat plant' },
  grid: '230103005150',
  location: [126.6189, 45.7261] as const,
};
