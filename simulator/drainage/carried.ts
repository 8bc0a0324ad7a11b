import type { SewerNetwork } from './sewer-network.ts';
import { TreeSystem } from './tree-system.ts';

/** What comes in with the water during a step, and what becomes of it on the way. Arrays by node. */
export interface CarriedInputs {
  /** Water that came in, m³/s; negative was pumped out, with what it carries. */
  readonly inflowM3S: Float64Array;
  /** What came in with it: concentration × m³/s. */
  readonly loadS: Float64Array;
  /** Concentration in the river. */
  readonly river: number;
  /** Made in the water, concentration/s, and lost from it, share/s. */
  readonly madeS?: Float64Array;
  readonly lostS?: Float64Array;
}

/** Volumes below this do not count: a dry node keeps its last concentration. */
const dryM3 = 1e-9;

/**
 * What the water of a network carries (a dissolved matter, or its warmth), each node well mixed. Implicit upwind: the
 * amount changes by exactly what flows in and out, is made and lost, and no concentration leaves the range of its
 * sources.
 */
export class Carried {
  readonly concentration: Float64Array;
  private readonly network: SewerNetwork;
  private readonly system: TreeSystem;
  /** Concentration × volume of each node. */
  private readonly amount: Float64Array;

  constructor(network: SewerNetwork, initial: number) {
    this.network = network;
    this.system = new TreeSystem(network.parents);
    this.concentration = new Float64Array(network.nodes.length).fill(initial);
    this.amount = network.volumeM3.map((volume) => volume * initial);
  }

  /** The whole of it: concentration × m³. */
  total(): number {
    return this.amount.reduce((sum, part) => sum + part, 0);
  }

  /** Carries on by `dtS` with the flows of the network's last step. */
  step(dtS: number, { inflowM3S, loadS, river, madeS, lostS }: CarriedInputs): void {
    const { system, network, concentration, amount } = this;
    const { diagonal, up, down, right } = system;
    system.clear();
    for (let index = 0; index < concentration.length; index++) {
      const volume = Math.max(0, network.volumeM3[index] as number);
      const out = network.outletM3S[index] as number;
      const drawn = Math.max(0, -(inflowM3S[index] as number));
      const parent = network.parents[index] as number;
      diagonal[index] =
        (diagonal[index] as number) +
        volume * (1 + dtS * (lostS?.[index] ?? 0)) +
        dtS * (Math.max(0, out) + drawn) +
        dryM3;
      right[index] =
        (right[index] as number) +
        (amount[index] as number) +
        dtS * ((loadS[index] as number) + volume * (madeS?.[index] ?? 0)) +
        dryM3 * (concentration[index] as number);
      if (parent < 0) right[index] = (right[index] as number) + dtS * Math.max(0, -out) * river;
      else {
        down[index] = -dtS * Math.max(0, out);
        up[index] = -dtS * Math.max(0, -out);
        diagonal[parent] = (diagonal[parent] as number) + dtS * Math.max(0, -out);
      }
    }
    system.solve(concentration);
    for (let index = 0; index < amount.length; index++)
      amount[index] = (concentration[index] as number) * Math.max(0, network.volumeM3[index] as number);
  }
}
