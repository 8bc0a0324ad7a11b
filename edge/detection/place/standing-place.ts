import type { Place } from '../../core/finding.ts';

/** A claim that stands is looked at again so often, and for so long: after that demand has moved more than evidence has gathered. */
const everyMs = 30_000;
const lookMs = 120_000;
/** What changes nothing for a crew is not told: the first candidate stays, and its probability within this. */
const material = 0.1;

/** Where a claim that stands is: told once with it, and again when what has been seen since says otherwise. */
export class StandingPlace {
  private readonly look: () => readonly Place[];
  private readonly claimedMs: number;
  private lookedMs: number;
  private last: readonly Place[];

  /**
   * @param look the place as of now
   * @param claimedMs monotonic
   */
  constructor(look: () => readonly Place[], claimedMs: number) {
    this.look = look;
    this.claimedMs = claimedMs;
    this.lookedMs = claimedMs;
    this.last = look();
  }

  /** What has been told, the likeliest first. */
  get told(): readonly Place[] {
    return this.last;
  }

  /** Whether it is another one now, and to be told: four times at most. */
  moved(monotonicMs: number): boolean {
    if (monotonicMs - this.lookedMs < everyMs || monotonicMs - this.claimedMs > lookMs) return false;
    this.lookedMs = monotonicMs;
    const now = this.look();
    if (!isMaterial(this.last, now)) return false;
    this.last = now;
    return true;
  }
}

function isMaterial([before]: readonly Place[], [now]: readonly Place[]): boolean {
  if (!now) return false;
  return before?.id !== now.id || Math.abs(now.probability - before.probability) >= material;
}
