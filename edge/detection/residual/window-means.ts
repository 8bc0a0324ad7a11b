import type { LiveTable } from '../../core/live-table.ts';
import { medianOfFinite } from '../order-statistics.ts';
import type { Trust } from '../trust.ts';

/** A window with fewer trusted scans than this share of its seconds says nothing. */
const leastShare = 0.5;

/** Means of tags over a window, of the scans at which they could be trusted, and medians of several such means. */
export class WindowMeans {
  /** By slot, after `close`, and those of the window before; not a number where too little could be trusted. */
  values = new Float64Array();
  before = new Float64Array();
  private readonly leastScans: number;
  private sums = new Float64Array();
  private counts = new Int32Array();
  /** By slot; -1 for a median. */
  readonly tags: number[] = [];
  private readonly slots = new Map<string, number>();
  /** Slots of the tags whose median a slot is. */
  private readonly medians = new Map<number, readonly number[]>();
  /** Slots of tags that are asked about themselves. */
  private readonly suspects = new Set<number>();

  /** @param windowS length of the windows, s */
  constructor(windowS: number) {
    this.leastScans = leastShare * windowS;
  }

  /** The slot of one tag, or of the median of several. */
  slotOf(...tags: readonly number[]): number {
    const members = tags.length > 1 ? tags.map((tag) => this.slotOf(tag)) : undefined;
    const slot = this.slotBy(tags.join(), members ? -1 : (tags[0] ?? -1));
    if (members) this.medians.set(slot, members);
    return slot;
  }

  /** The slot of a tag that is asked about itself: a leap by which others doubt it counts here. */
  slotOfSuspect(tag: number): number {
    const slot = this.slotBy(`${tag} itself`, tag);
    this.suspects.add(slot);
    return slot;
  }

  private slotBy(key: string, tag: number): number {
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const slot = this.tags.push(tag) - 1;
    this.slots.set(key, slot);
    return slot;
  }

  /** To be called when all slots are known. */
  ready(): void {
    const size = this.tags.length;
    this.values = new Float64Array(size).fill(Number.NaN);
    this.before = new Float64Array(size).fill(Number.NaN);
    this.sums = new Float64Array(size);
    this.counts = new Int32Array(size);
  }

  add(live: LiveTable, trust: Trust): void {
    for (let slot = 0; slot < this.tags.length; slot++) {
      const tag = this.tags[slot] as number;
      if (tag < 0 || !(trust.usable(tag) || (this.suspects.has(slot) && trust.answers(tag)))) continue;
      this.sums[slot] = (this.sums[slot] as number) + (live.values[tag] as number);
      this.counts[slot] = (this.counts[slot] as number) + 1;
    }
  }

  /** Ends a window and begins the next. */
  close(): void {
    [this.values, this.before] = [this.before, this.values];
    for (let slot = 0; slot < this.tags.length; slot++) {
      const count = this.counts[slot] as number;
      this.values[slot] = count >= this.leastScans ? (this.sums[slot] as number) / count : Number.NaN;
    }
    for (const [slot, members] of this.medians)
      this.values[slot] = medianOfFinite(members.map((member) => this.values[member] as number));
    this.sums.fill(0);
    this.counts.fill(0);
  }
}
