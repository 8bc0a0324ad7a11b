import type { Random } from '../../../edge/core/random.ts';
import type { Happening } from '../../city/plant.ts';
import { nodeProperty } from '../epanet.ts';
import { isDrawn, nominalHeadM, opening } from '../leaks.ts';
import type { DistrictLayout } from './layout.ts';
import type { NetworkNode } from './model.ts';
import type { NetworkRun } from './network-run.ts';

interface Hole {
  readonly happening: Happening;
  readonly node: NetworkNode;
}

/** What happenings open in a user's network, on top of the file's own emitters and by the file's own exponent. */
export class Holes {
  private readonly run: NetworkRun;
  private readonly exponent: number;
  private readonly random: Random;
  private holes: readonly Hole[] = [];
  private nowMs = 0;
  /** The file's own coefficients where a hole has been. */
  private readonly own = new Map<NetworkNode, number>();

  constructor(run: NetworkRun, exponent: number, random: Random) {
    this.run = run;
    this.exponent = exponent;
    this.random = random;
  }

  /** Places a hole at a junction of a district, away from its inlet where there is a choice; it opens from its start on. */
  add(happening: Happening, { zone, inlet }: DistrictLayout): NetworkNode {
    const away = zone.junctions.filter((junction) => junction !== inlet);
    const places = away.length > 0 ? away : zone.junctions;
    const node = places[this.random.fork(happening.id).integer(0, places.length - 1)] ?? inlet;
    if (!this.own.has(node)) this.own.set(node, this.run.nodeValue(node.index, nodeProperty.emitter));
    this.holes = [...this.holes, { happening, node }];
    return node;
  }

  /** Opens, grows and ends the holes as of a moment. */
  step(timeMs: number): void {
    this.nowMs = timeMs;
    if (this.holes.length === 0) return;
    const touched = new Set(this.holes.map(({ node }) => node));
    this.holes = this.holes.filter(({ happening }) => opening(happening, timeMs) !== undefined);
    for (const node of touched) {
      const opened = this.holes.filter((hole) => hole.node === node);
      const extra = opened.reduce((sum, { happening }) => sum + this.coefficient(happening, timeMs), 0);
      this.run.setEmitter(node.index, (this.own.get(node) ?? 0) + extra);
    }
  }

  /** Whether a pipe at a node leaks by what has happened; hydrants are no holes. */
  hasHole(index: number): boolean {
    return this.holes.some(
      ({ node, happening }) =>
        node.index === index && !isDrawn(happening.kind) && (opening(happening, this.nowMs) ?? 0) > 0,
    );
  }

  private coefficient(happening: Happening, timeMs: number): number {
    return ((opening(happening, timeMs) ?? 0) * happening.magnitude) / nominalHeadM ** this.exponent;
  }
}
