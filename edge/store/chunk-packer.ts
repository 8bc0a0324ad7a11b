import type { Series } from './api.ts';
import { decodeChunk, encodeTimes, encodeValues } from './chunk.ts';
import type { ClosedChunk, TimeColumn } from './chunk-table.ts';
import type { OpenChunk } from './open-chunk.ts';
import { spanOf } from './series.ts';
import { sameTimes } from './tail.ts';
import type { Scaling } from './whole.ts';

/** A closed chunk that is not on disk yet. */
export interface WaitingChunk extends ClosedChunk {
  /** The open chunk that it was, without its samples: they are in `bytes`. */
  readonly source: OpenChunk;
  readonly scaling: Scaling;
}

/** Closes chunks; those of tags that were polled together come one after another and get one column of times. */
export class ChunkPacker {
  private times: Float64Array = new Float64Array(0);
  private column: TimeColumn | undefined;

  /** The chunk as it goes to disk; `id` is the tag's number in the database. */
  close(source: OpenChunk, id: number, scaling: Scaling): WaitingChunk {
    const series = source.samples();
    const { generation, firstMs, count: samples } = source;
    if (!this.column || !sameTimes(series.times, this.times)) {
      this.times = series.times;
      this.column = { id: generation, bytes: encodeTimes(series.times, generation), ...spanOfColumn(series.times) };
    }
    const bytes = encodeValues(series, scaling, id);
    source.release();
    return { id, generation, firstMs, times: this.column, samples, bytes, source, scaling };
  }
}

/** The samples of a chunk that waits. */
export function samplesOf({ id, times, bytes }: ClosedChunk): Series | undefined {
  return decodeChunk({ bytes: times.bytes, owner: times.id }, { bytes, owner: id });
}

function spanOfColumn(times: Float64Array): { readonly fromMs: number; readonly toMs: number } {
  const [fromMs = Number.POSITIVE_INFINITY, toMs = Number.NEGATIVE_INFINITY] = spanOf(times) ?? [];
  return { fromMs, toMs };
}
