import { timeFormatOf, timeOf } from './csv/time-cell.ts';
import { evaluateErrors } from './errors.ts';
import type { Table } from './table.ts';

/** Share of the rows that calibrate when nothing else is said. */
const DEFAULT_SHARE = 0.2;

/** Which rows calibrate, as the user said it. */
export type TrainingWish =
  | { readonly kind: 'default' }
  | { readonly kind: 'rows'; readonly from: number; readonly to: number | undefined }
  | { readonly kind: 'until'; readonly time: string };

/** Reads `A:B`, `:B`, `A:` or `until=TIME`; undefined when it is none of them. */
export function parseTrainingWish(text: string): TrainingWish | undefined {
  const until = /^until=(.+)$/.exec(text);
  if (until?.[1] !== undefined) return { kind: 'until', time: until[1] };
  const rows = /^(\d*):(\d*)$/.exec(text);
  if (!rows || text === ':') return undefined;
  return { kind: 'rows', from: Number(rows[1]), to: rows[2] === '' ? undefined : Number(rows[2]) };
}

/** The rows meant, half open from 0. Throws coded errors when they cannot be told. */
export function trainingRange(table: Table, wish: TrainingWish): readonly [from: number, to: number] {
  const { rows } = table.store;
  if (wish.kind === 'default') return [0, Math.ceil(rows * DEFAULT_SHARE)];
  if (wish.kind === 'rows') return [wish.from, wish.to ?? rows];
  const { times, timeFormat } = table;
  if (!times) throw evaluateErrors.create('TRAIN', `calibrate until ${wish.time}: the file has no time column`);
  const format = timeFormat === 'number' ? timeFormat : timeFormatOf([wish.time]);
  const end = format === undefined ? Number.NaN : timeOf(wish.time, format);
  if (!Number.isFinite(end)) throw evaluateErrors.create('TRAIN', `calibrate until ${wish.time}: that is no time`);
  const first = times.findIndex((time) => time >= end);
  return [0, first < 0 ? rows : first];
}

/** First of the rows in which half of the columns have a value: exports often begin before the signals do. */
export function firstPresent(
  { store }: Table,
  columns: readonly number[],
  [from, to]: readonly [number, number],
): number {
  for (let row = from; row < to; row++) {
    const present = columns.filter((column) => !Number.isNaN(store.value(column, row))).length;
    if (2 * present >= columns.length) return row;
  }
  return to;
}
