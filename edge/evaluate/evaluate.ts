import type { LifelineError } from '../core/errors.ts';
import { type TimeOrder, timeOrderOf } from './breaks.ts';
import type { ColumnKind } from './column-kind.ts';
import { evaluateErrors } from './errors.ts';
import { type EvaluatedEvent, eventsOf } from './events.ts';
import { featuresOf } from './features.ts';
import { planColumns, type Role } from './plan.ts';
import { RowJudge } from './row-judge.ts';
import type { Table } from './table.ts';
import { firstPresent } from './training-range.ts';
import { RowVerdicts } from './verdicts.ts';

/** Fewer training rows say nothing of what is normal. */
export const LEAST_TRAINING_ROWS = 60;

export interface EvaluationOptions {
  /** Training rows, half open, from 0. */
  readonly train: readonly [from: number, to: number];
  readonly roles: ReadonlyMap<string, Role>;
  /** Told how many rows are done, now and then. */
  readonly onRows?: (rows: number) => void;
}

export interface Evaluation {
  readonly verdicts: RowVerdicts;
  readonly events: readonly EvaluatedEvent[];
  readonly kinds: readonly (ColumnKind | undefined)[];
  readonly used: readonly string[];
  readonly dropped: readonly { readonly name: string; readonly why: string }[];
  /** Share of the rows after training. */
  readonly outOfModelShare: number;
  readonly warnings: readonly LifelineError[];
}

/** Calibrates on the training rows and scores every row by the rows up to it. Throws coded errors when that is impossible. */
export function evaluate(table: Table, { train, roles, onRows }: EvaluationOptions): Evaluation {
  const to = train[1];
  checkTraining(table, train);
  const { kinds, used, dropped, warnings } = planColumns(table, train, roles);
  const from = firstPresent(
    table,
    [...kinds.keys()].filter((column) => kinds[column] !== undefined),
    train,
  );
  const features = featuresOf(table, kinds, from, to);
  if (features.length === 0 && !kinds.includes('constant')) {
    const why = dropped.slice(0, 5).map((one) => `"${one.name}": ${one.why}`);
    throw evaluateErrors.create(
      'NOTHING',
      `calibrate on rows ${from}:${to}: no column says anything (${why.join('; ')})`,
    );
  }
  const begun: LifelineError[] = [];
  if (features.length === 0)
    begun.push(
      evaluateErrors.create('NOTHING', `calibrate on rows ${from}:${to}: constants only, watched for leaving it`),
    );
  if (from > train[0]) {
    checkTraining(table, [from, to]);
    begun.push(evaluateErrors.create('TRAIN', `calibrate on rows ${train[0]}:${to}: those before ${from} are empty`));
  }
  const order = timeOrderOf(table);
  const judge = new RowJudge(table, features, [from, to], order, kinds);
  const verdicts = new RowVerdicts(table.store.rows);
  for (let row = 0; row < table.store.rows; row++) {
    judge.take(row, verdicts);
    if (row % 16_384 === 0) onRows?.(row);
  }
  const after = table.store.rows - to;
  const outOfModelShare = after > 0 ? judge.outOfModelRows / after : 0;
  const told = [...table.warnings, ...warnings, ...begun, ...orderWarnings(order), ...judge.warnings()];
  return { verdicts, events: eventsOf(verdicts, table.names), kinds, used, dropped, outOfModelShare, warnings: told };
}

function checkTraining({ store }: Table, [from, to]: readonly [number, number]): void {
  if (from < 0 || to > store.rows || from >= to)
    throw evaluateErrors.create('TRAIN', `calibrate on rows ${from}:${to}: the file has rows 0:${store.rows}`);
  if (to - from < LEAST_TRAINING_ROWS)
    throw evaluateErrors.create(
      'TRAIN',
      `calibrate on rows ${from}:${to}: ${to - from} rows, at least ${LEAST_TRAINING_ROWS} are needed`,
    );
}

function orderWarnings({ repeated, backwards, firstRow }: TimeOrder): LifelineError[] {
  if (repeated + backwards === 0) return [];
  return [
    evaluateErrors.create(
      'TIME',
      `order the rows: ${repeated} repeat the time before, ${backwards} go backwards, the first is row ${firstRow}`,
    ),
  ];
}
