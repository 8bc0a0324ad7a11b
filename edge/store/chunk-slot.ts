import { maxSamplesPerChunk } from './chunk.ts';
import { maxChunkAgeMs } from './chunk-table.ts';

/** Part of a chunk's room that polls on schedule fill; the rest is for jitter. */
const slotFill = 0.95;
/** Tags closed together. */
const tagsPerGroup = 32;
/** Spreads the groups evenly over a slot, however many there are. */
const goldenSection = 0.618034;
/** A tag silent for so long after its slot has its chunk closed. */
const silenceMs = 60_000;
/** Samples in open chunks over all tags; with more tags chunks are closed earlier. */
const maxOpenSamples = 4_000_000;
const minSamplesPerChunk = 64;

/** Samples in a chunk at most, with so many tags. */
export const chunkSizeFor = (tags: number): number =>
  Math.min(maxSamplesPerChunk, Math.max(minSamplesPerChunk, Math.floor(maxOpenSamples / Math.max(1, tags))));

/**
 * When a chunk ends, in source time, and how long it may stay open. Chunks end on a grid, neighbouring tags together, so
 * that they share their times, and groups of them one after another, so that the work is spread.
 */
export function slotOf(
  tag: number,
  periodMs: number | undefined,
  samplesPerChunk: number,
  firstMs: number,
): { readonly endMs: number; readonly lastsMs: number } {
  const slotMs = Math.min(maxChunkAgeMs, samplesPerChunk * (periodMs || Number.POSITIVE_INFINITY) * slotFill);
  const phaseMs = ((Math.floor(tag / tagsPerGroup) * goldenSection) % 1) * slotMs;
  const endMs = (Math.floor((firstMs - phaseMs) / slotMs) + 1) * slotMs + phaseMs;
  return { endMs, lastsMs: slotMs + silenceMs };
}
