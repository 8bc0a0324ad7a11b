import { median } from '../detection/order-statistics.ts';
import type { Table } from './table.ts';

/** Longer than this many ordinary steps is a gap, forwards or backwards. */
const GAP_STEPS = 10;
/** Steps from which the ordinary one is found. */
const SAMPLE = 5000;

/** What the times of a table say of their order. */
export interface TimeOrder {
  /** Whether the row does not follow the one before it. */
  readonly isBreak: (row: number) => boolean;
  readonly repeated: number;
  readonly backwards: number;
  /** First row that goes backwards or repeats a time; −1 when none does. */
  readonly firstRow: number;
}

/** Looks for gaps, repeated times and times that go backwards. */
export function timeOrderOf({ times }: Table): TimeOrder {
  if (!times) return { isBreak: () => false, repeated: 0, backwards: 0, firstRow: -1 };
  let repeated = 0;
  let backwards = 0;
  let firstRow = -1;
  const steps: number[] = [];
  for (let row = 1; row < times.length; row++) {
    const step = (times[row] as number) - (times[row - 1] as number);
    if (step > 0 && steps.length < SAMPLE) steps.push(step);
    if (step === 0) repeated++;
    if (step < 0) backwards++;
    if (step <= 0 && firstRow < 0) firstRow = row;
  }
  const longest = GAP_STEPS * median(steps);
  const isBreak = (row: number) => row > 0 && Math.abs((times[row] as number) - (times[row - 1] as number)) > longest;
  return { isBreak, repeated, backwards, firstRow };
}
