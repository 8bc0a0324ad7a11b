import type { LifelineError } from '../core/errors.ts';
import { Persistence, scoreOf } from '../detection/fusion/alarm-score.ts';
import type { TimeOrder } from './breaks.ts';
import { calibrate } from './calibration.ts';
import type { ColumnKind } from './column-kind.ts';
import { Courses } from './courses.ts';
import { Departure } from './departure.ts';
import { evaluateErrors } from './errors.ts';
import type { Feature } from './features.ts';
import { Modes, type UnseenMode } from './modes.ts';
import { levelLimitFor, type Measure, Monitor, measures } from './monitor.ts';
import { fitNormalModel, lagsFor } from './normal-model.ts';
import { Novelty } from './novelty.ts';
import type { Table } from './table.ts';
import type { RowVerdicts } from './verdicts.ts';

const TOP = 3;
/** Unseen modes that are named. */
const NAMED_MODES = 3;

/** Scores one row after the other. */
export class RowJudge {
  private readonly modes: Modes;
  /** Rows after training that are out of model. */
  outOfModelRows = 0;
  private readonly table: Table;
  private readonly features: readonly Feature[];
  private readonly train: readonly [number, number];
  private readonly order: TimeOrder;
  /** Undefined where there are no features. */
  private readonly courses: Courses | undefined;
  private readonly spoiled: number = 0;
  private readonly novelty: Novelty;
  private readonly newsPersistence = new Persistence();
  private readonly contributions: Float64Array;
  private alarmed = false;

  constructor(
    table: Table,
    features: readonly Feature[],
    train: readonly [number, number],
    order: TimeOrder,
    kinds: readonly (ColumnKind | undefined)[],
  ) {
    this.table = table;
    this.features = features;
    this.train = train;
    this.order = order;
    if (features.length > 0) {
      const trainedRows = train[1] - train[0];
      const lags = lagsFor(features.length, trainedRows);
      const levelLimit = levelLimitFor(features.length);
      const scales = calibrate(table, features, train, lags, order, levelLimit);
      const model = fitNormalModel(table, features, [train], lags);
      const monitor = new Monitor(table, model, levelLimit, scales.units);
      this.courses = new Courses(monitor, scales, new Departure(model, scales.stray), trainedRows);
      this.spoiled = scales.spoiled;
    }
    this.novelty = new Novelty(table, kinds, train);
    this.modes = new Modes(table, kinds, train);
    this.contributions = new Float64Array(features.length);
  }

  take(row: number, verdicts: RowVerdicts): void {
    const { courses, novelty, train } = this;
    if (row === train[1]) courses?.begin();
    if (this.order.isBreak(row)) courses?.interrupt();
    const course = courses?.step(row, !this.alarmed);
    const surprise = course?.surprise ?? 0;
    novelty.step(row);
    const news = this.newsPersistence.take(novelty.news.surprise);
    if (row >= train[1]) {
      const isUnseen = this.modes.step(row);
      verdicts.outOfModel[row] = courses?.outOfModel || isUnseen ? 1 : 0;
      this.outOfModelRows += verdicts.outOfModel[row] as number;
    }
    const top = course ? this.topOf(course.monitor, course.cause) : [];
    const isNews = news > surprise && novelty.news.column >= 0;
    if (isNews) top.unshift(novelty.news.column);
    const cause = isNews ? measures.length + (novelty.news.kind === 'missing' ? 1 : 0) : (course?.cause ?? 0);
    verdicts.set(row, scoreOf(Math.max(surprise, news)), cause, top);
    this.alarmed = verdicts.alarmAt(row);
    if (row >= train[1]) courses?.end();
  }

  /** Columns with the largest contributions to a measure, without repetition. */
  private topOf(monitor: Monitor, cause: number): number[] {
    const { contributions, features } = this;
    monitor.contributions(measures[cause] as Measure, contributions);
    const top: number[] = [];
    for (let place = 0; place < TOP; place++) {
      let best = -1;
      for (let at = 0; at < contributions.length; at++) {
        if ((contributions[at] as number) <= (best < 0 ? 0 : (contributions[best] as number))) continue;
        if (!top.includes((features[at] as Feature).column)) best = at;
      }
      if (best < 0) break;
      top.push((features[best] as Feature).column);
    }
    return top;
  }

  /** What the user must know about training and what came after it. */
  warnings(): LifelineError[] {
    const [from, to] = this.train;
    const rowsAfter = this.table.store.rows - to;
    const { spoiled, courses } = this;
    const told: LifelineError[] = [];
    if (spoiled > 0)
      told.push(
        evaluateErrors.create(
          'SPOILED',
          `calibrate on rows ${from}:${to}: ${spoiled} of them look like anomalies and are left out`,
        ),
      );
    if (courses && courses.rows > 0) {
      const { outside } = courses;
      const most = Array.from(outside.keys())
        .sort((a, b) => (outside[b] as number) - (outside[a] as number))
        .slice(0, TOP)
        .filter((at) => (outside[at] as number) > 0)
        .map(
          (at) =>
            `"${this.table.names[this.features[at]?.column ?? 0]}" (${((100 * (outside[at] as number)) / rowsAfter).toFixed(0)} % of the rows)`,
        );
      told.push(
        evaluateErrors.create(
          'UNLIKE',
          `score rows ${to}:${this.table.store.rows}: ${((100 * courses.rows) / rowsAfter).toFixed(1)} % of them are outside all that training showed, most of all ${most.join(', ')}`,
        ),
      );
    }
    const { unseen } = this.modes;
    if (unseen.length > 0) {
      const rows = unseen.reduce((sum, mode) => sum + mode.rows, 0);
      const named = unseen.slice(0, NAMED_MODES).map((mode) => this.nameOf(mode));
      told.push(
        evaluateErrors.create(
          'MODE',
          `score rows ${to}:${this.table.store.rows}: ${rows} of them are in ${unseen.length} modes that training never showed, most of all ${named.join('; ')}`,
        ),
      );
    }
    return told;
  }

  private nameOf({ columns, values, firstRow, rows }: UnseenMode): string {
    const { names, words } = this.table;
    const states = columns.map((column, at) => {
      const value = values[at] as number;
      return `"${names[column]}" ${words[column]?.[value] ?? Number(value.toPrecision(6))}`;
    });
    return `${states.join(' with ')} (${rows} rows, first ${firstRow})`;
  }
}
