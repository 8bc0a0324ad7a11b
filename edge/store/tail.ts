import type { Series } from './api.ts';
import { ByteReader } from './bytes.ts';
import { pack, readTimes, readValues, unpack, writeTimes, writeValues } from './chunk.ts';
import type { Scaling } from './whole.ts';

/** Which open chunk samples belong to: the tag's number in the database and the chunk's generation. */
export interface ChunkKey {
  readonly id: number;
  readonly generation: number;
}

export interface TailEntry extends ChunkKey {
  readonly samples: Series;
}

/**
 * One addition to the tail, the log from which open chunks are rebuilt after a crash: chunks that were closed (their
 * samples are in the chunk table now), then new samples of open ones.
 */
export interface Segment {
  readonly closed: readonly ChunkKey[];
  readonly entries: readonly TailEntry[];
}

const noTimes: Float64Array = new Float64Array(0);

/** Whether two columns of times are equal, as those of tags polled together are. */
export function sameTimes(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((time, row) => time === b[row]));
}

/** A segment as stored; `number` is its key in the tail table. */
export function encodeSegment(
  closed: readonly ChunkKey[],
  entries: readonly (TailEntry & { readonly scaling: Scaling })[],
  number: number,
): Uint8Array {
  return pack(number, (out) => {
    out.unsigned(closed.length);
    for (const { id, generation } of closed) {
      out.unsigned(id);
      out.unsigned(generation);
    }
    let times: Float64Array = noTimes;
    for (const { id, generation, samples, scaling } of entries) {
      out.unsigned(id);
      out.unsigned(generation);
      const shared = sameTimes(samples.times, times);
      out.byte(shared ? 1 : 0);
      if (!shared) writeTimes(out, samples.times);
      writeValues(out, samples, scaling);
      times = samples.times;
    }
    return false;
  });
}

/** Undoes `encodeSegment`; undefined when the bytes do not match their checksum. */
export function decodeSegment(bytes: Uint8Array, number: number): Segment | undefined {
  const plain = unpack(bytes, number);
  if (!plain) return undefined;
  const from = new ByteReader(plain);
  const closed = Array.from({ length: from.unsigned() }, () => ({ id: from.unsigned(), generation: from.unsigned() }));
  const entries: TailEntry[] = [];
  let times: Float64Array = noTimes;
  while (!from.ended) {
    const key = { id: from.unsigned(), generation: from.unsigned() };
    if (from.byte() === 0) times = readTimes(from);
    entries.push({ ...key, samples: readValues(from, times) });
  }
  return { closed, entries };
}

/** What the tail says of one chunk that was open when the gateway went. */
export interface Remainder extends ChunkKey {
  readonly firstSegment: number;
  readonly pieces: readonly Series[];
}

/** Replays segments, oldest first: samples gather under their chunk until it is closed. */
export function replayTail(segments: Iterable<readonly [number: number, segment: Segment]>): readonly Remainder[] {
  const open = new Map<string, { id: number; generation: number; firstSegment: number; pieces: Series[] }>();
  const keyOf = ({ id, generation }: ChunkKey) => `${id}/${generation}`;
  for (const [number, { closed, entries }] of segments) {
    for (const chunk of closed) open.delete(keyOf(chunk));
    for (const { id, generation, samples } of entries) {
      const found = open.get(keyOf({ id, generation }));
      if (found) found.pieces.push(samples);
      else open.set(keyOf({ id, generation }), { id, generation, firstSegment: number, pieces: [samples] });
    }
  }
  return [...open.values()].sort((a, b) => a.generation - b.generation);
}
