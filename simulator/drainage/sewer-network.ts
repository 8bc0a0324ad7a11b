import { wettedArea } from './circular-pipe.ts';
import { type PipeFlow, pipeFlow, type SewerPipe } from './sewer-pipe.ts';
import { TreeSystem } from './tree-system.ts';

/** A manhole or wet well, with the sewer that leaves it. */
export interface SewerNode {
  readonly id: string;
  /** Height of the bottom and of the street above it, m above the datum. */
  readonly bottomM: number;
  readonly groundM: number;
  /** Area of the shaft, and of the street that floods when it overflows. */
  readonly shaftM2: number;
  readonly pondM2: number;
  /** The sewer to `to`, or to the river where `to` is undefined; absent where only pumps empty the node. */
  readonly outlet?: { readonly to: string | undefined; readonly pipe: SewerPipe };
}

/** What acts on the network during one step. Arrays by node. */
export interface SewerInputs {
  /** Water that comes in, m³/s; negative is pumped out. */
  readonly inflowM3S: Float64Array;
  /** Conveyance that obstacles leave to the outlet, 0..1. */
  readonly openShare: Float64Array;
  /** Level of the river at the outfalls, m. */
  readonly riverM: number;
  /** Whether the flap gates at the outfalls hold the river back. */
  readonly flapsHold: boolean;
}

/** Newton ends when no node's balance is out by more than this, m³. */
const toleranceM3 = 1e-7;
const mostRounds = 40;
/** A round moves no level by more than this, m. */
const longestMoveM = 0.5;
/** A step that does not converge is halved this often. */
const mostHalvings = 8;

interface PipeEnd {
  readonly pipe: SewerPipe;
  readonly invertM: number;
}

/**
 * Dendritic sewers as stores (shaft, half of each adjoining pipe, flooded street) that exchange water by `pipeFlow`.
 * Implicit Euler with Newton over a tree: stable at any step, and the stored volumes change by exactly what flows.
 */
export class SewerNetwork {
  readonly nodes: readonly SewerNode[];
  /** Level, m above the datum; stored water, m³; flow in the outlet, m³/s, positive downstream. By node. */
  readonly levelM: Float64Array;
  readonly volumeM3: Float64Array;
  readonly outletM3S: Float64Array;
  /** Index of the node below, −1 at the end of a tree. */
  readonly parents: readonly number[];
  private readonly ends: readonly (readonly PipeEnd[])[];
  private readonly system: TreeSystem;
  private readonly trial: Float64Array;
  private readonly change: Float64Array;
  private readonly flow: PipeFlow = { flowM3S: 0, byUpper: 0, byLower: 0 };

  /** RangeError where an outlet leads to no node or not onwards in the list. */
  constructor(nodes: readonly SewerNode[]) {
    this.nodes = nodes;
    const places = new Map(nodes.map(({ id }, index) => [id, index]));
    this.parents = nodes.map(({ id, outlet }) => {
      if (outlet?.to === undefined) return -1;
      const parent = places.get(outlet.to);
      if (parent === undefined)
        throw new RangeError(`the sewer from ${id} leads to ${outlet.to}, which does not exist`);
      return parent;
    });
    this.ends = nodes.map(({ outlet }, index) => [
      ...(outlet ? [{ pipe: outlet.pipe, invertM: outlet.pipe.upperM }] : []),
      ...nodes.flatMap((other, child) =>
        other.outlet && this.parents[child] === index
          ? [{ pipe: other.outlet.pipe, invertM: other.outlet.pipe.lowerM }]
          : [],
      ),
    ]);
    this.system = new TreeSystem(this.parents);
    this.levelM = Float64Array.from(nodes, ({ bottomM }) => bottomM);
    this.volumeM3 = new Float64Array(nodes.length);
    this.outletM3S = new Float64Array(nodes.length);
    this.trial = new Float64Array(nodes.length);
    this.change = new Float64Array(nodes.length);
  }

  /** Moves the water by `dtS`; RangeError when no step, however short, can be solved. */
  step(dtS: number, inputs: SewerInputs): void {
    this.advance(dtS, inputs, 0);
  }

  /** Flows of the outlets to the river, m³/s; negative where the river comes in. */
  toRiverM3S(): number {
    return this.nodes.reduce(
      (sum, { outlet }, index) => sum + (outlet && outlet.to === undefined ? (this.outletM3S[index] as number) : 0),
      0,
    );
  }

  /** Length of the sewers that belong to a node, m: half of each that adjoins. */
  sewerM(index: number): number {
    return (this.ends[index] ?? []).reduce((sum, { pipe }) => sum + pipe.lengthM / 2, 0);
  }

  /** Water in a node at a level, m³, and its surface, m². */
  storage(index: number, levelM: number): readonly [volumeM3: number, surfaceM2: number] {
    const { bottomM, groundM, shaftM2, pondM2 } = this.nodes[index] as SewerNode;
    const onStreet = levelM > groundM;
    let volume = shaftM2 * (Math.min(levelM, groundM) - bottomM) + (onStreet ? pondM2 * (levelM - groundM) : 0);
    let surface = onStreet ? pondM2 : shaftM2;
    for (const { pipe, invertM } of this.ends[index] as readonly PipeEnd[]) {
      const [area, width] = wettedArea(pipe.diameterM, levelM - invertM);
      volume += (area * pipe.lengthM) / 2;
      surface += (width * pipe.lengthM) / 2;
    }
    return [volume, surface];
  }

  private advance(dtS: number, inputs: SewerInputs, halvings: number): void {
    if (this.solve(dtS, inputs)) return;
    if (halvings === mostHalvings) throw new RangeError(`sewers: no solution for a step of ${dtS} s`);
    const flows = new Float64Array(this.outletM3S.length);
    for (const _half of [0, 1]) {
      this.advance(dtS / 2, inputs, halvings + 1);
      for (let index = 0; index < flows.length; index++)
        flows[index] = (flows[index] as number) + (this.outletM3S[index] as number) / 2;
    }
    this.outletM3S.set(flows);
  }

  /** One implicit step; takes it over only when it converged. */
  private solve(dtS: number, inputs: SewerInputs): boolean {
    const { trial, change, system, nodes, volumeM3 } = this;
    trial.set(this.levelM);
    for (let round = 0; round < mostRounds; round++) {
      const worst = this.assemble(dtS, inputs);
      if (worst < toleranceM3) {
        this.levelM.set(trial);
        for (let index = 0; index < nodes.length; index++)
          volumeM3[index] = (volumeM3[index] as number) + dtS * this.netM3S(index, inputs);
        return true;
      }
      system.solve(change);
      for (let index = 0; index < nodes.length; index++) {
        const move = Math.min(longestMoveM, Math.max(-longestMoveM, change[index] as number));
        trial[index] = Math.max((nodes[index] as SewerNode).bottomM, (trial[index] as number) + move);
      }
    }
    return false;
  }

  /** Flows, balances and their derivatives at the trial levels; the largest balance error, m³. */
  private assemble(dtS: number, inputs: SewerInputs): number {
    const { system, trial, flow, parents, outletM3S } = this;
    const { diagonal, up, down, right } = system;
    system.clear();
    for (let index = 0; index < parents.length; index++) {
      const parent = parents[index] as number;
      const [stored, surface] = this.storage(index, trial[index] as number);
      this.flowAt(index, inputs);
      outletM3S[index] = flow.flowM3S;
      diagonal[index] = (diagonal[index] as number) + surface + dtS * flow.byUpper;
      const short = (this.volumeM3[index] as number) + dtS * ((inputs.inflowM3S[index] as number) - flow.flowM3S);
      right[index] = (right[index] as number) + short - stored;
      if (parent < 0) continue;
      up[index] = dtS * flow.byLower;
      down[index] = -dtS * flow.byUpper;
      diagonal[parent] = (diagonal[parent] as number) - dtS * flow.byLower;
      right[parent] = (right[parent] as number) + dtS * flow.flowM3S;
    }
    return right.reduce((worst, error) => Math.max(worst, Math.abs(error)), 0);
  }

  private flowAt(index: number, { openShare, riverM, flapsHold }: SewerInputs): void {
    const { outlet } = this.nodes[index] as SewerNode;
    const { flow, trial } = this;
    const parent = this.parents[index] as number;
    flow.flowM3S = 0;
    flow.byUpper = 0;
    flow.byLower = 0;
    if (!outlet) return;
    const below = parent < 0 ? riverM : (trial[parent] as number);
    pipeFlow(outlet.pipe, trial[index] as number, below, openShare[index] as number, flow);
    if (parent < 0) flow.byLower = 0;
    if (parent < 0 && flapsHold && flow.flowM3S < 0) {
      flow.flowM3S = 0;
      flow.byUpper = 0;
    }
  }

  private netM3S(index: number, { inflowM3S }: SewerInputs): number {
    let net = (inflowM3S[index] as number) - (this.outletM3S[index] as number);
    for (let child = 0; child < index; child++) {
      if (this.parents[child] === index) net += this.outletM3S[child] as number;
    }
    return net;
  }
}
