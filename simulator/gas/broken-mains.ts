import type { Random } from '../../edge/core/random.ts';
import { endMsOf, grownShare } from '../city/active.ts';
import type { Coordinate, Happening } from '../city/plant.ts';
import type { Feed } from './line-pack.ts';
import { LinePack } from './line-pack.ts';
import type { Network, NetworkNode } from './network.ts';
import { orificeFlow } from './orifice.ts';

/** A main is not broken nearer to its ends than this share of its length: valves and fittings stand there. */
const awayFromEnds = 0.15;

/** A hole in a pipe, at a node of its own. */
interface Break {
  readonly happening: Happening;
  readonly pipe: number;
  /** Of its length from where it begins, 0..1. */
  readonly share: number;
}

/** Where a main broke. */
export interface BreakPlace {
  /** Pipe as `from-to`. */
  readonly id: string;
  readonly location: Coordinate;
}

/** The medium-pressure network with the holes that happenings make in its pipes: a broken pipe is two with a node between. */
export class BreakableMains {
  private readonly network: Network;
  private readonly ambientPa: number;
  private readonly random: Random;
  private breaks: readonly Break[] = [];
  private net: LinePack;
  private withdrawalKgS: Float64Array;
  private nowMs = Number.NEGATIVE_INFINITY;

  constructor(network: Network, ambientPa: number, initialPa: number, temperatureK: number, random: Random) {
    this.network = network;
    this.ambientPa = ambientPa;
    this.random = random;
    this.net = new LinePack(network, initialPa, temperatureK);
    this.withdrawalKgS = new Float64Array(network.nodes.length);
  }

  /** Absolute pressure at a node of the sound network, Pa. */
  pressurePa(node: number): number {
    return this.net.pressurePa[node] ?? this.ambientPa;
  }

  /** What enters a pipe of the sound network where it begins, kg/s. */
  flowKgS(pipe: number): number {
    return this.net.flowKgS[pipe] ?? 0;
  }

  isBroken(pipe: number): boolean {
    return this.breaks.some((one) => one.pipe === pipe);
  }

  /** Breaks a pipe that is whole, drawn by its length; the hole is there from the happening's start on. */
  break(happening: Happening, temperatureK: number): BreakPlace {
    const random = this.random.fork(happening.id);
    const whole = this.network.pipes.map(({ lengthM }, pipe) => (this.isBroken(pipe) ? 0 : lengthM));
    const upTo = whole.map((_, pipe) => whole.slice(0, pipe + 1).reduce((sum, lengthM) => sum + lengthM, 0));
    const drawnM = random.next() * (upTo.at(-1) ?? 0);
    const pipe = upTo.findIndex((lengthM) => drawnM < lengthM);
    const share = awayFromEnds + (1 - 2 * awayFromEnds) * random.next();
    const one = { happening, pipe, share };
    this.rebuild([...this.breaks, one], temperatureK);
    return placeOf(this.network, one);
  }

  /** Closes the holes whose happenings are over. */
  mend(timeMs: number, temperatureK: number): void {
    this.nowMs = timeMs;
    const left = this.breaks.filter(({ happening }) => timeMs <= endMsOf(happening));
    if (left.length < this.breaks.length) this.rebuild(left, temperatureK);
  }

  /** Advances by `dtS` with constant withdrawals (kg/s by node of the sound network); returns the feed, kg/s. */
  advance(dtS: number, withdrawalKgS: Float64Array, feed: Feed, temperatureK: number): number {
    this.withdrawalKgS.set(withdrawalKgS);
    for (const [index, { happening }] of this.breaks.entries()) {
      const node = this.network.nodes.length + index;
      const holeMm2 = happening.magnitude * grownShare(happening, this.nowMs);
      this.withdrawalKgS[node] = orificeFlow(holeMm2, this.pressurePa(node), this.ambientPa, temperatureK);
    }
    return this.net.advance(dtS, this.withdrawalKgS, feed, temperatureK);
  }

  /** Puts the sound network at rest under constant withdrawals. */
  balance(withdrawalKgS: Float64Array, feed: Feed, temperatureK: number): void {
    this.net.balance(withdrawalKgS, feed, temperatureK);
  }

  private rebuild(breaks: readonly Break[], temperatureK: number): void {
    const before = this.net;
    const network = withBreaks(this.network, breaks);
    const pressures = network.nodes.map(({ id }, node) => {
      const same = before.network.nodes.findIndex((old) => old.id === id);
      const pipe = breaks[node - this.network.nodes.length]?.pipe ?? 0;
      const ends = this.network.pipes[pipe];
      const mean = ((before.pressurePa[ends?.from ?? 0] ?? 0) + (before.pressurePa[ends?.to ?? 0] ?? 0)) / 2;
      return before.pressurePa[same] ?? mean;
    });
    this.breaks = breaks;
    this.net = new LinePack(network, pressures, temperatureK);
    this.withdrawalKgS = new Float64Array(network.nodes.length);
  }
}

const endsOf = ({ nodes, pipes }: Network, pipe: number): readonly [NetworkNode, NetworkNode] => {
  const { from = 0, to = 0 } = pipes[pipe] ?? {};
  return [nodes[from] as NetworkNode, nodes[to] as NetworkNode];
};

function placeOf(network: Network, { pipe, share }: Break): BreakPlace {
  const [from, to] = endsOf(network, pipe);
  const between = (axis: 0 | 1) => from.place[axis] + share * (to.place[axis] - from.place[axis]);
  return { id: `${from.id}-${to.id}`, location: [between(0), between(1)] };
}

/** Every broken pipe ends at its hole; what is left of it comes after all others, as do the nodes of the holes. */
function withBreaks(network: Network, breaks: readonly Break[]): Network {
  const nodes = [...network.nodes];
  const pipes = [...network.pipes];
  for (const { pipe, share, happening } of breaks) {
    const whole = pipes[pipe] as Network['pipes'][number];
    const [from, to] = endsOf(network, pipe);
    const heightM = from.heightM + share * (to.heightM - from.heightM);
    const { location } = placeOf(network, { pipe, share, happening });
    nodes.push({ id: happening.id, place: location, heightM });
    pipes[pipe] = { ...whole, to: nodes.length - 1, lengthM: share * whole.lengthM };
    pipes.push({ ...whole, from: nodes.length - 1, lengthM: (1 - share) * whole.lengthM });
  }
  return { nodes, pipes };
}
