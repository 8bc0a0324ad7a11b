import type { Spot } from './schematic.ts';

/** A line of a map. */
export interface Line {
  /** Classes of its stroke; lines of the same style are drawn as one path, in the order in which styles come. */
  readonly style: string;
  readonly spots: readonly Spot[];
  /** 1 where something goes from the first spot to the last, −1 the other way, 0 where nothing does. */
  readonly flow: -1 | 0 | 1;
}

/** All lines of a style: data of their path and of their arrowheads'. */
export interface Stroke {
  readonly style: string;
  readonly path: string;
  readonly arrows: string;
}

/** The middle of the longest piece of a line, with the direction there as a unit vector. */
export interface Middle extends Spot {
  readonly dx: number;
  readonly dy: number;
  readonly piecePx: number;
}

/** A piece too short for an arrowhead; a square in which one of a style is enough. */
const shortPx = 7;
const cellPx = 36;
const headPx = 3;

/** Paths of many lines, few enough for thousands of lines to stay smooth. */
export function strokesOf(lines: readonly Line[]): readonly Stroke[] {
  const styles = new Map<string, Line[]>();
  for (const line of lines) {
    const alike = styles.get(line.style);
    if (alike) alike.push(line);
    else styles.set(line.style, [line]);
  }
  return [...styles].map(([style, alike]) => ({
    style,
    path: alike.map(({ spots }) => pathOf(spots)).join(''),
    arrows: arrowsOf(alike),
  }));
}

const round = (px: number): number => Math.round(px * 10) / 10;
const pathOf = (spots: readonly Spot[]): string =>
  spots.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');

/** Arrowheads in the middle of lines, in every square only that of the longest one. */
function arrowsOf(lines: readonly Line[]): string {
  const cells = new Map<string, { readonly middle: Middle; readonly flow: number }>();
  for (const { spots, flow } of lines) {
    const middle = flow === 0 ? undefined : middleOf(spots);
    if (!middle || middle.piecePx < shortPx) continue;
    const cell = `${Math.floor(middle.x / cellPx)}/${Math.floor(middle.y / cellPx)}`;
    if (middle.piecePx > (cells.get(cell)?.middle.piecePx ?? 0)) cells.set(cell, { middle, flow });
  }
  return [...cells.values()].map(({ middle, flow }) => arrowAt(middle, flow * headPx)).join('');
}

function arrowAt({ x, y, dx, dy }: Middle, px: number): string {
  const corner = (along: number, across: number) =>
    `${round(x + px * (along * dx - across * dy))} ${round(y + px * (along * dy + across * dx))}`;
  return `M${corner(-1, -1)}L${corner(1, 0)}L${corner(-1, 1)}Z`;
}

/** Where a line shows what is told of it; undefined for one that has no length. */
export function middleOf(spots: readonly Spot[]): Middle | undefined {
  let longest: Middle | undefined;
  for (const [at, to] of spots.entries()) {
    const from = spots[at - 1];
    if (!from) continue;
    const piecePx = Math.hypot(to.x - from.x, to.y - from.y);
    if (piecePx <= (longest?.piecePx ?? 0)) continue;
    const [dx, dy] = [(to.x - from.x) / piecePx, (to.y - from.y) / piecePx];
    longest = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, dx, dy, piecePx };
  }
  return longest;
}

/** The line that passes nearest to a spot, the later of two; undefined where none passes within `reachPx`. */
export function lineAt<Shown extends Line>(lines: readonly Shown[], spot: Spot, reachPx: number): Shown | undefined {
  let [nearest, leastPx]: [Shown | undefined, number] = [undefined, reachPx];
  for (const line of lines) {
    const px = distancePx(line.spots, spot);
    if (px <= leastPx) [nearest, leastPx] = [line, px];
  }
  return nearest;
}

function distancePx(spots: readonly Spot[], { x, y }: Spot): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [at, to] of spots.entries()) {
    const from = spots[at - 1];
    if (!from) continue;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const along = ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1);
    const share = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - from.x - share * dx, y - from.y - share * dy));
  }
  return least;
}
