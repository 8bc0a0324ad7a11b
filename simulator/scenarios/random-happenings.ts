import { type Random, seededRandom } from '../../edge/core/random.ts';
import { conditionsOf } from '../city/conditions.ts';
import type { Happening, HappeningKind } from '../city/happening.ts';

export interface RandomHappeningsOptions {
  readonly seed: number;
  /** Mean number in an hour, > 0. */
  readonly ratePerHour: number;
  /** City time from which they come, ms since epoch. */
  readonly startMs: number;
  readonly kinds: readonly HappeningKind[];
}

/** How long one lasts, min, and the share of those with a size that grow to it (design choice). */
const lastingMin = [5, 60] as const;
const growingShare = 0.3;
/** Draws of a place that is free, and a kind that can come to pass, before a happening is left out. */
const tries = 20;

const within = (low: number, high: number, random: Random): number => low + (high - low) * random.next();
const utilityOf = ({ kind }: HappeningKind): string => kind.slice(0, kind.indexOf('.'));

/** Whether two targets are one, or a PLC and a tag of it. */
const touch = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/**
 * Happenings without end, by seed: they come independently of each other (exponential gaps, so a Poisson process of the
 * given rate), from every utility alike, when their kinds can come to pass, and never two at a time at one place.
 */
export class RandomHappenings {
  private readonly random: Random;
  private readonly holds: ReturnType<typeof conditionsOf>;
  private readonly meanGapMs: number;
  private readonly utilities: readonly (readonly HappeningKind[])[];
  private running: readonly Happening[] = [];
  private nextMs: number;
  private count = 0;

  constructor({ seed, ratePerHour, startMs, kinds }: RandomHappeningsOptions) {
    const playable = kinds.filter(({ targets }) => targets.length > 0);
    const names = [...new Set(playable.map(utilityOf))];
    this.random = seededRandom(seed, 'happenings');
    this.holds = conditionsOf(seed);
    this.meanGapMs = 3_600_000 / ratePerHour;
    this.utilities = names.map((name) => playable.filter((kind) => utilityOf(kind) === name));
    this.nextMs = startMs + this.gapMs();
  }

  /** Those that begin up to `timeMs` and have not been taken, in order. */
  take(timeMs: number): readonly Happening[] {
    const taken: Happening[] = [];
    if (this.utilities.length === 0) return taken;
    while (this.nextMs <= timeMs) {
      const happening = this.draw(this.nextMs);
      this.nextMs += this.gapMs();
      if (happening) taken.push(happening);
    }
    return taken;
  }

  /** Whole milliseconds, so that times read back from text are the same. */
  private gapMs(): number {
    return Math.max(1, Math.round(-Math.log(1 - this.random.next()) * this.meanGapMs));
  }

  private draw(startMs: number): Happening | undefined {
    const { random } = this;
    this.running = this.running.filter((entry) => startMs < entry.startMs + entry.durationS * 1000);
    const id = `random-${++this.count}`;
    for (let tried = 0; tried < tries; tried++) {
      const kinds = this.any(this.utilities);
      const kind = this.any(kinds);
      const target = this.any(kind.targets);
      if (this.running.some((other) => touch(other.target, target))) continue;
      if (kind.when !== undefined && !this.holds(kind.when, startMs)) continue;
      const { low, high } = kind.magnitude;
      const [shortestMin, longestMin] = kind.lastsMin ?? lastingMin;
      const wantedMin = within(...lastingMin, random);
      const durationS = Math.round(Math.min(longestMin, Math.max(shortestMin, wantedMin)) * 60);
      const grows = low < high && random.next() < growingShare;
      const happening: Happening = {
        ...{ id, kind: kind.kind, target, startMs, durationS },
        rampS: grows ? Math.round(durationS * random.next() * 0.5) : 0,
        magnitude: Number(within(low, high, random).toPrecision(3)),
      };
      this.running = [...this.running, happening];
      return happening;
    }
    return undefined;
  }

  private any<Item>(items: readonly Item[]): Item {
    return items[this.random.integer(0, items.length - 1)] as Item;
  }
}
