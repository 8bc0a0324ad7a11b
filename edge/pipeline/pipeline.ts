import { filter, map, type Observable, Subject, share, tap } from 'rxjs';
import type { SampleBatch } from '../core/batch.ts';
import { changedOnly, DeadbandState } from '../core/deadband.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { TagTable } from '../core/tag.ts';
import { checkRange, scale } from './stages.ts';

/** From raw batches to everybody who reads values; one emission per batch. */
export interface Pipeline {
  /** Takes a raw batch from a driver; its columns are changed in place. */
  push(raw: SampleBatch): void;
  /** Every sample in engineering units with checked quality, after the live table has it. */
  readonly samples: Observable<SampleBatch>;
  /** Only what changed by more than its deadband. */
  readonly changes: Observable<SampleBatch>;
  /** Goes on with another table, in which the tags named in `fresh` are new. */
  adopt(tags: TagTable, fresh: readonly number[]): void;
  /** Completes both streams. */
  close(): void;
}

/** Wires the stages: scale → range → live table → (all | changes). */
export function createPipeline(initial: TagTable, live: LiveTable): Pipeline {
  let tags = initial;
  const raw = new Subject<SampleBatch>();
  const deadband = new DeadbandState(tags.size);
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
  return {
    push: (batch) => raw.next(batch),
    samples,
    changes,
    adopt(next, fresh) {
      tags = next;
      live.resize(next.size, fresh);
      deadband.resize(next.size, fresh);
    },
    close: () => raw.complete(),
  };
}
