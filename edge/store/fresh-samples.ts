import type { Series } from './api.ts';
import { samplesOf, type WaitingChunk } from './chunk-packer.ts';
import type { OpenChunk } from './open-chunk.ts';
import type { TailEntry } from './tail.ts';
import type { Scaling } from './whole.ts';

/** Tags whose tail is encoded in one go, to keep the event loop free. */
const tagsPerSegment = 512;

/** Samples of a chunk that the tail on disk lacks. */
export interface Fresh extends TailEntry {
  readonly chunk: OpenChunk;
  readonly scaling: Scaling;
}

/** Those of closed chunks that go on waiting, then of open ones by tag; each group as of when it is asked for. */
export function* freshGroups(
  waiting: readonly WaitingChunk[],
  open: readonly (OpenChunk | undefined)[],
  keyOf: (tag: number) => { readonly id: number; readonly scaling: Scaling },
): Generator<readonly Fresh[]> {
  for (let start = 0; start < waiting.length; start += tagsPerSegment) {
    const group = waiting.slice(start, start + tagsPerSegment);
    yield group.flatMap((chunk) => freshOf(chunk.source, chunk, () => samplesFrom(chunk)));
  }
  for (let start = 0; start < open.length; start += tagsPerSegment) {
    const group = open.slice(start, start + tagsPerSegment);
    yield group.flatMap((chunk, index) =>
      chunk ? freshOf(chunk, keyOf(start + index), () => chunk.samples(chunk.persisted)) : [],
    );
  }
}

function freshOf(
  chunk: OpenChunk,
  { id, scaling }: { readonly id: number; readonly scaling: Scaling },
  samples: () => Series,
): Fresh[] {
  const { generation, persisted, count } = chunk;
  return count === persisted ? [] : [{ chunk, id, scaling, generation, samples: samples() }];
}

/** What of a closed chunk the tail on disk lacks. */
function samplesFrom(chunk: WaitingChunk): Series {
  const samples = samplesOf(chunk);
  if (!samples) throw new Error('a chunk in memory does not match its checksum');
  const { persisted } = chunk.source;
  return {
    times: samples.times.subarray(persisted),
    values: samples.values.subarray(persisted),
    quality: samples.quality.subarray(persisted),
  };
}
