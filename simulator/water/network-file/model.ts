import { countType, type Engine, linkProperty, nodeProperty, option, timeParameter } from '../epanet.ts';

const nodeKinds = ['junction', 'reservoir', 'tank'] as const;
const linkKinds = ['check-valve', 'pipe', 'pump', 'prv', 'psv', 'pbv', 'fcv', 'tcv', 'gpv', 'pcv'] as const;
export type NodeKind = (typeof nodeKinds)[number];
export type LinkKind = (typeof linkKinds)[number];

/** A point of the file's map, in whatever unit it has; not a number where it is not on the map. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
}

/** A node of the file; `index` is the engine's, from 1. */
export interface NetworkNode extends MapPoint {
  readonly index: number;
  readonly id: string;
  readonly kind: NodeKind;
  readonly elevationM: number;
  /** Mean over its patterns of what it asks for, L/s. */
  readonly demandLps: number;
  /** Depth of a tank at its lowest and at its highest level, m; 0 for the others. */
  readonly leastM: number;
  readonly depthM: number;
}

/** A link of the file; `from` and `to` are indexes of nodes. */
export interface NetworkLink {
  readonly index: number;
  readonly id: string;
  readonly kind: LinkKind;
  readonly from: number;
  readonly to: number;
  /** Bends on the file's map, from → to. */
  readonly bends: readonly MapPoint[];
  /** 0 for pumps and valves. */
  readonly lengthM: number;
  /** 0 for pumps. */
  readonly diameterM: number;
  readonly open: boolean;
  /** Speed of a pump, setting of a valve in m, L/s or its own unit, at the beginning. */
  readonly setting: number;
  /** Course of a pump's speed over the pattern step, repeated; empty when it has none. */
  readonly speeds: readonly number[];
}

/** What the file says of times, s. */
export interface NetworkTimes {
  /** Length of the run that the file describes. */
  readonly durationS: number;
  /** Time of the day at which that run begins. */
  readonly startClockS: number;
  readonly patternStepS: number;
  readonly patternStartS: number;
  readonly qualityStepS: number;
}

/** A network as it was read, in SI units. */
export interface NetworkModel {
  readonly nodes: readonly NetworkNode[];
  readonly links: readonly NetworkLink[];
  readonly times: NetworkTimes;
  /** Density relative to water. */
  readonly gravity: number;
  /** Pressure at which demand is met in full, m. */
  readonly requiredM: number;
  /** mg/L per unit of the chemical's concentration; undefined when the file models none. */
  readonly concentration: number | undefined;
}

const positions = (count: number) => Array.from({ length: count }, (_, position) => position + 1);

/** Reads the network in the open engine, which counts in L/s and metres already; times must still be the file's. */
export function readModel(engine: Engine, times: NetworkTimes): NetworkModel {
  const quality = engine.getQualityInfo();
  const micrograms = /^\s*(ug|µg|μg)/i.test(quality.chemUnits);
  return {
    nodes: positions(engine.getCount(countType.nodes)).map((index) => readNode(engine, index)),
    links: positions(engine.getCount(countType.links)).map((index) => readLink(engine, index)),
    times,
    gravity: engine.getOption(option.gravity),
    requiredM: engine.getDemandModel().preq,
    concentration: quality.qualType === 0 ? undefined : micrograms ? 0.001 : 1,
  };
}

export function readTimes(engine: Engine): NetworkTimes {
  const of = (code: number) => engine.getTimeParameter(code);
  return {
    durationS: of(timeParameter.duration),
    startClockS: of(timeParameter.startTime),
    patternStepS: of(timeParameter.patternStep),
    patternStartS: of(timeParameter.patternStart),
    qualityStepS: of(timeParameter.qualityStep),
  };
}

function readNode(engine: Engine, index: number): NetworkNode {
  const kind = nodeKinds[engine.getNodeType(index)] ?? 'junction';
  const { x, y } = coordinates(engine, index);
  return {
    ...{ index, id: engine.getNodeId(index), kind, x, y },
    elevationM: engine.getNodeValue(index, nodeProperty.elevation),
    demandLps: kind === 'junction' ? meanDemandLps(engine, index) : 0,
    leastM: kind === 'tank' ? engine.getNodeValue(index, nodeProperty.leastLevel) : 0,
    depthM: kind === 'tank' ? engine.getNodeValue(index, nodeProperty.largestLevel) : 0,
  };
}

/** Where a node lies on the file's map; NaN when it is not on it, which the engine reports as an error. */
function coordinates(engine: Engine, index: number): MapPoint {
  try {
    return engine.getCoordinates(index);
  } catch {
    return { x: Number.NaN, y: Number.NaN };
  }
}

function meanDemandLps(engine: Engine, index: number): number {
  const multiplier = engine.getOption(option.demandMultiplier);
  return positions(engine.getNumberOfDemands(index)).reduce((sum, demand) => {
    const pattern = engine.getDemandPattern(index, demand);
    const mean = pattern > 0 ? engine.getAveragePatternValue(pattern) : 1;
    return sum + multiplier * engine.getBaseDemand(index, demand) * mean;
  }, 0);
}

function readLink(engine: Engine, index: number): NetworkLink {
  const kind = linkKinds[engine.getLinkType(index)] ?? 'pipe';
  const { node1, node2 } = engine.getLinkNodes(index);
  const piped = kind === 'pipe' || kind === 'check-valve';
  const pattern = kind === 'pump' ? engine.getLinkValue(index, linkProperty.pattern) : 0;
  const length = pattern > 0 ? engine.getPatternLength(pattern) : 0;
  return {
    ...{ index, id: engine.getLinkId(index), kind, from: node1, to: node2 },
    bends: positions(engine.getVertexCount(index)).map((vertex) => engine.getVertex(index, vertex)),
    lengthM: piped ? engine.getLinkValue(index, linkProperty.length) : 0,
    diameterM: kind === 'pump' ? 0 : engine.getLinkValue(index, linkProperty.diameter) / 1000,
    open: engine.getLinkValue(index, linkProperty.initialStatus) !== 0,
    setting: engine.getLinkValue(index, linkProperty.initialSetting),
    speeds: positions(length).map((period) => engine.getPatternValue(pattern, period)),
  };
}
