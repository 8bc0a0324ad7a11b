import type { LiveTable } from '../core/live-table.ts';
import { isGood, Quality } from '../core/quality.ts';

/**
 * Which tags the gateway distrusts although the wire calls them good (stuck, spiking): a `Quality` code per tag.
 * Detectors of patterns ask `usable`; limits of safety never do.
 */
export class Trust {
  readonly codes: Uint8Array;
  private readonly live: LiveTable;

  constructor(live: LiveTable) {
    this.live = live;
    this.codes = new Uint8Array(live.values.length).fill(Quality.good);
  }

  usable(tag: number): boolean {
    return this.reason(tag) === Quality.good;
  }

  /** Whether a tag can be asked about itself: usable, or doubted for no more than a leap that may be what is looked for. */
  answers(tag: number): boolean {
    const reason = this.reason(tag);
    return reason === Quality.good || (reason === Quality.uncertain && this.codes[tag] === Quality.uncertain);
  }

  /** What is wrong with a tag: the wire's word first, then our own; `Quality.good` when nothing is. */
  reason(tag: number): number {
    const wire = this.live.quality[tag] ?? Quality.notConnected;
    return isGood(wire) ? (this.codes[tag] ?? Quality.good) : wire;
  }
}
