import {
  bodySymbols,
  endSymbols,
  type PackPicture,
  type PackSymbol,
  type PictureSymbol,
  rolesAt,
  symbolsIn,
} from '../../../core/picture.ts';

/** How a role is shown: its name over a number with its band, or over a state. */
export type TileKind = 'value' | 'state';

export const symbolPx = 40;
export const endPx = 16;
/** Room above a line for the names of what lies beyond; px. */
export const namesPx = 24;
export const tilePx = { value: 47, state: 30 } as const;
export const leastTilePx = 140;
/** Of a column without values: an end, with room for a name, and any other. */
const barePx = { end: 110, other: 56 } as const;
export const mostTilePx = 208;
export const tileGapPx = 8;
export const leastGapPx = 24;
export const mostGapPx = 84;
export const rowGapPx = 10;
/** From a line to the tiles under it. */
export const footPx = symbolPx / 2 + 6;
export const bodyPadPx = 10;
export const bodyHeadPx = 38;
export const gaugePx = 44;
/** How far a body reaches beyond its first and last line. */
const overhangPx = 26;
const mostAcross = 4;
export interface Cell extends PackSymbol {
  readonly shown: readonly string[];
}

export interface Column {
  /** By row; a single one where the column has no rows of its own. */
  readonly cells: readonly (Cell | undefined)[];
  readonly whole: boolean;
  readonly body: boolean;
}

export type Kinds = ReadonlyMap<string, TileKind>;

const has = (symbols: readonly PictureSymbol[], { symbol }: PackSymbol): boolean => symbols.includes(symbol);
const isBody = (cell: PackSymbol): boolean => has(bodySymbols, cell);
export const isEnd = (cell: PackSymbol): boolean => has(endSymbols, cell);
export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** The columns that have something to show; rows that none of them fills are closed up. */
export function columnsOf(picture: PackPicture, kinds: Kinds): readonly Column[] {
  const columns = picture.flatMap((column): Column[] => {
    const cells = symbolsIn(column).map((symbol): Cell | undefined => {
      if (!symbol) return undefined;
      const named = rolesAt(symbol);
      const shown = named.filter((role) => kinds.has(role));
      return isBody(symbol) || named.length === 0 || shown.length > 0 ? { ...symbol, shown } : undefined;
    });
    const [first] = cells;
    const whole = 'symbol' in column;
    return cells.some(Boolean) ? [{ cells, whole, body: whole && first !== undefined && isBody(first) }] : [];
  });
  const kept = (row: number) => columns.some(({ whole, cells }) => !whole && cells[row]);
  return columns.map((column) =>
    column.whole ? column : { ...column, cells: column.cells.filter((_, row) => kept(row)) },
  );
}

/** Heights of the tiles of a cell, a so many in a row: states first. */
export function tilesOf(cell: Cell, across: number, kinds: Kinds) {
  const spots: { role: string; kind: TileKind; at: number; y: number }[] = [];
  let y = 0;
  for (const kind of ['state', 'value'] as const) {
    const roles = cell.shown.filter((role) => kinds.get(role) === kind);
    for (const [at, role] of roles.entries())
      spots.push({ role, kind, at: at % across, y: y + Math.floor(at / across) * tilePx[kind] });
    y += Math.ceil(roles.length / across) * tilePx[kind];
  }
  return { spots, height: y };
}

const heightOf = (cell: Cell | undefined, across: number, kinds: Kinds): number =>
  cell ? tilesOf(cell, across, kinds).height : 0;

export function columnWidth({ cells, body }: Column, across: number, tileW: number): number {
  const isBare = !body && cells.every((cell) => !cell || cell.shown.length === 0);
  if (isBare) return barePx[cells.some((cell) => cell && isEnd(cell)) ? 'end' : 'other'];
  const tiles = across * tileW + (across - 1) * tileGapPx;
  if (!body) return tiles;
  const gauge = cells[0]?.level !== undefined && cells[0].shown.includes(cells[0].level) ? gaugePx : 0;
  return tiles + 2 * bodyPadPx + gauge;
}

export const leastWidth = (columns: readonly Column[], across: readonly number[]): number =>
  sum(columns.map((column, at) => columnWidth(column, across[at] ?? 1, leastTilePx))) +
  leastGapPx * (columns.length - 1);

/** How many tiles each column has beside each other: the lowest picture that fits, and of these the narrowest. */
export function bestAcross(columns: readonly Column[], kinds: Kinds, fieldPx: number): readonly number[] {
  let best = columns.map(() => 1);
  let least = [rowsOf(columns, best, kinds).height, 0];
  const most = columns.map(({ cells }) =>
    clamp(Math.max(...cells.map((cell) => cell?.shown.length ?? 0)), 1, mostAcross),
  );
  const next = most.map(() => 1);
  // counts through all ways, the last column fastest
  for (let at = columns.length - 1; at >= 0; ) {
    if ((next[at] ?? 1) >= (most[at] ?? 1)) {
      next[at--] = 1;
      continue;
    }
    next[at] = (next[at] ?? 1) + 1;
    at = columns.length - 1;
    const width = leastWidth(columns, next);
    if (width > fieldPx) continue;
    const { height } = rowsOf(columns, next, kinds);
    if (height > (least[0] ?? 0) || (height === least[0] && width >= (least[1] || 0))) continue;
    best = [...next];
    least = [height, width];
  }
  return best;
}

export interface Rows {
  /** Height of each row's line; of one row at least. */
  readonly lines: readonly number[];
  /** Height of the line of each column that has no rows of its own. */
  readonly wholes: readonly number[];
  readonly height: number;
}

export function rowsOf(columns: readonly Column[], across: readonly number[], kinds: Kinds): Rows {
  const named = columns.some(({ cells }) => cells.some((cell) => cell && isEnd(cell)));
  const lines: number[] = [];
  let y = 0;
  const count = Math.max(1, ...columns.filter(({ whole }) => !whole).map(({ cells }) => cells.length));
  for (let row = 0; row < count; row++) {
    const line = y + (row === 0 && named ? namesPx : 0) + symbolPx / 2;
    const tiles = columns.map(({ whole, cells }, at) => (whole ? 0 : heightOf(cells[row], across[at] ?? 1, kinds)));
    lines.push(line);
    y = line + footPx + Math.max(...tiles, 0) + rowGapPx;
  }
  const stacked = columns.some(({ whole }) => !whole);
  const wholes = columns.map((_, at) => lineOfWhole(columns, at, lines));
  const bottoms = columns.map(({ whole, body, cells }, at) => {
    const tiles = whole ? heightOf(cells[0], across[at] ?? 1, kinds) : 0;
    if (body) return bodyBottom(lines, tiles);
    return whole ? (wholes[at] ?? 0) + footPx + tiles : 0;
  });
  return { lines, wholes, height: Math.max(stacked ? y - rowGapPx : 0, ...bottoms) };
}

export const bodyTop = (lines: readonly number[]): number => (lines[0] ?? 0) - symbolPx / 2;
export const bodyBottom = (lines: readonly number[], tilesPx: number): number =>
  Math.max(bodyTop(lines) + bodyHeadPx + tilesPx + bodyPadPx / 2, (lines.at(-1) ?? 0) + overhangPx);

/** A symbol that is alone in its column stands amid the rows between the bodies at its sides, else in the first. */
function lineOfWhole(columns: readonly Column[], at: number, lines: readonly number[]): number {
  const [from, to] = stretchAround(columns, at);
  const used = rowsIn(columns.slice(from, to), lines.length).map((row) => lines[row] ?? 0);
  return used.length === 0 ? (lines[0] ?? 0) : sum(used) / used.length;
}

/** The columns around one, up to the bodies at either side: from, and to exclusive. */
export function stretchAround(columns: readonly Column[], at: number): readonly [number, number] {
  const before = columns.slice(0, at).findLastIndex(({ body }) => body);
  const after = columns.slice(at).findIndex(({ body }) => body);
  return [before + 1, after < 0 ? columns.length : at + after];
}

export const rowsIn = (columns: readonly Column[], count: number): readonly number[] =>
  Array.from({ length: count }, (_, row) => row).filter((row) =>
    columns.some(({ whole, cells }) => !whole && cells[row]),
  );
