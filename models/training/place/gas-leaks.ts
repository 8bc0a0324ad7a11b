import type { Location } from '../../../edge/core/distance.ts';
import { LifelineError } from '../../../edge/core/errors.ts';
import type { Gauge } from '../../../edge/core/gauge.ts';
import type { PlaceMatrix } from '../../../edge/detection/place/matrix.ts';
import type { Network } from '../../../simulator/network/format.ts';
import { NetworkModel } from '../../../simulator/network/model.ts';
import { type SteadyState, SteadyStateSolver } from '../../../simulator/network/steady-state.ts';
import { type LeakingNetwork, matrixOf } from './leak-matrix.ts';
import type { SiteMap } from './site-map.ts';

/** From a summer's night to a meal on the coldest day: gas is drawn by the season more than water is. */
const loads = [0.25, 1, 2.5] as const;
/** Sizes of leaks at the pressure of the source, as shares of what the network draws in the mean: two and a half times each. */
const leakShares = [0.05, 0.125, 0.3, 0.75, 1.9, 4.7] as const;
/** As the loss in mains of medium pressure moves: a fiftieth of 15 kPa, kPa. */
const driftKpa = 0.3;
/** A leak is placed within a minute, in which the mains have not wholly followed it, the nearer stations more than the others. */
const modelError = 0.15;
/** A network of more pipes has every second, third … of them as candidate. */
const mostCandidates = 500;
/** A leak agrees with the pressure that it leaves when they differ by no more than this share of its nominal flow. */
const agreement = 1e-4;
const mostRounds = 40;

/** A network of gas, with its gauges and where its nodes are. */
export interface GasNetwork {
  readonly name: string;
  readonly network: Network;
  readonly gauges: readonly Gauge[];
  readonly locationOf: SiteMap;
}

/**
 * The matrix of a gas network: every pipe is a candidate and leaks in its middle. A hole lets through what goes with the
 * absolute pressure before it (choked flow: above 0.9 bar gauge); stations draw whatever the pressure is. Flows are
 * litres per second at normal conditions. Pipes at which no leak of the largest size can flow are left out.
 */
export function gasMatrix(gas: GasNetwork, onProgress: (share: number) => void = () => undefined): PlaceMatrix {
  return matrixOf(leakingGas(gas), onProgress);
}

function leakingGas({ name, network, gauges, locationOf }: GasNetwork): LeakingNetwork {
  const every = Math.ceil(network.pipes.length / mostCandidates);
  const halved = network.pipes.filter(({ open }, index) => open && index % every === 0);
  const model = new NetworkModel(withMiddles(network, halved));
  const solver = new SteadyStateSolver(model);
  const kgPerL = network.fluid.densityKgM3 / 1000;
  const drawn = model.flowKgS.slice();
  const meanLs = network.flows.reduce((sum, { massFlowKgS }) => sum + Math.max(0, massFlowKgS), 0) / kgPerL;
  const leaksLs = leakShares.map((share) => Number((share * meanLs).toPrecision(3)));
  const read = gauges.map((gauge) => readerOf(gauge, model, kgPerL));
  const nodeAt = new Map(network.nodes.map((node) => [node.id, node]));
  const solved = (): SteadyState | undefined => {
    try {
      return solver.solve();
    } catch (error) {
      if (error instanceof LifelineError) return undefined;
      throw error;
    }
  };
  /** The steady state with a hole in a middle that lets a nominal flow through at the highest pressure. */
  const leaking = (candidate: number, nominalKgS: number) => {
    const flow = network.flows.length + candidate;
    const node = network.nodes.length + candidate;
    let state: SteadyState | undefined;
    /** How much more than so much the hole would let through under the pressure that so much leaves; all too little without a solution. */
    const excess = (leakKgS: number) => {
      model.flowKgS[flow] = leakKgS;
      state = solved();
      const pressurePa = state?.hydraulics.pressurePa(node) ?? 0;
      return (nominalKgS * pressurePa) / model.highestPa - leakKgS;
    };
    return zeroOf(excess, nominalKgS, agreement * nominalKgS) ? state : undefined;
  };
  return {
    ...{ name, gauges, loads, leaksLs, driftKpa, modelError },
    candidates: halved.map(({ id, from, to, lengthM }) => {
      const ends = [from, to].map((end) => nodeAt.get(end));
      const [first, last] = ends.map((end) => end && locationOf({ ...end, x: end.x ?? NaN, y: end.y ?? NaN }));
      const location: Location | undefined = first && last && [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2];
      return { id, location, lengthM };
    }),
    show(load, leak) {
      model.flowKgS.set(drawn.map((flow) => load * flow));
      const state = leak ? leaking(leak.candidate, (leaksLs[leak.size] as number) * kgPerL) : solved();
      return Float64Array.from(read, (gauge) => (state ? gauge(state) : Number.NaN));
    },
  };
}

/** Where a falling function is nothing between 0 and `high`, the last that it is asked for (Illinois, Dowell and Jarratt 1971). */
function zeroOf(of: (at: number) => number, high: number, near: number): boolean {
  let [low, atLow, top, atTop] = [0, of(0), high, of(high)];
  let side = 0;
  for (let round = 0; round < mostRounds; round++) {
    const at = (low * atTop - top * atLow) / (atTop - atLow);
    const value = of(at);
    if (Math.abs(value) <= near) return true;
    if (value > 0) {
      [low, atLow] = [at, value];
      if (side > 0) atTop /= 2;
      side = 1;
    } else {
      [top, atTop] = [at, value];
      if (side < 0) atLow /= 2;
      side = -1;
    }
  }
  return false;
}

/** The network with a node in the middle of pipes, from which nothing is taken yet. Nodes and halves come after all others. */
function withMiddles(network: Network, halved: readonly Network['pipes'][number][]): Network {
  const heights = new Map(network.nodes.map(({ id, heightM }) => [id, heightM]));
  const middleOf = ({ id }: { readonly id: string }) => `${id}/middle`;
  const halves = new Set(halved);
  return {
    ...network,
    nodes: [
      ...network.nodes,
      ...halved.map((pipe) => ({
        ...{ id: middleOf(pipe), temperatureK: pipe.ambientK },
        heightM: ((heights.get(pipe.from) ?? 0) + (heights.get(pipe.to) ?? 0)) / 2,
      })),
    ],
    pipes: [
      ...network.pipes.map((pipe) =>
        halves.has(pipe) ? { ...pipe, to: middleOf(pipe), lengthM: pipe.lengthM / 2 } : pipe,
      ),
      ...halved.map((pipe) => ({
        ...{ ...pipe, id: `${pipe.id}/rest`, from: middleOf(pipe) },
        ...{ lengthM: pipe.lengthM / 2, lossCoefficient: 0 },
      })),
    ],
    flows: [...network.flows, ...halved.map((pipe) => ({ node: middleOf(pipe), massFlowKgS: 0 }))],
  };
}

/** What a gauge shows of a solution: kPa at a node; L/s in links, a fixed node counting as the link that feeds it. */
function readerOf(gauge: Gauge, model: NetworkModel, kgPerL: number): (state: SteadyState) => number {
  const { nodes, pipes, valves, pumps, regulators } = model.network;
  const at = (known: readonly { readonly id: string }[], id: string) => known.findIndex((one) => one.id === id);
  if ('node' in gauge) {
    const node = at(nodes, gauge.node);
    if (node < 0) throw new RangeError(`no "${gauge.node}" in the network`);
    return ({ hydraulics }) => (hydraulics.pressurePa(node) ?? Number.NaN) / 1000;
  }
  const links = [...pipes, ...valves, ...pumps, ...regulators];
  const counted = gauge.links.map(({ id, sign }) => {
    const [link, node] = [at(links, id), at(nodes, id)];
    if (link < 0 && node < 0) throw new RangeError(`no "${id}" in the network`);
    return (state: SteadyState) =>
      sign * (link < 0 ? (state.feedKgS[node] as number) : (state.hydraulics.flowKgS[link] as number));
  });
  return (state) => counted.reduce((sum, flow) => sum + flow(state), 0) / kgPerL;
}
