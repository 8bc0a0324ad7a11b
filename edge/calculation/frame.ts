import { Quality } from '../core/quality.ts';

/** What an evaluation knows of time; in cells, so that setting it makes no garbage. */
export const nowCell = 0;
/** ms since this point was evaluated before, by the monotonic clock; 0 at first. */
export const elapsedCell = 1;
/** ms by the wall clock between the last saved evaluation and the first of this run; 0 afterwards. */
export const awayCell = 2;

/** Registers of one point: a value and a quality for each part of its expression. */
export interface Frame {
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  readonly time: Float64Array;
  /** Longest time between two evaluations over which something is integrated. */
  readonly maxGapMs: number;
  readonly periodMs: number;
  /** A meter jumped: from its reading before. */
  onExchange(from: number, to: number): void;
}

/**
 * Ends an operation on a register: what is bad carries no value, and what has no value although nothing was bad — a
 * division by zero, the root of a negative number, bits of a fraction — is bad by `config`: the formula does not hold.
 */
export function settle({ values, quality }: Frame, register: number): void {
  if ((quality[register] as number) >= Quality.bad) values[register] = Number.NaN;
  else if (!Number.isFinite(values[register] as number)) {
    values[register] = Number.NaN;
    quality[register] = Quality.config;
  }
}

/** One use of a function that looks back. Its kept cells survive a restart. */
export interface Remembering {
  readonly cells: number;
  /** Memory at the very beginning. */
  start(cells: Float64Array): void;
  /** Takes register `from` and leaves value and quality in register `to`. */
  step(frame: Frame, cells: Float64Array, from: number, to: number): void;
}
