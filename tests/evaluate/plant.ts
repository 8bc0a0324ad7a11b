import { type Random, seededRandom } from '../../edge/core/random.ts';
import { ColumnStore } from '../../edge/evaluate/column-store.ts';
import type { Table } from '../../edge/evaluate/table.ts';

/** What is wrong from a row on: sizes in standard deviations of the column. */
export interface Fault {
  readonly from: number;
  readonly to: number;
  readonly kind: 'step' | 'drift' | 'stuck' | 'decorrelate' | 'spike' | 'noise' | 'missing';
  readonly column: number;
  readonly size: number;
}

export interface PlantOptions {
  readonly rows: number;
  readonly columns: number;
  /** Slow common causes that the columns share. */
  readonly causes: number;
  /** Correlation of a cause with itself a row before. */
  readonly persistence: number;
  readonly faults?: readonly Fault[];
}

/** A process of linear mixtures of slow causes with noise of their own; `columns` values a row, the same for a seed. */
export function plantRows(
  seed: number,
  { rows, columns, causes, persistence, faults = [] }: PlantOptions,
): Float64Array[] {
  const random = seededRandom(seed, 'plant');
  const loads = Array.from({ length: columns }, () => Array.from({ length: causes }, () => random.normal()));
  const state = Array.from({ length: causes }, () => random.normal());
  const innovation = Math.sqrt(1 - persistence ** 2);
  const noise = random.fork('noise');
  const made: Float64Array[] = [];
  for (let row = 0; row < rows; row++) {
    for (let cause = 0; cause < causes; cause++)
      state[cause] = persistence * state[cause]! + innovation * random.normal();
    const values = Float64Array.from(loads, (load) => mix(load, state) + 0.3 * noise.normal());
    for (const fault of faults) apply(fault, row, values, made, noise);
    made.push(values);
  }
  return made;
}

const mix = (load: readonly number[], state: readonly number[]): number =>
  load.reduce((sum, weight, cause) => sum + weight * state[cause]!, 0) / Math.sqrt(load.length);

function apply(
  { from, to, kind, column, size }: Fault,
  row: number,
  values: Float64Array,
  before: readonly Float64Array[],
  random: Random,
) {
  if (row < from || row >= to) return;
  const value = values[column]!;
  if (kind === 'step') values[column] = value + size;
  else if (kind === 'drift') values[column] = value + (size * (row - from)) / (to - from);
  else if (kind === 'stuck') values[column] = before[from - 1]![column]!;
  else if (kind === 'decorrelate') values[column] = random.normal();
  else if (kind === 'noise') values[column] = value + size * random.normal();
  else if (kind === 'missing') values[column] = Number.NaN;
  else if (row === from) values[column] = value + size;
}

/** The rows as a table without time, as if read from a file. */
export function tableOf(rows: readonly ArrayLike<number>[], names?: readonly string[], times?: Float64Array): Table {
  const width = rows[0]?.length ?? 0;
  const store = new ColumnStore(width);
  for (const row of rows) store.append(Float64Array.from(row));
  return {
    names: names ?? Array.from({ length: width }, (_, column) => `c${column}`),
    store,
    words: Array.from({ length: width }, () => undefined),
    prose: new Set(),
    times,
    timeFormat: times ? 'year-first' : undefined,
    labels: undefined,
    warnings: [],
  };
}
