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
  readonly residuals: Float64Array;
  readonly size: number;
}

/**
 * Writes whole numbers in ±2^50 as what is left of what is expected of them, which is tried out. The usual step is always
 * taken off with `grid`.
 */
export function writeIntegers(out: ByteWriter, integers: Float64Array, grid: boolean): void {
  const { expected, step, residuals } = bestWay(integers, grid);
  const packed = packResiduals(residuals);
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

function bestWay(integers: Float64Array, grid: boolean): Way {
  const usual = usualStep(integers);
  const steps = grid || usual === 0 ? [usual] : [0, usual];
  let best: Way | undefined;
  for (const step of steps) {
    for (const way of [fromLast(integers, step), fromMean(integers, step)]) {
      if (!best || way.size < best.size) best = way;
      if (best.size === 0) return best;
    }
  }
  return best as Way;
}

function fromLast(integers: Float64Array, step: number): Way {
  const residuals = new Float64Array(Math.max(0, integers.length - 1));
  let size = 0;
  for (let row = 1; row < integers.length; row++) {
    const residual = (integers[row] as number) - (integers[row - 1] as number) - step;
    residuals[row - 1] = residual;
    size += Math.abs(residual);
  }
  return { expected: Expected.last, step, residuals, size };
}

function fromMean(integers: Float64Array, step: number): Way {
  const residuals = new Float64Array(Math.max(0, integers.length - 1));
  let size = 0;
  let sum = (integers[0] ?? 0) * meanOf;
  for (let row = 1; row < integers.length; row++) {
    const residual = (integers[row] as number) - row * step - Math.floor((sum + meanOf / 2) / meanOf);
    residuals[row - 1] = residual;
    sum += residual;
    size += Math.abs(residual);
  }
  return { expected: Expected.mean, step, residuals, size };
}

/** The mean difference, rounded: the poll period where there is one. */
function usualStep(integers: Float64Array): number {
  const steps = integers.length - 1;
  return steps < 1 ? 0 : Math.round(((integers[steps] as number) - (integers[0] as number)) / steps) + 0;
}
