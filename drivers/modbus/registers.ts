import type { PointType, WordOrder } from '../api.ts';

const widths: Readonly<Record<PointType, number>> = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int64: 4,
  uint64: 4,
  float32: 2,
  float64: 4,
};

/** Registers (16 bit) that one value of a type fills: 1, 2 or 4. */
export function registersOf(type: PointType): number {
  return widths[type];
}

/**
 * An order is two independent swaps, so the four-letter names hold for every width (`cdab` of a 64-bit value is
 * `ghefcdab`): `bytes` swaps the two bytes inside each register, `words` reverses the registers.
 */
const swaps: Readonly<Record<WordOrder, { readonly bytes: boolean; readonly words: boolean }>> = {
  abcd: { bytes: false, words: false },
  abcdefgh: { bytes: false, words: false },
  badc: { bytes: true, words: false },
  badcfehg: { bytes: true, words: false },
  cdab: { bytes: false, words: true },
  ghefcdab: { bytes: false, words: true },
  dcba: { bytes: true, words: true },
  hgfedcba: { bytes: true, words: true },
};

const twoTo32 = 4_294_967_296;
/** One value, most significant byte first; decoding is synchronous, so one view serves all decoders. */
const scratch = new DataView(new ArrayBuffer(8));

const interpret: Readonly<Record<PointType, () => number>> = {
  bool: () => (scratch.getUint16(0) === 0 ? 0 : 1),
  int16: () => scratch.getInt16(0),
  uint16: () => scratch.getUint16(0),
  int32: () => scratch.getInt32(0),
  uint32: () => scratch.getUint32(0),
  int64: () => scratch.getInt32(0) * twoTo32 + scratch.getUint32(4),
  uint64: () => scratch.getUint32(0) * twoTo32 + scratch.getUint32(4),
  float32: () => scratch.getFloat32(0),
  float64: () => scratch.getFloat64(0),
};

/** Takes the value that begins at `offset` out of registers as they came off the wire. */
export type Decoder = (registers: Uint16Array, offset: number) => number;

const swapBytes = (register: number) => ((register & 0xff) << 8) | (register >>> 8);

/** Where bit `bit` (0 least significant) of a value stands in its register as it comes off the wire. */
export const wireBitOf = (order: WordOrder, bit: number): number => (swaps[order].bytes ? bit ^ 8 : bit);

const decoders = new Map<string, Decoder>();

/**
 * The decoder of a point, one for all points that are coded alike; calling it allocates nothing. With `bit` it gives that
 * bit (0 least significant) of one register. 64-bit integers are rounded to the nearest double: exact up to 2^53, as
 * every count of a plant is.
 */
export function decoderOf(type: PointType, order: WordOrder, bit?: number): Decoder {
  const key = `${type}/${order}/${bit}`;
  const decoder = decoders.get(key) ?? compileDecoder(type, order, bit);
  decoders.set(key, decoder);
  return decoder;
}

function compileDecoder(type: PointType, order: WordOrder, bit?: number): Decoder {
  const { bytes, words } = swaps[order];
  const width = widths[type];
  if (bit !== undefined) {
    const wireBit = wireBitOf(order, bit);
    return (registers, offset) => ((registers[offset] as number) >>> wireBit) & 1;
  }
  const read = interpret[type];
  return (registers, offset) => {
    for (let word = 0; word < width; word++) {
      const register = registers[words ? offset + width - 1 - word : offset + word] as number;
      scratch.setUint16(word * 2, bytes ? swapBytes(register) : register);
    }
    return read();
  };
}

/** One value by type and order. */
export function decodeValue(type: PointType, order: WordOrder, registers: Uint16Array, offset: number): number {
  return decoderOf(type, order)(registers, offset);
}

const integerRanges: Readonly<Partial<Record<PointType, readonly [bigint, bigint]>>> = {
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

function saturate([low, high]: readonly [bigint, bigint], value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value <= Number(low)) return low;
  if (value >= Number(high)) return high;
  return BigInt(Math.round(value));
}

/**
 * The registers of a value as they go on the wire. Integers are rounded to the nearest and saturate at the ends of
 * their type, as conversions in PLCs do (NaN becomes 0); any value but 0 is a true `bool`.
 */
export function encodeValue(type: PointType, order: WordOrder, value: number): Uint16Array {
  const width = widths[type];
  const view = new DataView(new ArrayBuffer(8));
  const range = integerRanges[type];
  if (type === 'float32') view.setFloat32(0, value);
  else if (type === 'float64') view.setFloat64(0, value);
  else if (range) view.setBigUint64(0, BigInt.asUintN(width * 16, saturate(range, value)) << BigInt(64 - width * 16));
  else view.setUint16(0, value === 0 || Number.isNaN(value) ? 0 : 1);
  const { bytes, words } = swaps[order];
  return Uint16Array.from({ length: width }, (_, index) => {
    const register = view.getUint16((words ? width - 1 - index : index) * 2);
    return bytes ? swapBytes(register) : register;
  });
}
