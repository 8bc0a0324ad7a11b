/** What a column is, as far as its training rows show, and so how it is watched. */
export const columnKinds = ['analogue', 'set-point', 'binary', 'enumerated', 'counter', 'constant'] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** More levels than this make no enumeration of numbers. */
const MOST_LEVELS = 6;
/** Fewer rows than this do not show what a column is. */
const FEW_ROWS = 50;
/** A state stays for a while; numbers of few levels that change in more than this share of the rows are a rounded signal. */
const RESTLESS = 0.2;
/** A counter goes down this seldom (wrap, reset), up at least this often, in steps. */
const COUNTER_DOWN = 0.001;
const COUNTER_UP = 0.05;
const COUNTER_LEVELS = 20;
/** A set-point changes in fewer than this share of the rows. */
const SET_POINT_CHANGES = 0.02;

/**
 * Tells the kind of a column; undefined when it has no value at all. Design choices, not tuned to any data.
 * @param values training rows in order, NaN where missing
 * @param isWords whether the values are codes of words
 */
export function kindOf(values: Float64Array, isWords: boolean): ColumnKind | undefined {
  const levels = new Set<number>();
  let count = 0;
  let up = 0;
  let down = 0;
  let whole = true;
  let before = Number.NaN;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    if (levels.size <= COUNTER_LEVELS) levels.add(value);
    if (value > before) up++;
    else if (value < before) down++;
    whole &&= Number.isInteger(value);
    before = value;
  }
  if (count === 0) return undefined;
  if (levels.size === 1) return 'constant';
  if (levels.size === 2) return 'binary';
  const dwells = up + down <= RESTLESS * count;
  if (isWords || (whole && dwells && levels.size <= MOST_LEVELS && count >= FEW_ROWS)) return 'enumerated';
  if (count < FEW_ROWS) return 'analogue';
  if (levels.size > COUNTER_LEVELS && down <= COUNTER_DOWN * count && up >= COUNTER_UP * count) return 'counter';
  return up + down < SET_POINT_CHANGES * count ? 'set-point' : 'analogue';
}
