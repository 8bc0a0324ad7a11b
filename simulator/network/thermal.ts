import { networkErrors } from './errors.ts';
import type { NetworkModel } from './model.ts';
import { SparseMatrix } from './sparse-matrix.ts';
import type { SteadyState } from './steady-state.ts';

/** Temperatures that hang on less than this share of a node's flow are not told by anything. */
const leastShare = 1e-10;

/**
 * Temperatures of a network whose flows are known. A pipe of n sections leaves T_i = (T_{i−1} + r T_ambient)/(1 + r),
 * r = α π D L/(n ṁ c_p), in flow direction; nodes mix what flows in; everything else lets heat pass. What is at rest has
 * the temperature around it. One sparse system for all nodes, so that circuits need no order.
 */
export class ThermalNetwork {
  /** K; NaN where no fixed pressure is reached. */
  readonly temperatureK: Float64Array;
  private readonly model: NetworkModel;
  private readonly matrix: SparseMatrix;
  private readonly diagonal: Int32Array;
  /** Cells (to, from) and (from, to) of each link. */
  private readonly onward: Int32Array;
  private readonly backward: Int32Array;
  /** α π D per section in W/K over c_p, kg/s; sections and ambient temperature, by link. */
  private readonly exchangeKgS: Float64Array;
  private readonly sections: Int32Array;
  private readonly ambientK: Float64Array;
  /** Temperature that a node at rest takes on. */
  private readonly restK: Float64Array;
  private readonly inflow: Float64Array;

  constructor(model: NetworkModel) {
    this.model = model;
    const { pipes, fluid, nodes } = model.network;
    const links = Array.from({ length: model.links }, (_, link) => link);
    const pairs = links.flatMap((link) => [model.from[link] as number, model.to[link] as number]);
    this.matrix = new SparseMatrix(model.nodes, Int32Array.from(pairs));
    this.diagonal = Int32Array.from(nodes, (_, node) => this.matrix.cell(node, node));
    this.onward = model.to.map((to, link) => this.matrix.cell(to, model.from[link] as number));
    this.backward = model.from.map((from, link) => this.matrix.cell(from, model.to[link] as number));
    this.exchangeKgS = new Float64Array(model.links);
    this.sections = new Int32Array(model.links).fill(1);
    this.ambientK = new Float64Array(model.links);
    pipes.forEach(({ heatTransferWM2K, diameterM, lengthM, sections, ambientK }, link) => {
      const wallM2 = (Math.PI * diameterM * lengthM) / sections;
      this.exchangeKgS[link] = (heatTransferWM2K * wallM2) / (fluid.heatCapacityJKgK ?? Number.NaN);
      this.sections[link] = sections;
      this.ambientK[link] = ambientK;
    });
    this.restK = restingK(model);
    this.temperatureK = new Float64Array(model.nodes);
    this.inflow = new Float64Array(model.nodes);
  }

  /** Works out the temperatures of the nodes; throws a coded error when a circuit has none. */
  solve({ hydraulics, feedKgS, restKgS: rest }: SteadyState): void {
    const { model, matrix, temperatureK: right, inflow } = this;
    const { flowKgS, layout } = hydraulics;
    matrix.values.fill(0);
    right.fill(0);
    inflow.fill(0);
    const bring = (node: number, flow: number, kelvin: number) => {
      if (flow <= rest) return;
      inflow[node] = (inflow[node] as number) + flow;
      right[node] = (right[node] as number) + flow * kelvin;
    };
    feedKgS.forEach((flow, node) => {
      bring(node, flow, model.feedK[node] as number);
    });
    model.flowNode.forEach((node, index) => {
      bring(node, -(model.flowKgS[index] as number), model.flowK[index] as number);
    });
    for (let link = 0; link < model.links; link++) {
      const flow = flowKgS[link] as number;
      if (Math.abs(flow) <= rest) continue;
      const node = (flow > 0 ? model.to : model.from)[link] as number;
      const cell = (flow > 0 ? this.onward : this.backward)[link] as number;
      const passed = this.passedShare(link, flow) * Math.abs(flow);
      matrix.values[cell] = (matrix.values[cell] as number) - passed;
      inflow[node] = (inflow[node] as number) + Math.abs(flow);
      right[node] = (right[node] as number) + (Math.abs(flow) - passed) * (this.ambientK[link] as number);
    }
    for (let node = 0; node < model.nodes; node++) {
      const flow = inflow[node] as number;
      matrix.values[this.diagonal[node] as number] = flow > 0 ? flow : 1;
      if (flow === 0) right[node] = this.restK[node] as number;
    }
    const solvable = matrix.factorise(leastShare) === undefined;
    if (solvable) matrix.solve(right);
    for (let node = 0; node < model.nodes; node++) {
      if (layout.reached[node] === 0) right[node] = Number.NaN;
      else if (!solvable || !Number.isFinite(right[node])) {
        throw networkErrors.create('TEMPERATURE', `nothing tells the temperature of "${model.nodeId(node)}"`);
      }
    }
  }

  /** Temperatures at the ends of a pipe's sections in flow direction; of a pipe at rest from its beginning. K. */
  sectionsK(link: number, { hydraulics, restKgS }: SteadyState): number[] {
    const flow = hydraulics.flowKgS[link] as number;
    const ambient = this.ambientK[link] as number;
    const count = this.sections[link] as number;
    if (Math.abs(flow) <= restKgS) return new Array<number>(count).fill(ambient);
    let kelvin = this.temperatureK[(flow > 0 ? this.model.from : this.model.to)[link] as number] as number;
    const ratio = (this.exchangeKgS[link] as number) / Math.abs(flow);
    return Array.from({ length: count }, () => {
      kelvin = (kelvin + ratio * ambient) / (1 + ratio);
      return kelvin;
    });
  }

  private passedShare(link: number, flow: number): number {
    return (1 + (this.exchangeKgS[link] as number) / Math.abs(flow)) ** -(this.sections[link] as number);
  }
}

/** The mean of what is around a node's pipes; of a node without pipes its own. */
function restingK(model: NetworkModel): Float64Array {
  const sum = new Float64Array(model.nodes);
  const count = new Int32Array(model.nodes);
  model.network.pipes.forEach(({ ambientK }, link) => {
    for (const node of [model.from[link] as number, model.to[link] as number]) {
      sum[node] = (sum[node] as number) + ambientK;
      count[node] = (count[node] as number) + 1;
    }
  });
  return sum.map((total, node) => {
    const pipes = count[node] as number;
    return pipes > 0 ? total / pipes : (model.temperatureK[node] as number);
  });
}
