import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LinkEvent, type LinkState, nextLinkState } from '../../edge/acquisition/link-state.ts';

const chanceOf = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const eventOf: fc.Arbitrary<LinkEvent> = fc.oneof(
  fc.constant({ kind: 'start' } as const),
  fc.constant({ kind: 'retry' } as const),
  fc.constant({ kind: 'stop' } as const),
  fc.nat(100_000).map((nowMs) => ({ kind: 'opened', nowMs }) as const),
  fc.tuple(fc.nat(100_000), chanceOf).map(([nowMs, chance]) => ({ kind: 'failed', nowMs, chance }) as const),
);

/** Which state each event leads to, from where it means anything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'stopped/start': ['connecting'],
  'connecting/opened': ['online'],
  'connecting/failed': ['backing-off'],
  'online/failed': ['backing-off'],
  'backing-off/retry': ['connecting'],
};

describe('link state', () => {
  test('moves only along the allowed ways and keeps every back-off within 0.5–30 s', () => {
    fc.assert(
      fc.property(fc.array(eventOf, { maxLength: 60 }), (events) => {
        let state: LinkState = { kind: 'stopped' };
        for (const event of events) {
          const next = nextLinkState(state, event);
          const ways = event.kind === 'stop' ? ['stopped'] : allowed[`${state.kind}/${event.kind}`];
          if (ways) expect(ways).toContain(next.kind);
          else expect(next).toBe(state);
          if (next.kind === 'backing-off') {
            expect(next.delayMs).toBeGreaterThanOrEqual(500);
            expect(next.delayMs).toBeLessThanOrEqual(30_000);
          }
          state = next;
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('doubles the ceiling of the back-off with each failure, up to 30 s', () => {
    const ceilings: number[] = [];
    let state: LinkState = { kind: 'connecting', failures: 0 };
    for (let round = 0; round < 9; round++) {
      state = nextLinkState(state, { kind: 'failed', nowMs: 0, chance: 1 });
      if (state.kind === 'backing-off') ceilings.push(state.delayMs);
      state = nextLinkState(state, { kind: 'retry' });
    }
    expect(ceilings).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  });

  test('goes on backing off longer while connections break at once, and starts anew after one that held', () => {
    const lost = (heldMs: number) =>
      nextLinkState(
        { kind: 'online', failures: 4, sinceMs: 1000 },
        { kind: 'failed', nowMs: 1000 + heldMs, chance: 0 },
      );
    expect(lost(200)).toMatchObject({ failures: 5 });
    expect(lost(10_000)).toMatchObject({ failures: 1 });
  });
});
