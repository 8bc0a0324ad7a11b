import type { ByteReader, ByteWriter } from './bytes.ts';

/** How a tag's raw counts become its values: value = count × scale + offset. */
export interface Scaling {
  readonly scale: number;
  readonly offset: number;
}

/** How numbers are turned into whole numbers, one byte at the head of a column. */
const Form = { bits64: 0, bits32: 1, decimal: 2, decimal32: 3, scaled: 4 } as const;

interface Whole {
  readonly form: number;
  /** Decimal places, for the decimal forms. */
  readonly places: number;
  readonly integers: Float64Array;
}

const maxPlaces = 9;
/** More places than this say nothing about a float32 that its bits do not say shorter. */
const maxPlaces32 = 5;
/** Whole numbers beyond this would not survive a difference. */
const maxInteger = 2 ** 50;
const powers = Array.from({ length: maxPlaces + 1 }, (_, places) => 10 ** places);

/**
 * Writes a column of numbers, exactly: as whole numbers (counts of the tag's scaling, or decimals, also of float32
 * origin) in differences from the usual step, else as bits in byte planes. NaN, which marks bad samples, is written as
 * runs. `grid` takes the step from the data, for times; values do best with differences alone.
 */
export function writeColumn(out: ByteWriter, numbers: Float64Array, scaling: Scaling, grid: boolean): void {
  const whole = asScaled(numbers, scaling) ?? asDecimals(numbers, maxPlaces) ?? asDecimals32(numbers);
  if (whole) writeWhole(out, numbers, whole, scaling, grid);
  else writeBits(out, numbers);
}

function writeWhole(out: ByteWriter, numbers: Float64Array, whole: Whole, scaling: Scaling, grid: boolean): void {
  out.byte(whole.form);
  if (whole.form === Form.scaled) {
    out.float64(scaling.scale);
    out.float64(scaling.offset);
  } else out.byte(whole.places);
  writeGaps(out, numbers);
  const { integers } = whole;
  const step = grid ? usualStep(integers) : 0;
  out.signed(step);
  let expected = 0;
  for (let row = 0; row < integers.length; row++) {
    const integer = integers[row] as number;
    out.signed(integer - expected);
    expected = integer + step;
  }
}

/** Reads `count` numbers written by `writeColumn`. */
export function readColumn(from: ByteReader, count: number): Float64Array {
  const form = from.byte();
  if (form === Form.bits64 || form === Form.bits32) return readBits(from, form, count);
  const scale = form === Form.scaled ? from.float64() : 1;
  const offset = form === Form.scaled ? from.float64() : 0;
  const power = form === Form.scaled ? 1 : (powers[from.byte()] as number);
  const gaps = readGaps(from);
  const step = from.signed();
  const numbers = new Float64Array(count);
  let expected = 0;
  for (let row = 0; row < count; row++) {
    const integer = expected + from.signed();
    const value = form === Form.scaled ? integer * scale + offset : integer / power;
    numbers[row] = form === Form.decimal32 ? Math.fround(value) : value;
    expected = integer + step;
  }
  for (const { start, length } of gaps) numbers.fill(Number.NaN, start, start + length);
  return numbers;
}

function asScaled(numbers: Float64Array, { scale, offset }: Scaling): Whole | undefined {
  if (scale === 0 || (scale === 1 && offset === 0)) return undefined;
  const integers = wholeNumbers(
    numbers,
    (value) => Math.round((value - offset) / scale),
    (integer) => integer * scale + offset,
  );
  return integers && { form: Form.scaled, places: 0, integers };
}

function asDecimals(numbers: Float64Array, limit: number): Whole | undefined {
  let places = 0;
  for (const value of numbers) {
    while (
      !Number.isNaN(value) &&
      Math.round(value * (powers[places] as number)) / (powers[places] as number) !== value
    ) {
      if (++places > limit) return undefined;
    }
  }
  const power = powers[places] as number;
  const integers = wholeNumbers(
    numbers,
    (value) => Math.round(value * power),
    (integer) => integer / power,
  );
  return integers && { form: Form.decimal, places, integers };
}

function asDecimals32(numbers: Float64Array): Whole | undefined {
  if (!isFloat32(numbers)) return undefined;
  let places = 0;
  for (const value of numbers) {
    while (
      !Number.isNaN(value) &&
      Math.fround(Math.round(value * (powers[places] as number)) / (powers[places] as number)) !== value
    ) {
      if (++places > maxPlaces32) return undefined;
    }
  }
  const power = powers[places] as number;
  const integers = wholeNumbers(
    numbers,
    (value) => Math.round(value * power),
    (integer) => Math.fround(integer / power),
  );
  return integers && { form: Form.decimal32, places, integers };
}

/** The whole numbers of all values, each NaN repeating the one before; undefined when one does not come back exactly. */
function wholeNumbers(
  numbers: Float64Array,
  toInteger: (value: number) => number,
  toValue: (integer: number) => number,
): Float64Array | undefined {
  const integers = new Float64Array(numbers.length);
  let last = 0;
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row] as number;
    if (!Number.isNaN(value)) {
      last = toInteger(value) + 0; // + 0 turns −0 into 0
      if (!(Math.abs(last) <= maxInteger) || !Object.is(toValue(last), value)) return undefined;
    }
    integers[row] = last;
  }
  return integers;
}

/** The mean difference, rounded: the poll period where there is one. */
function usualStep(integers: Float64Array): number {
  const steps = integers.length - 1;
  return steps < 1 ? 0 : Math.round(((integers[steps] as number) - (integers[0] as number)) / steps) + 0;
}

interface Gap {
  readonly start: number;
  readonly length: number;
}

/** Runs of NaN: their number, then distance from the end of the run before and length of each. */
function writeGaps(out: ByteWriter, numbers: Float64Array): void {
  const gaps: Gap[] = [];
  for (let row = 0; row < numbers.length; row++) {
    if (!Number.isNaN(numbers[row])) continue;
    const start = row;
    while (row < numbers.length && Number.isNaN(numbers[row])) row++;
    gaps.push({ start, length: row - start });
  }
  out.unsigned(gaps.length);
  let end = 0;
  for (const { start, length } of gaps) {
    out.unsigned(start - end);
    out.unsigned(length);
    end = start + length;
  }
}

function readGaps(from: ByteReader): Gap[] {
  let end = 0;
  return Array.from({ length: from.unsigned() }, () => {
    const start = end + from.unsigned();
    const length = from.unsigned();
    end = start + length;
    return { start, length };
  });
}

function isFloat32(numbers: Float64Array): boolean {
  return numbers.every((value) => Object.is(Math.fround(value), value));
}

/** Byte planes of each number's bits, exclusive-or with the number before: equal signs and exponents become zeros. */
function writeBits(out: ByteWriter, numbers: Float64Array): void {
  const short = isFloat32(numbers);
  const width = short ? 4 : 8;
  const bytes = new Uint8Array((short ? Float32Array.from(numbers) : Float64Array.from(numbers)).buffer);
  const planes = new Uint8Array(bytes.length);
  for (let row = 0; row < numbers.length; row++) {
    for (let plane = 0; plane < width; plane++) {
      const at = row * width + plane;
      planes[plane * numbers.length + row] = (bytes[at] as number) ^ (row === 0 ? 0 : (bytes[at - width] as number));
    }
  }
  out.byte(short ? Form.bits32 : Form.bits64);
  out.append(planes);
}

function readBits(from: ByteReader, form: number, count: number): Float64Array {
  const width = form === Form.bits32 ? 4 : 8;
  const planes = from.take(count * width);
  const bytes = new Uint8Array(count * width);
  for (let row = 0; row < count; row++) {
    for (let plane = 0; plane < width; plane++) {
      const at = row * width + plane;
      bytes[at] = (planes[plane * count + row] as number) ^ (row === 0 ? 0 : (bytes[at - width] as number));
    }
  }
  return form === Form.bits32 ? Float64Array.from(new Float32Array(bytes.buffer)) : new Float64Array(bytes.buffer);
}
