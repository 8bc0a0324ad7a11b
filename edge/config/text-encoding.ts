import { pointErrors } from './errors.ts';
import { tableTexts } from './table-texts.ts';

export type TextEncoding = 'UTF-8' | 'UTF-16' | 'GB18030';

const byteOrderMarks: readonly (readonly [label: string, encoding: TextEncoding, bytes: readonly number[]])[] = [
  ['utf-8', 'UTF-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', 'UTF-16', [0xff, 0xfe]],
  ['utf-16be', 'UTF-16', [0xfe, 0xff]],
];

/** Strict decoding; undefined where the bytes are not of this encoding. A byte order mark is taken off. */
function decode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The text of a file as Excel and its relatives save it: by its byte order mark, else strict UTF-8, else GB18030 (which
 * GBK and GB2312 are part of), the code page of Windows in China. A UTF-8 file with a damaged line is not taken for
 * GB18030: most byte pairs mean something there, and the names would turn to nonsense. Throws `LL-POINTS-FORMAT`.
 */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly encoding: TextEncoding } {
  const marked = byteOrderMarks.find(([, , mark]) => mark.every((byte, index) => bytes[index] === byte));
  const [label, encoding] = marked ?? ['utf-8', 'UTF-8'];
  const text = decode(bytes, label);
  if (text !== undefined) return { text, encoding };
  if (marked) throw pointErrors.create('FORMAT', tableTexts.cutText(encoding));
  const lines = linesBeyondAscii(bytes);
  const damaged = lines.filter((line) => decode(line.bytes, 'utf-8') === undefined);
  // two bytes of GB18030 are a character of two bytes in UTF-8 now and then (水 is ˮ), but hardly ever one of three
  const chineseInUtf8 = lines.filter((line) => /[\u0800-\uFFFF]/.test(decode(line.bytes, 'utf-8') ?? ''));
  const legacy = damaged.length > chineseInUtf8.length;
  const chinese = legacy ? decode(bytes, 'gb18030') : undefined;
  if (chinese !== undefined) return { text: chinese, encoding: 'GB18030' };
  const at = legacy ? lines.find((line) => decode(line.bytes, 'gb18030') === undefined) : damaged[0];
  throw pointErrors.create('FORMAT', tableTexts.noEncoding(at?.line ?? 1));
}

/** Lines with bytes above 127. A line feed is never part of a longer character in UTF-8 or GB18030. */
function linesBeyondAscii(bytes: Uint8Array): { readonly line: number; readonly bytes: Uint8Array }[] {
  const found: { readonly line: number; readonly bytes: Uint8Array }[] = [];
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    const own = bytes.subarray(start, end);
    if (own.some((byte) => byte > 127)) found.push({ line, bytes: own });
    start = end + 1;
  }
  return found;
}
