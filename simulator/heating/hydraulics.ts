import { SparseMatrix } from '../network/sparse-matrix.ts';
import type { Loss } from './friction.ts';

/** A link of the hydraulic graph with its own law; `from` and `to` are node indexes. */
export interface HydraulicLink {
  readonly from: number;
  readonly to: number;
  /** Pressure drop from `from` to `to` at a signed mass flow in kg/s. */
  readonly loss: (flowKgS: number, into: Loss) => void;
}

/** Flows settle to this, kg/s. */
const toleranceKgS = 1e-7;
const maxIterations = 60;

/**
 * Steady flows and pressures of a network by Newton's method on nodes and links together (E. Todini and S. Pilati, A
 * gradient algorithm for the analysis of pipe networks, 1988): each link's law is linearised at its present flow, the
 * node balances give one symmetric positive definite system for the pressures. Starts from the last solution.
 */
export class HydraulicNetwork {
  /** Piezometric pressure at the nodes against the fixed one, Pa. */
  readonly pressurePa: Float64Array;
  /** Mass flow of the links, kg/s, positive from → to. */
  readonly flowKgS: Float64Array;
  /** Mass flow that leaves the network at the nodes (leaks), kg/s. */
  readonly withdrawalKgS: Float64Array;
  /** Rounds that the last solution took. */
  iterations = 0;
  private readonly links: readonly HydraulicLink[];
  private readonly size: number;
  private readonly fixed: number;
  private readonly matrix: SparseMatrix;
  /** Cells of each link: (from, from), (from, to), (to, from), (to, to); waste where the fixed node is concerned. */
  private readonly cells: Int32Array;
  private readonly fixedCell: number;
  private readonly loss: Loss = { dropPa: 0, slope: 1 };
  private readonly conductance: Float64Array;
  private readonly remainder: Float64Array;

  /** `fixed` is the node whose pressure is the reference 0 and which takes in what the others lose. */
  constructor(nodes: number, links: readonly HydraulicLink[], fixed: number, startKgS: number) {
    this.size = nodes;
    this.links = links;
    this.fixed = fixed;
    this.pressurePa = new Float64Array(nodes);
    this.withdrawalKgS = new Float64Array(nodes);
    this.flowKgS = new Float64Array(links.length).fill(startKgS);
    this.conductance = new Float64Array(links.length);
    this.remainder = new Float64Array(links.length);
    const ends = links.map(({ from, to }) => [from, to]);
    this.matrix = new SparseMatrix(nodes, Int32Array.from(ends.flat()));
    const cell = (row: number, column: number) =>
      row === fixed || column === fixed ? this.matrix.waste : this.matrix.cell(row, column);
    this.cells = Int32Array.from(
      ends.flatMap((pair) => pair.flatMap((row) => pair.map((column) => cell(row, column)))),
    );
    this.fixedCell = this.matrix.cell(fixed, fixed);
  }

  /** Solves for the present laws and withdrawals; throws Error when Newton does not settle (a programmer's error). */
  solve(): void {
    for (this.iterations = 1; this.iterations <= maxIterations; this.iterations++) {
      this.assemble();
      if (this.matrix.factorise() !== undefined) break;
      this.matrix.solve(this.pressurePa);
      if (this.update() < toleranceKgS) return;
    }
    throw new Error(`heating network did not settle in ${maxIterations} rounds`);
  }

  /** Nothing moves: circulation is off. */
  rest(): void {
    this.flowKgS.fill(0);
    this.pressurePa.fill(0);
  }

  private assemble(): void {
    const { pressurePa: right, size, fixed, loss, cells } = this;
    const { values } = this.matrix;
    values.fill(0);
    for (let node = 0; node < size; node++) right[node] = -(this.withdrawalKgS[node] ?? 0);
    const add = (at: number, amount: number) => {
      const cell = cells[at] as number;
      values[cell] = (values[cell] as number) + amount;
    };
    this.links.forEach((link, index) => {
      const flow = this.flowKgS[index] ?? 0;
      link.loss(flow, loss);
      const conductance = 1 / loss.slope;
      const remainder = flow - loss.dropPa * conductance;
      this.conductance[index] = conductance;
      this.remainder[index] = remainder;
      const { from, to } = link;
      right[from] = (right[from] ?? 0) - remainder;
      right[to] = (right[to] ?? 0) + remainder;
      add(4 * index, conductance);
      add(4 * index + 1, -conductance);
      add(4 * index + 2, -conductance);
      add(4 * index + 3, conductance);
    });
    values[this.fixedCell] = 1;
    right[fixed] = 0;
  }

  /** Takes the new flows over; gives the largest change against the size of the flow. */
  private update(): number {
    let largest = 0;
    this.links.forEach(({ from, to }, index) => {
      const drop = (this.pressurePa[from] ?? 0) - (this.pressurePa[to] ?? 0);
      const flow = (this.remainder[index] ?? 0) + (this.conductance[index] ?? 0) * drop;
      largest = Math.max(largest, Math.abs(flow - (this.flowKgS[index] ?? 0)) / (1 + Math.abs(flow)));
      this.flowKgS[index] = flow;
    });
    return largest;
  }
}
