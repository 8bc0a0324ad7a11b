import type { LifelineError } from '../core/errors.ts';
import { defaultBudget, Persistence, scoreOf, surpriseOf } from '../detection/fusion/alarm-score.ts';
import { chanceOf } from '../detection/limits/tail-scale.ts';
import type { TimeOrder } from './breaks.ts';
import { calibrate, type RowScales, rarestOf } from './calibration.ts';
import type { ColumnKind } from './column-kind.ts';
import { ENVELOPE_MARGIN, Envelope } from './envelope.ts';
import { evaluateErrors } from './errors.ts';
import type { Feature } from './features.ts';
import { Modes, type UnseenMode } from './modes.ts';
import { levelLimitFor, Monitor, measures } from './monitor.ts';
import { fitNormalModel, lagsFor } from './normal-model.ts';
import { Novelty } from './novelty.ts';
import type { Table } from './table.ts';
import type { RowVerdicts } from './verdicts.ts';

const TOP = 3;
/** Unseen modes that are named. */
const NAMED_MODES = 3;

/** Scores one row after the other. */
export class RowJudge {
  private readonly envelope: Envelope;
  private readonly modes: Modes;
  /** Rows after training that are out of model. */
  outOfModelRows = 0;
  private readonly table: Table;
  private readonly features: readonly Feature[];
  private readonly train: readonly [number, number];
  private readonly order: TimeOrder;
  private readonly monitor: Monitor | undefined;
  private readonly scales: RowScales | undefined;
  private readonly novelty: Novelty;
  private readonly persistence = new Persistence();
  private readonly newsPersistence = new Persistence();
  /** Highest level of each feature in training, and how often each was outside afterwards. */
  private readonly highest: Float64Array;
  private readonly outside: Float64Array;
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
    const lags = lagsFor(features.length, train[1] - train[0]);
    if (features.length > 0) {
      const levelLimit = levelLimitFor(features.length);
      this.scales = calibrate(table, features, train, lags, order, levelLimit);
      this.monitor = new Monitor(table, fitNormalModel(table, features, [train], lags), levelLimit);
    }
    this.novelty = new Novelty(table, kinds, train);
    this.modes = new Modes(table, kinds, train);
    this.envelope = new Envelope(train[1] - train[0], features.filter(({ condition }) => !condition).length);
    this.highest = new Float64Array(features.length);
    this.outside = new Float64Array(features.length);
    this.contributions = new Float64Array(features.length);
  }

  take(row: number, verdicts: RowVerdicts): void {
    const { monitor, scales, novelty, train } = this;
    let surprise = 0;
    let cause = 0;
    if (monitor && scales) {
      if (this.order.isBreak(row)) monitor.interrupt();
      monitor.step(row, !this.alarmed);
      const { rarity, measure } = rarestOf(scales.perMeasure, monitor.logs);
      cause = measure;
      surprise = surpriseOf(chanceOf(scales.together, this.persistence.take(rarity)), defaultBudget);
    }
    novelty.step(row);
    const news = this.newsPersistence.take(novelty.news.surprise);
    if (row >= train[1]) {
      surprise = this.envelope.take(this.outsideShare(), surprise);
      const isUnseen = this.modes.step(row);
      verdicts.outOfModel[row] = this.envelope.outOfModel || isUnseen ? 1 : 0;
      this.outOfModelRows += verdicts.outOfModel[row] as number;
    } else if (row >= train[0]) this.learnHighest();
    const isNews = news > surprise && novelty.news.column >= 0;
    const top = this.topOf(cause);
    if (isNews) {
      cause = measures.length + (novelty.news.kind === 'missing' ? 1 : 0);
      top.unshift(novelty.news.column);
    }
    verdicts.set(row, scoreOf(Math.max(surprise, news)), cause, top);
    this.alarmed = verdicts.alarmAt(row);
  }

  /** Columns with the largest contributions to a measure, without repetition. */
  private topOf(cause: number): number[] {
    const measure = measures[cause];
    if (!this.monitor || !measure) return [];
    const { contributions, features } = this;
    this.monitor.contributions(measure, contributions);
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

  private learnHighest(): void {
    const levels = this.monitor?.levels ?? [];
    for (let at = 0; at < levels.length; at++)
      if ((levels[at] as number) > (this.highest[at] as number)) this.highest[at] = levels[at] as number;
  }

  /** Share of the signals whose level is beyond all that training showed. */
  private outsideShare(): number {
    const levels = this.monitor?.levels ?? [];
    let signals = 0;
    let outside = 0;
    for (let at = 0; at < levels.length; at++) {
      if (this.features[at]?.condition) continue;
      signals++;
      if ((levels[at] as number) <= ENVELOPE_MARGIN * (this.highest[at] as number)) continue;
      outside++;
      this.outside[at] = (this.outside[at] as number) + 1;
    }
    return signals === 0 ? 0 : outside / signals;
  }

  /** What the user must know about training and what came after it. */
  warnings(): LifelineError[] {
    const [from, to] = this.train;
    const rowsAfter = this.table.store.rows - to;
    const spoiled = this.scales?.spoiled ?? 0;
    const told: LifelineError[] = [];
    if (spoiled > 0)
      told.push(
        evaluateErrors.create(
          'SPOILED',
          `calibrate on rows ${from}:${to}: ${spoiled} of them look like anomalies and are left out`,
        ),
      );
    if (this.envelope.rows > 0) {
      const most = Array.from(this.outside.keys())
        .sort((a, b) => (this.outside[b] as number) - (this.outside[a] as number))
        .slice(0, TOP)
        .filter((at) => (this.outside[at] as number) > 0)
        .map(
          (at) =>
            `"${this.table.names[this.features[at]?.column ?? 0]}" (${((100 * (this.outside[at] as number)) / rowsAfter).toFixed(0)} % of the rows)`,
        );
      told.push(
        evaluateErrors.create(
          'UNLIKE',
          `score rows ${to}:${this.table.store.rows}: ${((100 * this.envelope.rows) / rowsAfter).toFixed(1)} % of them are outside all that training showed, most of all ${most.join(', ')}`,
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
