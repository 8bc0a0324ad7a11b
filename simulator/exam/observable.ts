import type { CityOptions } from '../city/city.ts';
import type { Happening } from '../city/plant.ts';
import { plants } from '../city/plants.ts';
import { hearThread } from './thread.ts';
import { Twins } from './twins.ts';

/** So many samples of one tag must differ. */
const samples = 3;
/** A step of the comparison, s: three samples of it are half a minute. */
const stepS = 10;
/** A step while there is nothing to compare, s. */
const longStepS = 300;
/** The twins live alike for so long before the happening, s. */
const leadS = 60;
/** What happens for good is looked at for so long, s. */
const longestS = 4 * 3600;
/** Consequences may show for so long after the end, s. */
const afterS = 600;

/** A happening and the utility that it befalls, where it befalls one. */
export interface Befallen {
  readonly happening: Happening;
  readonly utility: string | undefined;
}

/** The city of which the twins are; they are as old as what they are to show. */
export type TwinOptions = Omit<CityOptions, 'startMs'>;

/** What the thread is asked, and what it tells of each happening in turn. */
export type TwinWork = TwinOptions & { readonly befallen: readonly Befallen[] };
export type TwinReply = readonly [happening: string, observable: boolean];

/**
 * Tells of each happening whether any sensor of the city can show it: of two cities of one seed, one with it and one without,
 * some tag differs by more than 3 σ of its noise in at least 3 samples. Most show in their own utility, which is built in a
 * fraction of the time. The rest are played all together in one of two whole cities: what shows nothing there while it lasts
 * shows nowhere; what may have shown something is looked at by itself.
 */
export async function* observability(
  befallen: readonly Befallen[],
  options: TwinOptions,
): AsyncGenerator<readonly [happening: Happening, observable: boolean]> {
  const { utilities = Object.keys(plants) } = options;
  const rest: Happening[] = [];
  for (const { happening, utility } of befallen) {
    const apart = utility !== undefined && utilities.includes(utility) && utilities.length > 1;
    if (apart && (await shows(happening, { ...options, utilities: [utility] }))) yield [happening, true];
    else rest.push(happening);
  }
  const suspects = rest.length > 1 ? await shown(rest, options) : new Set(rest);
  for (const happening of rest) yield [happening, suspects.has(happening) && (await shows(happening, options))];
}

const shows = async (happening: Happening, options: TwinOptions): Promise<boolean> =>
  (await shown([happening], options)).has(happening);

/** A happening while it is looked at: from its start to some time after its end. */
class Look {
  readonly happening: Happening;
  readonly endMs: number;
  /** Whether enough has differed. */
  found = false;
  private readonly seen: Uint8Array;

  constructor(happening: Happening, tags: number) {
    const { startMs, durationS } = happening;
    this.happening = happening;
    this.endMs = startMs + 1000 * (durationS > 0 ? durationS + afterS : longestS);
    this.seen = new Uint8Array(tags);
  }

  /** A tag differs now. */
  take(tag: number): void {
    const count = Math.min(samples, (this.seen[tag] as number) + 1);
    this.seen[tag] = count;
    this.found ||= count >= samples;
  }
}

/** Plays happenings in one of two cities; gives those in whose time enough differed. */
async function shown(happenings: readonly Happening[], options: TwinOptions): Promise<ReadonlySet<Happening>> {
  const waiting = [...happenings].sort((a, b) => a.startMs - b.startMs);
  const found = new Set<Happening>();
  const [first] = waiting;
  if (!first) return found;
  const twins = await Twins.open({ ...options, startMs: first.startMs - leadS * 1000 });
  try {
    let looks: readonly Look[] = [];
    while (looks.length + waiting.length > 0) {
      for (let next = waiting[0]; next && next.startMs <= twins.nowMs; next = waiting[0]) {
        twins.strike(next);
        looks = [...looks, new Look(next, twins.tags)];
        waiting.shift();
      }
      const idleS = looks.length > 0 ? 0 : ((waiting[0] as Happening).startMs - twins.nowMs) / 1000 - leadS;
      if (idleS >= longStepS) twins.step(longStepS);
      else {
        twins.step(stepS);
        twins.compare((tag) => {
          for (const look of looks) look.take(tag);
        });
      }
      for (const look of looks) if (look.found) found.add(look.happening);
      looks = looks.filter((look) => !look.found && twins.nowMs < look.endMs);
    }
    return found;
  } finally {
    twins.close();
  }
}

/**
 * The ids of those happenings that some sensor can show, found in a thread of its own; `onProgress` hears how many are
 * done. Rejects with what the thread threw; when `signal` aborts it resolves with what is known by then.
 */
export async function observableOf(
  work: TwinWork,
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const observable = new Set<string>();
  let done = 0;
  const heard = ([id, seen]: TwinReply) => {
    if (seen) observable.add(id);
    onProgress(++done);
  };
  await hearThread(import.meta.url, 'twin-thread', work, heard, signal);
  return observable;
}
