/** Round trips that must be known before a device may be given up on early. */
const firstSamples = 20;
/** After each time that one was, it takes so many times as many: a slow device is not hurried again and again. */
const samplesGrowth = 10;
/** Weights of the newest round trip, and how many mean deviations an answer may be late (RFC 6298, 2.3). */
const smoothing = 1 / 8;
const deviationSmoothing = 1 / 4;
const deviations = 4;
/** A PLC is late once in a while by more than its deviation tells: never less than so many times the longest seen. */
const timesLongest = 2;

export interface PatienceLimits {
  /** The longest wait, and the only one until enough is known, ms. */
  readonly timeoutMs: number;
  /** The shortest wait, ms. */
  readonly minTimeoutMs: number;
  readonly learns: boolean;
}

/**
 * How long to wait for a device's answer while others wait for the line: a retransmission timeout as of RFC 6298 from its
 * own round trips, within bounds. After a timeout all that was learnt is forgotten.
 */
export class Patience {
  private readonly limits: PatienceLimits;
  private needed = firstSamples;
  private samples = 0;
  private smoothedMs = 0;
  private deviationMs = 0;
  private longestMs = 0;

  constructor(limits: PatienceLimits) {
    this.limits = limits;
  }

  /** ms. */
  get hurriedMs(): number {
    const { timeoutMs, minTimeoutMs, learns } = this.limits;
    if (!learns || this.samples < this.needed) return timeoutMs;
    const learntMs = Math.max(this.smoothedMs + deviations * this.deviationMs, timesLongest * this.longestMs);
    return Math.min(timeoutMs, Math.max(minTimeoutMs, learntMs));
  }

  answered(tookMs: number): void {
    if (!this.limits.learns) return;
    if (this.samples++ === 0) {
      this.smoothedMs = tookMs;
      this.deviationMs = tookMs / 2;
    } else {
      const offMs = Math.abs(this.smoothedMs - tookMs);
      this.deviationMs += deviationSmoothing * (offMs - this.deviationMs);
      this.smoothedMs += smoothing * (tookMs - this.smoothedMs);
    }
    this.longestMs = Math.max(this.longestMs, tookMs);
  }

  timedOut(waitedMs: number): void {
    if (waitedMs < this.limits.timeoutMs) this.needed *= samplesGrowth;
    this.samples = 0;
    this.longestMs = 0;
  }
}
