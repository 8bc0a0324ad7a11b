import type { Series } from './api.ts';
import { chunkSpan, type ReadPieces, selectChunks } from './chunk-table.ts';
import type { Database } from './database.ts';
import {
  type Envelope,
  envelopeOf,
  type Resolution,
  type RolledUp,
  type Rollup,
  stepMs,
  stretchMs,
  stretchOf,
} from './rollup.ts';
import { decodeEnvelope, decodeRollup } from './rollup-chunk.ts';
import { dueStretches, rollupOwner, rollupSpan, selectRollups, stretchesPerRead } from './rollup-table.ts';
import { mergeSeries, spanOf, thinSeries } from './series.ts';

/** What of one tag is asked for. */
export interface Asked {
  /** Number of the tag in the database; undefined for one that was never stored. */
  readonly id: number | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPoints: number;
  /** Samples that are not in a chunk on disk yet. */
  readonly recent: readonly Series[];
}

/** Samples read, and the names of stored blocks that failed their checksum and are missing from them. */
export interface ReadSeries {
  readonly series: Series;
  readonly damaged: readonly string[];
}

/** A curve's bucket is this many steps of a roll-up long at least, before the roll-up stands in for what is finer. */
const stepsPerBucket = 2;

/**
 * The course of a tag, thinned to at most `maxPoints`: read at the coarsest resolution that still has two rows for each
 * of its buckets, from a finer one where that is not made yet, and from a coarser one where the finer was dropped.
 */
export async function readCourse(database: Database, asked: Asked): Promise<ReadSeries> {
  const { id, maxPoints, recent } = asked;
  const [fromMs, toMs] = await withinStored(database, asked);
  if (id === undefined || !(fromMs <= toMs)) return { series: mergeSeries([], fromMs, toMs), damaged: [] };
  const resolution = resolutionFor((toMs - fromMs) / Math.max(1, Math.floor(maxPoints / 2)));
  const rawSpans = resolution === 'raw' ? [[fromMs, toMs] as const] : await dueSpans(database, id, fromMs, toMs);
  const pieces: Series[] = [...recent];
  const damaged: string[] = [];
  const take = (read: ReadPieces) => {
    pieces.unshift(...read.pieces);
    damaged.push(...read.damaged);
  };
  for (const [from, to] of rawSpans.reverse()) {
    take(await selectChunks(database, id, Math.max(from, fromMs), Math.min(to, toMs)));
  }
  for (const rolledUp of resolution === 'hour' ? (['hour'] as const) : (['minute', 'hour'] as const)) {
    const end = rolledUp === resolution ? toMs : Math.min(toMs, firstOf(pieces, fromMs, toMs) - stepMs[rolledUp]);
    if (end >= fromMs) take(await readEnvelopes(database, rolledUp, id, fromMs, end));
  }
  return { series: thinSeries(mergeSeries(pieces, fromMs, toMs), fromMs, toMs, maxPoints), damaged };
}

function resolutionFor(bucketMs: number): Resolution {
  if (bucketMs >= stepsPerBucket * stepMs.hour) return 'hour';
  return bucketMs >= stepsPerBucket * stepMs.minute ? 'minute' : 'raw';
}

/** The part of what is asked for in which anything can be. */
async function withinStored(database: Database, { fromMs, toMs, recent }: Asked): Promise<readonly [number, number]> {
  const spans = [
    await chunkSpan(database),
    await rollupSpan(database, 'minute'),
    await rollupSpan(database, 'hour'),
    ...recent.map(({ times }) => spanOf(times)),
  ].filter((span) => span !== undefined);
  const [oldest, newest] = [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
  return [Math.max(fromMs, oldest), Math.min(toMs, newest)];
}

/** Stretches of a tag that roll-ups do not tell all of yet, as spans of time; neighbours are one. */
async function dueSpans(database: Database, id: number, fromMs: number, toMs: number): Promise<[number, number][]> {
  const spans: [number, number][] = [];
  for (const stretch of await dueStretches(database, id, stretchOf(fromMs), stretchOf(toMs))) {
    const [begin, end] = [stretch * stretchMs, (stretch + 1) * stretchMs - 1];
    const before = spans.at(-1);
    if (before && before[1] === begin - 1) before[1] = end;
    else spans.push([begin, end]);
  }
  return spans;
}

/** Rows that begin in [fromMs, toMs], as samples. */
async function readEnvelopes(
  database: Database,
  resolution: RolledUp,
  id: number,
  fromMs: number,
  toMs: number,
): Promise<ReadPieces> {
  const pieces: Series[] = [];
  const damaged: string[] = [];
  const last = stretchOf(toMs);
  for (let first = stretchOf(fromMs); first <= last; first += stretchesPerRead) {
    const end = Math.min(last, first + stretchesPerRead - 1);
    for (const { stretch, bytes } of await selectRollups(database, resolution, id, first, end)) {
      const owner = rollupOwner(resolution, { stretch, tag: id });
      const envelope = decodeEnvelope(bytes, owner);
      if (envelope) pieces.push(envelopeOf(upTo(envelope, toMs), stepMs[resolution]));
      else damaged.push(`rollup/${owner}`);
    }
  }
  return { pieces, damaged };
}

function upTo(envelope: Envelope, toMs: number): Envelope {
  const end = envelope.times.findLastIndex((time) => time <= toMs) + 1;
  if (end === envelope.times.length) return envelope;
  const { times, min, max, quality } = envelope;
  return {
    ...{ times: times.subarray(0, end), min: min.subarray(0, end), max: max.subarray(0, end) },
    quality: quality.subarray(0, end),
  };
}

/** Raw samples of a tag that are in chunks, in order of time. */
export async function readRaw(database: Database, id: number, fromMs: number, toMs: number): Promise<ReadSeries> {
  const { pieces, damaged } = await selectChunks(database, id, fromMs, toMs);
  return { series: mergeSeries(pieces, fromMs, toMs), damaged };
}

/** The stored roll-up of one stretch of a tag; undefined where there is none, or none that is sound. */
export async function readRollup(
  database: Database,
  resolution: RolledUp,
  tag: number,
  stretch: number,
): Promise<Rollup | undefined> {
  const [row] = await selectRollups(database, resolution, tag, stretch, stretch);
  return row && decodeRollup(row.bytes, rollupOwner(resolution, { stretch, tag }));
}

/** The earliest time in [fromMs, toMs]; Infinity where there is none. */
function firstOf(pieces: readonly Series[], fromMs: number, toMs: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { times } of pieces) {
    const [oldest, newest] = spanOf(times) ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    if (oldest >= first || newest < fromMs || oldest > toMs) continue;
    if (oldest >= fromMs) first = oldest;
    else for (const time of times) if (time < first && time >= fromMs && time <= toMs) first = time;
  }
  return first;
}
