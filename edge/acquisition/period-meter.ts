/** Distances between starts that the mean is taken over. */
const window = 16;
/** With fewer there is no figure yet. */
const least = 3;

/** Mean distance of starts, ms, and the same without the longest; null until there are enough. */
interface PeriodFigures {
  readonly achievedMs: number | null;
  readonly steadyMs: number | null;
}

/** How often something really starts: the mean distance of its last starts, the one that is still open included. */
export class PeriodMeter {
  private readonly periodMs: number;
  private starts: number[] = [];
  /** Of the starts as they are; they are asked for far more often than something starts. */
  private known: PeriodFigures | undefined;

  constructor(periodMs: number) {
    this.periodMs = periodMs;
  }

  start(nowMs: number): void {
    this.starts.push(nowMs);
    if (this.starts.length > window + 1) this.starts.shift();
    this.known = undefined;
  }

  /** Begins anew: the time until the next start says nothing. */
  forget(): void {
    this.starts = [];
    this.known = undefined;
  }

  /**
   * Mean distance, ms, and the same without the longest one that is over, which a single hiccup does not move; null until
   * there are enough. The open distance counts once it is longer than the period and than the mean of the others.
   */
  figures(nowMs: number): PeriodFigures {
    const { starts } = this;
    const last = starts.at(-1) ?? nowMs;
    const usualMs = starts.length > 1 ? (last - (starts[0] as number)) / (starts.length - 1) : 0;
    if (nowMs - last > Math.max(this.periodMs, usualMs)) return figuresOf([...starts, nowMs].slice(-window - 1), last);
    this.known ??= figuresOf(starts, last);
    return this.known;
  }
}

/** Of starts in order, of which the distance after `last` is still open. */
function figuresOf(times: readonly number[], last: number): PeriodFigures {
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
