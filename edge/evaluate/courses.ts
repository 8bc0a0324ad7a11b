import { defaultBudget, Persistence, surpriseOf } from '../detection/fusion/alarm-score.ts';
import { chanceOf } from '../detection/limits/tail-scale.ts';
import { quantileOfSorted } from '../detection/order-statistics.ts';
import { type RowScales, rarestOf } from './calibration.ts';
import { blockRowsFor, type Departure } from './departure.ts';
import { type Monitor, measures } from './monitor.ts';

/** Share of the signals outside from which the plant has left, and below which it is where training was. */
const UNLIKE = 0.35;
const ALIKE = 0.2;
/** Fewer signals than this cannot tell a move of the whole from the fault of one. */
const LEAST_SIGNALS = 4;
/** A move later on is a fault until it has lasted this share of the length of training, and so many rows. */
const PATIENCE = 0.2;
const LEAST_PATIENCE_ROWS = 500;
/** Beyond what this share of held-out rows reaches, what a plant does where it went is wider than in training. */
const ORDINARY = 0.99;

/** What one monitor says, row after row, on the scale of the alarm budget. */
class Course {
  readonly monitor: Monitor;
  surprise = 0;
  /** Which measure was the rarest. */
  cause = 0;
  private readonly scales: RowScales;
  private readonly persistence = new Persistence();
  /** Rows from which it still learns how wide the plant is where it went: all of them surprise. */
  private learning: number;
  /** How far each measure went beyond the ordinary in these. */
  private readonly excess = new Float64Array(measures.length);

  constructor(monitor: Monitor, scales: RowScales, learning = 0) {
    this.monitor = monitor;
    this.scales = scales;
    this.learning = learning;
  }

  step(row: number, follows: boolean): void {
    const { monitor, scales, excess } = this;
    monitor.step(row, follows);
    if (this.learning > 0) this.learn();
    for (let at = 0; at < excess.length; at++) monitor.logs[at] = (monitor.logs[at] as number) - (excess[at] as number);
    const { rarity, measure } = rarestOf(scales.perMeasure, monitor.logs);
    this.cause = measure;
    const surprise = surpriseOf(chanceOf(scales.together, this.persistence.take(rarity)), defaultBudget);
    this.surprise = this.learning > 0 ? Number.POSITIVE_INFINITY : surprise;
  }

  /** One for which what has been usual lately is normal, once it has seen so many rows. */
  anew(learning: number): Course {
    return new Course(this.monitor.anew(), this.scales, learning);
  }

  private learn(): void {
    this.learning--;
    for (const [at, scale] of this.scales.perMeasure.entries()) {
      const beyond = scale ? (this.monitor.logs[at] as number) - quantileOfSorted(scale.sorted, ORDINARY) : 0;
      if (beyond > (this.excess[at] as number)) this.excess[at] = beyond;
    }
  }
}

/**
 * Judges rows against training and, when the plant as a whole has left it, against where it went as well: what either of
 * them knows is normal. It has left when a third of its signals, whichever one of them is taken to be at fault, keep outside
 * all that held-out training showed: in the first block after training, or later on for a fifth of the length of training
 * and 500 rows, as faults of a whole plant seldom last. The figures are design choices.
 */
export class Courses {
  /** Rows that were judged against where the plant went. */
  rows = 0;
  /** How many rows each feature was outside training. */
  readonly outside: Float64Array;
  private readonly trained: Course;
  private moved: Course | undefined;
  private readonly departure: Departure;
  private readonly blockRows: number;
  /** Blocks that a move must last. */
  private readonly patience: number;
  private readonly signals: number;
  private seen = 0;
  private away = 0;

  constructor(monitor: Monitor, scales: RowScales, departure: Departure, trainedRows: number) {
    this.trained = new Course(monitor, scales);
    this.departure = departure;
    this.blockRows = blockRowsFor(trainedRows);
    this.patience = Math.round(Math.max(LEAST_PATIENCE_ROWS, PATIENCE * trainedRows) / this.blockRows);
    this.signals = monitor.targets.length;
    this.outside = new Float64Array(monitor.values.length);
  }

  /** Whether the plant is where training never was. */
  get outOfModel(): boolean {
    return this.moved !== undefined;
  }

  interrupt(): void {
    this.trained.monitor.interrupt();
    this.moved?.monitor.interrupt();
  }

  /** Takes the next row; the course that finds it less surprising. */
  step(row: number, follows: boolean): Course {
    this.trained.step(row, follows);
    this.moved?.step(row, follows);
    return this.moved && this.moved.surprise < this.trained.surprise ? this.moved : this.trained;
  }

  /** Training is over: blocks begin. */
  begin(): void {
    this.trained.monitor.closeBlock();
  }

  /** Ends a row after training. */
  end(): void {
    this.seen++;
    this.rows += this.moved ? 1 : 0;
    if (this.seen % this.blockRows === 0) this.closeBlock();
  }

  private closeBlock(): void {
    const { trained, moved, departure, signals, blockRows } = this;
    trained.monitor.closeBlock();
    moved?.monitor.closeBlock();
    const outside = departure.outside(trained.monitor);
    for (const feature of outside.signals) this.outside[feature] = (this.outside[feature] as number) + blockRows;
    const left = moved ? departure.outside(moved.monitor) : outside;
    const isFault = signals < LEAST_SIGNALS || left.explained > left.signals.length;
    this.away = !isFault && left.signals.length >= UNLIKE * signals ? this.away + 1 : 0;
    if (this.away >= (this.seen === blockRows ? 1 : this.patience)) {
      this.moved = (moved ?? trained).anew(blockRows);
      this.away = 0;
    } else if (outside.signals.length < ALIKE * signals) this.moved = undefined;
  }
}
