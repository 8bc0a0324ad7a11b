import { type ChartLimits, stepCusums } from '../detection/charts/cusum.ts';
import { ewmaDeviation, stepEwma } from '../detection/charts/ewma.ts';
import { cusumLimit, ewmaLimit } from '../detection/charts/run-length.ts';
import { defaultBudget } from '../detection/fusion/alarm-score.ts';
import { Projection } from '../detection/multivariate/projection.ts';
import { type Feature, readFeatures } from './features.ts';
import type { NormalModel } from './normal-model.ts';
import { standardise } from './standardisation.ts';
import type { Table } from './table.ts';

/** What is measured of each row; each has its own scale and kind of event. */
export const measures = [
  'correlation',
  'jolt',
  'residual',
  'operating-point',
  'level',
  'shift',
  'stuck',
  'noise',
] as const;
export type Measure = (typeof measures)[number];

/** λ of the charts: 0.1 gained most on SPE; the longer mean for the largest residual has fewer nuisance episodes. */
const WEIGHT = 0.1;
const LONG_WEIGHT = 0.05;
/** One row counts at most this many times the largest ordinary T² or SPE, a residual this many deviations. */
const MOST_ORDINARY = 4;
const MOST_RESIDUAL = 10;
const MOST_INNOVATION = 4;
const MOST_STEP = 100;
/** A signal that stands still is this quiet. */
const QUIET = 1e-3;
const ALLOWANCE = 0.5;
const TINY = 1e-9;

/** Limits of the charts of single signals, in standard deviations. */
export interface ChartUnits {
  readonly cusum: ChartLimits;
  readonly ewma: number;
}

/** Limits by run length: the alarm budget of a row, shared by so many signals. */
export function chartUnitsFor(signals: number): ChartUnits {
  const samples = signals / defaultBudget;
  return { cusum: { allowance: ALLOWANCE, limit: cusumLimit(ALLOWANCE, samples) }, ewma: ewmaLimit(WEIGHT, samples) };
}

/** The rungs over the rows of a table, one after the other; state only of rows that were stepped. */
export class Monitor {
  /** Logarithm of each measure of the last row; NaN where it says nothing. */
  readonly logs = new Float64Array(measures.length);
  /** Standardised features of the last row. */
  readonly values: Float64Array;
  /** Their EWMA over its own deviation, 1 = the limit by run length. */
  readonly levels: Float64Array;
  private readonly table: Table;
  private readonly model: NormalModel;
  private readonly width: number;
  private readonly projection: Projection;
  private readonly raw: Float64Array;
  private readonly rawBefore: Float64Array;
  private readonly before: Float64Array;
  private readonly lagged: Float64Array;
  private readonly levelMeans: Float64Array;
  private readonly levelUnits: Float64Array;
  private readonly residualMeans: Float64Array;
  private readonly energies: Float64Array;
  private readonly innovations: Float64Array;
  private readonly up: Float64Array;
  private readonly down: Float64Array;
  private readonly runs: Float64Array;
  private readonly stepMeans: Float64Array;
  private readonly distances = new Float64Array(2).fill(Number.NaN);
  private readonly cusum: ChartLimits;

  constructor(table: Table, model: NormalModel, limits: ChartUnits) {
    this.table = table;
    this.model = model;
    const width = model.features.length;
    this.width = width;
    this.projection = new Projection(model.components);
    const none = () => new Float64Array(width);
    const unknown = () => none().fill(Number.NaN);
    [this.values, this.raw, this.before, this.rawBefore, this.levelMeans] = [
      unknown(),
      unknown(),
      unknown(),
      unknown(),
      unknown(),
    ];
    [this.levels, this.innovations, this.residualMeans, this.energies] = [none(), none(), none(), none()];
    [this.up, this.down, this.runs] = [none(), none(), none()];
    this.stepMeans = new Float64Array(width).fill(1);
    this.lagged = new Float64Array(width * (model.lags + 1)).fill(Number.NaN);
    this.cusum = limits.cusum;
    this.levelUnits = model.course.persistences.map((persistence) => limits.ewma * levelDeviation(persistence));
  }

  /** Forgets what is left of the rows before a gap. */
  interrupt(): void {
    this.lagged.fill(Number.NaN);
    this.before.fill(Number.NaN);
    this.rawBefore.fill(Number.NaN);
  }

  /** Takes the next row. */
  step(row: number): void {
    const { model, table, raw, values, lagged, width, logs } = this;
    readFeatures(table, model.features, row, raw);
    values.set(raw);
    standardise(model.standardisation, values, table.times?.[row] ?? Number.NaN);
    lagged.copyWithin(width, 0, lagged.length - width);
    lagged.set(values);
    logs.fill(Number.NaN);
    this.stepTogether();
    this.stepAlone();
    this.before.set(values);
    this.rawBefore.set(raw);
  }

  /** Signals against each other: T² and SPE of the lagged components. */
  private stepTogether(): void {
    const { model, projection, lagged, logs, distances, residualMeans, energies, width } = this;
    if (!projection.project(lagged)) return;
    const spe = Math.min(projection.spe, MOST_ORDINARY * model.ordinarySpe);
    const t2 = Math.min(projection.t2, MOST_ORDINARY * model.ordinaryT2);
    stepEwma(distances, [spe, t2], WEIGHT);
    let largest = 0;
    for (let at = 0; at < width; at++) {
      const own = projection.residuals[at] as number;
      const residual = Math.max(-MOST_RESIDUAL, Math.min(MOST_RESIDUAL, own));
      const mean = (residualMeans[at] as number) + LONG_WEIGHT * (residual - (residualMeans[at] as number));
      residualMeans[at] = mean;
      energies[at] = (energies[at] as number) + WEIGHT * (residual * residual - (energies[at] as number));
      if (Math.abs(mean) > largest) largest = Math.abs(mean);
    }
    logs[0] = Math.log((distances[0] as number) + TINY);
    logs[1] = Math.log(projection.spe + TINY);
    logs[2] = Math.log(largest + TINY);
    if (model.components.count > 0) logs[3] = Math.log((distances[1] as number) + TINY);
  }

  /** Each signal against its own past. Conditions are none. */
  private stepAlone(): void {
    const { model, values, before, raw, rawBefore, levelMeans, levels, innovations, runs, stepMeans, logs } = this;
    const { persistences, innovations: widths, runs: longest, steps } = model.course;
    stepEwma(levelMeans, values, WEIGHT);
    let [level, shift, stuck, noise] = [0, 0, 0, 0];
    for (let at = 0; at < this.width; at++) {
      levels[at] = Math.abs(levelMeans[at] as number) / (this.levelUnits[at] as number) || 0;
      innovations[at] = Number.NaN;
      if ((model.features[at] as Feature).condition) continue;
      const value = values[at] as number;
      const last = before[at] as number;
      if ((levels[at] as number) > level) level = levels[at] as number;
      const innovation = (value - (persistences[at] as number) * last) / (widths[at] as number);
      innovations[at] = Math.max(-MOST_INNOVATION, Math.min(MOST_INNOVATION, innovation));
      runs[at] = raw[at] === rawBefore[at] ? (runs[at] as number) + 1 : 0;
      const standing = ((runs[at] as number) + 1) / ((longest[at] as number) + 1);
      if (standing > stuck) stuck = standing;
      const step = (value - last) ** 2 / (steps[at] as number);
      if (Number.isFinite(step)) {
        const mean = stepMeans[at] as number;
        stepMeans[at] = mean + LONG_WEIGHT * (Math.min(step, MOST_STEP) - mean);
      }
      const restless = Math.abs(Math.log((stepMeans[at] as number) + QUIET));
      if (restless > noise) noise = restless;
    }
    stepCusums(this.up, this.down, innovations, this.cusum);
    for (let at = 0; at < this.width; at++) {
      const sum = Math.max(this.up[at] as number, this.down[at] as number) / this.cusum.limit;
      if (sum > shift) shift = sum;
    }
    logs[4] = Math.log(level + TINY);
    logs[5] = Math.log(shift + TINY);
    logs[6] = Math.log(stuck + TINY);
    logs[7] = Math.log(noise + TINY);
  }

  /** How much each feature has to do with a measure of the last row, in the unit of that measure. */
  contributions(measure: Measure, out: Float64Array): void {
    const { model, projection, width } = this;
    for (let at = 0; at < width; at++) out[at] = 0;
    if (measure === 'correlation') out.set(this.energies);
    else if (measure === 'jolt') for (let at = 0; at < width; at++) out[at] = (projection.residuals[at] as number) ** 2;
    else if (measure === 'residual')
      for (let at = 0; at < width; at++) out[at] = Math.abs(this.residualMeans[at] as number);
    else if (measure === 'operating-point') projection.planeContributions(this.lagged, out);
    else
      for (let at = 0; at < width; at++) {
        if ((model.features[at] as Feature).condition) continue;
        if (measure === 'level') out[at] = this.levels[at] as number;
        else if (measure === 'shift') out[at] = Math.max(this.up[at] as number, this.down[at] as number);
        else if (measure === 'stuck')
          out[at] = ((this.runs[at] as number) + 1) / ((model.course.runs[at] as number) + 1);
        else out[at] = Math.abs(Math.log((this.stepMeans[at] as number) + QUIET)) || 0;
      }
  }
}

/** Steady-state deviation of the EWMA of an autoregression of order 1 and variance 1 (Lu & Reynolds 1999). */
function levelDeviation(persistence: number): number {
  const kept = persistence * (1 - WEIGHT);
  return ewmaDeviation(WEIGHT) * Math.sqrt(Math.max(1e-3, (1 + kept) / (1 - kept)));
}
