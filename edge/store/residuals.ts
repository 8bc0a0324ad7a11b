/** The codes adapt in eighths of a bit. */
const eighths = 3;
const maxRunBits = 10;
const maxRestBits = 45;
/** A unary part of so many ones says that the number itself follows. */
const maxUnary = 24;
/** Bits written or read in one go. */
const maxBits = 24;
const bitsOfWidth = 6;

/**
 * What both sides expect of the next residual, by those before it: adaptive run-length Golomb–Rice codes, which need
 * nothing told beside them (H. S. Malvar, Adaptive Run-Length/Golomb-Rice Encoding, Data Compression Conference 2006, with
 * the steps given there).
 */
class Expectation {
  private run = 0;
  private rest = 8;

  /** Zeros are told in runs of 2 to this power; 0 when they are told one by one. */
  get runBits(): number {
    return this.run >> eighths;
  }

  /** Low bits of a residual that are told as they are, behind the others in unary. */
  get restBits(): number {
    return this.rest >> eighths;
  }

  wholeRun(): void {
    this.run = Math.min(this.run + 4, maxRunBits << eighths);
  }

  brokenRun(): void {
    this.run = Math.max(this.run - 6, 0);
  }

  single(isZero: boolean): void {
    this.run = isZero ? this.run + 3 : Math.max(this.run - 3, 0);
  }

  told(unary: number): void {
    if (unary === 0) this.rest = Math.max(this.rest - 2, 0);
    else if (unary > 1) this.rest = Math.min(this.rest + unary, maxRestBits << eighths);
  }
}

/**
 * Whole numbers in ±2^51, most of them small, as bits: a few each, and next to none for runs of zeros. The bytes share
 * memory with those of the next call.
 */
export function packResiduals(residuals: Float64Array): Uint8Array {
  const out = new BitWriter();
  const expected = new Expectation();
  for (let row = 0; row < residuals.length; ) {
    const { runBits } = expected;
    if (runBits === 0) {
      const residual = residuals[row++] as number;
      writeRice(out, expected, residual < 0 ? -residual * 2 - 1 : residual * 2);
      expected.single(residual === 0);
      continue;
    }
    const first = row;
    const full = Math.min(residuals.length, first + (1 << runBits));
    while (row < full && residuals[row] === 0) row++;
    if (row === full) {
      out.write(0, 1);
      expected.wholeRun();
      continue;
    }
    const residual = residuals[row] as number;
    out.write(1, 1);
    out.write(row++ - first, runBits);
    out.write(residual < 0 ? 1 : 0, 1);
    writeRice(out, expected, Math.abs(residual) - 1);
    expected.brokenRun();
  }
  return out.finish();
}

/** Undoes `packResiduals`, into the places of `residuals` from `start` on, which are zeros; throws RangeError past the end. */
export function unpackResiduals(bytes: Uint8Array, residuals: Float64Array, start = 0): void {
  const from = new BitReader(bytes);
  const expected = new Expectation();
  for (let row = start; row < residuals.length; ) {
    const { runBits } = expected;
    if (runBits === 0) {
      const code = readRice(from, expected);
      residuals[row++] = code < 2 ** 31 ? (code >>> 1) ^ -(code & 1) : code % 2 === 0 ? code / 2 : -(code + 1) / 2;
      expected.single(code === 0);
      continue;
    }
    if (from.read(1) === 0) {
      row += 1 << runBits;
      expected.wholeRun();
      continue;
    }
    row += from.read(runBits);
    const negative = from.read(1) === 1;
    const size = readRice(from, expected) + 1;
    residuals[row++] = negative ? -size : size;
    expected.brokenRun();
  }
  from.assertWithin();
}

function writeRice(out: BitWriter, expected: Expectation, code: number): void {
  const { restBits } = expected;
  const unary = code < 2 ** 31 && restBits < 31 ? code >>> restBits : Math.floor(code / 2 ** restBits);
  expected.told(Math.min(unary, maxUnary));
  if (unary < maxUnary) {
    out.write(2 ** (unary + 1) - 2, unary + 1);
    out.write(code, restBits);
    return;
  }
  const width = Math.floor(Math.log2(code)) + 1;
  out.write(2 ** maxUnary - 1, maxUnary);
  out.write(width, bitsOfWidth);
  out.write(code, width);
}

function readRice(from: BitReader, expected: Expectation): number {
  const { restBits } = expected;
  const unary = from.ones();
  expected.told(unary);
  if (unary === maxUnary) return from.read(from.read(bitsOfWidth));
  // 24 ones at most, 5 bits, so that the sum fits 31
  return restBits <= 26 ? (unary << restBits) + from.read(restBits) : unary * 2 ** restBits + from.read(restBits);
}

let written: Uint8Array = new Uint8Array(8192);

/** Most significant bit first. */
class BitWriter {
  private bytes = written;
  private length = 0;
  private held = 0;
  private heldBits = 0;

  /** The low `count` bits of a whole number below 2^53. */
  write(value: number, count: number): void {
    if (count > maxBits) {
      this.write(Math.floor(value / 2 ** maxBits), count - maxBits);
      this.write(value % 2 ** maxBits, maxBits);
      return;
    }
    this.held = (this.held << count) | (value & ((1 << count) - 1));
    this.heldBits += count;
    if (this.length + 4 > this.bytes.length) this.grow();
    while (this.heldBits >= 8) {
      this.heldBits -= 8;
      this.bytes[this.length++] = this.held >>> this.heldBits;
    }
  }

  finish(): Uint8Array {
    this.write(0, (8 - this.heldBits) & 7);
    return this.bytes.subarray(0, this.length);
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
    written = larger;
  }
}

class BitReader {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(count: number): number {
    if (count > maxBits) {
      const high = this.read(count - maxBits);
      return high * 2 ** maxBits + this.read(maxBits);
    }
    const value = count === 0 ? 0 : this.ahead() >>> (32 - count);
    this.position += count;
    return value;
  }

  /** How many ones come before a zero, which is read with them; `maxUnary` of them have none. */
  ones(): number {
    const count = Math.min(Math.clz32(~this.ahead()), maxUnary);
    this.position += count === maxUnary ? count : count + 1;
    return count;
  }

  assertWithin(): void {
    if (this.position > this.bytes.length * 8) throw new RangeError(`read past the end of ${this.bytes.length} bytes`);
  }

  /** The next bits from the top of a 32-bit number, 25 at least; zeros behind the end. */
  private ahead(): number {
    const { bytes, position } = this;
    const at = position >>> 3;
    const word =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
    return word << (position & 7);
  }
}
