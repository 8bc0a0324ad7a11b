import { isTextType, type NumberType, type PointType, type WordOrder } from '../api.ts';
import { codings } from './codings.ts';

/** Registers (16 bit) that one value of a type fills: 1 to 4 for a number; a text is as long as its point says. */
export function registersOf(type: PointType, length = 1): number {
  return isTextType(type) ? length : codings[type].registers;
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

/** One value, most significant byte first; coding is synchronous, so one view serves all. */
const scratch = new DataView(new ArrayBuffer(8));

/** Takes the value that begins at `offset` out of registers as they came off the wire. */
export type Decoder = (registers: Uint16Array, offset: number) => number;

export const swapBytes = (register: number) => ((register & 0xff) << 8) | (register >>> 8);

/** Whether an order swaps the two bytes of each register. */
export const swapsBytes = (order: WordOrder): boolean => swaps[order].bytes;

/** Where bit `bit` (0 least significant) of a value stands in its register as it comes off the wire. */
export const wireBitOf = (order: WordOrder, bit: number): number => (swaps[order].bytes ? bit ^ 8 : bit);

const decoders = new Map<string, Decoder>();

/**
 * The decoder of a point, one for all points that are coded alike; calling it allocates nothing. With `bit` it gives that
 * bit (0 least significant) of one register. 64-bit integers are rounded to the nearest double: exact up to 2^53, as
 * every count of a plant is. Registers that hold no value of the type (a digit above 9, a 13th month) give NaN.
 */
export function decoderOf(type: NumberType, order: WordOrder, bit?: number): Decoder {
  const key = `${type}/${order}/${bit}`;
  const decoder = decoders.get(key) ?? compileDecoder(type, order, bit);
  decoders.set(key, decoder);
  return decoder;
}

function compileDecoder(type: NumberType, order: WordOrder, bit?: number): Decoder {
  const { bytes, words } = swaps[order];
  const { registers: width, read } = codings[type];
  if (bit !== undefined) {
    const wireBit = wireBitOf(order, bit);
    return (registers, offset) => ((registers[offset] as number) >>> wireBit) & 1;
  }
  return (registers, offset) => {
    for (let word = 0; word < width; word++) {
      const register = registers[words ? offset + width - 1 - word : offset + word] as number;
      scratch.setUint16(word * 2, bytes ? swapBytes(register) : register);
    }
    return read(scratch);
  };
}

/** One value by type and order. */
export function decodeValue(type: NumberType, order: WordOrder, registers: Uint16Array, offset: number): number {
  return decoderOf(type, order)(registers, offset);
}

/**
 * The registers of a value as they go on the wire. What a type cannot hold becomes the nearest that it can: integers are
 * rounded and saturate at the ends of their type, as conversions in PLCs do (NaN becomes 0); any value but 0 is a true
 * `bool`.
 */
export function encodeValue(type: NumberType, order: WordOrder, value: number): Uint16Array {
  const registers = new Uint16Array(codings[type].registers);
  encoderOf(type, order)(value, registers, 0);
  return registers;
}

/** Puts a value, as it goes on the wire, into registers that are there, from `offset` on. */
export type Encoder = (value: number, into: Uint16Array, offset: number) => void;

const encoders = new Map<string, Encoder>();

/** The encoder of a point, one for all points that are coded alike; calling it allocates nothing. */
export function encoderOf(type: NumberType, order: WordOrder): Encoder {
  const key = `${type}/${order}`;
  const encoder = encoders.get(key) ?? compileEncoder(type, order);
  encoders.set(key, encoder);
  return encoder;
}

function compileEncoder(type: NumberType, order: WordOrder): Encoder {
  const { bytes, words } = swaps[order];
  const { registers: width, write } = codings[type];
  return (value, into, offset) => {
    write(scratch, value);
    for (let word = 0; word < width; word++) {
      const register = scratch.getUint16(word * 2);
      into[words ? offset + width - 1 - word : offset + word] = bytes ? swapBytes(register) : register;
    }
  };
}
