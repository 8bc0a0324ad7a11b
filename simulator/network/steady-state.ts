import { networkErrors } from './errors.ts';
import type { FluidLaw } from './fluid-law.ts';
import { GasLaw } from './gas-law.ts';
import { Hydraulics } from './hydraulics.ts';
import { layOut, type States } from './layout.ts';
import { LinkLosses } from './link-losses.ts';
import { LiquidLaw } from './liquid.ts';
import type { NetworkModel } from './model.ts';
import { PumpCurve } from './pump-curve.ts';
import { firstStates, nextStates, statesKey } from './states.ts';

/** The first round takes every bore for a straight line from rest to this speed, m/s; design choice. */
const startMS = 1;
/** What has no length loses this share of the highest pressure at the largest starting flow; design choice. */
const smoothingShare = 1e-8;

/** Flows are rest when they are below this share of the largest, or of the largest flow of a usual speed; design choice. */
const restShare = 1e-8;

/** Flows and pressures that hold each other in balance, under the states of regulators and pumps that go with them. */
export interface SteadyState {
  readonly hydraulics: Hydraulics;
  readonly states: States;
  /** What each node takes in from outside at its fixed pressure, kg/s. */
  readonly feedKgS: Float64Array;
  /** Flows up to this are rest, kg/s. */
  readonly restKgS: number;
  /** Rounds of Newton's method, over all states that were tried. */
  readonly rounds: number;
}

/**
 * The hydraulics of one topology. Withdrawals, fixed and set pressures of the model may change from one solution to the
 * next; what follows from the topology alone is worked out once for each state of regulators and pumps.
 */
export class SteadyStateSolver {
  readonly law: FluidLaw;
  readonly losses: LinkLosses;
  private readonly model: NetworkModel;
  private readonly startKgS: Float64Array;
  private readonly prepared = new Map<string, Hydraulics>();

  constructor(model: NetworkModel) {
    this.model = model;
    const { fluid, pumps } = model.network;
    const { highestPa } = model;
    const curves = pumps.map(({ curve }) => new PumpCurve(curve));
    this.losses = new LinkLosses(model);
    const area = model.areaM2.reduce((most, each) => Math.max(most, each), 0) || 1;
    this.startKgS = model.areaM2.map((own) => startMS * fluid.densityKgM3 * (own || area));
    const smoothing = (smoothingShare * highestPa) / (startMS * fluid.densityKgM3 * area);
    this.law =
      fluid.kind === 'gas'
        ? new GasLaw(model, this.losses, curves, 2 * highestPa * smoothing)
        : new LiquidLaw(model, this.losses, curves, smoothing);
  }

  /** Solves from scratch; throws a coded error when nothing satisfies the equations. */
  solve(): SteadyState {
    const { model } = this;
    let states = firstStates(model);
    let rounds = 0;
    const tries = 10 + 2 * (model.network.regulators.length + model.network.pumps.length);
    for (let attempt = 0; attempt < tries; attempt++) {
      const hydraulics = this.prepare(states);
      hydraulics.solve();
      rounds += hydraulics.rounds;
      const feedKgS = this.complete(hydraulics);
      const next = nextStates(model, states, hydraulics, attempt);
      if (!next) {
        hydraulics.refuseVacuum();
        return { hydraulics, states, feedKgS, restKgS: this.restKgS(hydraulics), rounds };
      }
      states = next;
    }
    throw networkErrors.create('DIVERGED', 'regulators and pumps find no states in which all of them fit together');
  }

  private restKgS({ flowKgS, usualKgS }: Hydraulics): number {
    let largest = usualKgS;
    for (const flow of flowKgS) largest = Math.max(largest, Math.abs(flow));
    return restShare * largest;
  }

  private prepare(states: States): Hydraulics {
    const key = statesKey(states);
    const known = this.prepared.get(key);
    if (known) return known;
    const made = new Hydraulics(this.model, this.law, layOut(this.model, states), states, this.startKgS);
    this.prepared.set(key, made);
    return made;
  }

  /** Sets the flows of regulators that hold, which follow from the balances behind them; gives the feeds. */
  private complete({ flowKgS, layout, withdrawalKgS }: Hydraulics): Float64Array {
    const { model } = this;
    /** What leaves a node through links and withdrawals beyond what comes in. */
    const leaving = withdrawalKgS.slice();
    const carry = (link: number, flow: number) => {
      const [from, to] = [model.from[link] as number, model.to[link] as number];
      leaving[from] = (leaving[from] as number) + flow;
      leaving[to] = (leaving[to] as number) - flow;
    };
    for (const link of layout.solved) carry(link, flowKgS[link] as number);
    for (const link of layout.holding) {
      flowKgS[link] = leaving[model.to[link] as number] as number;
      carry(link, flowKgS[link] as number);
    }
    return leaving.map((flow, node) => (Number.isNaN(model.fixedPa[node]) ? 0 : flow));
  }
}
