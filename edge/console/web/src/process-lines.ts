import { type Cell, type Column, endPx, isEnd, type Rows, rowsIn, stretchAround } from './process-columns.ts';
import type { Spot } from './schematic.ts';

export interface Placed {
  readonly column: Column;
  readonly x: number;
  readonly width: number;
  readonly across: number;
  readonly tileW: number;
}

export const lineOf = (rows: Rows, { column }: Placed, at: number, row: number): number =>
  (column.whole ? rows.wholes[at] : rows.lines[row]) ?? 0;
export function endOf(cell: Cell, placed: readonly Placed[], at: number, row: number): LineEnd | undefined {
  if (!isEnd(cell)) return undefined;
  const before = placed.slice(0, at).some(({ column }) => column.whole || column.cells[row]);
  const names = !placed[at]?.column.cells.slice(0, row).some((other) => other && isEnd(other));
  return { side: before ? 'right' : 'left', names };
}

/** Which edge of the picture an end stands at; only the topmost one of a column names what lies beyond. */
export interface LineEnd {
  readonly side: 'left' | 'right';
  readonly names: boolean;
}

/** Lines between neighbouring columns: straight along each row, and branching where a column has one symbol for many rows. */
export function linesOf(placed: readonly Placed[], rows: Rows): readonly (readonly Spot[])[] {
  const columns = placed.map(({ column }) => column);
  const joined = placed.slice(1).flatMap((to, index) => {
    const from = placed[index];
    return from ? between(from, to, portsBetween(columns, index, rows)) : [];
  });
  return [...placed.flatMap((place, at) => stubsOf(placed, place, at, rows)), ...joined];
}

/** From the arrow of each end to the middle of its column, where lines go on. */
const stubsOf = (placed: readonly Placed[], place: Placed, at: number, rows: Rows): readonly (readonly Spot[])[] =>
  place.column.cells.flatMap((cell, row) => {
    const end = cell && endOf(cell, placed, at, row);
    if (!end) return [];
    const y = lineOf(rows, place, at, row);
    const edge = end.side === 'left' ? place.x + endPx / 2 : place.x + place.width - endPx / 2;
    return [
      [
        { x: edge, y },
        { x: place.x + place.width / 2, y },
      ],
    ];
  });

/** Heights at which a line leaves the column at `at`, and at which it comes to the next. */
function portsBetween(columns: readonly Column[], at: number, rows: Rows): readonly [number[], number[]] {
  const [from, to] = [columns[at], columns[at + 1]];
  const [start, end] = from?.body && !to?.body ? stretchAround(columns, at + 1) : stretchAround(columns, at);
  const stretch = columns.slice(start, end);
  const reaches = (row: number) => {
    const fills = (column: Column | undefined) => column?.body || column?.whole || Boolean(column?.cells[row]);
    return columns.slice(Math.max(start - 1, 0), at + 1).some(fills) && columns.slice(at + 1, end + 1).some(fills);
  };
  const straight = rowsIn(stretch, rows.lines.length)
    .filter(reaches)
    .map((row) => rows.lines[row] ?? 0);
  const alone = (column: Column | undefined, index: number) =>
    column?.whole && !column.body ? [rows.wholes[index] ?? 0] : undefined;
  const left = alone(from, at);
  const right = alone(to, at + 1);
  const many = straight.length > 0 ? straight : [rows.lines[0] ?? 0];
  // a body takes a line at any height
  return [left ?? (from?.body ? (right ?? many) : many), right ?? (to?.body ? (left ?? many) : many)];
}

function between(from: Placed, to: Placed, [leave, come]: readonly [number[], number[]]): readonly (readonly Spot[])[] {
  const x1 = portX(from, 'right');
  const x2 = portX(to, 'left');
  const isStraight = leave.length === come.length;
  if (isStraight && leave.every((y, row) => y === come[row])) {
    return leave.map((y) => [
      { x: x1, y },
      { x: x2, y },
    ]);
  }
  const branch = (from.x + from.width + to.x) / 2;
  const all = [...leave, ...come];
  return [
    ...leave.map((y) => [
      { x: x1, y },
      { x: branch, y },
    ]),
    [
      { x: branch, y: Math.min(...all) },
      { x: branch, y: Math.max(...all) },
    ],
    ...come.map((y) => [
      { x: branch, y },
      { x: x2, y },
    ]),
  ];
}

/** Where lines reach into a column: up to a body's wall, else to its middle. */
const portX = ({ column, x, width }: Placed, side: 'left' | 'right'): number =>
  column.body ? (side === 'left' ? x : x + width) : x + width / 2;
