import { type Clock, delay } from '../../edge/core/clock.ts';

const closeWithinMs = 2000;

/** What `attempt` gives, unless the signal aborts or `limitMs` pass before; what it does afterwards no longer matters. */
export async function within<Result>(
  limitMs: number,
  { clock }: { readonly clock: Clock },
  signal: AbortSignal | undefined,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  const ends = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const gaveUp = delay(clock, limitMs, ends).then(() => {
    throw new Error(signal?.aborted ? 'given up, since the gateway stops' : `no session in ${limitMs} ms`);
  });
  try {
    if (signal?.aborted) return await gaveUp;
    return await Promise.race([attempt(), gaveUp]);
  } finally {
    gaveUp.catch(() => undefined);
    over.abort();
  }
}

/** Waits for what may never end, for two seconds; its own error no longer matters. */
export async function bounded(ending: Promise<unknown>, { clock }: { readonly clock: Clock }): Promise<void> {
  const waiting = new AbortController();
  const ended = ending.catch(() => undefined).finally(() => waiting.abort());
  await Promise.race([ended, delay(clock, closeWithinMs, waiting.signal)]);
}
