import { Persistence } from '../detection/fusion/alarm-score.ts';
import { chanceOf, fitTailScale, type TailScale } from '../detection/limits/tail-scale.ts';
import { quantileOfSorted } from '../detection/order-statistics.ts';
import type { TimeOrder } from './breaks.ts';
import { blockRowsFor, Stray } from './departure.ts';
import type { Feature } from './features.ts';
import { type BySignal, bySignal, Monitor, measures } from './monitor.ts';
import { fitNormalModel, type NormalModel, standingOut } from './normal-model.ts';
import { blocksOf, type Ranges } from './ranges.ts';
import type { Table } from './table.ts';

/** Rows before a block with which its charts settle. */
const SETTLE_ROWS = 60;
/** Rows of a block that are judged at most, its last ones. */
const HELD_OUT_ROWS = 10_000;
/** Held-out rows from which units are found, at most; what this share of them stays below is the unit, and no smaller. */
const UNIT_ROWS = 10_000;
const UNIT_SHARE = 0.9;
/** Measures that find their units so; to stand still has one, the longest time of training. */
const sharedMeasures = ['misfit', 'level', 'noise'] as const;
const LEAST_UNIT = 0.2;
/** Measures that tell anomalies among the training rows. */
const TELLING = [measures.indexOf('correlation'), measures.indexOf('level')];
/** At most this share of them may be left out: the 5 % that a model bears, and the memory of the charts. */
const SPOILED_SHARE = 0.1;

/**
 * The tails of logarithms of measures are no narrower: clipped, rounded or bounded ones seem to end where training did, and
 * the first row beyond would be the rarest of all. A run may be half as long again before it says much. Design choices.
 */
const LEAST_SCALE = 0.1;
const LEAST_RUN_SCALE = 0.3;

/** How rare each measure is on normal rows, and all of them together. */
export interface RowScales {
  readonly perMeasure: readonly (TailScale | undefined)[];
  readonly together: TailScale;
  /** What measures of signals are counted in. */
  readonly units: BySignal;
  /** How far blocks of held-out rows stray. */
  readonly stray: Stray;
  /** Held-out training rows that were taken for anomalies. */
  readonly spoiled: number;
}

/**
 * Cross-conformal calibration (Vovk 2015): every training row is scored by a model that was fitted without its block, so
 * that limits never come from rows the model knows, and yet all training rows are used. Twice: what is ordinary of each signal
 * is the unit in which it is then compared with the others, so that a restless one does not hide a quiet one.
 */
export function calibrate(
  table: Table,
  features: readonly Feature[],
  range: readonly [number, number],
  lags: number,
  order: TimeOrder,
  levelLimit: number,
): RowScales {
  const [from, to] = range;
  const blocks = blocksOf(range).map(([start, end]): Block => {
    const others: Ranges = [[from, start] as const, [end, to] as const].filter(([first, last]) => last > first);
    const unsettled = start === from ? Math.min(SETTLE_ROWS, Math.floor((end - start) / 2)) : 0;
    const settled = Math.max(start + unsettled, end - HELD_OUT_ROWS);
    const model = fitNormalModel(table, features, others, lags);
    return { begin: Math.max(from, settled - SETTLE_ROWS), settled, end, model };
  });
  const judge = (
    { begin, settled, end, model }: Block,
    units: BySignal,
    keep: (monitor: Monitor, row: number) => void,
  ) => {
    const monitor = new Monitor(table, model, levelLimit, units);
    for (let row = begin; row < end; row++) {
      if (order.isBreak(row)) monitor.interrupt();
      monitor.step(row, true);
      if (row === settled - 1) monitor.closeBlock();
      if (row >= settled) keep(monitor, row - settled);
    }
  };
  const stray = new Stray(features.filter(({ condition }) => !condition).length);
  const strayRows = blockRowsFor(to - from);
  const sample = new UnitSample(
    features.length,
    blocks.reduce((sum, { settled, end }) => sum + end - settled, 0),
  );
  for (const block of blocks)
    judge(block, bySignal(features.length, 1), (monitor, row) => {
      sample.take(monitor);
      if ((row + 1) % strayRows !== 0) return;
      monitor.closeBlock();
      stray.widen(monitor);
    });
  const units = sample.units();
  const heldOut = blocks.map((block) => {
    const logs = new Float64Array((block.end - block.settled) * measures.length);
    judge(block, units, (monitor, row) => logs.set(monitor.logs, row * measures.length));
    return logs;
  });
  return { ...scalesOf(heldOut), stray, units };
}

/** Held-out rows: those with which charts settle first. */
interface Block {
  readonly begin: number;
  readonly settled: number;
  readonly end: number;
  readonly model: NormalModel;
}

/** What measures say of each signal on normal rows, some of them. */
class UnitSample {
  private readonly sizes: readonly BySignal[];
  private readonly stride: number;
  private readonly width: number;
  private rows = 0;
  private taken = 0;

  constructor(width: number, rows: number) {
    this.width = width;
    this.stride = Math.ceil(rows / UNIT_ROWS);
    this.sizes = Array.from({ length: width }, () => bySignal(Math.ceil(rows / this.stride), 0));
  }

  take({ sizes }: Monitor): void {
    if (this.rows++ % this.stride !== 0) return;
    for (const [at, of] of this.sizes.entries())
      for (const measure of sharedMeasures) of[measure][this.taken] = sizes[measure][at] as number;
    this.taken++;
  }

  units(): BySignal {
    const units = bySignal(this.width, 1);
    for (const [at, of] of this.sizes.entries())
      for (const measure of sharedMeasures)
        units[measure][at] = Math.max(LEAST_UNIT, quantileOfSorted(of[measure].sort(), UNIT_SHARE));
    return units;
  }
}

/** Measures of held-out rows, one row after the other, and where those begin that are no anomalies. */
interface HeldOut {
  readonly logs: Float64Array;
  readonly starts: Int32Array;
}

/**
 * Scales of the rows that are no anomalies. What all measures together say of a row lies between two: by the scales of the
 * other blocks one that is a little off, as one of five often is, would stand for ever as what is normal; by those of all
 * blocks a row helped to make what it is judged by. The geometric mean of both chances kept its word where either did not.
 */
function scalesOf(blocks: readonly Float64Array[]): Omit<RowScales, 'stray' | 'units'> {
  const all = blocks.map((logs) => ({ logs, starts: startsOf(logs) }));
  const telling = TELLING.map((measure) => measureIn(all, measure).map((log) => Math.exp(log) || 0));
  const spoiled = new Set(standingOut(SPOILED_SHARE, telling));
  let row = 0;
  const normal = all.map(({ logs, starts }) => ({ logs, starts: starts.filter(() => !spoiled.has(row++)) }));
  const perMeasure = measureScales(normal);
  const together = normal.map(({ logs, starts }, at) => {
    const others = measureScales(normal.filter((_, other) => other !== at));
    const persistence = new Persistence();
    return Float64Array.from(starts, (start) => {
      const row = logs.subarray(start, start + measures.length);
      return persistence.take((rarestOf(perMeasure, row).rarity + rarestOf(others, row).rarity) / 2);
    });
  });
  return { perMeasure, together: fitTailScale(joined(together)), spoiled: spoiled.size };
}

const startsOf = (logs: Float64Array): Int32Array =>
  Int32Array.from({ length: logs.length / measures.length }, (_, row) => row * measures.length);

const measureIn = (blocks: readonly HeldOut[], measure: number): Float64Array =>
  joined(blocks.map(({ logs, starts }) => Float64Array.from(starts, (start) => logs[start + measure] as number)));

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function measureScales(blocks: readonly HeldOut[]): RowScales['perMeasure'] {
  return measures.map((name, measure) => {
    const said = measureIn(blocks, measure).filter(Number.isFinite);
    return said.length > 0 ? fitTailScale(said, false, name === 'stuck' ? LEAST_RUN_SCALE : LEAST_SCALE) : undefined;
  });
}

/** The rarest measure of a row (Tippett 1931): −log of its chance, and which it is; 0 when none says anything. */
export function rarestOf(scales: RowScales['perMeasure'], logs: Float64Array): { rarity: number; measure: number } {
  let rarity = 0;
  let measure = 0;
  for (const [at, scale] of scales.entries()) {
    const log = logs[at] as number;
    if (!scale || !Number.isFinite(log)) continue;
    const own = -Math.log(chanceOf(scale, log));
    if (own <= rarity) continue;
    rarity = own;
    measure = at;
  }
  return { rarity, measure };
}
