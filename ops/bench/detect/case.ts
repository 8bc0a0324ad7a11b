import { type Random, seededRandom } from '../../../edge/core/random.ts';
import { median, robustDeviation } from '../../../edge/detection/order-statistics.ts';
import { ColumnStore } from '../../../edge/evaluate/column-store.ts';
import type { Table } from '../../../edge/evaluate/table.ts';
import type { CaseShape, Plant, Upset } from './plant.ts';

export const sensorFaults = ['step', 'ramp', 'noise', 'decorrelated', 'stuck', 'spikes', 'oscillation'] as const;
export const processFaults = ['loss', 'creep', 'strange'] as const;
export const faultKinds = [...sensorFaults, ...processFaults] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Something wrong in rows `from` up to, not with, `to`. Sizes in standard deviations of the column in training. */
export interface InjectedFault {
  readonly kind: FaultKind;
  readonly from: number;
  readonly to: number;
  readonly column: number;
  readonly size: number;
}

export interface Case {
  readonly plant: Plant;
  readonly table: Table;
  readonly trained: number;
  readonly faults: readonly InjectedFault[];
  readonly labels: Uint8Array;
}

const CALM: Upset = { loss: 0, strange: false };

/** A run of a plant with faults of all kinds strewn over what follows training. */
export function makeCase(plant: Plant, seed: number, shape: CaseShape): Case {
  const random = seededRandom(seed, plant.name);
  const faults = strew(plant, random.fork('faults'), shape);
  const step = plant.run(random.fork('run'));
  const sensor = random.fork('sensor');
  const rows: number[][] = [];
  let widths: number[] = [];
  let centres: number[] = [];
  const labels = new Uint8Array(shape.rows);
  for (let row = 0; row < shape.rows; row++) {
    if (row === shape.trained) {
      const columns = plant.columns.map((_, column) => rows.map((values) => values[column] as number));
      centres = columns.map((values) => median(values));
      widths = columns.map((values) => robustDeviation(values) || 1);
    }
    const fault = faults.find(({ from, to }) => row >= from && row < to);
    const values = step(row, fault ? upsetOf(fault, row) : CALM);
    rows.push(values);
    if (!fault) continue;
    labels[row] = 1;
    const { column } = fault;
    values[column] = spoilt(
      fault,
      row,
      values[column] as number,
      rows,
      centres[column] as number,
      widths[column] as number,
      sensor,
    );
  }
  return { plant, table: tableOf(plant, rows), trained: shape.trained, faults, labels };
}

function strew(
  { columns, states }: Plant,
  random: Random,
  { trained, rows, faults, length }: CaseShape,
): InjectedFault[] {
  const signals = columns.map((_, column) => column).filter((column) => !states?.has(column));
  const room = (rows - trained) / faults;
  return Array.from({ length: faults }, (_, at) => {
    const span = random.integer(length[0], Math.min(length[1], Math.floor(room * 0.7)));
    const from =
      trained +
      Math.floor(at * room) +
      random.integer(Math.floor(room * 0.1), Math.max(1, Math.floor(room * 0.9) - span));
    const kind = faultKinds[random.integer(0, faultKinds.length - 1)] as FaultKind;
    return {
      kind,
      from,
      to: from + span,
      column: signals[random.integer(0, signals.length - 1)] as number,
      size: 0.7 + 2.8 * random.next(),
    };
  });
}

const upsetOf = ({ kind, size, from, to }: InjectedFault, row: number): Upset => ({
  loss: kind === 'loss' ? size / 3 : kind === 'creep' ? ((size / 2) * (row - from)) / (to - from) : 0,
  strange: kind === 'strange',
});

function spoilt(
  { kind, from, to, column, size }: InjectedFault,
  row: number,
  value: number,
  rows: readonly number[][],
  centre: number,
  width: number,
  random: Random,
): number {
  switch (kind) {
    case 'step':
      return value + size * width;
    case 'ramp':
      return value + 1.3 * size * width * ((row - from) / (to - from));
    case 'noise':
      return value + 0.5 * size * width * random.normal();
    case 'decorrelated':
      return 2 * centre - value;
    case 'stuck':
      return rows[from - 1]?.[column] as number;
    case 'spikes':
      return value + (random.next() < 0.1 ? 2 * size * width : 0);
    case 'oscillation':
      return value + 0.6 * size * width * Math.sin(((2 * Math.PI) / 12) * (row - from));
    default:
      return value;
  }
}

function tableOf({ columns, stepMs }: Plant, rows: readonly number[][]): Table {
  const store = new ColumnStore(columns.length);
  for (const row of rows) store.append(Float64Array.from(row));
  return {
    ...{ names: columns, store, words: columns.map(() => undefined), prose: new Set<string>() },
    times: Float64Array.from(rows, (_, row) => Date.UTC(2024, 0, 1) + row * stepMs),
    ...{ timeFormat: 'year-first', labels: undefined, warnings: [] },
  };
}
