import {
  type Candidate,
  type MatrixSensor,
  type PlaceMatrix,
  packChanges,
} from '../../../edge/detection/place/matrix.ts';
import { countType, type Engine, nodeProperty, option } from '../../../simulator/water/epanet.ts';
import { nominalHeadM } from '../../../simulator/water/leaks.ts';
import type { NetworkNode } from '../../../simulator/water/network-file/model.ts';
import { type OpenNetwork, openNetwork } from '../../../simulator/water/network-file/open.ts';
import { type Survey, type SurveyedNetwork, surveyedNetworks } from '../../../simulator/water/survey.ts';
import { SolvedGauges } from './solved-gauges.ts';

/** From a quiet night to the largest hour of a summer's day (domain reference 1.1). */
const loads = [0.35, 1, 1.8] as const;
/** Sizes of leaks, L/s at 30 m of head, each two and a half times the one before: what is between is nearly linear. */
const leaksLs = [2, 5, 12.5, 31, 78] as const;
/** A network of more junctions has every second, third … of them as candidate. */
const mostCandidates = 1500;
/** A net inflow that rises by less than this with the largest leak is not fed by it, L/s. */
const leastRiseLs = 1;

/**
 * The sensitivity matrix of a network: every candidate leaks at every size and load, one at a time, and what that
 * changes at the gauges is kept (Pérez et al. 2011, Control Engineering Practice 19: sensitivity to leaks, here not
 * linearised). Demand is pressure-driven, leaks are orifices at junctions, pumps and valves stand as the file has them.
 * Candidates at which the equations do not settle are left out. Coded errors LL-EPANET-… for a file that cannot be opened.
 */
export async function leakMatrix(
  network: SurveyedNetwork,
  onProgress: (share: number) => void = () => undefined,
): Promise<PlaceMatrix> {
  const warnings: number[] = [];
  const opened = await openNetwork(network.file, (code) => warnings.push(code));
  try {
    flattenPatterns(opened.engine);
    const survey = network.survey(opened);
    const gauges = new SolvedGauges(opened, survey.gauges, warnings);
    const nodes = candidatesOf(opened);
    const changes = leaksOf(opened, gauges, nodes, onProgress);
    const settled = [...nodes.keys()].filter((index) =>
      changes.every((row) => (row[index] as Float64Array).every(Number.isFinite)),
    );
    const sensors = sensorsOf(gauges, survey);
    return {
      ...{ schema: 'lifeline-place/1', network: network.file.name, sensors, loads: [...loads], leaksLs: [...leaksLs] },
      candidates: settled.map((index) =>
        candidateOf(nodes[index] as NetworkNode, index, opened, survey, sensors, changes),
      ),
      ...packChanges(joined(changes.flatMap((row) => settled.map((index) => row[index] as Float64Array)))),
    };
  } finally {
    opened.engine.closeH();
    opened.engine.close();
  }
}

/** Every pattern at its mean: the loads say how demand moves. */
function flattenPatterns(engine: Engine): void {
  for (let pattern = 1; pattern <= engine.getCount(countType.patterns); pattern++) {
    const mean = engine.getAveragePatternValue(pattern);
    for (let period = 1; period <= engine.getPatternLength(pattern); period++)
      engine.setPatternValue(pattern, period, mean);
  }
}

/** The matrices of all water networks of a city. */
export async function placesOf(
  city: Parameters<typeof surveyedNetworks>[0],
  onProgress: (share: number) => void = () => undefined,
): Promise<readonly PlaceMatrix[]> {
  const networks = surveyedNetworks(city);
  const matrices: PlaceMatrix[] = [];
  for (const network of networks) {
    matrices.push(await leakMatrix(network, (share) => onProgress((matrices.length + share) / networks.length)));
  }
  return matrices;
}

/** One row for each load and leak, with the changes at the sensors for each candidate. */
type Changes = readonly (readonly Float64Array[])[];

function candidatesOf({ model }: OpenNetwork): readonly NetworkNode[] {
  const junctions = model.nodes.filter(({ kind }) => kind === 'junction');
  const every = Math.ceil(junctions.length / mostCandidates);
  return junctions.filter((_, index) => index % every === 0);
}

function leaksOf(
  { engine }: OpenNetwork,
  gauges: SolvedGauges,
  nodes: readonly NetworkNode[],
  onProgress: (share: number) => void,
): Changes {
  const multiplier = engine.getOption(option.demandMultiplier);
  const exponent = engine.getOption(option.emitterExponent);
  const changes = loads.map((load, at) => {
    engine.setOption(option.demandMultiplier, multiplier * load);
    const before = gauges.solve();
    const bySize = leaksLs.map((): Float64Array[] => []);
    for (const [done, { index }] of nodes.entries()) {
      const own = engine.getNodeValue(index, nodeProperty.emitter);
      for (const [size, leakLs] of leaksLs.entries()) {
        engine.setNodeValue(index, nodeProperty.emitter, own + leakLs / nominalHeadM ** exponent);
        bySize[size]?.push(gauges.solve().map((value, sensor) => value - (before[sensor] as number)));
      }
      engine.setNodeValue(index, nodeProperty.emitter, own);
      onProgress((at + (done + 1) / nodes.length) / loads.length);
    }
    return bySize;
  });
  engine.setOption(option.demandMultiplier, multiplier);
  return changes.flat();
}

function sensorsOf(gauges: SolvedGauges, survey: Survey): MatrixSensor[] {
  const usual = gauges.solve();
  return survey.gauges.map((gauge, index): MatrixSensor => {
    const { asset, role } = gauge;
    const flow = 'links' in gauge;
    return {
      ...{ asset, role, quantity: flow ? 'flow' : 'pressure', into: flow ? gauge.into : 0 },
      usual: Number((usual[index] as number).toPrecision(5)),
    };
  });
}

function candidateOf(
  node: NetworkNode,
  index: number,
  { model }: OpenNetwork,
  survey: Survey,
  sensors: readonly MatrixSensor[],
  changes: Changes,
): Candidate {
  const ends = model.links.filter(({ from, to }) => from === node.index || to === node.index);
  const location = survey.locationOf(node);
  return {
    id: node.id,
    location: location ? ([...location].map((degrees) => Number(degrees.toFixed(6))) as [number, number]) : null,
    lengthM: Number((ends.reduce((sum, { lengthM }) => sum + lengthM, 0) / 2).toFixed(1)),
    asset: assetFed(sensors, changes.at(-1)?.[index] ?? new Float64Array()),
  };
}

/** The asset whose net inflow rises most by the largest leak, when that is most of what its meters see anywhere. */
function assetFed(sensors: readonly MatrixSensor[], change: Float64Array): string | null {
  const rises = new Map<string, number>();
  for (const [index, { asset, into }] of sensors.entries()) {
    rises.set(asset, (rises.get(asset) ?? 0) + into * (change[index] ?? 0));
  }
  const [first, second] = [...rises].sort((a, b) => b[1] - a[1]);
  if (!first || first[1] < leastRiseLs) return null;
  return first[1] > 2 * Math.max(0, second?.[1] ?? 0) ? first[0] : null;
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * width);
  for (const [row, values] of rows.entries()) all.set(values, row * width);
  return all;
}
