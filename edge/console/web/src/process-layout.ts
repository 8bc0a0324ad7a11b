import type { PackPicture, PackSymbol } from '../../../core/picture.ts';
import {
  bestAcross,
  bodyBottom,
  bodyHeadPx,
  bodyPadPx,
  bodyTop,
  type Cell,
  clamp,
  columnsOf,
  columnWidth,
  endPx,
  footPx,
  gaugePx,
  type Kinds,
  leastGapPx,
  leastTilePx,
  leastWidth,
  mostGapPx,
  mostTilePx,
  type Rows,
  rowGapPx,
  rowsOf,
  sum,
  symbolPx,
  type TileKind,
  tileGapPx,
  tilePx,
  tilesOf,
} from './process-columns.ts';
import { endOf, type LineEnd, lineOf, linesOf, type Placed } from './process-lines.ts';
import type { Box, Spot } from './schematic.ts';

/** Where one role's value stands. */
export interface Tile {
  readonly role: string;
  readonly kind: TileKind;
  readonly box: Box;
}

/** A symbol in its place, with what is left of its roles. */
export interface DrawnSymbol extends Omit<PackSymbol, 'roles'> {
  readonly box: Box;
  readonly roles: readonly string[];
  /** Its line goes to the left. */
  readonly back: boolean;
  readonly end?: LineEnd | undefined;
  /** Where the gauge of a body stands. */
  readonly gauge?: Box | undefined;
}

/** A process picture with everything in its place, in px. */
export interface ProcessLayout {
  readonly width: number;
  readonly height: number;
  readonly symbols: readonly DrawnSymbol[];
  readonly lines: readonly (readonly Spot[])[];
  /** In the order of the process: from left to right, from the top down. */
  readonly tiles: readonly Tile[];
  /** Where a rule parts the values of no symbol from the process. */
  readonly ruleY?: number | undefined;
}
/**
 * The picture of an asset that fills the given roles, as wide as the field where that is wide enough. A role that no symbol
 * of the picture names stands below it; a symbol that has lost all of its roles is left out, but for a body.
 */
export function layOutProcess(picture: PackPicture, kinds: Kinds, fieldPx: number): ProcessLayout {
  const columns = columnsOf(picture, kinds);
  const across = bestAcross(columns, kinds, fieldPx);
  const spare = fieldPx - leastWidth(columns, across);
  const tiles = sum(across);
  const tileW = Math.floor(clamp(leastTilePx + spare / Math.max(tiles, 1), leastTilePx, mostTilePx));
  const gaps = Math.max(columns.length - 1, 1);
  const gap = Math.floor(clamp(leastGapPx + (spare - (tileW - leastTilePx) * tiles) / gaps, leastGapPx, mostGapPx));
  const width = Math.max(fieldPx, leastWidth(columns, across));
  const used =
    sum(columns.map((column, at) => columnWidth(column, across[at] ?? 1, tileW))) + gap * (columns.length - 1);
  const rows = rowsOf(columns, across, kinds);
  const placed: Placed[] = [];
  let x = Math.max(0, Math.floor((width - used) / 2));
  for (const [at, column] of columns.entries()) {
    const own = columnWidth(column, across[at] ?? 1, tileW);
    placed.push({ column, x, width: own, across: across[at] ?? 1, tileW });
    x += own + gap;
  }
  const drawn = placed.flatMap((place, at) => drawColumn(placed, place, at, rows, kinds));
  const seen = new Set(columns.flatMap(({ cells }) => cells.flatMap((cell) => cell?.shown ?? [])));
  const rest = [...kinds.keys()].filter((role) => !seen.has(role));
  const bottom = columns.length === 0 ? 0 : rows.height;
  const below = restTiles(rest, kinds, width, tileW, columns.length === 0 ? 0 : bottom + 2 * rowGapPx);
  return {
    width,
    height: Math.max(bottom, ...below.map(({ box }) => box.y + box.height)),
    symbols: drawn.map(({ symbol }) => symbol),
    lines: linesOf(placed, rows),
    tiles: [...drawn.flatMap(({ tiles: own }) => own), ...below],
    ruleY: below.length > 0 && columns.length > 0 ? bottom + rowGapPx : undefined,
  };
}
function drawColumn(placed: readonly Placed[], place: Placed, at: number, rows: Rows, kinds: Kinds) {
  return place.column.cells.flatMap((cell, row) => {
    if (!cell) return [];
    const { spots, height } = tilesOf(cell, place.across, kinds);
    const { box, gauge, left, top } = place.column.body
      ? bodyBox(cell, place, rows, height)
      : { ...lineBox(cell, placed, place, at, row, rows), gauge: undefined };
    const tiles = spots.map(({ role, kind, at: column, y }): Tile => {
      const x = left + column * (place.tileW + tileGapPx);
      return { role, kind, box: { x, y: top + y, width: place.tileW, height: tilePx[kind] - 4 } };
    });
    const { shown: roles, ...symbol } = cell;
    const back = !place.column.whole && goesBack(placed, row);
    return [{ symbol: { ...symbol, roles, box, gauge, back, end: endOf(cell, placed, at, row) }, tiles }];
  });
}

function bodyBox(cell: Cell, { x, width }: Placed, { lines, height }: Rows, tilesPx: number) {
  const y = bodyTop(lines);
  const bottom = Math.min(bodyBottom(lines, tilesPx), height);
  const box = { x, y, width, height: bottom - y };
  const hasGauge = cell.level !== undefined && cell.shown.includes(cell.level);
  const gauge = hasGauge ? { x: x + bodyPadPx, y: y + 12, width: gaugePx - 16, height: box.height - 24 } : undefined;
  return { box, gauge, left: x + bodyPadPx + (gauge ? gaugePx : 0), top: y + bodyHeadPx };
}

function lineBox(cell: Cell, placed: readonly Placed[], place: Placed, at: number, row: number, rows: Rows) {
  const { x, width } = place;
  const line = lineOf(rows, place, at, row);
  const side = endOf(cell, placed, at, row)?.side;
  const px = side ? endPx : symbolPx;
  const boxX = side === 'left' ? x : side === 'right' ? x + width - px : x + (width - px) / 2;
  return { box: { x: boxX, y: line - px / 2, width: px, height: px }, left: x, top: line + footPx };
}

/** Whether a line goes to the left: it leaves at the left edge, or comes in at the right one. */
function goesBack(placed: readonly Placed[], row: number): boolean {
  const cells = placed.flatMap(({ column }) => (column.whole ? [] : (column.cells[row] ?? [])));
  return cells[0]?.symbol === 'out' && placed[0]?.column.cells[row] === cells[0]
    ? true
    : cells.at(-1)?.symbol === 'in' && placed.at(-1)?.column.cells[row] === cells.at(-1);
}
/** What no symbol names, in rows as wide as the picture. */
function restTiles(roles: readonly string[], kinds: Kinds, width: number, tileW: number, top: number): readonly Tile[] {
  const across = Math.max(1, Math.floor((width + leastGapPx) / (tileW + leastGapPx)));
  let y = top;
  return (['value', 'state'] as const).flatMap((kind) => {
    const own = roles.filter((role) => kinds.get(role) === kind);
    const start = y;
    y += Math.ceil(own.length / across) * tilePx[kind];
    return own.map((role, at): Tile => {
      const x = (at % across) * (tileW + leastGapPx);
      const box = { x, y: start + Math.floor(at / across) * tilePx[kind], width: tileW, height: tilePx[kind] - 4 };
      return { role, kind, box };
    });
  });
}
