/** Grows as it is written; little-endian base-128 integers (LEB128), zigzag for signed ones. */
export class ByteWriter {
  private bytes = new Uint8Array(2048);
  private length = 0;

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number in 0..2^53. */
  unsigned(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest > 0x7fffffff) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** A whole number in ±2^52. */
  signed(value: number): void {
    this.unsigned(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  float64(value: number): void {
    this.reserve(8);
    new DataView(this.bytes.buffer).setFloat64(this.length, value, true);
    this.length += 8;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Begins anew. */
  clear(): void {
    this.length = 0;
  }

  /** What was written since it began, sharing memory with what is written next. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote; throws RangeError past the end. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get ended(): boolean {
    return this.position >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.position++];
    if (value === undefined) throw new RangeError(`read past the end of ${this.bytes.length} bytes`);
    return value;
  }

  unsigned(): number {
    const only = this.bytes[this.position];
    if (only !== undefined && only < 128) {
      this.position++;
      return only;
    }
    let value = 0;
    let weight = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * weight;
      if (byte < 128) return value;
      weight *= 128;
    }
  }

  signed(): number {
    const value = this.unsigned();
    if (value < 0x7fffffff) return (value >>> 1) ^ -(value & 1);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float64(): number {
    const at = this.take(8);
    return new DataView(at.buffer, at.byteOffset, 8).getFloat64(0, true);
  }

  /** The next `count` bytes, sharing memory. */
  take(count: number): Uint8Array {
    const end = this.position + count;
    if (end > this.bytes.length) throw new RangeError(`${count} bytes past the end of ${this.bytes.length}`);
    const part = this.bytes.subarray(this.position, end);
    this.position = end;
    return part;
  }
}
