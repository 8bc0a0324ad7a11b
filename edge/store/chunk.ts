import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Series } from './api.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readColumn, type Scaling, writeColumn } from './column.ts';

/** Samples in one chunk at most; a larger count in stored bytes is damage. */
export const maxSamplesPerChunk = 1024;
/** Bytes of unpacked data at most, chunk or tail segment. */
const maxUnpackedBytes = 64 * 1024 * 1024;
const plainTimes: Scaling = { scale: 1, offset: 0 };

/** Writes samples, exact for every float: count, times, values, quality in runs. */
export function writeSamples(out: ByteWriter, series: Series, scaling: Scaling): void {
  out.unsigned(series.times.length);
  writeColumn(out, series.times, plainTimes, true);
  writeColumn(out, series.values, scaling, false);
  writeRuns(out, series.quality);
}

/** Reads what `writeSamples` wrote; throws RangeError on bytes that it cannot have written. */
export function readSamples(from: ByteReader): Series {
  const count = from.unsigned();
  if (count > maxSamplesPerChunk) throw new RangeError(`${count} samples in a chunk of at most ${maxSamplesPerChunk}`);
  const times = readColumn(from, count);
  const values = readColumn(from, count);
  return { times, values, quality: readRuns(from, count) };
}

/** A chunk as stored: the samples' columns, packed. `owner` is the tag's number in the database. */
export function encodeChunk(series: Series, scaling: Scaling, owner: number): Uint8Array {
  const out = new ByteWriter();
  writeSamples(out, series, scaling);
  return pack(out.finish(), owner);
}

/** The samples of a stored chunk, or undefined when the bytes do not match their checksum. */
export function decodeChunk(bytes: Uint8Array, owner: number): Series | undefined {
  const plain = unpack(bytes, owner);
  return plain && readSamples(new ByteReader(plain));
}

const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * zstd level 1 behind four bytes of CRC-32 (big-endian). The checksum starts from `owner`, so that bytes that turn up
 * under another number than they were written for do not pass.
 */
export function pack(plain: Uint8Array, owner: number): Uint8Array {
  const packed = zstdCompressSync(plain, options);
  const bytes = new Uint8Array(packed.length + 4);
  new DataView(bytes.buffer).setUint32(0, crc32(packed, owner));
  bytes.set(packed, 4);
  return bytes;
}

/** Undoes `pack`; undefined when the checksum does not match. */
export function unpack(bytes: Uint8Array, owner: number): Uint8Array | undefined {
  if (bytes.length < 4) return undefined;
  const packed = bytes.subarray(4);
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== crc32(packed, owner)) return undefined;
  return zstdDecompressSync(packed, { maxOutputLength: maxUnpackedBytes });
}

function writeRuns(out: ByteWriter, codes: Uint8Array): void {
  for (let start = 0; start < codes.length; ) {
    let end = start + 1;
    while (end < codes.length && codes[end] === codes[start]) end++;
    out.byte(codes[start] as number);
    out.unsigned(end - start);
    start = end;
  }
}

function readRuns(from: ByteReader, count: number): Uint8Array {
  const codes = new Uint8Array(count);
  for (let start = 0; start < count; ) {
    const code = from.byte();
    const end = start + from.unsigned();
    codes.fill(code, start, end);
    start = end;
  }
  return codes;
}
