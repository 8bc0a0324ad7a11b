import type { SampleBatch } from '../core/batch.ts';
import type { Event, NewEvent } from '../core/event.ts';
import type { TagTable } from '../core/tag.ts';
import type { DiskState } from './disk-space.ts';

export type { DiskState };

/** Alarms, events, audit: on disk and synced before anything is acknowledged or sent. */
export interface Journal {
  readonly stream: string;
  /** Of events appended from now on: a new one at each opening. Older events keep theirs. */
  readonly epoch: string;
  /** Sequence of the newest event, going on over epochs; 0 when empty. */
  readonly last: number;
  /** Resolves with identities once all are synced to disk; concurrent calls share one commit and keep their order. */
  append(events: readonly NewEvent[]): Promise<readonly Event[]>;
  /** Events with sequence > `after`, oldest first, at most `limit`. */
  read(after: number, limit: number): Promise<readonly Event[]>;
  /** Called after each commit; returns the unsubscriber. */
  onAppend(listener: (events: readonly Event[]) => void): () => void;
}

/** How far each sink has come in the journal. */
export interface Cursors {
  /**
   * Sequence of the last event the sink is done with. What comes after it is kept for the sink from now on.
   * @param first where a sink begins that never asked before; with the first event when left out
   */
  get(sink: string, first?: () => Promise<number>): Promise<number>;
  /** The sink is in use no longer: its cursor stays, but no event is kept for it. */
  release(sink: string): void;
  /** Resolves once on disk. Going back is refused (returns without change). */
  set(sink: string, sequence: number): Promise<void>;
}

/** What parts of the gateway go on from after a restart: the newest text under each name. */
export interface Snapshots {
  /** Those of one part that are sound, by name. */
  load(area: string): Promise<Map<string, string>>;
  /** Resolves once all are on disk; either all of them or none. */
  save(area: string, bodies: ReadonlyMap<string, string>): Promise<void>;
}

/** A stretch of one tag's history, oldest first. */
export interface Series {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly quality: Uint8Array;
}

/** Telemetry by tag. */
export interface History {
  /** Takes a batch into the open chunks; never waits for the disk. */
  append(batch: SampleBatch): void;
  /**
   * Gives the new tags of another table their place on disk. Resolves with the switch, which makes batches mean that
   * table from then on; rejects when the disk refuses, and nothing has changed.
   */
  prepare(tags: TagTable): Promise<() => void>;
  /** Source time of the oldest sample, ms since epoch; undefined while there is none. */
  begin(): Promise<number | undefined>;
  /** Samples in [fromMs, toMs], thinned to at most `maxPoints` keeping each bucket's minimum and maximum. */
  query(tag: string, fromMs: number, toMs: number, maxPoints: number): Promise<Series>;
}

/** What was lost or skipped since start; all 0 in health. */
export interface StoreFigures {
  /** Journal records that failed their checksum or could not be read. */
  readonly damagedRecords: number;
  readonly damagedChunks: number;
  /** Telemetry samples that could not be kept. */
  readonly droppedSamples: number;
  /** Those among them given up because the disk had not kept up, since it last did; 0 once it does again. */
  readonly historyBehind: number;
  /** Events removed from the journal by age or size. */
  readonly removedEvents: number;
  /** Those among them that a sink had not got: only where the size forced it. */
  readonly lostEvents: number;
}

/**
 * Telemetry that a kill or a power cut may have taken: what had come since the last write of the tail, half a minute and
 * the time of a write at most, and what was not polled since. Times in ms since epoch.
 */
export interface TelemetryGap {
  /** Newest sample on disk, or the opening before, whichever is later. */
  readonly fromMs: number;
  /** This opening. */
  readonly toMs: number;
  /** Tags whose history was marked: a bad sample follows the last one that was kept. */
  readonly tags: number;
}

/** What holds the gateway's state on disk. */
export interface Store {
  readonly journal: Journal;
  readonly cursors: Cursors;
  readonly snapshots: Snapshots;
  readonly history: History;
  /** Present when the store was not closed the last time. */
  readonly gap: TelemetryGap | undefined;
  /** Things found wrong at opening or later (a database set aside, records skipped), each a coded message. */
  readonly notices: readonly { readonly code: string; readonly message: string }[];
  figures(): StoreFigures;
  /** Undefined where nobody looks at the disk. */
  disk(): DiskState | undefined;
  /** Events for which this holds are not removed for age, nor for size while others can go; none when never called. */
  keepWhile(stands: (event: Event) => boolean): void;
  /** Flushes and closes; may be called twice. */
  close(): Promise<void>;
}
