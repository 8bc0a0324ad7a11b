import { ByteReader } from './bytes.ts';
import { pack, readRuns, readTimes, unpack, writeRuns, writeTimes } from './chunk.ts';
import { readColumn, writeColumn } from './column.ts';
import type { Envelope, Rollup } from './rollup.ts';
import type { Scaling } from './whole.ts';

const asTheyAre: Scaling = { scale: 1, offset: 0 };

/** A stretch of roll-up rows as stored; `owner` is what `unpack` must be told to get it back. */
export function encodeRollup(rollup: Rollup, scaling: Scaling, owner: number): Uint8Array {
  return pack(owner, (out) => {
    const isShort = [
      writeTimes(out, rollup.times),
      writeRuns(out, rollup.quality),
      writeColumn(out, rollup.min, scaling, false),
      writeColumn(out, rollup.max, scaling, false),
      writeColumn(out, rollup.mean, asTheyAre, false),
      writeColumn(out, rollup.last, scaling, false),
      writeColumn(out, rollup.good, asTheyAre, false),
      writeColumn(out, rollup.total, asTheyAre, false),
    ];
    return !isShort.includes(false);
  });
}

/** The rows of a stored stretch; undefined when they do not match their checksum. */
export function decodeRollup(bytes: Uint8Array, owner: number): Rollup | undefined {
  const plain = unpack(bytes, owner);
  if (!plain) return undefined;
  const from = new ByteReader(plain);
  const envelope = readEnvelope(from);
  const column = () => readColumn(from, envelope.times.length);
  return { ...envelope, mean: column(), last: column(), good: column(), total: column() };
}

/** What a curve needs of a stored stretch, without the work for the other columns. */
export function decodeEnvelope(bytes: Uint8Array, owner: number): Envelope | undefined {
  const plain = unpack(bytes, owner);
  return plain && readEnvelope(new ByteReader(plain));
}

function readEnvelope(from: ByteReader): Envelope {
  const times = readTimes(from);
  const quality = readRuns(from, times.length);
  return { times, quality, min: readColumn(from, times.length), max: readColumn(from, times.length) };
}
