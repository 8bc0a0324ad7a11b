const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;

/** One record of a CSV file. The bytes are good only until the next record. */
export interface Line {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Line of the file on which it begins, from 1. */
  readonly number: number;
  readonly quoted: boolean;
}

/** What is left of one chunk with the next one after it, in one piece of memory that is used over and over. */
class Window {
  private memory: Buffer = Buffer.alloc(0);
  private length = 0;

  /** The bytes from `keep` on of what was there, and the chunk; good until the next time. */
  shift(keep: number, chunk: Buffer): Buffer {
    const kept = this.length - keep;
    const needed = kept + chunk.length;
    const larger = needed > this.memory.length ? Buffer.allocUnsafeSlow(2 * needed) : this.memory;
    this.memory.copy(larger, 0, keep, this.length);
    chunk.copy(larger, kept);
    this.memory = larger;
    this.length = needed;
    return larger.subarray(0, needed);
  }
}

/**
 * Cuts chunks of bytes into records (RFC 4180); blank lines are passed over, a byte order mark is taken off.
 * @param chunks each is looked at only until the next one is asked for
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const window = new Window();
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  let number = 1;
  let first = true;
  for await (const chunk of chunks) {
    const bytes = window.shift(start, chunk);
    start = 0;
    if (first && bytes.length >= 3) {
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) start = 3;
      first = false;
    }
    for (let end = recordEnd(bytes, start); end >= 0; end = recordEnd(bytes, start)) {
      const line = lineOf(bytes, start, end, number);
      number += line.quoted ? newlinesIn(bytes, start, end) + 1 : 1;
      start = end + 1;
      if (line.end > line.start) yield line;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) {
    const line = lineOf(rest, 0, rest.length, number);
    if (line.end > line.start) yield line;
  }
}

/** Place of the newline that ends the record; one inside quotes does not. */
function recordEnd(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(NEWLINE, start);
  let from = start;
  let open = false;
  while (end >= 0) {
    for (let at = bytes.subarray(from, end).indexOf(QUOTE); at >= 0; at = bytes.subarray(from, end).indexOf(QUOTE)) {
      open = !open;
      from += at + 1;
    }
    if (!open) return end;
    from = end;
    end = bytes.indexOf(NEWLINE, end + 1);
  }
  return end;
}

function lineOf(bytes: Buffer, start: number, end: number, number: number): Line {
  const last = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
  return { bytes, start, end: last, number, quoted: bytes.subarray(start, last).includes(QUOTE) };
}

function newlinesIn(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, start); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** The cells of a record as text, quotes taken off. */
export function textCells(
  { bytes, start, end }: Line,
  separator: number,
  decode: (bytes: Uint8Array) => string,
): string[] {
  const cells: string[] = [];
  let from = start;
  let open = false;
  for (let at = start; at <= end; at++) {
    const code = bytes[at];
    if (at < end && code === QUOTE) open = !open;
    if (at < end && (open || code !== separator)) continue;
    const raw = decode(bytes.subarray(from, at)).trim();
    cells.push(
      raw.startsWith('"') && raw.endsWith('"') && raw.length > 1 ? raw.slice(1, -1).replaceAll('""', '"') : raw,
    );
    from = at + 1;
  }
  return cells;
}
