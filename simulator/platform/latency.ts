const dayMs = 86_400_000;
/** Width of the histogram; longer latencies count as this. */
const maxLatencyMs = 60_000;

/** Latencies in whole milliseconds, counted in buckets of 1 ms up to a minute. */
export class LatencyHistogram {
  count = 0;
  private readonly buckets = new Uint32Array(maxLatencyMs + 1);

  /** Counts a message sent at `sentMs` of the day (UTC, 0..86 400 000) and received at `nowMs` since the epoch. */
  add(sentMs: number, nowMs: number): void {
    const difference = (((nowMs % dayMs) - sentMs + dayMs * 1.5) % dayMs) - dayMs / 2; // nearest way round midnight
    const bucket = Math.min(maxLatencyMs, Math.max(0, Math.round(difference)));
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.count++;
  }

  /** Latency in ms that the given share (0..1) of messages did not exceed; 0 without messages. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(this.count * share));
    let seen = 0;
    for (let ms = 0; ms <= maxLatencyMs; ms++) {
      seen += this.buckets[ms] as number;
      if (seen >= wanted) return ms;
    }
    return 0;
  }
}
