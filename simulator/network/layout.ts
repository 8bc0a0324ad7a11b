import { networkErrors } from './errors.ts';
import type { NetworkModel } from './model.ts';

/** What a regulator does: holds its outlet, is wide open because its inlet is too low, or shuts against a reversed flow. */
export type RegulatorState = 'holding' | 'open' | 'shut';
/** A pump that would be pressed backwards lets pass without a lift. */
export type PumpState = 'lifting' | 'bypass';

/** States of the regulators and pumps of a network, in its order. */
export interface States {
  readonly regulators: RegulatorState[];
  readonly pumps: PumpState[];
}

/** Which nodes and links take part under given states, and where each stands in the equations. */
export interface Layout {
  /** 1 where an open way leads to a fixed pressure. */
  readonly reached: Uint8Array;
  /** Links whose law is solved: open, both ends reached, not a regulator that holds or is shut. */
  readonly solved: Int32Array;
  /** Regulators (links) that hold their outlet, those behind others first. */
  readonly holding: Int32Array;
  /** Unknown of each node's potential; -1 where it is given. */
  readonly unknown: Int32Array;
  /** Unknown in whose row a node's mass balance counts; -1 where a fixed pressure takes the difference. */
  readonly row: Int32Array;
  readonly unknowns: number;
}

/** Works out the layout; throws a coded error when regulators feed each other in a circle. */
export function layOut(model: NetworkModel, { regulators }: States): Layout {
  const first = model.first.regulators;
  const reached = reachedNodes(model, regulators);
  const isReached = (link: number) =>
    reached[model.from[link] as number] === 1 && reached[model.to[link] as number] === 1;
  const links = Array.from({ length: model.links }, (_, link) => link).filter(
    (link) => model.open[link] === 1 && isReached(link),
  );
  const holding = links.filter((link) => regulators[link - first] === 'holding');
  const solved = links.filter((link) => link < first || regulators[link - first] === 'open');
  const holder = new Int32Array(model.nodes).fill(-1);
  for (const link of holding) holder[model.to[link] as number] = link;
  const unknown = new Int32Array(model.nodes).fill(-1);
  let unknowns = 0;
  for (let node = 0; node < model.nodes; node++) {
    if (reached[node] === 1 && Number.isNaN(model.fixedPa[node]) && holder[node] === -1) unknown[node] = unknowns++;
  }
  const row = unknown.map((own, node) => (own >= 0 ? own : (unknown[feeder(model, holder, node).node] as number)));
  const depth = (link: number) => feeder(model, holder, model.to[link] as number).depth;
  holding.sort((a, b) => depth(b) - depth(a));
  return { reached, solved: Int32Array.from(solved), holding: Int32Array.from(holding), unknown, row, unknowns };
}

/** What flows out of a held node comes in at the inlet of its regulator, and so on upstream: to where, by how many. */
function feeder(
  model: NetworkModel,
  holder: Int32Array,
  node: number,
): { readonly node: number; readonly depth: number } {
  let at = node;
  for (let depth = 0; depth <= holder.length; depth++) {
    const link = holder[at] as number;
    if (link === -1) return { node: at, depth };
    at = model.from[link] as number;
  }
  throw networkErrors.create('CIRCLE', `regulators feed "${model.nodeId(node)}" from itself`);
}

/** From the fixed pressures along every open link, through regulators only forwards. */
function reachedNodes(model: NetworkModel, regulators: readonly RegulatorState[]): Uint8Array {
  const first = model.first.regulators;
  const next: number[][] = Array.from({ length: model.nodes }, () => []);
  for (let link = 0; link < model.links; link++) {
    if (model.open[link] === 0 || regulators[link - first] === 'shut') continue;
    const [from, to] = [model.from[link] as number, model.to[link] as number];
    next[from]?.push(to);
    if (link < first) next[to]?.push(from);
  }
  const reached = new Uint8Array(model.nodes);
  const waiting: number[] = [];
  const reach = (node: number) => {
    if (reached[node] === 1) return;
    reached[node] = 1;
    waiting.push(node);
  };
  model.fixedPa.forEach((pressure, node) => {
    if (!Number.isNaN(pressure)) reach(node);
  });
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) next[node]?.forEach(reach);
  return reached;
}
