import { filter, map, type Observable, Subject, share, tap } from 'rxjs';
import type { SampleBatch } from '../core/batch.ts';
import { changedOnly, DeadbandState } from '../core/deadband.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { TagTable } from '../core/tag.ts';
import type { ManualValues } from './manual-values.ts';
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
  /** Values since start: all that came, and those of them that the deadband held back from `changes`. */
  figures(): { readonly read: number; readonly thinned: number };
  /** Completes both streams. */
  close(): void;
}

/** Wires the stages: scale → range → values set by hand → live table → (all | changes). */
export function createPipeline(
  initial: TagTable,
  live: LiveTable,
  manual?: Pick<ManualValues, 'remember' | 'substitute'>,
): Pipeline {
  let tags = initial;
  const raw = new Subject<SampleBatch>();
  const deadband = new DeadbandState(tags.size);
  let read = 0;
  let thinned = 0;
  const samples = raw.pipe(
    tap((batch) => {
      manual?.remember(batch);
      scale(batch, tags);
      checkRange(batch, tags);
      manual?.substitute(batch);
      live.write(batch);
    }),
    share(),
  );
  const changes = samples.pipe(
    map((batch) => {
      const changed = changedOnly(batch, tags, deadband);
      read += batch.tags.length;
      thinned += batch.tags.length - changed.tags.length;
      return changed;
    }),
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
    figures: () => ({ read, thinned }),
    close: () => raw.complete(),
  };
}
