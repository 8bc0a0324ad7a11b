import { accumulate, sumCells, sumOf } from './accumulate.ts';
import { hourMs } from './functions.ts';

/** Meters refresh their reading in steps; so much at the greatest rate is allowed on top of the time that passed. */
export const refreshMs = 60_000;

/** Cells of a counter: its total, the reading that the total stands for (NaN: none yet), and the ms since that changed. */
export const counterCells = sumCells + 2;
const base = sumCells;
const since = sumCells + 1;

/** What one reading meant. */
export type CounterStep = 'advance' | 'held' | 'reset' | 'exchange' | 'unreadable';

export interface CounterRules {
  /** The most that can be counted in an hour. */
  readonly maxPerHour: number;
  /** The counter goes from just below this to 0; Infinity: it does not wrap. */
  readonly wrap: number;
}

/** Memory of a counter that has not been read. */
export function startCounter(cells: Float64Array): void {
  cells.fill(0);
  cells[base] = Number.NaN;
}

/**
 * Takes one reading into the total, `elapsedMs` after the one before. In this order:
 * an advance (over a wrap too) that the greatest rate allows counts; a step back of at most a minute at that rate is
 * jitter and is waited out; a reading that can have been counted from 0 since is a reset and counts from 0;
 * everything else is an exchanged meter: counting goes on from its reading, the jump counts nothing.
 * An advance is known only modulo the wrap; the least one is taken.
 */
export function stepCounter(cells: Float64Array, reading: number, elapsedMs: number, rules: CounterRules): CounterStep {
  const { maxPerHour, wrap } = rules;
  cells[since] = (cells[since] as number) + elapsedMs;
  if (!(reading >= 0 && reading < wrap)) return 'unreadable';
  const last = cells[base] as number;
  if (Number.isNaN(last)) return rest(cells, reading, 'advance');
  if (reading === last) return 'held';
  const most = (maxPerHour * ((cells[since] as number) + refreshMs)) / hourMs;
  const forward = reading > last ? reading - last : reading - last + wrap;
  if (forward <= most) {
    accumulate(cells, forward);
    return rest(cells, reading, 'advance');
  }
  const back = reading < last ? last - reading : last - reading + wrap;
  if (back <= (maxPerHour * refreshMs) / hourMs) return 'held';
  if (reading < last && reading <= most) {
    accumulate(cells, reading);
    return rest(cells, reading, 'reset');
  }
  return rest(cells, reading, 'exchange');
}

function rest(cells: Float64Array, reading: number, step: CounterStep): CounterStep {
  cells[base] = reading;
  cells[since] = 0;
  return step;
}

export const counterTotal = (cells: Float64Array): number => sumOf(cells);
/** The reading that the total stands for. */
export const counterReading = (cells: Float64Array): number => cells[base] as number;
