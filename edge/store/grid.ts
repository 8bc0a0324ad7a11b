import type { FloatOrder } from './float-order.ts';

/** Counts between the lowest level and the highest at most: those of a converter of 16 bits. */
const maxRange = 65_536;
/** A level that is further from its grid than this is none of it. */
const maxCorrection = 2 ** 50;
/** A step must stand out of what rounding makes of it. */
const minStepUlps = 32;
const toleranceUlps = 4;
const maxTurns = 8;

/**
 * Values that lie on evenly spaced levels, as what an analogue input has counted and a PLC has scaled to a float does:
 * value = origin + count × step, and for each level that occurs, lowest first, how many floats the true value lies above.
 */
export interface Grid {
  readonly origin: number;
  readonly step: number;
  /** Of each sample; a NaN has that of the sample before. */
  readonly counts: Float64Array;
  readonly corrections: Float64Array;
}

/** The grid that numbers lie on, NaN left out; undefined where there is none. */
export function findGrid(numbers: Float64Array, order: FloatOrder): Grid | undefined {
  const levels = levelsOf(numbers);
  if (levels.length < 3) return undefined;
  const [lowest, highest] = [levels[0] as number, levels[levels.length - 1] as number];
  if (!Number.isFinite(highest - lowest)) return undefined;
  const ulp = Math.max(Math.abs(lowest), Math.abs(highest)) * 2 ** -order.fraction;
  const coarse = stepOf(levels, ulp);
  if (coarse === undefined) return undefined;
  const range = Math.round(sumOf(levels, (difference) => Math.round(difference / coarse)));
  if (range > maxRange) return undefined;
  const step = (highest - lowest) / range;
  const origin = levels.reduce((least, level) => (Math.abs(level) < Math.abs(least) ? level : least));
  const countOf = (value: number) => Math.round((value - origin) / step) + 0;
  const corrections = levels.map((level) => order.distance(origin + countOf(level) * step, level));
  if (corrections.some((correction) => !(Math.abs(correction) <= maxCorrection))) return undefined;
  let last = 0;
  const counts = numbers.map((value) => {
    if (!Number.isNaN(value)) last = countOf(value);
    return last;
  });
  return { origin, step, counts, corrections };
}

/** The values of a grid. Throws RangeError where there cannot be one. */
export function valuesOn({ origin, step, counts, corrections }: Grid, order: FloatOrder): Float64Array {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row] as number;
    if (count < lowest) lowest = count;
    if (count > highest) highest = count;
  }
  if (highest - lowest > maxRange) throw new RangeError(`a grid of ${highest - lowest} levels`);
  const occurs = new Uint8Array(Math.max(0, highest - lowest + 1));
  for (let row = 0; row < counts.length; row++) occurs[(counts[row] as number) - lowest] = 1;
  const levels = new Float64Array(occurs.length);
  let level = 0;
  occurs.forEach((is, at) => {
    if (is === 1) levels[at] = order.above(origin + (lowest + at) * step, corrections[level++] ?? 0);
  });
  const values = new Float64Array(counts.length);
  for (let row = 0; row < values.length; row++) values[row] = levels[(counts[row] as number) - lowest] as number;
  return values;
}

/** The different values, ascending; none where −0 is among them, which no count can tell from 0. */
function levelsOf(numbers: Float64Array): Float64Array {
  const sorted = numbers.slice().sort();
  let count = 0;
  for (let at = 0; at < sorted.length; at++) {
    const value = sorted[at] as number;
    if (Number.isNaN(value)) break; // they are sorted to the end
    if (Object.is(value, -0)) return new Float64Array(0);
    if (count === 0 || value !== sorted[count - 1]) sorted[count++] = value;
  }
  return sorted.subarray(0, count);
}

/** The widest step of which all differences between neighbouring levels are multiples; undefined where rounding hides it. */
function stepOf(levels: Float64Array, ulp: number): number | undefined {
  let step = Number.POSITIVE_INFINITY;
  sumOf(levels, (difference) => {
    step = Math.min(step, difference);
    return 0;
  });
  for (let turn = 0; turn < maxTurns && step > minStepUlps * ulp; turn++) {
    const remainder = remainderOf(levels, step, ulp);
    if (remainder === 0) return step;
    step = commonDivisor(step, remainder, 2 * toleranceUlps * ulp);
  }
  return undefined;
}

/** What the first difference that is no multiple of a step leaves; 0 where all are. */
function remainderOf(levels: Float64Array, step: number, ulp: number): number {
  for (let at = 1; at < levels.length; at++) {
    const difference = (levels[at] as number) - (levels[at - 1] as number);
    const times = Math.round(difference / step);
    const remainder = Math.abs(difference - times * step);
    if (remainder > toleranceUlps * ulp * (times + 1)) return remainder;
  }
  return 0;
}

/** Euclid's, with remainders that may be negative and that are nothing below a tolerance. */
function commonDivisor(larger: number, smaller: number, tolerance: number): number {
  return smaller <= tolerance
    ? larger
    : commonDivisor(smaller, Math.abs(larger - Math.round(larger / smaller) * smaller), tolerance);
}

function sumOf(levels: Float64Array, of: (difference: number) => number): number {
  let sum = 0;
  for (let at = 1; at < levels.length; at++) sum += of((levels[at] as number) - (levels[at - 1] as number));
  return sum;
}
