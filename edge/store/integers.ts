import type { ByteReader, ByteWriter } from './bytes.ts';
import { packResiduals, unpackResiduals } from './residuals.ts';

/** What the next number is expected to be: the one before, or about the mean of those before. */
const Expected = { last: 0, mean: 1 } as const;
/** The mean follows by an eighth of what it missed: of noise round a slow course that leaves least. */
const meanOf = 8;

/** A way to tell whole numbers after the first. */
interface Way {
  readonly expected: number;
  /** From one number to the next, beside that. */
  readonly step: number;
}

/** Puts down what is left of whole numbers by a way of telling them, and says how much that is. */
type Leaving = (integers: Float64Array, step: number, residuals: Float64Array) => number;

/** Room for what is left by the best way so far and by the one that is tried, for one column after another. */
let kept = new Float64Array(0);
let tried = new Float64Array(0);

/**
 * Writes whole numbers in ±2^50 as what is left of what is expected of them, which is tried out. The usual step is always
 * taken off with `grid`.
 */
export function writeIntegers(out: ByteWriter, integers: Float64Array, grid: boolean): void {
  const { expected, step } = bestWay(integers, grid);
  const packed = packResiduals(kept.subarray(0, Math.max(0, integers.length - 1)));
  out.byte(expected);
  out.signed(step);
  out.signed(integers[0] ?? 0);
  out.unsigned(packed.length);
  out.append(packed);
}

/** Reads what `writeIntegers` wrote. */
export function readIntegers(from: ByteReader, count: number): Float64Array {
  const expected = from.byte();
  const step = from.signed();
  const first = from.signed();
  const packed = from.take(from.unsigned());
  const integers = new Float64Array(count);
  if (count === 0) return integers;
  unpackResiduals(packed, integers, 1);
  integers[0] = first;
  if (expected === Expected.last) {
    for (let row = 1, last = first; row < count; row++) {
      last += step + (integers[row] as number);
      integers[row] = last;
    }
    return integers;
  }
  for (let row = 1, sum = first * meanOf; row < count; row++) {
    const residual = integers[row] as number;
    integers[row] = residual + Math.floor((sum + meanOf / 2) / meanOf) + row * step;
    sum += residual;
  }
  return integers;
}

/** The way that leaves least, which is in `kept` then. */
function bestWay(integers: Float64Array, grid: boolean): Way {
  if (kept.length < integers.length)
    [kept, tried] = [new Float64Array(integers.length), new Float64Array(integers.length)];
  const usual = usualStep(integers);
  const first = grid || usual === 0 ? usual : 0;
  let way: Way = { expected: Expected.last, step: first };
  let least = fromLast(integers, first, kept);
  const tryOut = (expected: number, step: number, leaving: Leaving) => {
    if (least === 0) return;
    const size = leaving(integers, step, tried);
    if (size >= least) return;
    way = { expected, step };
    least = size;
    [kept, tried] = [tried, kept];
  };
  tryOut(Expected.mean, first, fromMean);
  if (first === usual) return way;
  tryOut(Expected.last, usual, fromLast);
  tryOut(Expected.mean, usual, fromMean);
  return way;
}

function fromLast(integers: Float64Array, step: number, residuals: Float64Array): number {
  let size = 0;
  for (let row = 1; row < integers.length; row++) {
    const residual = (integers[row] as number) - (integers[row - 1] as number) - step;
    residuals[row - 1] = residual;
    size += Math.abs(residual);
  }
  return size;
}

function fromMean(integers: Float64Array, step: number, residuals: Float64Array): number {
  let size = 0;
  let sum = (integers[0] ?? 0) * meanOf;
  for (let row = 1; row < integers.length; row++) {
    const residual = (integers[row] as number) - row * step - Math.floor((sum + meanOf / 2) / meanOf);
    residuals[row - 1] = residual;
    sum += residual;
    size += Math.abs(residual);
  }
  return size;
}

/** The mean difference, rounded: the poll period where there is one. */
function usualStep(integers: Float64Array): number {
  const steps = integers.length - 1;
  return steps < 1 ? 0 : Math.round(((integers[steps] as number) - (integers[0] as number)) / steps) + 0;
}
