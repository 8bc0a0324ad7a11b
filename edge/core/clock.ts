/** Handle of something scheduled; cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
}

/**
 * The one source of time. Intervals and delays use `monotonicMs` and `after`, which no wall-clock jump disturbs;
 * `wallMs` is only for stamps that people or other systems read.
 */
export interface Clock {
  /** ms since the Unix epoch; may jump. */
  wallMs(): number;
  /** ms since an arbitrary start, never going back, with sub-millisecond fraction. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs` (≥ 0). */
  after(delayMs: number, run: () => void): Timer;
}

/** The machine's clock. */
export function realClock(): Clock {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after(delayMs, run) {
      const handle = setTimeout(run, Math.max(0, delayMs));
      return { cancel: () => clearTimeout(handle) };
    },
  };
}

/** Calls `run` now and then once in every period, on an absolute schedule that a late call moves; returns what stops it. */
export function every(clock: Clock, periodMs: number, run: () => void): () => void {
  let due = clock.monotonicMs();
  let timer = clock.after(0, next);
  function next() {
    const now = clock.monotonicMs();
    due = Math.max(due + periodMs, now);
    timer = clock.after(due - now, next);
    run();
  }
  return () => timer.cancel();
}

/** Resolves after `delayMs` of the given clock; resolves early when the signal aborts. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = clock.after(delayMs, done);
    function done() {
      signal?.removeEventListener('abort', done);
      timer.cancel();
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}
