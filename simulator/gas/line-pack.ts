import { meanPressure } from '../network/gas-law.ts';
import { SparseMatrix } from '../network/sparse-matrix.ts';
import { compressibility, specificGasConstant, storedMass, storedPressure } from './gas.ts';
import type { Network } from './network.ts';
import { flowUnder } from './pipe-flow.ts';

const gravity = 9.81;
/** Newton stops when no node moves by more than this. */
const tolerancePa = 0.01;
const maxRounds = 60;
/**
 * By the square-root law of turbulent pipes Newton's steps swing about the solution of a pipe that is nearly at rest, and
 * shrink by a quarter a round only. A step that is more than half the one before is therefore shortened to this share.
 */
const dampedShare = 0.6;
/** The weight of the gas columns follows the pressures from one solution to the next; at rest after so many. */
const columnRounds = 3;
/** A step this long brings the network to its steady state, s. */
const settlingS = 1e7;

/** Feed into the first node by its absolute pressure: kg/s and slope kg/(s·Pa). */
export type Feed = (pressurePa: number) => { readonly flow: number; readonly slope: number };

/**
 * Quasi-dynamic medium-pressure network: each node holds the gas of half its adjacent pipes (line pack), pipes follow the
 * isothermal flow law, and time advances by implicit Euler with Newton on squared pressures (domain reference 1.3).
 * Mass is conserved to rounding, because node masses are advanced by the very flows that are reported.
 */
export class LinePack {
  /** Absolute node pressures, Pa. */
  readonly pressurePa: Float64Array;
  /** Pipe flows from → to, kg/s. */
  readonly flowKgS: Float64Array;
  /** Gas held at each node, kg. */
  readonly massKg: Float64Array;
  readonly network: Network;
  private readonly volumeM3: Float64Array;
  private readonly matrix: SparseMatrix;
  /** Cells of the nodes on the diagonal, and of each pipe: (from, to) and (to, from). */
  private readonly diagonal: Int32Array;
  private readonly coupling: Int32Array;
  private readonly residual: Float64Array;
  private readonly slope: Float64Array;
  private readonly weight: Float64Array;

  /** @param initialPa absolute pressure of all nodes, or of each, Pa */
  constructor(network: Network, initialPa: number | readonly number[], temperatureK: number) {
    const size = network.nodes.length;
    this.network = network;
    this.volumeM3 = new Float64Array(size);
    for (const pipe of network.pipes) {
      const half = (Math.PI * pipe.diameterM ** 2 * pipe.lengthM) / 8;
      for (const end of [pipe.from, pipe.to]) this.volumeM3[end] = (this.volumeM3[end] as number) + half;
    }
    this.pressurePa = Float64Array.from(network.nodes, (_, node) =>
      typeof initialPa === 'number' ? initialPa : (initialPa[node] as number),
    );
    this.massKg = this.volumeM3.map((volume, node) =>
      storedMass(volume, this.pressurePa[node] as number, temperatureK),
    );
    this.flowKgS = new Float64Array(network.pipes.length);
    this.slope = new Float64Array(network.pipes.length);
    this.weight = new Float64Array(network.pipes.length);
    this.matrix = new SparseMatrix(size, Int32Array.from(network.pipes.flatMap(({ from, to }) => [from, to])));
    this.diagonal = Int32Array.from(network.nodes, (_, node) => this.matrix.cell(node, node));
    this.coupling = Int32Array.from(
      network.pipes.flatMap(({ from, to }) => [this.matrix.cell(from, to), this.matrix.cell(to, from)]),
    );
    this.residual = new Float64Array(size);
  }

  /** Advances by `dtS` with constant withdrawals (kg/s by node); returns the feed into the first node, kg/s. */
  advance(dtS: number, withdrawalKgS: Float64Array, feed: Feed, temperatureK: number): number {
    this.solve(dtS, withdrawalKgS, feed, temperatureK);
    return this.moveMasses(dtS, withdrawalKgS, feed, temperatureK);
  }

  /** Puts the network at rest under constant withdrawals (kg/s by node): the steady state, its gas by its pressures. */
  balance(withdrawalKgS: Float64Array, feed: Feed, temperatureK: number): void {
    for (let round = 0; round < columnRounds; round++) this.solve(settlingS, withdrawalKgS, feed, temperatureK);
    for (let node = 0; node < this.massKg.length; node++) {
      this.massKg[node] = storedMass(this.volumeM3[node] as number, this.pressurePa[node] as number, temperatureK);
    }
  }

  /** Node pressures at the end of an implicit step, by Newton. */
  private solve(dtS: number, withdrawalKgS: Float64Array, feed: Feed, temperatureK: number): void {
    this.weighColumns(temperatureK);
    let before = Number.POSITIVE_INFINITY;
    let share = 1;
    for (let round = 0; round < maxRounds; round++) {
      this.assemble(dtS, withdrawalKgS, feed, temperatureK);
      this.matrix.factorise();
      this.matrix.solve(this.residual);
      const largest = this.moveBy(share);
      if (largest < tolerancePa * share) return;
      share = largest > before / 2 ? dampedShare : 1;
      before = largest;
    }
  }

  /** Takes this share of Newton's step; returns the largest move of a node, Pa. */
  private moveBy(share: number): number {
    let largest = 0;
    for (let node = 0; node < this.residual.length; node++) {
      const before = this.pressurePa[node] as number;
      // Half of the pressure at most goes in one round, so that pressures stay positive far from the solution.
      const square = before ** 2 + Math.max(share * (this.residual[node] as number), -0.75 * before ** 2);
      const after = Math.sqrt(square);
      this.pressurePa[node] = after;
      largest = Math.max(largest, Math.abs(after - before));
    }
    return largest;
  }

  /** The weight of the gas columns as part of the driving difference, Pa²: 2 p_m ρ(p_m) g Δh. */
  private weighColumns(temperatureK: number): void {
    const { nodes, pipes } = this.network;
    pipes.forEach((pipe, index) => {
      const mean = meanPressure(this.pressurePa[pipe.from] as number, this.pressurePa[pipe.to] as number);
      const density = mean / (specificGasConstant * temperatureK * compressibility(mean));
      const rise = (nodes[pipe.to]?.heightM ?? 0) - (nodes[pipe.from]?.heightM ?? 0);
      this.weight[index] = 2 * mean * density * gravity * rise;
    });
  }

  private updateFlows(temperatureK: number): void {
    this.network.pipes.forEach((pipe, index) => {
      const p1 = this.pressurePa[pipe.from] as number;
      const p2 = this.pressurePa[pipe.to] as number;
      const drive = p1 ** 2 - p2 ** 2 - (this.weight[index] as number);
      const driven = flowUnder(pipe, drive, temperatureK, meanPressure(p1, p2));
      this.flowKgS[index] = driven.flow;
      this.slope[index] = driven.slope;
    });
  }

  /** Residual of each node's mass balance (kg/s) and its symmetric Jacobian by squared pressure. */
  private assemble(dtS: number, withdrawalKgS: Float64Array, feed: Feed, temperatureK: number): void {
    const { residual, diagonal, coupling } = this;
    const { values } = this.matrix;
    const size = residual.length;
    this.updateFlows(temperatureK);
    values.fill(0);
    const add = (cell: number | undefined, value: number) => {
      values[cell as number] = (values[cell as number] as number) + value;
    };
    for (let index = 0; index < size; index++) {
      const pressure = this.pressurePa[index] as number;
      const volume = this.volumeM3[index] as number;
      const stored = storedMass(volume, pressure, temperatureK) - (this.massKg[index] as number);
      residual[index] = -stored / dtS - (withdrawalKgS[index] as number);
      const perPa = volume / (specificGasConstant * temperatureK * compressibility(pressure) ** 2);
      add(diagonal[index], perPa / (dtS * 2 * pressure));
    }
    const gate = this.pressurePa[0] as number;
    const fed = feed(gate);
    residual[0] = (residual[0] as number) + fed.flow;
    add(diagonal[0], -fed.slope / (2 * gate));
    this.network.pipes.forEach((pipe, index) => {
      const flow = this.flowKgS[index] as number;
      const slope = this.slope[index] as number;
      residual[pipe.from] = (residual[pipe.from] as number) - flow;
      residual[pipe.to] = (residual[pipe.to] as number) + flow;
      add(diagonal[pipe.from], slope);
      add(diagonal[pipe.to], slope);
      add(coupling[2 * index], -slope);
      add(coupling[2 * index + 1], -slope);
    });
  }

  /** Moves the node masses by the final flows and takes the pressures from the masses. */
  private moveMasses(dtS: number, withdrawalKgS: Float64Array, feed: Feed, temperatureK: number): number {
    this.updateFlows(temperatureK);
    const fed = feed(this.pressurePa[0] as number).flow;
    const move = (node: number, flow: number) => {
      this.massKg[node] = (this.massKg[node] as number) + flow * dtS;
    };
    move(0, fed);
    withdrawalKgS.forEach((flow, node) => {
      move(node, -flow);
    });
    this.network.pipes.forEach((pipe, index) => {
      move(pipe.from, -(this.flowKgS[index] as number));
      move(pipe.to, this.flowKgS[index] as number);
    });
    for (let node = 0; node < this.massKg.length; node++) {
      const mass = this.massKg[node] as number;
      this.pressurePa[node] = storedPressure(this.volumeM3[node] as number, mass, temperatureK);
    }
    return fed;
  }
}
