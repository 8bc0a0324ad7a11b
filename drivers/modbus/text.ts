import type { TextType, WordOrder } from '../api.ts';
import { swapBytes, swapsBytes } from './registers.ts';

/** Takes the text that begins at `offset` out of registers as they came off the wire; undefined when it is none. */
export type TextReader = (registers: Uint16Array, offset: number) => string | undefined;

/** Names of the encodings in the WHATWG Encoding Standard; ASCII is UTF-8 that stays below 128. */
const encodings: Readonly<Record<TextType, string>> = {
  'string-ascii': 'utf-8',
  'string-utf8': 'utf-8',
  'string-gbk': 'gbk',
};
/**
 * What no name or number contains, so that the register holds something else: control characters (tabs and line breaks are
 * text), code points that are nobody's or private, to which decoders turn bytes such as FF of GBK, and U+FFFD.
 */
const unprintable = /(?![\t\r\n])[\p{Cc}\p{Co}\p{Cn}\uFFFD]/u;

/** Bytes that may be left of a character that did not fit into a text's registers any more. */
const cutBytes: Readonly<Record<TextType, number>> = { 'string-ascii': 0, 'string-utf8': 3, 'string-gbk': 1 };

/**
 * Reads texts of `length` registers. Of an order only the swap of the two bytes of a register counts: no device reverses a
 * text, even where it stores the low word of a number first. The text ends at the first zero byte; blanks and 0xFF before it
 * are filling, and the beginning of a character for which there was no room is left out. Bytes that are no text of the
 * encoding, or that nobody could read, give undefined.
 */
export function textReaderOf(type: TextType, order: WordOrder, length: number): TextReader {
  const decode = decoderOf(type);
  const swapped = swapsBytes(order);
  const bytes = new Uint8Array(2 * length);
  return (registers, offset) => {
    for (let index = 0; index < length; index++) {
      const register = registers[offset + index] as number;
      const word = swapped ? swapBytes(register) : register;
      bytes[2 * index] = word >>> 8;
      bytes[2 * index + 1] = word & 0xff;
    }
    const zero = bytes.indexOf(0);
    const end = withoutFilling(bytes, zero === -1 ? bytes.length : zero);
    for (let cut = 0; cut <= (zero === -1 ? cutBytes[type] : 0); cut++) {
      const text = decode(bytes.subarray(0, end - cut));
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

function withoutFilling(bytes: Uint8Array, end: number): number {
  let last = end;
  while (last > 0 && (bytes[last - 1] === 0x20 || bytes[last - 1] === 0xff)) last--;
  return last;
}

function decoderOf(type: TextType): (bytes: Uint8Array) => string | undefined {
  const decoder = new TextDecoder(encodings[type], { fatal: true, ignoreBOM: true });
  return (bytes) => {
    if (type === 'string-ascii' && bytes.some((byte) => byte > 0x7f)) return undefined;
    try {
      const text = decoder.decode(bytes);
      return unprintable.test(text) ? undefined : text;
    } catch {
      return undefined;
    }
  };
}

let gbkCodes: Map<string, number> | undefined;

/** Two-byte codes of GBK by character, made of the decoder's own table when first needed. */
function gbkCodeOf(character: string): number {
  gbkCodes ??= new Map(
    Array.from({ length: 0x7e * 0xbf }, (_, index) => {
      const code = ((0x81 + Math.floor(index / 0xbf)) << 8) | (0x40 + (index % 0xbf));
      return [new TextDecoder('gbk').decode(Uint8Array.of(code >>> 8, code & 0xff)), code];
    }),
  );
  return gbkCodes.get(character) ?? 0x3f;
}

function bytesOf(type: TextType, text: string): number[] {
  if (type === 'string-utf8') return [...new TextEncoder().encode(text)];
  return [...text].flatMap((character) => {
    const ascii = character.charCodeAt(0) < 0x80;
    const code = ascii ? character.charCodeAt(0) : type === 'string-gbk' ? gbkCodeOf(character) : 0x3f;
    return code > 0xff ? [code >>> 8, code & 0xff] : [code];
  });
}

/** The registers of a text: filled up with zeros, cut off where it is longer; `?` for what the encoding does not have. */
export function encodeText(type: TextType, order: WordOrder, length: number, text: string): Uint16Array {
  const bytes = bytesOf(type, text);
  const swapped = swapsBytes(order);
  return Uint16Array.from({ length }, (_, index) => {
    const word = ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0);
    return swapped ? swapBytes(word) : word;
  });
}
