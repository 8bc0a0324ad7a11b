const seqTag = 0x18;
const timestampTag = 0x08;
const metricTag = 0x12;
/** Of the fields of a metric (Sparkplug 3.0 §6.4.1): number × 8 and wire type. */
const aliasTag = 0x10;
const metricTimestampTag = 0x18;
const historicalTag = 0x28;
const floatTag = 0x65;
const doubleTag = 0x69;
/** What a metric of a number takes at most: its tags and length, two numbers of 64 bits, a flag, a value. */
const maxNumberBytes = 40;
const firstBytes = 16_384;
/** Low bits of a number of 64 that are written as a whole number of groups of seven, by 32-bit arithmetic. */
const lowRange = 2 ** 28;

/**
 * Writes payloads of DATA straight from columns: nearly all metrics are a Float or Double with alias and time, and an object
 * each costs more than its 17 bytes. All else comes as bytes of the general encoder. Used for one payload after another.
 */
export class DataPayload {
  private bytes = new Uint8Array(firstBytes);
  private view = new DataView(this.bytes.buffer);
  private length = 0;

  /** @param timestamp ms since epoch, whole */
  begin(timestamp: number): void {
    this.length = 0;
    this.bytes[this.length++] = timestampTag;
    this.unsigned(timestamp);
  }

  float(alias: number, timestamp: number, historical: boolean, value: number): void {
    const start = this.number(alias, timestamp, historical, floatTag);
    this.view.setFloat32(this.length, value, true);
    this.end(start, 4);
  }

  double(alias: number, timestamp: number, historical: boolean, value: number): void {
    const start = this.number(alias, timestamp, historical, doubleTag);
    this.view.setFloat64(this.length, value, true);
    this.end(start, 8);
  }

  /** A metric as the general encoder gives it. */
  metric(bytes: Uint8Array): void {
    this.reserve(bytes.length + maxNumberBytes);
    this.bytes[this.length++] = metricTag;
    this.unsigned(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** The payload, copied. */
  finish(seq: number): Buffer {
    this.reserve(maxNumberBytes);
    this.bytes[this.length++] = seqTag;
    this.unsigned(seq);
    return Buffer.copyBytesFrom(this.bytes, 0, this.length);
  }

  /** All of a metric but its value; returns where its length is to stand, a single byte as it is below 128. */
  private number(alias: number, timestamp: number, historical: boolean, valueTag: number): number {
    this.reserve(maxNumberBytes);
    this.bytes[this.length++] = metricTag;
    const start = this.length++;
    this.bytes[this.length++] = aliasTag;
    this.unsigned(alias);
    this.bytes[this.length++] = metricTimestampTag;
    this.unsigned(timestamp);
    if (historical) {
      this.bytes[this.length++] = historicalTag;
      this.bytes[this.length++] = 1;
    }
    this.bytes[this.length++] = valueTag;
    return start;
  }

  private end(start: number, valueBytes: number): void {
    this.length += valueBytes;
    this.bytes[start] = this.length - start - 1;
  }

  /** A whole number in 0..2^53 in groups of seven bits, lowest first (LEB128). */
  private unsigned(value: number): void {
    let rest = value;
    while (rest >= lowRange) {
      const low = rest % lowRange;
      for (let shift = 0; shift < 28; shift += 7) this.bytes[this.length++] = ((low >>> shift) & 127) | 128;
      rest = (rest - low) / lowRange;
    }
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
