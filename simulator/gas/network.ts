import type { Text } from '../../edge/core/text.ts';
import type { Pipe } from './pipe-flow.ts';

/** A node of the medium-pressure network: WGS 84 place and height above the sea. */
export interface NetworkNode {
  readonly id: string;
  readonly place: readonly [number, number];
  readonly heightM: number;
}

/** A pipe between two nodes, by their indexes. */
interface NetworkPipe extends Pipe {
  readonly from: number;
  readonly to: number;
}

/** Geometry of a medium-pressure network; the first node is the outlet of the city gate. */
export interface Network {
  readonly nodes: readonly NetworkNode[];
  readonly pipes: readonly NetworkPipe[];
}

const node = (id: string, lon: number, lat: number, heightM: number): NetworkNode => ({
  id,
  place: [lon, lat],
  heightM,
});

const nodes: readonly NetworkNode[] = [
  node('gate', 126.606, 45.708, 162),
  node('n1', 126.622, 45.716, 158),
  node('n2', 126.645, 45.712, 165),
  node('n3', 126.668, 45.716, 168),
  node('n4', 126.688, 45.73, 160),
  node('n5', 126.692, 45.748, 148),
  node('n6', 126.672, 45.762, 140),
  node('n7', 126.646, 45.764, 138),
  node('n8', 126.624, 45.75, 145),
  node('n9', 126.616, 45.734, 152),
  node('n10', 126.652, 45.738, 155),
  node('r1', 126.642, 45.722, 160),
  node('r2', 126.676, 45.734, 158),
  node('r3', 126.662, 45.754, 143),
  node('r4', 126.634, 45.746, 147),
];

/** Streets are longer than the straight line between two points. */
const detour = 1.15;
const metresPerDegree = 111_200;

function lengthBetween(from: NetworkNode, to: NetworkNode): number {
  const east = (to.place[0] - from.place[0]) * metresPerDegree * Math.cos((from.place[1] * Math.PI) / 180);
  const north = (to.place[1] - from.place[1]) * metresPerDegree;
  return detour * Math.hypot(east, north);
}

/** Roughness: steel 0.15 mm, PE 0.01 mm (GB 50028). */
const materials = { steel: 0.15, pe: 0.01 } as const;

function pipe(from: string, to: string, diameterM: number, material: keyof typeof materials): NetworkPipe {
  const [a, b] = [from, to].map((id) => nodes.findIndex((entry) => entry.id === id));
  const [start, end] = [nodes[a ?? -1], nodes[b ?? -1]];
  if (a === undefined || b === undefined || !start || !end) throw new RangeError(`pipe ${from}–${to} names no node`);
  return { from: a, to: b, lengthM: lengthBetween(start, end), diameterM, roughnessMm: materials[material] };
}

/** The medium-pressure A network of the simulated city: a feeder, a loop of nine nodes, a cross-link and four branches. */
export const mediumPressureNetwork: Network = {
  nodes,
  pipes: [
    pipe('gate', 'n1', 0.4, 'steel'),
    pipe('n1', 'n2', 0.3, 'steel'),
    pipe('n2', 'n3', 0.3, 'steel'),
    pipe('n3', 'n4', 0.25, 'steel'),
    pipe('n4', 'n5', 0.25, 'steel'),
    pipe('n5', 'n6', 0.2, 'pe'),
    pipe('n6', 'n7', 0.2, 'pe'),
    pipe('n7', 'n8', 0.25, 'pe'),
    pipe('n8', 'n9', 0.3, 'steel'),
    pipe('n9', 'n1', 0.3, 'steel'),
    pipe('n9', 'n10', 0.2, 'pe'),
    pipe('n10', 'n4', 0.2, 'pe'),
    pipe('n2', 'r1', 0.2, 'pe'),
    pipe('n4', 'r2', 0.16, 'pe'),
    pipe('n6', 'r3', 0.2, 'pe'),
    pipe('n8', 'r4', 0.16, 'pe'),
  ],
};

/** One low-pressure district with the regulator station that feeds it. */
export interface DistrictDesign {
  readonly station: string;
  readonly district: string;
  /** Node of the medium-pressure network at the station's inlet. */
  readonly node: string;
  readonly stationName: Text;
  readonly districtName: Text;
  readonly stationPlace: readonly [number, number];
  readonly districtPlace: readonly [number, number];
  readonly households: number;
  /** Flow of wall-hung and block boilers per kelvin of heating degree, Nm³/(h·K). */
  readonly boilersNm3HK: number;
  /** Capacity of the fully open regulator at nominal inlet pressure, Nm³/h. */
  readonly capacityNm3H: number;
  /** Equal parallel low-pressure mains leaving the station. */
  readonly mains: number;
  readonly mainLengthM: number;
}

const district = (
  number: number,
  street: Text,
  stationPlace: readonly [number, number],
  districtPlace: readonly [number, number],
  size: Pick<DistrictDesign, 'households' | 'boilersNm3HK' | 'capacityNm3H' | 'mains' | 'mainLengthM'>,
): DistrictDesign => ({
  station: `reg-${number}`,
  district: `gas-d${number}`,
  node: `r${number}`,
  stationName: { zh: `${street.zh}调压站`, en: `${street.en} regulator station` },
  districtName: { zh: `${street.zh}低压片区`, en: `${street.en} low-pressure district` },
  stationPlace,
  districtPlace,
  ...size,
});

/** The four districts. */
export const districtDesigns: readonly DistrictDesign[] = [
  district(1, { zh: '革新街', en: 'Gexin Street' }, [126.642, 45.722], [126.648, 45.727], {
    households: 26_000,
    boilersNm3HK: 30,
    capacityNm3H: 4_200,
    mains: 4,
    mainLengthM: 480,
  }),
  district(2, { zh: '和兴路', en: 'Hexing Road' }, [126.676, 45.734], [126.669, 45.739], {
    households: 18_000,
    boilersNm3HK: 24,
    capacityNm3H: 3_200,
    mains: 3,
    mainLengthM: 450,
  }),
  district(3, { zh: '哈西大街', en: 'Haxi Avenue' }, [126.662, 45.754], [126.654, 45.758], {
    households: 22_000,
    boilersNm3HK: 34,
    capacityNm3H: 4_200,
    mains: 4,
    mainLengthM: 520,
  }),
  district(4, { zh: '保健路', en: 'Baojian Road' }, [126.634, 45.746], [126.641, 45.75], {
    households: 12_000,
    boilersNm3HK: 18,
    capacityNm3H: 2_200,
    mains: 2,
    mainLengthM: 460,
  }),
];

/** A low-pressure main: PE de 250, inner diameter 0.2 m. */
export const districtMain = { diameterM: 0.2, roughnessMm: 0.01 } as const;

/** Set pressures and sizes of the city gate, gauge. */
export const gateDesign = {
  id: 'gate-1',
  inletPa: 2.2e6,
  setPa: 0.35e6,
  /** Pressure falls by this share of the set pressure from no flow to full flow. */
  droop: 0.03,
  capacityNm3H: 30_000,
} as const;
