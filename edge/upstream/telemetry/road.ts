import type { SampleBatch } from '../../core/batch.ts';
import type { TagTable } from '../../core/tag.ts';

/**
 * A road that carries values, for as long as one connection lasts. Its promises may stay open for ever once the connection
 * has ended; one that rejects says that the samples did not go, and they are owed.
 */
export interface TelemetryRoad {
  /** Sends new values; resolves when the road has room for more. */
  live(batch: SampleBatch, tags: TagTable): Promise<unknown>;
  /**
   * Sends values of an earlier time, told as such: in order of time, with any number of samples of a tag. Resolves when
   * the road has room for more.
   */
  historical(batch: SampleBatch, tags: TagTable): Promise<unknown>;
  /** Resolves once the far end has all that was sent before the call, as by a round trip on the same connection. */
  settled(): Promise<unknown>;
}
