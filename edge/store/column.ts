import type { ByteReader, ByteWriter } from './bytes.ts';
import { float32At, order32, order64 } from './float-order.ts';
import { findGrid, type Grid, valuesOn } from './grid.ts';
import { readIntegers, writeIntegers } from './integers.ts';
import { packResiduals, unpackResiduals } from './residuals.ts';
import { isFloat32, placesOf, powers, type Scaling, type Whole, wholeOf } from './whole.ts';

/**
 * What numbers are written as, one byte at the head of a column. Those below `scaled` are written no more, but for bits of
 * doubles, and lie in files of before.
 */
const Form = {
  ...{ bits64: 0, bits32: 1, decimalSteps: 2, decimal32Steps: 3, scaledSteps: 4 },
  ...{ scaled: 5, decimal: 6, decimal32: 7, place32: 8, grid32: 9, grid64: 10 },
} as const;

/** Decimals of so many places may be the levels of a converter, which say the same in fewer. */
const manyPlaces = 3;

/**
 * Writes a column of numbers, exactly: as whole numbers — counts of the tag's scaling, decimals, levels of a converter,
 * places among the float32 — and what these leave of what is expected, else as bits in byte planes. NaN, which marks bad
 * samples, is written as runs. `grid` takes the step from the data, for times.
 * @returns whether it is as short as it gets; byte planes are for a compressor
 */
export function writeColumn(out: ByteWriter, numbers: Float64Array, scaling: Scaling, grid: boolean): boolean {
  const whole = wholeOf(numbers, scaling);
  if (whole && whole.places < manyPlaces) {
    writeWhole(out, numbers, whole, scaling, grid);
    return true;
  }
  const short = isFloat32(numbers);
  const found = findGrid(numbers, short ? order32 : order64);
  if (found) {
    writeGrid(out, numbers, found, short);
    return true;
  }
  const other = whole ?? (short ? placesOf(numbers) : undefined);
  if (other) writeWhole(out, numbers, other, scaling, grid);
  else writeBits(out, numbers);
  return other !== undefined;
}

function writeWhole(out: ByteWriter, numbers: Float64Array, whole: Whole, scaling: Scaling, grid: boolean): void {
  const { kind, places, integers } = whole;
  out.byte(Form[kind]);
  if (kind === 'scaled') {
    out.float64(scaling.scale);
    out.float64(scaling.offset);
  } else if (kind !== 'place32') out.byte(places);
  writeGaps(out, numbers);
  writeIntegers(out, integers, grid);
}

function writeGrid(out: ByteWriter, numbers: Float64Array, grid: Grid, short: boolean): void {
  const { origin, step, counts, corrections } = grid;
  out.byte(short ? Form.grid32 : Form.grid64);
  out.float64(origin);
  out.float64(step);
  writeGaps(out, numbers);
  writeIntegers(out, counts, false);
  const packed = packResiduals(corrections);
  out.unsigned(corrections.length);
  out.unsigned(packed.length);
  out.append(packed);
}

/** Reads `count` numbers written by `writeColumn`. */
export function readColumn(from: ByteReader, count: number): Float64Array {
  const form = from.byte();
  switch (form) {
    case Form.bits64:
    case Form.bits32:
      return readBits(from, form, count);
    case Form.grid32:
    case Form.grid64:
      return readGrid(from, form, count);
    default:
      return readWhole(from, form, count);
  }
}

function readWhole(from: ByteReader, form: number, count: number): Float64Array {
  const scaled = form === Form.scaled || form === Form.scaledSteps;
  const [scale, offset] = scaled ? [from.float64(), from.float64()] : [1, 0];
  const power = scaled || form === Form.place32 ? 1 : (powers[from.byte()] as number);
  const gaps = readGaps(from);
  const integers = form < Form.scaled ? readSteps(from, count) : readIntegers(from, count);
  turnBack(integers, form, { scale, offset }, power);
  return withGaps(integers, gaps);
}

/** Whole numbers become what they stand for, in place. */
function turnBack(integers: Float64Array, form: number, { scale, offset }: Scaling, power: number): void {
  const rows = integers.length;
  switch (form) {
    case Form.scaled:
    case Form.scaledSteps:
      for (let row = 0; row < rows; row++) integers[row] = (integers[row] as number) * scale + offset;
      break;
    case Form.place32:
      for (let row = 0; row < rows; row++) integers[row] = float32At(integers[row] as number);
      break;
    case Form.decimal32:
    case Form.decimal32Steps:
      for (let row = 0; row < rows; row++) integers[row] = Math.fround((integers[row] as number) / power);
      break;
    default:
      if (power !== 1) for (let row = 0; row < rows; row++) integers[row] = (integers[row] as number) / power;
  }
}

function readGrid(from: ByteReader, form: number, count: number): Float64Array {
  const [origin, step] = [from.float64(), from.float64()];
  const gaps = readGaps(from);
  const counts = readIntegers(from, count);
  const corrections = new Float64Array(Math.min(from.unsigned(), count));
  unpackResiduals(from.take(from.unsigned()), corrections);
  return withGaps(valuesOn({ origin, step, counts, corrections }, form === Form.grid32 ? order32 : order64), gaps);
}

/** Whole numbers as files of before have them: in differences from the usual step. */
function readSteps(from: ByteReader, count: number): Float64Array {
  const step = from.signed();
  const integers = new Float64Array(count);
  let expected = 0;
  for (let row = 0; row < count; row++) {
    const integer = expected + from.signed();
    integers[row] = integer;
    expected = integer + step;
  }
  return integers;
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

function withGaps(numbers: Float64Array, gaps: readonly Gap[]): Float64Array {
  for (const { start, length } of gaps) numbers.fill(Number.NaN, start, start + length);
  return numbers;
}

/** Byte planes of each number's bits, exclusive-or with the number before: equal signs and exponents become zeros. */
function writeBits(out: ByteWriter, numbers: Float64Array): void {
  const width = 8;
  const bytes = new Uint8Array(numbers.slice().buffer);
  const planes = new Uint8Array(bytes.length);
  for (let row = 0; row < numbers.length; row++) {
    for (let plane = 0; plane < width; plane++) {
      const at = row * width + plane;
      planes[plane * numbers.length + row] = (bytes[at] as number) ^ (row === 0 ? 0 : (bytes[at - width] as number));
    }
  }
  out.byte(Form.bits64);
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
