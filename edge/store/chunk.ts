import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Series } from './api.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readColumn, writeColumn } from './column.ts';
import type { Scaling } from './whole.ts';

/** Samples in one chunk at most; a larger count in stored bytes is damage. */
export const maxSamplesPerChunk = 1024;
/** Bytes of unpacked data at most, chunk or tail segment. */
const maxUnpackedBytes = 64 * 1024 * 1024;
/** More runs of quality than this are worth a compressor. */
const fewRuns = 32;
const timeScaling: Scaling = { scale: 1, offset: 0 };

/** Writes how many samples there are, and their times; returns whether that is as short as it gets. */
export function writeTimes(out: ByteWriter, times: Float64Array): boolean {
  out.unsigned(times.length);
  return writeColumn(out, times, timeScaling, true);
}

/** Reads what `writeTimes` wrote; throws RangeError on bytes that it cannot have written. */
export function readTimes(from: ByteReader): Float64Array {
  const count = from.unsigned();
  if (count > maxSamplesPerChunk) throw new RangeError(`${count} samples in a chunk of at most ${maxSamplesPerChunk}`);
  return readColumn(from, count);
}

/**
 * Writes values and quality; the times go apart, as tags that are polled together share them. Returns whether that is as
 * short as it gets.
 */
export function writeValues(out: ByteWriter, { values, quality }: Series, scaling: Scaling): boolean {
  const isShort = writeColumn(out, values, scaling, false);
  return writeRuns(out, quality) && isShort;
}

/** Reads what `writeValues` wrote for samples at these times. */
export function readValues(from: ByteReader, times: Float64Array): Series {
  return { times, values: readColumn(from, times.length), quality: readRuns(from, times.length) };
}

/** A column of times as stored; `owner` is its number in the database. */
export function encodeTimes(times: Float64Array, owner: number): Uint8Array {
  return pack(owner, (out) => writeTimes(out, times));
}

/** Values and quality as stored; `owner` is the tag's number in the database. */
export function encodeValues(series: Series, scaling: Scaling, owner: number): Uint8Array {
  return pack(owner, (out) => writeValues(out, series, scaling));
}

/** Stored bytes and whom they were written for. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly owner: number;
}

/** The samples of a stored chunk, or undefined when times or values do not match their checksum. */
export function decodeChunk(times: Packed, values: Packed): Series | undefined {
  const plainTimes = unpack(times.bytes, times.owner);
  const plainValues = unpack(values.bytes, values.owner);
  if (!plainTimes || !plainValues) return undefined;
  return readValues(new ByteReader(plainValues), readTimes(new ByteReader(plainTimes)));
}

const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Stands before what is as it is; a zstd frame begins with 0x28 (RFC 8878, 3.1.1). */
const asItIs = 0;
const checksumBytes = 4;
/** Whatever is packed is written here first, one after another. */
const plain = new ByteWriter();

/**
 * What `write` writes and says to be as short as it gets, behind a zero, or else by zstd level 1; before it four bytes of
 * CRC-32 (big-endian). The checksum starts from `owner`, so that bytes that turn up under another number than they were
 * written for do not pass.
 */
export function pack(owner: number, write: (out: ByteWriter) => boolean): Uint8Array {
  plain.clear();
  for (let at = 0; at <= checksumBytes; at++) plain.byte(asItIs);
  const isShort = write(plain);
  const written = plain.written();
  if (isShort) return sealed(written, owner).slice();
  const packed = zstdCompressSync(written.subarray(checksumBytes + 1), options);
  const bytes = new Uint8Array(checksumBytes + packed.length);
  bytes.set(packed, checksumBytes);
  return sealed(bytes, owner);
}

/** With its checksum at the head. */
function sealed(bytes: Uint8Array, owner: number): Uint8Array {
  const checksum = crc32(bytes.subarray(checksumBytes), owner >>> 0);
  for (let at = 0; at < checksumBytes; at++) bytes[at] = checksum >>> (24 - 8 * at);
  return bytes;
}

/** Undoes `pack`; undefined when the checksum does not match. */
export function unpack(bytes: Uint8Array, owner: number): Uint8Array | undefined {
  if (bytes.length < 4) return undefined;
  const packed = bytes.subarray(4);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== crc32(packed, owner >>> 0)) return undefined;
  if (packed[0] === asItIs) return packed.subarray(1);
  return zstdDecompressSync(packed, { maxOutputLength: maxUnpackedBytes });
}

/** Writes quality codes as runs; returns whether they are few. */
export function writeRuns(out: ByteWriter, codes: Uint8Array): boolean {
  let runs = 0;
  for (let start = 0; start < codes.length; ) {
    let end = start + 1;
    while (end < codes.length && codes[end] === codes[start]) end++;
    out.byte(codes[start] as number);
    out.unsigned(end - start);
    start = end;
    runs++;
  }
  return runs <= fewRuns;
}

/** Reads `count` codes written by `writeRuns`. */
export function readRuns(from: ByteReader, count: number): Uint8Array {
  const codes = new Uint8Array(count);
  for (let start = 0; start < count; ) {
    const code = from.byte();
    const end = start + from.unsigned();
    codes.fill(code, start, end);
    start = end;
  }
  return codes;
}
