import type { Random } from '../../../edge/core/random.ts';

/** What goes wrong inside a process, so that controllers and neighbours react as they would. */
export interface Upset {
  /** Strength of a loss in the process, 0 none, 1 plain. */
  readonly loss: number;
  /** The process is run in a way that training never shows. */
  readonly strange: boolean;
}

/** A made-up process: physics of its own, one row of values a step. */
export interface Plant {
  readonly name: string;
  readonly columns: readonly string[];
  /** ms between rows. */
  readonly stepMs: number;
  /** Columns of states, which sensor faults leave alone. */
  readonly states?: ReadonlySet<number>;
  /** A run from one seed; rows come in order from 0. */
  readonly run: (random: Random) => (row: number, upset: Upset) => number[];
  /** How long its runs are and what befalls them, where that is not as usual. */
  readonly shapes?: readonly CaseShape[];
}

/** How a run is cut, and how many faults of which length it has. */
export interface CaseShape {
  readonly trained: number;
  readonly rows: number;
  readonly faults: number;
  /** Rows of a fault, from and to. */
  readonly length: readonly [shortest: number, longest: number];
}

/** A value that keeps `persistence` of itself from row to row, of standard deviation 1. */
export function wandering(random: Random, persistence: number): () => number {
  let value = random.normal();
  const width = Math.sqrt(1 - persistence ** 2);
  return () => {
    value = persistence * value + width * random.normal();
    return value;
  };
}

/** The share of the year's warmth, 0 at the end of January, 1 half a year later. */
export const warmthOfYear = (days: number): number => (1 - Math.cos((2 * Math.PI * (days - 28)) / 365)) / 2;

/** Follows its input with a lag of so many rows. */
export function lag(rows: number, start: number): (input: number) => number {
  let value = start;
  return (input) => {
    value += (input - value) / rows;
    return value;
  };
}
