/**
 * The life of one device's link. Times are monotonic ms; `failures` counts attempts and short connections in a row,
 * and sets how long the next back-off may be.
 */
export type LinkState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'connecting'; readonly failures: number }
  | { readonly kind: 'online'; readonly failures: number; readonly sinceMs: number }
  | { readonly kind: 'backing-off'; readonly failures: number; readonly delayMs: number };

/** What happens to a link. `chance` is uniform in [0, 1), for the jitter. */
export type LinkEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'opened'; readonly nowMs: number }
  | { readonly kind: 'failed'; readonly nowMs: number; readonly chance: number }
  | { readonly kind: 'retry' }
  | { readonly kind: 'stop' };

const minBackoffMs = 500;
const maxBackoffMs = 30_000;
/** A connection that held this long was a good one: the next loss starts with short back-offs again. */
const stableMs = 10_000;

/**
 * Delay before attempt number `failures` + 1, 0.5–30 s: exponential with full jitter over the whole range
 * (M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog 2015), so that devices behind one switch that
 * came back do not all knock at once.
 */
function backoffMs(failures: number, chance: number): number {
  const ceilingMs = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(failures, 16));
  return minBackoffMs + chance * (ceilingMs - minBackoffMs);
}

/** The state after an event; an event that cannot happen in a state leaves it as it is. */
export function nextLinkState(state: LinkState, event: LinkEvent): LinkState {
  switch (event.kind) {
    case 'start':
      return state.kind === 'stopped' ? { kind: 'connecting', failures: 0 } : state;
    case 'opened':
      return state.kind === 'connecting' ? { kind: 'online', failures: state.failures, sinceMs: event.nowMs } : state;
    case 'failed': {
      if (state.kind !== 'connecting' && state.kind !== 'online') return state;
      const heldWell = state.kind === 'online' && event.nowMs - state.sinceMs >= stableMs;
      const failures = heldWell ? 1 : state.failures + 1;
      return { kind: 'backing-off', failures, delayMs: backoffMs(failures, event.chance) };
    }
    case 'retry':
      return state.kind === 'backing-off' ? { kind: 'connecting', failures: state.failures } : state;
    case 'stop':
      return { kind: 'stopped' };
  }
}
