import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { binOf, DRIFT_BINS, hasRisen, stabilityIndex, stepPageHinkley } from '../../edge/detection/learned/drift.ts';
import { emptyState, placeOf, promoted, rolledBack, shadowed } from '../../edge/detection/learned/shelf-state.ts';

const deciles = Array.from({ length: 9 }, (_, at) => (at + 1) / 10);

describe('drift of outputs', () => {
  it('falls into the tenth between its bounds', () => {
    expect([0, 0.1, 0.11, 0.55, 0.95, 7].map((output) => binOf(deciles, output))).toEqual([0, 0, 1, 5, 9, 9]);
  });

  it('is measured by the population stability index: 0 when nothing changed, by hand for two changes', () => {
    expect(stabilityIndex(new Array<number>(DRIFT_BINS).fill(7))).toBeCloseTo(0, 12);
    expect(stabilityIndex([])).toBe(0);
    const shifted = [0.05, 0.05, ...new Array<number>(6).fill(0.1), 0.15, 0.15].map((share) => share * 1000);
    const byHand = 2 * (0.05 - 0.1) * Math.log(0.5) + 2 * (0.15 - 0.1) * Math.log(1.5);
    expect(stabilityIndex(shifted)).toBeCloseTo(byHand, 9);
  });

  it('is found by Page and Hinkley when outputs rise for good, and not when they stay', () => {
    const random = seededRandom(1);
    const run = (rows: number, lift: number) => {
      let rise = 0;
      for (let row = 0; row < rows; row++) {
        rise = stepPageHinkley(rise, binOf(deciles, random.next() + lift));
        if (hasRisen(rise)) return row;
      }
      return undefined;
    };
    expect(run(100_000, 0)).toBeUndefined();
    expect(run(10_000, 0.4)).toBeLessThan(1500);
    expect(run(10_000, 1)).toBe(500);
  });
});

describe('which models are in use', () => {
  it('any order of shadow, promotion and roll-back leaves one that decides at most, and never one older than promoted before', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('shadow' as const), version: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ do: fc.constant('promote' as const), version: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ do: fc.constant('rollback' as const), version: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (changes) => {
        let state = emptyState;
        let highest = 0;
        for (const { do: change, version } of changes) {
          const { active, previous } = placeOf(state, 'a');
          if (change === 'shadow') state = shadowed(state, 'a', version);
          else if (change === 'rollback') {
            state = rolledBack(state, 'a') ?? state;
            if (active !== null) expect(placeOf(state, 'a').active).toBe(previous);
          } else {
            const next = promoted(state, 'a', version, version);
            if (version < highest && version !== active) expect(next).toBe('downgrade');
            if (next === 'downgrade') continue;
            state = next;
            highest = Math.max(highest, version);
            expect(placeOf(state, 'a')).toMatchObject({ active: version, shadow: null });
          }
        }
        expect(placeOf(state, 'b')).toEqual({ active: null, previous: null, shadow: null, counter: 0 });
      }),
    );
  });
});
