import type { ColumnKind } from './column-kind.ts';
import { blocksOf } from './ranges.ts';
import type { Table } from './table.ts';

/** More levels than this are not remembered: such a column is no state. */
const MOST_LEVELS = 64;
/** A column of more levels than this is taken for a signal when firsts are counted. */
const MOST_STATES = 6;
/** A signal is missing after this many rows. */
const MISSING_ROWS = 3;
/** What never happened in training is worth the square of the alarm budget; where training itself had such firsts, less than an alarm. */
const SURPRISE = 2;
const FAMILIAR_SURPRISE = 0.8;
/** How long it stays news: a tenth of training, at least these rows. Afterwards it is the new way of things, and only shown. */
const NEWS_SHARE = 0.1;
const NEWS_ROWS = 100;
const STALE_SURPRISE = 0.5;

/** What is new in a row: in units of the alarm budget, which column most recently, and what kind of news. */
export interface News {
  surprise: number;
  column: number;
  kind: 'new-state' | 'missing';
}

/** Watches what models cannot: constants that move, states never seen, signals that go missing. */
export class Novelty {
  readonly news: News = { surprise: 0, column: -1, kind: 'new-state' };
  private readonly table: Table;
  private readonly levels: readonly (ReadonlySet<number> | undefined)[];
  private readonly everPresent: readonly boolean[];
  private readonly ages: Uint32Array;
  private readonly absences: Uint32Array;
  private readonly worth: number;
  private readonly newsRows: number;

  constructor(table: Table, kinds: readonly (ColumnKind | undefined)[], range: readonly [number, number]) {
    this.table = table;
    const parts = kinds.map((kind, column) => (kind === undefined ? [] : levelsByBlock(table, column, range)));
    const [from, to] = range;
    this.levels = kinds.map((kind, column) => (isState(kind) ? union(parts[column] ?? []) : undefined));
    this.everPresent = kinds.map((kind, column) => kind !== undefined && isWhole(table, column, from, to));
    this.ages = new Uint32Array(kinds.length);
    this.absences = new Uint32Array(kinds.length);
    this.worth = parts.some(hasFirsts) ? FAMILIAR_SURPRISE : SURPRISE;
    this.newsRows = Math.max(NEWS_ROWS, NEWS_SHARE * (to - from));
  }

  /** Looks at a row; `news` says what it found. */
  step(row: number): void {
    const { news, ages, absences, newsRows } = this;
    news.surprise = 0;
    news.column = -1;
    let youngest = Number.POSITIVE_INFINITY;
    for (let column = 0; column < ages.length; column++) {
      const levels = this.levels[column];
      if (levels === undefined && !this.everPresent[column]) continue;
      const value = this.table.store.value(column, row);
      absences[column] = Number.isNaN(value) && this.everPresent[column] ? (absences[column] as number) + 1 : 0;
      const missing = (absences[column] as number) >= MISSING_ROWS;
      const unseen = levels !== undefined && !Number.isNaN(value) && !levels.has(value);
      ages[column] = missing || unseen ? (ages[column] as number) + 1 : 0;
      const age = ages[column] as number;
      if (age === 0) continue;
      news.surprise = Math.max(news.surprise, age <= newsRows ? this.worth : STALE_SURPRISE);
      if (age >= youngest) continue;
      youngest = age;
      news.column = column;
      news.kind = missing ? 'missing' : 'new-state';
    }
  }
}

function isWhole(table: Table, column: number, from: number, to: number): boolean {
  for (let row = from; row < to; row++) if (Number.isNaN(table.store.value(column, row))) return false;
  return true;
}

const isState = (kind: ColumnKind | undefined): boolean =>
  kind === 'constant' || kind === 'binary' || kind === 'enumerated';

/** The levels of a column in each block of training; undefined where there are too many. */
function levelsByBlock(
  table: Table,
  column: number,
  range: readonly [number, number],
): (ReadonlySet<number> | undefined)[] {
  return blocksOf(range).map(([start, end]) => {
    const levels = new Set<number>();
    for (let row = start; row < end; row++) {
      const value = table.store.value(column, row);
      if (!Number.isNaN(value)) levels.add(value);
      if (levels.size > MOST_LEVELS) return undefined;
    }
    return levels;
  });
}

const union = (parts: readonly (ReadonlySet<number> | undefined)[]): Set<number> =>
  new Set(parts.flatMap((part) => [...(part ?? [])]));

/** Whether a block has a level that the others do not have, in a column that they show as constant or as a state. */
function hasFirsts(parts: readonly (ReadonlySet<number> | undefined)[]): boolean {
  return parts.some((part, block) => {
    const others = parts.filter((_, other) => other !== block);
    if (others.some((other) => other === undefined)) return false;
    const known = union(others);
    if (known.size > MOST_STATES) return false;
    return part === undefined || [...part].some((level) => !known.has(level));
  });
}
