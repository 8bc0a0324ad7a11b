import type { ColumnKind } from './column-kind.ts';
import type { Table } from './table.ts';

/** A level of a state that is rarer than this in training is no feature: nothing can be learnt about it. */
const RARE_LEVEL = 0.005;
/** Most levels of one column that become features. */
const MOST_INDICATORS = 6;

/** One input of the models. States never are numbers: each of their frequent levels is an indicator 0 or 1. */
export interface Feature {
  /** Column of the table. */
  readonly column: number;
  readonly form: 'value' | 'difference' | 'indicator';
  /** The level that an indicator stands for. */
  readonly level: number;
  /** States and set-points are conditions: they explain the others, and are no signals of their own. */
  readonly condition: boolean;
}

/** The features of the columns that have something to say. */
export function featuresOf(
  table: Table,
  kinds: readonly (ColumnKind | undefined)[],
  from: number,
  to: number,
): Feature[] {
  return kinds.flatMap((kind, column): Feature[] => {
    if (kind === undefined || kind === 'constant') return [];
    if (kind === 'analogue') return [{ column, form: 'value', level: 0, condition: false }];
    if (kind === 'set-point') return [{ column, form: 'value', level: 0, condition: true }];
    if (kind === 'counter') return [{ column, form: 'difference', level: 0, condition: false }];
    return frequentLevels(table.store.slice(column, from, to), kind === 'binary').map((level) => ({
      ...{ column, form: 'indicator', level, condition: true },
    }));
  });
}

function frequentLevels(values: Float64Array, binary: boolean): number[] {
  const counts = new Map<number, number>();
  for (const value of values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const frequent = [...counts].filter(
    ([, count]) => Math.min(count, values.length - count) >= RARE_LEVEL * values.length,
  );
  const levels = frequent.sort((a, b) => b[1] - a[1]).map(([level]) => level);
  // of two levels the second says nothing new
  return binary ? levels.slice(0, 1) : levels.slice(0, MOST_INDICATORS);
}

/** Reads the features of one row into `out`: table units, differences per row, NaN where missing. */
export function readFeatures({ store }: Table, features: readonly Feature[], row: number, out: Float64Array): void {
  for (let at = 0; at < features.length; at++) {
    const { column, form, level } = features[at] as Feature;
    const value = store.value(column, row);
    if (form === 'value') out[at] = value;
    else if (form === 'indicator') out[at] = Number.isNaN(value) ? Number.NaN : value === level ? 1 : 0;
    else {
      const step = row === 0 ? Number.NaN : value - store.value(column, row - 1);
      // a counter that wrapped or was reset says nothing about its rate
      out[at] = step < 0 ? Number.NaN : step;
    }
  }
}
