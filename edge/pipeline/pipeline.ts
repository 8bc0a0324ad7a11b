import { filter, map, type Observable, Subject, share, tap } from 'rxjs';
import type { SampleBatch } from '../core/batch.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { TagTable } from '../core/tag.ts';
import { changedOnly, checkRange, createDeadbandState, scale } from './stages.ts';

/** From raw batches to everybody who reads values; one emission per batch. */
export interface Pipeline {
  /** Takes a raw batch from a driver; its columns are changed in place. */
  push(raw: SampleBatch): void;
  /** Every sample in engineering units with checked quality, after the live table has it. */
  readonly samples: Observable<SampleBatch>;
  /** Only what changed by more than its deadband. */
  readonly changes: Observable<SampleBatch>;
  /** Completes both streams. */
  close(): void;
}

/** Wires the stages: scale → range → live table → (all | changes). */
export function createPipeline(tags: TagTable, live: LiveTable): Pipeline {
  const raw = new Subject<SampleBatch>();
  const deadband = createDeadbandState(tags.size);
  const samples = raw.pipe(
    tap((batch) => {
      scale(batch, tags);
      checkRange(batch, tags);
      live.write(batch);
    }),
    share(),
  );
  const changes = samples.pipe(
    map((batch) => changedOnly(batch, tags, deadband)),
    filter((batch) => batch.tags.length > 0),
    share(),
  );
  return { push: (batch) => raw.next(batch), samples, changes, close: () => raw.complete() };
}
