/** Buckets per doubling: a percentile is at most 1/8 octave (9 %) too high. */
const perOctave = 8;
const lowestMs = 0.0625;
/** Up to 0.0625 ms × 2^24, about 17 minutes; longer counts as that. */
const octaves = 24;

/** How many durations lie in one doubling, above half of `upToMs`. */
export interface DurationBar {
  readonly upToMs: number;
  readonly count: number;
}

/** Counts of durations in buckets of constant relative width; fixed memory, however long it runs. */
export class DurationHistogram {
  private readonly counts = new Uint32Array(octaves * perOctave + 1);
  private total = 0;

  get count(): number {
    return this.total;
  }

  add(durationMs: number, times = 1): void {
    const bucket = Math.ceil(Math.log2(Math.max(durationMs, lowestMs) / lowestMs) * perOctave);
    const index = Math.min(bucket, this.counts.length - 1);
    this.counts[index] = (this.counts[index] as number) + times;
    this.total += times;
  }

  /** Takes over all that another one counted. */
  include(other: DurationHistogram): void {
    for (let index = 0; index < this.counts.length; index++) {
      this.counts[index] = (this.counts[index] as number) + (other.counts[index] as number);
    }
    this.total += other.total;
  }

  /** Upper edge, in ms, of the bucket that holds the given share (0..1) of all; 0 before the first. */
  quantile(share: number): number {
    let rest = Math.ceil(share * this.total);
    if (rest === 0) return 0;
    for (let index = 0; index < this.counts.length; index++) {
      rest -= this.counts[index] as number;
      if (rest <= 0) return index === 0 ? 0 : lowestMs * 2 ** (index / perOctave);
    }
    return lowestMs * 2 ** octaves;
  }

  /** Counts by doubling, from the first to the last that is not empty. */
  bars(): DurationBar[] {
    const bars: DurationBar[] = [];
    for (let octave = 0; octave <= octaves; octave++) {
      const from = octave === 0 ? 0 : (octave - 1) * perOctave + 1;
      const own = this.counts.subarray(from, octave * perOctave + 1);
      bars.push({ upToMs: lowestMs * 2 ** octave, count: own.reduce((sum, count) => sum + count, 0) });
    }
    const first = bars.findIndex(({ count }) => count > 0);
    return first < 0 ? [] : bars.slice(first, bars.findLastIndex(({ count }) => count > 0) + 1);
  }
}
