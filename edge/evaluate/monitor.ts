import { ewmaDeviation, stepEwma } from '../detection/charts/ewma.ts';
import { ewmaLimit } from '../detection/charts/run-length.ts';
import { defaultBudget } from '../detection/fusion/alarm-score.ts';
import { Projection } from '../detection/multivariate/projection.ts';
import { regressionResiduals } from '../detection/multivariate/regressions.ts';
import { Baseline } from './baseline.ts';
import { type Feature, readFeatures } from './features.ts';
import type { NormalModel } from './normal-model.ts';
import { standardise } from './standardisation.ts';
import type { Table } from './table.ts';

/** What is measured of each row; each has its own scale and kind of event. */
export const measures = ['correlation', 'jolt', 'misfit', 'level', 'stuck', 'noise'] as const;
export type Measure = (typeof measures)[number];
/** Those that ask each signal by itself: the largest counts, in units of what is ordinary of each. */
const ownMeasures = ['misfit', 'level', 'stuck', 'noise'] as const satisfies readonly Measure[];
/** Of each of these measures, a figure for each feature. */
export type BySignal = Readonly<Record<(typeof ownMeasures)[number], Float64Array>>;

/** The same figure for all. */
export const bySignal = (width: number, value: number): BySignal => ({
  misfit: new Float64Array(width).fill(value),
  level: new Float64Array(width).fill(value),
  stuck: new Float64Array(width).fill(value),
  noise: new Float64Array(width).fill(value),
});

/** λ of the charts: 0.1 gained most on SPE; a longer mean for how restless a signal is. */
const WEIGHT = 0.1;
const LONG_WEIGHT = 0.05;
/** One row counts at most this many times the largest ordinary SPE, and a step this many ordinary ones. */
const MOST_ORDINARY = 4;
const MOST_STEP = 100;
/** A misfit counts at most so many deviations. */
export const MOST_MISFIT = 40;
/** A state or set-point is there to explain the others: that it switches says less. */
const CONDITION_WEIGHT = 0.2;
/** A signal that stands still is this quiet. */
const QUIET = 1e-3;
const TINY = 1e-9;

/** Limit of the level charts by run length, in their deviations: the alarm budget of a row, shared by so many signals. */
export const levelLimitFor = (signals: number): number => ewmaLimit(WEIGHT, signals / defaultBudget);

/** The rungs over the rows of a table, one after the other; state only of rows that were stepped. */
export class Monitor {
  /** Logarithm of each measure of the last row; NaN where it says nothing. */
  readonly logs = new Float64Array(measures.length);
  /** Standardised features of the last row. */
  readonly values: Float64Array;
  /** What each measure says of each signal in the last row; 0 of conditions. */
  readonly sizes: BySignal;
  private readonly units: BySignal;
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
  private readonly levelLimit: number;
  private readonly residualBaseline: Baseline;
  /** Of the standardised values, by features, and of the misfits, by targets. */
  readonly levelBaseline: Baseline;
  readonly misfitBaseline: Baseline;
  private readonly completed: Float64Array;
  private readonly misfits: Float64Array;
  private readonly misfitMeans: Float64Array;
  private readonly settled: Float64Array;
  private readonly energies: Float64Array;
  private readonly runs: Float64Array;
  private readonly stepMeans: Float64Array;
  /** How much each feature's residual counts. */
  private readonly weights: Float64Array;
  private distance = Number.NaN;

  /**
   * @param units what each measure of each signal is counted in
   * @param before the one whose usual is normal for this one; without it normal is what training showed
   */
  constructor(table: Table, model: NormalModel, levelLimit: number, units: BySignal, before?: Monitor) {
    this.table = table;
    this.model = model;
    this.levelLimit = levelLimit;
    const width = model.features.length;
    this.width = width;
    this.projection = new Projection(model.components);
    const none = () => new Float64Array(width);
    const unknown = () => none().fill(Number.NaN);
    [this.values, this.raw, this.before] = [unknown(), unknown(), unknown()];
    [this.rawBefore, this.levelMeans] = [unknown(), unknown()];
    [this.energies, this.runs] = [none(), none()];
    [this.sizes, this.units] = [bySignal(width, 0), units];
    this.residualBaseline = new Baseline(model.components.width, model.rows, before?.residualBaseline.usual.slice());
    this.levelBaseline = new Baseline(width, model.rows, before?.levelBaseline.usual.slice());
    this.settled = unknown();
    const signals = model.regressions.targets.length;
    this.misfitBaseline = new Baseline(signals, model.rows, before?.misfitBaseline.usual.slice());
    [this.misfits, this.misfitMeans] = [new Float64Array(signals), new Float64Array(signals)];
    this.completed = new Float64Array(model.components.width);
    this.weights = Float64Array.from(model.features, ({ condition }) => (condition ? CONDITION_WEIGHT : 1));
    this.stepMeans = new Float64Array(width).fill(1);
    this.lagged = new Float64Array(width * (model.lags + 1)).fill(Number.NaN);
    this.levelUnits = model.course.persistences.map((persistence) => levelLimit * levelDeviation(persistence));
  }

  /** Features that are signals. */
  get targets(): readonly number[] {
    return this.model.regressions.targets;
  }

  /** Forgets what is left of the rows before a gap. */
  interrupt(): void {
    this.lagged.fill(Number.NaN);
    this.before.fill(Number.NaN);
    this.rawBefore.fill(Number.NaN);
  }

  /** One for which what has been usual lately is normal. */
  anew(): Monitor {
    return new Monitor(this.table, this.model, this.levelLimit, this.units, this);
  }

  /** Ends a block of rows over which what is usual is averaged. */
  closeBlock(): void {
    this.residualBaseline.closeBlock();
    this.levelBaseline.closeBlock();
    this.misfitBaseline.closeBlock();
  }

  /**
   * Takes the next row.
   * @param follows whether baselines may follow it: not while an alarm stands, which they would learn away
   */
  step(row: number, follows: boolean): void {
    const { model, table, raw, values, lagged, width, logs } = this;
    readFeatures(table, model.features, row, raw);
    values.set(raw);
    standardise(model.standardisation, values, table.times?.[row] ?? Number.NaN);
    lagged.copyWithin(width, 0, lagged.length - width);
    lagged.set(values);
    logs.fill(Number.NaN);
    this.stepTogether(follows);
    this.stepAlone(follows);
    for (const measure of ownMeasures) logs[measures.indexOf(measure)] = Math.log(this.largestOf(measure) + TINY);
    this.before.set(values);
    this.rawBefore.set(raw);
  }

  /** Signals against each other: SPE of the lagged components, of this row and its moving mean. */
  private stepTogether(follows: boolean): void {
    const { model, projection, lagged, logs, energies, width } = this;
    if (!projection.project(lagged)) {
      this.sizes.misfit.fill(0);
      return;
    }
    const { residuals } = projection;
    this.residualBaseline.settle(residuals, follows);
    const spe = energyOf(residuals, lagged, this.weights);
    const ordinary = Math.min(spe, MOST_ORDINARY * model.ordinarySpe);
    this.distance = Number.isNaN(this.distance) ? ordinary : this.distance + WEIGHT * (ordinary - this.distance);
    for (let at = 0; at < width; at++)
      energies[at] = (energies[at] as number) + WEIGHT * ((residuals[at] as number) ** 2 - (energies[at] as number));
    logs[0] = Math.log(this.distance + TINY);
    logs[1] = Math.log(spe + TINY);
    this.stepMisfits(follows);
  }

  /** Each signal against what the others say of it, over a moving mean. */
  private stepMisfits(follows: boolean): void {
    const { model, lagged, completed, misfits, misfitMeans, sizes } = this;
    completed.set(lagged);
    this.projection.complete(completed);
    regressionResiduals(model.regressions, completed, misfits);
    for (let place = 0; place < misfits.length; place++) {
      const misfit = (misfits[place] as number) / (model.regressionDeviations[place] as number);
      misfits[place] = Math.max(-MOST_MISFIT, Math.min(MOST_MISFIT, misfit));
    }
    this.misfitBaseline.settle(misfits, follows);
    stepEwma(misfitMeans, misfits, WEIGHT);
    for (const [place, target] of model.regressions.targets.entries())
      sizes.misfit[target] = Math.abs(misfitMeans[place] as number);
  }

  /** The largest over the signals, each in its unit. */
  private largestOf(measure: keyof BySignal): number {
    const { sizes, units } = this;
    let largest = 0;
    for (let at = 0; at < this.width; at++) {
      const size = (sizes[measure][at] as number) / (units[measure][at] as number);
      if (size > largest) largest = size;
    }
    return largest;
  }

  /** Each signal against its own past. Conditions are none. */
  private stepAlone(follows: boolean): void {
    const { model, values, before, raw, rawBefore, settled, levelMeans, sizes, runs, stepMeans } = this;
    const { runs: longest, steps } = model.course;
    settled.set(values);
    this.levelBaseline.settle(settled, follows);
    stepEwma(levelMeans, settled, WEIGHT);
    for (let at = 0; at < this.width; at++) {
      if ((model.features[at] as Feature).condition) continue;
      sizes.level[at] = Math.abs(levelMeans[at] as number) / (this.levelUnits[at] as number) || 0;
      runs[at] = raw[at] === rawBefore[at] ? (runs[at] as number) + 1 : 0;
      sizes.stuck[at] = ((runs[at] as number) + 1) / ((longest[at] as number) + 1);
      const step = ((values[at] as number) - (before[at] as number)) ** 2 / (steps[at] as number);
      if (Number.isFinite(step)) {
        const mean = stepMeans[at] as number;
        stepMeans[at] = mean + LONG_WEIGHT * (Math.min(step, MOST_STEP) - mean);
      }
      sizes.noise[at] = Math.abs(Math.log((stepMeans[at] as number) + QUIET));
    }
  }

  /** How much each feature has to do with a measure of the last row, in the unit of that measure. */
  contributions(measure: Measure, out: Float64Array): void {
    const { projection, sizes, units, width } = this;
    if (measure === 'correlation') out.set(this.energies);
    else if (measure === 'jolt') for (let at = 0; at < width; at++) out[at] = (projection.residuals[at] as number) ** 2;
    else for (let at = 0; at < width; at++) out[at] = (sizes[measure][at] as number) / (units[measure][at] as number);
  }
}

/** Weighted mean square of the residuals of what is present. */
function energyOf(residuals: Float64Array, row: Float64Array, weights: Float64Array): number {
  let energy = 0;
  let present = 0;
  for (let at = 0; at < residuals.length; at++) {
    if (Number.isNaN(row[at])) continue;
    const weight = weights[at % weights.length] as number;
    energy += weight * (residuals[at] as number) ** 2;
    present += weight;
  }
  return energy / Math.max(1e-9, present);
}

/** Steady-state deviation of the EWMA of an autoregression of order 1 and variance 1 (Lu & Reynolds 1999). */
function levelDeviation(persistence: number): number {
  const kept = persistence * (1 - WEIGHT);
  return ewmaDeviation(WEIGHT) * Math.sqrt(Math.max(1e-3, (1 + kept) / (1 - kept)));
}
