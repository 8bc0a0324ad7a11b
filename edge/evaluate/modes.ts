import type { ColumnKind } from './column-kind.ts';
import { blocksOf } from './ranges.ts';
import type { Table } from './table.ts';

/** More states than this are not put together. */
const MOST_STATES = 64;
/** More combinations than this are not remembered. */
const MOST_COMBINATIONS = 4096;
/** A combination is told from this row on: states that change one after the other pass through others. */
const DWELL_ROWS = 5;
/** Where a larger share of training rows is in combinations that the other blocks lack, training did not show all of them. */
const UNSHOWN_SHARE = 0.01;

/** A way in which states stood together that training never showed. */
export interface UnseenMode {
  /** Columns that are not as in the nearest combination of training. */
  readonly columns: readonly number[];
  /** What they were, as numbers of the table. */
  readonly values: readonly number[];
  /** Row from which it is told. */
  firstRow: number;
  rows: number;
}

/** States that are put together, by their places among the states, and how they stood together in training. */
interface Group {
  readonly members: readonly number[];
  readonly seen: Map<string, Float64Array>;
}

/**
 * The ways in which a plant is run: how its states stand together. All states at once where blocks of training show each
 * other's combinations, else each pair of states. Design choices.
 */
export class Modes {
  private readonly table: Table;
  private readonly states: readonly number[];
  private readonly groups: readonly Group[];
  private readonly values: Float64Array;
  private readonly found = new Map<string, UnseenMode>();
  private current: UnseenMode | undefined;
  private age = 0;

  constructor(table: Table, kinds: readonly (ColumnKind | undefined)[], range: readonly [number, number]) {
    this.table = table;
    const states = [...kinds.keys()].filter((column) => kinds[column] === 'binary' || kinds[column] === 'enumerated');
    this.states = states;
    this.values = new Float64Array(states.length).fill(Number.NaN);
    this.groups = states.length < 2 || states.length > MOST_STATES ? [] : this.groupsOf(range);
    this.values.fill(Number.NaN);
  }

  /** Modes that training never showed, the most frequent first. */
  get unseen(): readonly UnseenMode[] {
    return [...this.found.values()].filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows);
  }

  /** Looks at a row; true when its states stand together, for some rows already, as they never did in training. */
  step(row: number): boolean {
    if (this.groups.length === 0) return false;
    if (this.read(row)) {
      const mode = this.unseenMode();
      if (mode !== this.current) this.age = 0;
      this.current = mode;
    }
    if (!this.current) return false;
    this.age++;
    if (this.age < DWELL_ROWS) return false;
    if (this.current.rows === 0) this.current.firstRow = row;
    this.current.rows++;
    return true;
  }

  /** Takes the states of a row; whether one of them changed. */
  private read(row: number): boolean {
    let changed = false;
    for (const [place, column] of this.states.entries()) {
      const value = this.table.store.value(column, row);
      if (Object.is(value, this.values[place])) continue;
      this.values[place] = value;
      changed = true;
    }
    return changed;
  }

  private unseenMode(): UnseenMode | undefined {
    for (const [at, { members, seen }] of this.groups.entries()) {
      const values = this.valuesOf(members);
      if (values.some(Number.isNaN) || seen.has(values.join())) continue;
      const key = `${at}:${values.join()}`;
      const known = this.found.get(key);
      if (known) return known;
      if (this.found.size >= MOST_COMBINATIONS) return undefined;
      const strange = strangeIn(values, seen);
      const mode: UnseenMode = {
        columns: strange.map((place) => this.states[members[place] as number] as number),
        ...{ values: strange.map((place) => values[place] as number), firstRow: -1, rows: 0 },
      };
      this.found.set(key, mode);
      return mode;
    }
    return undefined;
  }

  private valuesOf(members: readonly number[]): Float64Array {
    return Float64Array.from(members, (place) => this.values[place] as number);
  }

  private groupsOf(range: readonly [number, number]): Group[] {
    const all = { members: [...this.states.keys()], seen: new Map<string, Float64Array>() };
    if (this.shows(all, range)) return [all];
    const pairs = all.members.flatMap((left) =>
      all.members.slice(left + 1).map((right): Group => ({ members: [left, right], seen: new Map() })),
    );
    for (let row = range[0]; row < range[1]; row++) if (this.read(row)) for (const pair of pairs) this.remember(pair);
    return pairs;
  }

  /** Learns the combinations of a group; whether nearly all rows of each block are in combinations of other blocks. */
  private shows(group: Group, range: readonly [number, number]): boolean {
    const rowsByBlock = blocksOf(range).map(([from, to]) => {
      const rows = new Map<string, number>();
      let key = '';
      for (let row = from; row < to; row++) {
        if (this.read(row) || row === from) key = this.remember(group);
        rows.set(key, (rows.get(key) ?? 0) + 1);
        if (rows.size > MOST_COMBINATIONS) break;
      }
      return rows;
    });
    let unshown = 0;
    for (const [block, rows] of rowsByBlock.entries())
      for (const [key, count] of rows)
        if (!rowsByBlock.some((others, other) => other !== block && others.has(key))) unshown += count;
    return group.seen.size <= MOST_COMBINATIONS && unshown <= UNSHOWN_SHARE * (range[1] - range[0]);
  }

  private remember({ members, seen }: Group): string {
    const values = this.valuesOf(members);
    const key = values.join();
    if (!seen.has(key)) seen.set(key, values);
    return key;
  }
}

/** Places that differ from the nearest combination that was seen; of a pair both. */
function strangeIn(values: Float64Array, seen: ReadonlyMap<string, Float64Array>): number[] {
  let nearest = [...values.keys()];
  if (nearest.length === 2) return nearest;
  for (const known of seen.values()) {
    const differing = [...values.keys()].filter((place) => values[place] !== known[place]);
    if (differing.length < nearest.length) nearest = differing;
  }
  return nearest;
}
