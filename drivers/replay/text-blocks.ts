import { closeSync, openSync, readSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { errorWithin } from '../../edge/core/errors.ts';
import { both } from '../../edge/core/text.ts';
import { replayErrors } from './errors.ts';

/** A file is read in pieces of this size: memory does not grow with the file. */
const blockBytes = 256 * 1024;
const maxLineBytes = 16 * 1024 * 1024;

/** Whole lines of a text file, one after the other. */
export interface TextBlock {
  /** Number of its first line, from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** The bytes that it was read from. */
  readonly bytes: Uint8Array;
}

/**
 * Reads a text file (UTF-8, or GB 18030 where its first piece is no UTF-8) piece by piece, each when it is asked for. It
 * blocks for the time of one read: virtual time stands still meanwhile, so that a run never depends on the disk. Throws
 * `LL-REPLAY-FILE`.
 */
export function* readTextBlocks(path: string): Generator<TextBlock, void> {
  const file = open(path);
  try {
    let rest = new Uint8Array();
    let firstLine = 1;
    let decoder: TextDecoder | undefined;
    for (;;) {
      const piece = new Uint8Array(blockBytes);
      const count = read(file, piece, path);
      const end = count === 0 ? rest.length : rest.length + piece.lastIndexOf(10, count - 1) + 1;
      const bytes = Buffer.concat([rest, piece.subarray(0, count)]);
      if (end > rest.length || count === 0) {
        const block = bytes.subarray(0, end);
        rest = bytes.subarray(end);
        if (block.length === 0) return;
        decoder ??= decoderOf(block);
        const lines = decoder.decode(block).split(/\r?\n/);
        if (block.at(-1) === 10) lines.pop();
        yield { firstLine, lines, bytes: block };
        if (count === 0) return;
        firstLine += lines.length;
      } else if (bytes.length > maxLineBytes) {
        throw replayErrors.create(
          'FILE',
          both(
            `${path}:${firstLine}: a line of more than ${maxLineBytes} bytes`,
            `${path}:${firstLine}：一行超过 ${maxLineBytes} 字节`,
          ),
        );
      } else rest = bytes;
    }
  } finally {
    closeSync(file);
  }
}

/** The first lines of a file, as many as its first piece holds. Throws `LL-REPLAY-FILE`. */
export function readFirstLines(path: string): readonly string[] {
  for (const { lines } of readTextBlocks(path)) return lines;
  return [];
}

function decoderOf(block: Uint8Array): TextDecoder {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(block);
    return new TextDecoder('utf-8');
  } catch {
    return new TextDecoder('gb18030');
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function read(file: number, piece: Uint8Array, path: string): number {
  try {
    return readSync(file, piece, 0, piece.length, null);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Says which file cannot be read, and why. */
export function unreadable(path: string, cause: unknown) {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const why = code === 'ENOENT' ? both('there is no such file', '文件不存在') : errorWithin(cause);
  return replayErrors.create('FILE', both(`cannot read ${path}: ${why.en}`, `无法读取 ${path}：${why.zh}`), cause);
}
