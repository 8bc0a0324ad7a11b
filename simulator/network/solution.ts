import { checkNetwork } from './check.ts';
import type { Network } from './format.ts';
import { NetworkModel } from './model.ts';
import { type SteadyState, SteadyStateSolver } from './steady-state.ts';
import { ThermalNetwork } from './thermal.ts';

/** One node; null where no open way leads to a fixed pressure. */
export interface NodeResult {
  readonly id: string;
  /** Gauge. */
  readonly pressureBar: number | null;
  readonly temperatureK: number | null;
}

/** One pipe or valve; null where no open way leads to a fixed pressure, 0 where it is closed. */
export interface BoreResult {
  readonly id: string;
  /** Positive from → to. */
  readonly massFlowKgS: number | null;
  /** Mean at real conditions, signed like the flow. */
  readonly velocityMS: number | null;
}

export interface PipeResult extends BoreResult {
  readonly reynolds: number | null;
  /** Darcy's λ; null at rest too. */
  readonly frictionFactor: number | null;
  /** In flow direction, the last is what flows out; only when temperatures are worked out. */
  readonly sectionTemperaturesK?: readonly (number | null)[];
}

export interface PumpResult {
  readonly id: string;
  readonly massFlowKgS: number | null;
  readonly liftBar: number | null;
}

export interface RegulatorResult {
  readonly id: string;
  readonly massFlowKgS: number | null;
  /** `holding` its set pressure, wide `open` below it, `shut` against a reversed flow. */
  readonly state: 'holding' | 'open' | 'shut' | null;
}

/** A solved network in the units that the names say. */
export interface Solution {
  readonly ok: true;
  /** Rounds of Newton's method. */
  readonly iterations: number;
  readonly nodes: readonly NodeResult[];
  readonly pipes: readonly PipeResult[];
  readonly valves: readonly BoreResult[];
  readonly pumps: readonly PumpResult[];
  readonly regulators: readonly RegulatorResult[];
  /** What the nodes with a fixed pressure take in from outside; null where the node stands alone. */
  readonly fixed: readonly { readonly node: string; readonly massFlowKgS: number }[];
}

/** Solves a network that passed its schema; throws a coded error when it is contradictory or has no solution. */
export function solveNetwork(network: Network): Solution {
  for (const { error } of checkNetwork(network)) throw error;
  const model = new NetworkModel(network);
  const solver = new SteadyStateSolver(model);
  const steady = solver.solve();
  const thermal = network.thermal ? new ThermalNetwork(model) : undefined;
  thermal?.solve(steady);
  return new SolutionWriter(model, solver, steady, thermal).write();
}

/** Reads results out of the arrays. */
class SolutionWriter {
  private readonly model: NetworkModel;
  private readonly solver: SteadyStateSolver;
  private readonly steady: SteadyState;
  private readonly thermal: ThermalNetwork | undefined;

  constructor(
    model: NetworkModel,
    solver: SteadyStateSolver,
    steady: SteadyState,
    thermal: ThermalNetwork | undefined,
  ) {
    this.model = model;
    this.solver = solver;
    this.steady = steady;
    this.thermal = thermal;
  }

  write(): Solution {
    const { network, first } = this.model;
    const { steady } = this;
    return {
      ok: true,
      iterations: steady.rounds,
      nodes: network.nodes.map(({ id }, node) => this.node(id, node)),
      pipes: network.pipes.map(({ id }, link) => this.pipe(id, link)),
      valves: network.valves.map(({ id }, index) => this.bore(id, first.valves + index)),
      pumps: network.pumps.map(({ id }, index) => this.pump(id, first.pumps + index, index)),
      regulators: network.regulators.map(({ id }, index) => {
        const massFlowKgS = this.flow(first.regulators + index);
        return { id, massFlowKgS, state: massFlowKgS === null ? null : (steady.states.regulators[index] ?? null) };
      }),
      fixed: network.fixed.map(({ node }) => {
        const index = network.nodes.findIndex(({ id }) => id === node);
        return { node, massFlowKgS: steady.feedKgS[index] as number };
      }),
    };
  }

  private node(id: string, node: number): NodeResult {
    const pressurePa = this.steady.hydraulics.pressurePa(node);
    if (pressurePa === undefined) return { id, pressureBar: null, temperatureK: null };
    const temperatureK = (this.thermal?.temperatureK ?? this.model.temperatureK)[node] as number;
    return { id, pressureBar: this.model.gaugeBar(node, pressurePa), temperatureK };
  }

  /** Null where an end has no pressure, unless the link is closed. */
  private flow(link: number): number | null {
    if (this.model.open[link] === 0) return 0;
    return this.ends(link) ? (this.steady.hydraulics.flowKgS[link] as number) : null;
  }

  /** Absolute pressures at both ends, Pa. */
  private ends(link: number): readonly [number, number] | undefined {
    const { hydraulics } = this.steady;
    const from = hydraulics.pressurePa(this.model.from[link] as number);
    const to = hydraulics.pressurePa(this.model.to[link] as number);
    return from === undefined || to === undefined ? undefined : [from, to];
  }

  private bore(id: string, link: number): BoreResult {
    const massFlowKgS = this.flow(link);
    const ends = this.ends(link);
    if (!massFlowKgS || !ends) return { id, massFlowKgS, velocityMS: massFlowKgS };
    const density = this.solver.law.densityKgM3(link, ...ends);
    return { id, massFlowKgS, velocityMS: massFlowKgS / (density * (this.model.areaM2[link] as number)) };
  }

  private pipe(id: string, link: number): PipeResult {
    const { losses } = this.solver;
    const bore = this.bore(id, link);
    const { massFlowKgS } = bore;
    const known = massFlowKgS !== null;
    return {
      ...bore,
      reynolds: known ? losses.reynolds(link, massFlowKgS) : null,
      frictionFactor: known ? (losses.frictionFactor(link, massFlowKgS) ?? null) : null,
      ...(this.thermal ? { sectionTemperaturesK: this.sections(link, known, this.thermal) } : {}),
    };
  }

  private sections(link: number, known: boolean, thermal: ThermalNetwork): readonly (number | null)[] {
    const sections = thermal.sectionsK(link, this.steady);
    return known ? sections : sections.map(() => null);
  }

  private pump(id: string, link: number, index: number): PumpResult {
    const massFlowKgS = this.flow(link);
    const ends = this.ends(link);
    if (massFlowKgS === null || !ends) return { id, massFlowKgS, liftBar: null };
    const lifting = this.steady.states.pumps[index] === 'lifting';
    return { id, massFlowKgS, liftBar: lifting ? this.solver.law.liftPa(link, massFlowKgS, ...ends) / 1e5 : 0 };
  }
}
