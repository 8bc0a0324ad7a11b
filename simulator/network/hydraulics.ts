import { Damping } from './damping.ts';
import { networkErrors } from './errors.ts';
import type { Balance, FluidLaw } from './fluid-law.ts';
import type { Layout, States } from './layout.ts';
import type { NetworkModel } from './model.ts';
import { SparseMatrix } from './sparse-matrix.ts';

const maxRounds = 200;
/**
 * Flows have settled when none moves by more than this share of itself and a thousandth of the largest one; errors square
 * from round to round.
 */
const flowShare = 1e-5;
const smallShare = 1e-3;
/** A move that changes a link's loss by less than this share of the largest potential is rounding. */
const roundingShare = 1e-13;
/** Potentials have settled when none moves by more than this share of the largest. */
const potentialShare = 1e-9;

/**
 * Steady flows and potentials of a network by Newton's method on nodes and links together (E. Todini and S. Pilati, A
 * gradient algorithm for the analysis of pipe networks, 1988): every link's law is linearised at its present flow and
 * potentials, and the mass balances of the nodes are one sparse system for the changes of the potentials. A node that a
 * regulator holds passes its balance on to the regulator's inlet, so that regulators are solved with everything else.
 */
export class Hydraulics {
  readonly layout: Layout;
  readonly flowKgS: Float64Array;
  readonly potential: Float64Array;
  /** What leaves the network at each node, kg/s; less than 0 comes in. */
  readonly withdrawalKgS: Float64Array;
  /** The largest of the usual flows, kg/s. */
  readonly usualKgS: number;
  /** Rounds of the last solution. */
  rounds = 0;
  private readonly model: NetworkModel;
  private readonly law: FluidLaw;
  private readonly startKgS: Float64Array;
  private readonly lifts: Uint8Array;
  private readonly matrix: SparseMatrix;
  /** Cells of each solved link: (row of from, from), (row of from, to), (row of to, from), (row of to, to). */
  private readonly cells: Int32Array;
  private readonly right: Float64Array;
  private readonly target: Float64Array;
  private readonly byFrom: Float64Array;
  private readonly byTo: Float64Array;
  /** The largest potential, and the largest flow of the round before. */
  private scale = 1;
  private largestKgS = 1;
  /** The link that moved most in the last round. */
  private mostMoved = 0;
  private readonly balance: Balance = { gap: 0, byFlow: 1, byFrom: -1, byTo: 1 };

  /** `startKgS`: a usual flow of each link, > 0; the first round takes links for straight lines up to it. */
  constructor(model: NetworkModel, law: FluidLaw, layout: Layout, states: States, startKgS: Float64Array) {
    this.model = model;
    this.law = law;
    this.layout = layout;
    this.startKgS = startKgS;
    this.usualKgS = startKgS.reduce((most, flow) => Math.max(most, flow), 0);
    this.flowKgS = new Float64Array(model.links);
    this.potential = new Float64Array(model.nodes);
    this.withdrawalKgS = new Float64Array(model.nodes);
    this.lifts = new Uint8Array(model.links);
    states.pumps.forEach((state, index) => {
      this.lifts[model.first.pumps + index] = state === 'lifting' ? 1 : 0;
    });
    const corners = this.corners();
    this.matrix = new SparseMatrix(layout.unknowns, Int32Array.from(corners.filter(inside).flat()));
    this.cells = Int32Array.from(corners, (corner) =>
      inside(corner) ? this.matrix.cell(corner[0], corner[1]) : this.matrix.waste,
    );
    this.right = new Float64Array(layout.unknowns);
    this.target = new Float64Array(layout.solved.length);
    this.byFrom = new Float64Array(layout.solved.length);
    this.byTo = new Float64Array(layout.solved.length);
  }

  /** Solves from scratch for the present withdrawals and fixed pressures; throws a coded error when there is none. */
  solve(): void {
    this.start();
    const damping = new Damping();
    for (this.rounds = 1; this.rounds <= maxRounds; this.rounds++) {
      this.assemble();
      const vague = this.matrix.factorise();
      if (vague !== undefined) this.refuseVague(vague);
      this.matrix.solve(this.right);
      const moved = this.move(damping.share);
      if (moved <= 1) return;
      if (!Number.isFinite(moved)) break;
      damping.note(moved);
    }
    this.refuseVacuum();
    throw networkErrors.create('DIVERGED', `no solution within ${maxRounds} rounds; ${this.restless}`);
  }

  /** Absolute pressure of a node, Pa; undefined where no way leads to a fixed pressure. */
  pressurePa(node: number): number | undefined {
    return this.layout.reached[node] === 1 ? this.law.pressurePa(this.potential[node] as number) : undefined;
  }

  /** What pushes along a link beside its losses, Pa; undefined where an end has no pressure. */
  drivePa(link: number): number | undefined {
    const from = this.pressurePa(this.model.from[link] as number);
    const to = this.pressurePa(this.model.to[link] as number);
    return from === undefined || to === undefined ? undefined : this.law.drivePa(link, from, to);
  }

  private corners(): [number, number][] {
    const { row, unknown } = this.layout;
    return Array.from(this.layout.solved).flatMap((link): [number, number][] => {
      const ends = [this.model.from[link] as number, this.model.to[link] as number];
      return ends.flatMap((a) => ends.map((b): [number, number] => [row[a] as number, unknown[b] as number]));
    });
  }

  private start(): void {
    const { model, law, layout, potential } = this;
    this.scale = law.potential(model.highestPa);
    potential.fill(this.scale);
    model.fixedPa.forEach((pressure, node) => {
      if (!Number.isNaN(pressure)) potential[node] = law.potential(pressure);
    });
    for (const link of layout.holding) {
      potential[model.to[link] as number] = law.potential(model.setPa[link - model.first.regulators] as number);
    }
    this.withdrawalKgS.fill(0);
    model.flowNode.forEach((node, index) => {
      add(this.withdrawalKgS, node, model.flowKgS[index] as number);
    });
    this.flowKgS.fill(0);
    this.largestKgS = this.usualKgS;
  }

  /** Mass balances of the nodes, with each link's flow written as a straight line of the changes at its ends. */
  private assemble(): void {
    const { model, law, layout, matrix, right, cells, balance, potential, flowKgS, withdrawalKgS } = this;
    const { row, solved } = layout;
    const { values } = matrix;
    values.fill(0);
    right.fill(0);
    for (let node = 0; node < model.nodes; node++) {
      const own = row[node] as number;
      if (own >= 0) right[own] = (right[own] as number) - (withdrawalKgS[node] as number);
    }
    for (let at = 0; at < solved.length; at++) {
      const link = solved[at] as number;
      const from = model.from[link] as number;
      const to = model.to[link] as number;
      const flow = flowKgS[link] as number;
      const lifts = this.lifts[link] === 1;
      law.balance(link, flow, potential[from] as number, potential[to] as number, lifts, balance);
      if (this.rounds === 1) this.straighten(link, lifts);
      const target = flow - balance.gap / balance.byFlow;
      const byFrom = -balance.byFrom / balance.byFlow;
      const byTo = -balance.byTo / balance.byFlow;
      this.target[at] = target;
      this.byFrom[at] = byFrom;
      this.byTo[at] = byTo;
      add(values, cells[4 * at] as number, byFrom);
      add(values, cells[4 * at + 1] as number, byTo);
      add(values, cells[4 * at + 2] as number, -byFrom);
      add(values, cells[4 * at + 3] as number, -byTo);
      const rowFrom = row[from] as number;
      const rowTo = row[to] as number;
      if (rowFrom >= 0) add(right, rowFrom, -target);
      if (rowTo >= 0) add(right, rowTo, target);
    }
  }

  /**
   * A secant in place of a tangent at rest, which would be that of laminar flow: it halves the rounds, and there is no
   * guess of the direction in it.
   */
  private straighten(link: number, lifts: boolean): void {
    const { model, law, balance, potential } = this;
    const { gap } = balance;
    const start = this.startKgS[link] as number;
    const [from, to] = [model.from[link] as number, model.to[link] as number];
    law.balance(link, start, potential[from] as number, potential[to] as number, lifts, balance);
    balance.byFlow = (balance.gap - gap) / start;
    balance.gap = gap;
  }

  /** Takes a share of the step; gives the largest move over what is allowed at the end. */
  private move(share: number): number {
    const { model, layout, right, flowKgS, potential, target, byFrom, byTo } = this;
    const { unknown, solved } = layout;
    const changeAt = (node: number) => {
      const index = unknown[node] as number;
      return index < 0 ? 0 : (right[index] as number);
    };
    const small = smallShare * this.largestKgS;
    const rounding = roundingShare * this.scale;
    let largestKgS = 0;
    let worst = 0;
    for (let at = 0; at < solved.length; at++) {
      const link = solved[at] as number;
      const slope = byFrom[at] as number;
      const next =
        (target[at] as number) +
        slope * changeAt(model.from[link] as number) +
        (byTo[at] as number) * changeAt(model.to[link] as number);
      const step = next - (flowKgS[link] as number);
      flowKgS[link] = (flowKgS[link] as number) + share * step;
      largestKgS = Math.max(largestKgS, Math.abs(next));
      const excess = Math.abs(step) / Math.max(flowShare * (Math.abs(next) + small), rounding * Math.abs(slope));
      if (!(excess <= worst)) {
        worst = excess;
        this.mostMoved = link;
      }
    }
    this.largestKgS = largestKgS;
    const allowed = potentialShare * this.scale;
    for (let node = 0; node < unknown.length; node++) {
      const step = changeAt(node);
      potential[node] = (potential[node] as number) + share * step;
      worst = Math.max(worst, Math.abs(step) / allowed);
    }
    return worst;
  }

  private refuseVague(unknown: number): never {
    const node = this.model.nodeId(this.layout.unknown.indexOf(unknown));
    throw networkErrors.create('VAGUE', `nothing determines the pressure at "${node}"`);
  }

  private get restless(): string {
    const { network, from, to } = this.model;
    const ends = [from, to].map((end) => `"${network.nodes[end[this.mostMoved] as number]?.id}"`);
    return `the flow between ${ends.join(' and ')} does not settle`;
  }

  /** Throws a coded error where a gas would need a squared pressure below 0 to bring the flow that is asked for. */
  refuseVacuum(): void {
    const { model, law, potential, layout } = this;
    let lowest = -1;
    for (let node = 0; node < model.nodes; node++) {
      if (layout.reached[node] === 0 || law.possible(potential[node] as number)) continue;
      if (lowest < 0 || (potential[node] as number) < (potential[lowest] as number)) lowest = node;
    }
    if (lowest < 0) return;
    const message = `the gas cannot reach "${model.nodeId(lowest)}": it would need less than a vacuum there`;
    throw networkErrors.create('VACUUM', message);
  }
}

function inside([row, unknown]: readonly [number, number]): boolean {
  return row >= 0 && unknown >= 0;
}

function add(values: Float64Array, at: number, amount: number): void {
  values[at] = (values[at] as number) + amount;
}
