/** Distances between starts that the mean is taken over. */
const window = 16;
/** With fewer there is no figure yet. */
const least = 3;

/** How often something really starts: the mean distance of its last starts, the one that is still open included. */
export class PeriodMeter {
  private readonly periodMs: number;
  private starts: number[] = [];

  constructor(periodMs: number) {
    this.periodMs = periodMs;
  }

  start(nowMs: number): void {
    this.starts.push(nowMs);
    if (this.starts.length > window + 1) this.starts.shift();
  }

  /** Begins anew: the time until the next start says nothing. */
  forget(): void {
    this.starts = [];
  }

  /**
   * Mean distance, ms, and the same without the longest one that is over, which a single hiccup does not move; null until
   * there are enough. The open distance counts once it is longer than the period and than the mean of the others.
   */
  figures(nowMs: number): { readonly achievedMs: number | null; readonly steadyMs: number | null } {
    const { starts } = this;
    const last = starts.at(-1) ?? nowMs;
    const usualMs = starts.length > 1 ? (last - (starts[0] as number)) / (starts.length - 1) : 0;
    const overdue = nowMs - last > Math.max(this.periodMs, usualMs);
    const times = overdue ? [...starts, nowMs].slice(-window - 1) : starts;
    const count = times.length - 1;
    if (count < least) return { achievedMs: null, steadyMs: null };
    const allMs = (times.at(-1) as number) - (times[0] as number);
    let longestMs = 0;
    for (let index = 1; index <= count; index++) {
      const [from, to] = [times[index - 1] as number, times[index] as number];
      if (to <= last) longestMs = Math.max(longestMs, to - from);
    }
    return { achievedMs: allMs / count, steadyMs: (allMs - longestMs) / (count - 1) };
  }
}
