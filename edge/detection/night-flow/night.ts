import { quantileOfSorted } from '../order-statistics.ts';
import type { NightFlowOptions } from './options.ts';

const minutesOfDay = 1440;
const quarterMinutes = 15;
/** A night of which less than this share of the quarters is known says nothing. */
const leastKnown = 0.75;

/** Sums and counts by quarter of an hour, and the local day since 1970 to which they belong: plain data. */
export interface NightSums {
  day: number;
  sums: number[];
  counts: number[];
}

/** The net inflow of one night while it goes on. */
export class Night {
  readonly state: NightSums = { day: Number.NaN, sums: [], counts: [] };
  private readonly fromMinute: number;
  private readonly quarters: number;

  constructor({ fromHour, toHour }: NightFlowOptions) {
    this.fromMinute = fromHour * 60;
    this.quarters = ((toHour - fromHour) * 60) / quarterMinutes;
  }

  /** Takes in a flow; true while the hours of the night last. A flow that is not a number is passed over. */
  add(localMinutes: number, flow: number): boolean {
    const quarter = Math.floor(((localMinutes % minutesOfDay) - this.fromMinute) / quarterMinutes);
    if (quarter < 0 || quarter >= this.quarters) return false;
    const day = Math.floor(localMinutes / minutesOfDay);
    if (day !== this.state.day) this.begin(day);
    if (!Number.isFinite(flow)) return true;
    const { sums, counts } = this.state;
    sums[quarter] = (sums[quarter] as number) + flow;
    counts[quarter] = (counts[quarter] as number) + 1;
    return true;
  }

  /** Ends the night: the day it belongs to and its level; undefined when none has begun. */
  end(): { readonly day: number; readonly level: number } | undefined {
    const { day } = this.state;
    if (Number.isNaN(day)) return undefined;
    const level = this.level();
    this.state.day = Number.NaN;
    return { day, level };
  }

  /**
   * Lower quartile of the quarters' means: the minimum night flow as what a night has for an hour at the least, so that
   * two and a half hours of flushing or of a fire do not move it. Not a number when too little is known.
   */
  private level(): number {
    const { sums, counts } = this.state;
    const means = sums.flatMap((sum, quarter) => {
      const count = counts[quarter] as number;
      return count > 0 ? [sum / count] : [];
    });
    return means.length < leastKnown * this.quarters
      ? Number.NaN
      : quantileOfSorted(
          means.sort((a, b) => a - b),
          0.25,
        );
  }

  private begin(day: number): void {
    const none = () => Array.from({ length: this.quarters }, () => 0);
    Object.assign(this.state, { day, sums: none(), counts: none() });
  }
}
