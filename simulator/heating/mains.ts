import { type Loss, pipeLoss } from './friction.ts';
import { HydraulicNetwork } from './hydraulics.ts';
import {
  junctions,
  pipeSizes,
  returnWater,
  roughnessM,
  supplyWater,
  type Trench,
  trenchDepthM,
  trenches,
} from './network.ts';
import { PlugFlowPipe } from './pipe.ts';
import { lagged } from './season.ts';

type Law = (flowKgS: number, into: Loss) => void;

/** A pipe of the mains in both graphs; its link has the same index. */
interface Main {
  readonly from: number;
  readonly to: number;
  readonly pipe: PlugFlowPipe;
  readonly volumeM3: number;
}

const gravityMS2 = 9.81;
/** Nodes without flow take the ground's temperature in this time. */
const chamberS = 6 * 3600;
const stillKgS = 1e-3;
/** At most this share of a pipe may pass in one sub-step. */
const largestShare = 0.8;
/** Mean thermal expansion of water between 40 and 110 °C, 1/K. */
const expansionPerK = 6e-4;

const pairs = junctions.length;
const indexOf = (id: string): number => {
  const index = junctions.findIndex((junction) => junction.id === id);
  if (index < 0) throw new RangeError(`no junction ${id} in the heating network`);
  return index;
};

/**
 * Primary supply and return network: hydraulics and heat transport over the same pipes. Supply nodes come first, their
 * return twins `pairs` later. Heat moves in three beats that keep energy exactly: every pipe gives its outflow, nodes mix
 * by Σ m T / Σ m, every pipe takes in what its upstream node holds.
 */
export class Mains {
  /** Temperature of the nodes, °C. */
  readonly nodeC: Float64Array;
  readonly network: HydraulicNetwork;
  /** Heat lost to the ground in the last beat, W. */
  lostW = 0;
  readonly volumeM3: number;
  private readonly mains: readonly Main[];
  private readonly heat: Float64Array;
  private readonly mass: Float64Array;
  private readonly firstBranch: number;
  private readonly branchReturns: readonly number[];

  /** `branches` are the laws of substations by id, `pump` that of the plant from its return to its supply node. */
  constructor(branches: readonly { readonly id: string; readonly loss: Law }[], pump: Law) {
    const sides = [
      { water: supplyWater, shift: 0 },
      { water: returnWater, shift: pairs },
    ];
    const laid = sides.flatMap(({ water, shift }) =>
      trenches.map((trench) => {
        const size = pipeSizes[trench.nominal];
        const [near, far] = [indexOf(trench.from) + shift, indexOf(trench.to) + shift];
        const bore = { ...trench, ...size, ...water, roughnessM };
        const main: Main = {
          from: shift === 0 ? near : far,
          to: shift === 0 ? far : near,
          pipe: new PlugFlowPipe({ ...bore, depthM: trenchDepthM }, 10),
          volumeM3: (trench.lengthM * Math.PI * size.diameterM ** 2) / 4,
        };
        return { main, link: { from: main.from, to: main.to, loss: pipeLoss(bore) } };
      }),
    );
    this.mains = laid.map(({ main }) => main);
    this.volumeM3 = this.mains.reduce((sum, main) => sum + main.volumeM3, 0);
    this.firstBranch = laid.length;
    const across = branches.map(({ id, loss }) => ({ from: indexOf(id), to: indexOf(id) + pairs, loss }));
    this.branchReturns = across.map(({ to }) => to);
    const links = [...laid.map(({ link }) => link), ...across, { from: pairs, to: 0, loss: pump }];
    this.network = new HydraulicNetwork(2 * pairs, links, pairs, 20);
    this.nodeC = new Float64Array(2 * pairs).fill(10);
    this.heat = new Float64Array(2 * pairs);
    this.mass = new Float64Array(2 * pairs);
  }

  /** Flow through a substation, kg/s, by the order of `branches`. */
  branchKgS(index: number): number {
    return Math.max(0, this.network.flowKgS[this.firstBranch + index] ?? 0);
  }

  /** Flow through the plant, kg/s. */
  get circulationKgS(): number {
    return Math.max(0, this.network.flowKgS[this.network.flowKgS.length - 1] ?? 0);
  }

  /** Velocity in one pipe of a trench, by its place in `trenches`, m/s: away from the plant in supply, towards it in return. */
  velocityMS(trench: number, side: 'supply' | 'return'): number {
    const { lengthM } = trenches[trench] as Trench;
    const index = side === 'supply' ? trench : trench + trenches.length;
    const { volumeM3 } = this.mains[index] as Main;
    const { densityKgM3 } = side === 'supply' ? supplyWater : returnWater;
    return ((this.network.flowKgS[index] ?? 0) * lengthM) / (densityKgM3 * volumeM3);
  }

  /** Whether the supply loses water at a junction. */
  leaksAt(id: string): boolean {
    return (this.network.withdrawalKgS[indexOf(id)] ?? 0) > 0;
  }

  /** Gauge pressure at a junction, MPa, when the plant's return stands at `restPa`. */
  pressureMPa(id: string, side: 'supply' | 'return', restPa: number): number {
    const index = indexOf(id);
    const water = side === 'supply' ? supplyWater : returnWater;
    const head = water.densityKgM3 * gravityMS2 * (junctions[index]?.heightM ?? 0);
    const piezometric = this.network.pressurePa[side === 'supply' ? index : index + pairs] ?? 0;
    return Math.max(0, restPa + piezometric - head) / 1e6;
  }

  /** Difference between supply and return at a junction, Pa. */
  differencePa(id: string): number {
    const index = indexOf(id);
    return (this.network.pressurePa[index] ?? 0) - (this.network.pressurePa[index + pairs] ?? 0);
  }

  /** Mass that leaves at a junction of the supply, kg/s. */
  leak(id: string, kgS: number): void {
    this.network.withdrawalKgS[indexOf(id)] = kgS;
  }

  /** Node temperature at a junction, °C. */
  temperatureC(id: string, side: 'supply' | 'return'): number {
    return this.nodeC[indexOf(id) + (side === 'supply' ? 0 : pairs)] ?? 0;
  }

  /** Fills both sides evenly. */
  fill(supplyC: number, returnC: number, nowS: number): void {
    for (const { from, pipe } of this.mains) pipe.fill(from < pairs ? supplyC : returnC, nowS);
    this.nodeC.fill(supplyC, 0, pairs);
    this.nodeC.fill(returnC, pairs);
  }

  /** Longest sub-step in which no pipe is emptied, s. */
  longestStepS(): number {
    let longest = Number.POSITIVE_INFINITY;
    this.mains.forEach(({ pipe }, index) => {
      const flow = Math.abs(this.network.flowKgS[index] ?? 0);
      if (flow > 0) longest = Math.min(longest, (largestShare * pipe.massKg) / flow);
    });
    return longest;
  }

  /** First beat: every pipe gives its outflow, supply nodes mix. `plantC` is what the plant sends out. */
  arrive(dtS: number, nowS: number, groundC: number, plantC: number): void {
    this.heat.fill(0);
    this.mass.fill(0);
    let lostJ = 0;
    this.mains.forEach(({ from, to, pipe }, index) => {
      const flow = this.network.flowKgS[index] ?? 0;
      const outC = pipe.pull(Math.abs(flow) * dtS, flow >= 0 ? 1 : 0, nowS, groundC, dtS);
      lostJ += pipe.lostJ;
      this.bring(flow >= 0 ? to : from, Math.abs(flow), outC);
    });
    this.lostW = lostJ / dtS;
    this.bring(0, this.circulationKgS, plantC);
    this.mix(0, pairs, dtS, groundC);
  }

  /** Second beat: substations (in the order of `branches`) and make-up water give back, return nodes mix. */
  giveBack(dtS: number, groundC: number, branchC: readonly number[], makeupKgS: number, makeupC: number): void {
    branchC.forEach((returnC, index) => {
      this.bring(this.branchReturns[index] ?? 0, this.branchKgS(index), returnC);
    });
    this.bring(pairs, makeupKgS, makeupC);
    this.mix(pairs, 2 * pairs, dtS, groundC);
  }

  /** Third beat: every pipe takes in from its upstream node. */
  depart(dtS: number, nowS: number): void {
    this.mains.forEach(({ from, to, pipe }, index) => {
      const flow = this.network.flowKgS[index] ?? 0;
      pipe.push(Math.abs(flow) * dtS, this.nodeC[flow >= 0 ? from : to] ?? 0, flow >= 0 ? 0 : 1, nowS);
    });
  }

  /** Volume by which the water would be larger than at 0 °C, m³; its change presses into the expansion vessel. */
  swellingM3(nowS: number, groundC: number): number {
    return this.mains.reduce(
      (sum, { pipe, volumeM3 }) => sum + volumeM3 * expansionPerK * pipe.meanC(nowS, groundC),
      0,
    );
  }

  private bring(node: number, kgS: number, temperatureC: number): void {
    this.mass[node] = (this.mass[node] ?? 0) + kgS;
    this.heat[node] = (this.heat[node] ?? 0) + kgS * temperatureC;
  }

  private mix(from: number, until: number, dtS: number, groundC: number): void {
    for (let node = from; node < until; node++) {
      const mass = this.mass[node] ?? 0;
      this.nodeC[node] =
        mass > stillKgS ? (this.heat[node] ?? 0) / mass : lagged(this.nodeC[node] ?? groundC, groundC, dtS, chamberS);
    }
  }
}
