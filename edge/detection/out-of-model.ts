import type { Excursion, OutOfModel } from '../core/watch.ts';

const MINUTE_MS = 60_000;
/** Modes never seen that are remembered of an asset. */
const MOST_UNSEEN = 8;

/** An input that lies where nothing has been trained. */
export interface Beyond {
  readonly role: string;
  readonly value: number;
  /** The trained range, in the unit that was trained. */
  readonly low: number;
  readonly high: number;
}

/**
 * Counts the minutes of all assets, whichever detector judged them. Out of model is a state of its own and no claim: an
 * asset that is run as it never was before need not be at fault.
 */
export class OutOfModelMinutes {
  private readonly counts = new Map<string, OutOfModelCount>();
  private openedMs = Number.NaN;

  /**
   * One judgement of an asset in the minute that goes on: what lay beyond its training, nothing where it could be judged.
   * @param unseenMode the way it is run, in words, when training never showed it
   */
  take(asset: string, beyond: readonly Beyond[], unseenMode?: string): void {
    const count = this.counts.get(asset) ?? new OutOfModelCount();
    this.counts.set(asset, count);
    count.take(beyond, unseenMode);
  }

  /** Once a second, after the detectors; the minutes begin with the first. */
  tick(monotonicMs: number): void {
    if (Number.isNaN(this.openedMs)) this.openedMs = monotonicMs;
    if (monotonicMs - this.openedMs < MINUTE_MS) return;
    this.openedMs = monotonicMs;
    for (const count of this.counts.values()) count.close();
  }

  /** By asset; only those that have been judged. */
  status(): Readonly<Record<string, OutOfModel>> {
    return Object.fromEntries([...this.counts].map(([asset, count]) => [asset, count.status()]));
  }
}

class OutOfModelCount {
  private now = false;
  private minutes = 0;
  private outside = 0;
  private readonly beyond = new Map<string, Excursion>();
  private readonly unseenModes = new Set<string>();
  private isUnseen = false;
  private judged = false;
  private readonly found: Beyond[] = [];

  take(beyond: readonly Beyond[], unseenMode: string | undefined): void {
    this.judged = true;
    this.found.push(...beyond);
    if (unseenMode === undefined) return;
    this.isUnseen = true;
    if (this.unseenModes.size < MOST_UNSEEN) this.unseenModes.add(unseenMode);
  }

  /** The minute is over; one in which no claim had its values counts for nothing. */
  close(): void {
    this.now = this.isUnseen || this.found.length > 0;
    if (this.judged) this.minutes++;
    if (this.now) this.outside++;
    for (const one of this.found) this.beyond.set(one.role, widened(this.beyond.get(one.role), one));
    this.judged = false;
    this.isUnseen = false;
    this.found.length = 0;
  }

  status(): OutOfModel {
    const { now, minutes, outside, beyond, unseenModes } = this;
    return { now, minutes, outside, beyond: Object.fromEntries(beyond), unseenModes: [...unseenModes] };
  }
}

/** Claims may have been trained on different rows: the narrowest range is what has to be widened. */
function widened(before: Excursion | undefined, { value, low, high }: Beyond): Excursion {
  if (!before) return { low, high, lowest: Math.min(low, value), highest: Math.max(high, value) };
  return {
    low: Math.max(before.low, low),
    high: Math.min(before.high, high),
    lowest: Math.min(before.lowest, value),
    highest: Math.max(before.highest, value),
  };
}
