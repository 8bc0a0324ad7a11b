import { type Doubt, type Grading, type LabelledTruth, recoverS } from './grading.ts';
import type { TwinOptions } from './observable.ts';
import { hearThread } from './thread.ts';
import { Twins } from './twins.ts';

/** What a happening did may be felt for so long after its end, s: a district's heat takes hours to come back. */
const lingerS = 6 * 3600;
/** A step of the comparison, s, and of the way there. */
const stepS = 10;
/** So many samples of one tag in a row must differ, the last one at the time that is asked about. */
const samples = 3;
/** The twins live alike for so long before the happening, s. */
const leadS = 60;

/** What the thread is asked. */
export type LingeringWork = TwinOptions & { readonly doubts: readonly Doubt[] };

const keyOf = ({ happening: { id }, asset, atMs }: Doubt): string => `${id} ${asset} ${atMs}`;

/** The alarms that count as false although a fault, ended for more than the hour of recovery, had to do with their asset. */
export function doubtsIn({ falseAlarms, happenings }: Grading): readonly Doubt[] {
  const touched = ({ affected, asset }: LabelledTruth, alarmed: string) =>
    asset === alarmed || affected.includes(alarmed);
  return falseAlarms.flatMap(({ asset, raisedMs, happening }) =>
    happening !== undefined
      ? []
      : happenings
          .filter(({ truth, endMs }) => !truth.decoy && touched(truth, asset) && raisedMs > endMs + recoverS * 1000)
          .filter(({ endMs }) => raisedMs <= endMs + lingerS * 1000)
          .map(({ truth }) => ({ happening: truth.happening, asset, atMs: raisedMs })),
  );
}

/** Those doubts that are settled: of two cities of one seed, one with the happening, a tag of the asset differs then. */
export async function* settled({ doubts, ...options }: LingeringWork): AsyncGenerator<string> {
  for (const happening of new Set(doubts.map((doubt) => doubt.happening))) {
    const waiting = doubts.filter((doubt) => doubt.happening === happening).sort((a, b) => a.atMs - b.atMs);
    const twins = await Twins.open({ ...options, startMs: happening.startMs - leadS * 1000 });
    try {
      twins.step(leadS);
      twins.strike(happening);
      let differing: ReadonlyMap<number, number> = new Map();
      for (const doubt of waiting) {
        differing = walk(twins, doubt.atMs, differing);
        if (differs(twins, doubt.asset, differing)) yield keyOf(doubt);
      }
    } finally {
      twins.close();
    }
  }
}

/**
 * Moves the twins to a time and compares them on the last samples of the way.
 * @param before in how many samples in a row each tag has differed so far: doubts may be closer than the samples of one
 */
function walk(twins: Twins, atMs: number, before: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  let differing = before;
  while (twins.nowMs < atMs) {
    twins.step(stepS);
    if (twins.nowMs < atMs - samples * stepS * 1000) continue;
    const now = new Map<number, number>();
    twins.compare((tag) => now.set(tag, (differing.get(tag) ?? 0) + 1));
    differing = now;
  }
  return differing;
}

function differs(twins: Twins, asset: string, differing: ReadonlyMap<number, number>): boolean {
  for (const [tag, count] of differing) if (count >= samples && twins.assetOf(tag) === asset) return true;
  return false;
}

/** Asks in a thread of its own; when `signal` aborts it resolves with what is known by then. */
export async function lingersOf(work: LingeringWork, signal?: AbortSignal): Promise<(doubt: Doubt) => boolean> {
  const lingering = new Set<string>();
  if (work.doubts.length > 0) {
    await hearThread(import.meta.url, 'lingering-thread', work, (key: string) => lingering.add(key), signal);
  }
  return (doubt) => lingering.has(keyOf(doubt));
}
