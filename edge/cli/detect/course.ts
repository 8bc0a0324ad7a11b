import type { Table } from '../../evaluate/table.ts';
import type { RowVerdicts } from '../../evaluate/verdicts.ts';
import { escapeMarkup } from '../exam/markup.ts';

/** Pixels of the drawing. */
const width = 960;
const left = 190;
const laneHeight = 64;
const laneGap = 8;
/** Points of a line: each is the extreme of its rows. */
const points = 600;

/** What a drawing is made of: the score of some rows, and columns below it. */
export interface CourseParts {
  readonly table: Table;
  readonly verdicts: RowVerdicts;
  readonly from: number;
  readonly to: number;
  readonly columns: readonly number[];
  /** Rows of the event. */
  readonly mark: readonly [from: number, to: number] | undefined;
}

/** Score and columns over the rows, one above another, as SVG. */
export function courseSvg({ table, verdicts, from, to, columns, mark }: CourseParts): string {
  const x = (row: number) => left + ((row - from) / Math.max(1, to - from)) * (width - left);
  const height = (columns.length + 1) * (laneHeight + laneGap);
  const lanes = [
    { name: 'score', valueAt: (row: number) => verdicts.scores[row] as number, range: [0, 1] as const },
    ...columns.map((column) => ({
      ...{ name: table.names[column] ?? '', valueAt: (row: number) => table.store.value(column, row) },
      range: undefined,
    })),
  ];
  const threshold = laneGap + laneHeight / 2;
  const parts = [
    mark
      ? `<rect class="truth" x="${px(x(mark[0]))}" y="0" width="${px(Math.max(1, x(mark[1]) - x(mark[0])))}" height="${height}"/>`
      : '',
    `<line class="mark" x1="${left}" x2="${width}" y1="${threshold}" y2="${threshold}"/>`,
    ...lanes.map(({ name, valueAt, range }, lane) => laneSvg(name, valueAt, range, lane, { from, to, x })),
  ];
  return `<svg viewBox="0 0 ${width} ${height}" role="img">${parts.join('')}</svg>`;
}

const px = (value: number): string => value.toFixed(1);

function laneSvg(
  name: string,
  valueAt: (row: number) => number,
  fixed: readonly [number, number] | undefined,
  lane: number,
  { from, to, x }: { readonly from: number; readonly to: number; readonly x: (row: number) => number },
): string {
  const rows = extremes(valueAt, from, to);
  const values = rows.map(valueAt);
  const low = fixed?.[0] ?? values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = fixed?.[1] ?? values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const bottom = (lane + 1) * (laneHeight + laneGap);
  const y = (value: number) => bottom - ((value - low) / (high - low || 1)) * laneHeight;
  const line = rows.map((row, at) => `${px(x(row))},${px(y(values[at] as number))}`).join(' ');
  const middle = bottom - laneHeight / 2;
  const figures = fixed ? '' : ` ${Number(low.toPrecision(3))} … ${Number(high.toPrecision(3))}`;
  return `<text class="label signal" x="${left - 8}" y="${px(middle)}">${escapeMarkup(name)}${figures}</text><polyline points="${line}"/>`;
}

/** Rows that keep the shape of a line: of each stretch the lowest and the highest that has a value. */
function extremes(valueAt: (row: number) => number, from: number, to: number): number[] {
  const stretch = Math.max(1, Math.ceil((2 * (to - from)) / points));
  const rows: number[] = [];
  for (let start = from; start < to; start += stretch) {
    let [low, high] = [-1, -1];
    for (let row = start; row < Math.min(to, start + stretch); row++) {
      const value = valueAt(row);
      if (!Number.isFinite(value)) continue;
      if (low < 0 || value < valueAt(low)) low = row;
      if (high < 0 || value > valueAt(high)) high = row;
    }
    if (low >= 0) rows.push(Math.min(low, high));
    if (high >= 0 && high !== low) rows.push(Math.max(low, high));
  }
  return rows;
}
