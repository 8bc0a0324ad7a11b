/** An input that lies where nothing has been trained. */
export interface Beyond {
  readonly role: string;
  readonly value: number;
  /** The trained range, tag's unit. */
  readonly low: number;
  readonly high: number;
}

/** An input that went beyond its training: the range that it was trained in, and how far it went since the start. */
export interface Excursion {
  readonly low: number;
  readonly high: number;
  readonly lowest: number;
  readonly highest: number;
}

/** How much of the time nothing could be said of an asset, because its inputs lay beyond what was trained. */
export interface OutOfModel {
  /** In the last minute. */
  readonly now: boolean;
  /** Minutes since the start in which something was or should have been judged, and those of them that were out of model. */
  readonly minutes: number;
  readonly outside: number;
  /** By role: what a calibration on newer history would have to cover. */
  readonly beyond: Readonly<Record<string, Excursion>>;
}

/**
 * Counts the minutes of an asset. Out of model is a state of its own and no claim: an asset that is run as it never was
 * before need not be at fault.
 */
export class OutOfModelCount {
  private now = false;
  private minutes = 0;
  private outside = 0;
  private readonly beyond = new Map<string, Excursion>();
  private judged = false;
  private readonly found: Beyond[] = [];

  /** One claim in the minute that goes on: what lay beyond its training, nothing where it was judged. */
  take(beyond: readonly Beyond[]): void {
    this.judged = true;
    this.found.push(...beyond);
  }

  /** The minute is over; one in which no claim had its values counts for nothing. */
  close(): void {
    this.now = this.found.length > 0;
    if (this.judged) this.minutes++;
    if (this.now) this.outside++;
    for (const one of this.found) this.beyond.set(one.role, widened(this.beyond.get(one.role), one));
    this.judged = false;
    this.found.length = 0;
  }

  status(): OutOfModel {
    const { now, minutes, outside, beyond } = this;
    return { now, minutes, outside, beyond: Object.fromEntries(beyond) };
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
