import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterCells, counterTotal, refreshMs, startCounter, stepCounter } from '../../edge/calculation/counter.ts';

/** What happens to a meter between two readings; consumption in whole counts. */
type Happening =
  | { readonly kind: 'run'; readonly seconds: number; readonly share: number }
  /** The meter's register is set to 0 after `share` of the consumption. */
  | { readonly kind: 'reset'; readonly seconds: number; readonly share: number }
  /** Another meter is put in; where its register stands is a share of the whole range. */
  | { readonly kind: 'exchange'; readonly register: number };

const perHour = 3600n;
const grace = (perHour * BigInt(refreshMs)) / 3_600_000n;
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      seconds: fc.integer({ min: 1, max: 900 }),
      share: fc.integer({ min: 0, max: 100 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reset' as const),
      seconds: fc.integer({ min: 1, max: 600 }),
      share: fc.integer({ min: 0, max: 100 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('exchange' as const), register: fc.integer({ min: 0, max: 99 }) }),
  },
);

/** Steps of a counter that starts unread. */
function counter(maxPerHour: number, wrap: number) {
  const cells = new Float64Array(counterCells);
  startCounter(cells);
  return {
    read: (reading: number, elapsedMs: number) => stepCounter(cells, reading, elapsedMs, { maxPerHour, wrap }),
    total: () => counterTotal(cells),
    cells,
  };
}

describe('a counter', () => {
  it.each([
    ['16 bit', 65_536n],
    ['32 bit', 4_294_967_296n],
    ['six digits', 1_000_000n],
    ['four digits', 10_000n],
  ])('of %s counts what was consumed over wraps, resets and exchanges, as exact arithmetic does', (_, wrap) => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 200 }), fc.integer({ min: 0, max: 99 }), (happenings, first) => {
        let register = (wrap * BigInt(first)) / 100n;
        let truth = 0n;
        /** Seconds since the register changed; one count a second is the greatest rate. */
        let still = 0n;
        const { read, total } = counter(Number(perHour), Number(wrap));
        const ahead = (to: bigint, from: bigint) => (((to - from) % wrap) + wrap) % wrap;
        read(Number(register), 0);
        for (const each of happenings) {
          const seconds = each.kind === 'exchange' ? 1n : BigInt(each.seconds);
          const before = register;
          const most = still + seconds + grace;
          if (each.kind === 'exchange') {
            register = (wrap * BigInt(each.register)) / 100n;
            // a new meter that stands where the old one might have come to cannot be told from it
            const alike = ahead(register, before) <= most || ahead(before, register) <= grace || register <= most;
            if (alike) register = before;
            expect(read(Number(register), 1000)).toBe(alike ? 'held' : 'exchange');
          } else {
            const consumed = (seconds * BigInt(each.share)) / 100n;
            const told = ahead(consumed, before) > most && ahead(before, consumed) > grace && consumed < before;
            const reset = each.kind === 'reset' && told;
            register = reset ? consumed : (before + consumed) % wrap;
            const step = read(Number(register), each.seconds * 1000);
            expect(step).toBe(reset ? 'reset' : consumed === 0n ? 'held' : 'advance');
            truth += consumed;
          }
          still = register === before ? still + seconds : 0n;
        }
        expect(total()).toBe(Number(truth));
      }),
      { numRuns: 400 },
    );
  });

  it('takes an implausible jump up, a spike and back as exchanges and counts on from there', () => {
    const { read, total } = counter(100, Number.POSITIVE_INFINITY);
    read(5000, 0);
    expect(read(5001, 60_000)).toBe('advance');
    expect(read(4e9, 1000)).toBe('exchange');
    expect(read(5001, 1000)).toBe('exchange');
    expect(read(5002, 60_000)).toBe('advance');
    expect(total()).toBe(2);
  });

  it('does not count a reading that trembles, nor a glitch to 0 and back', () => {
    const { read, total } = counter(500, Number.POSITIVE_INFINITY);
    read(1000, 0);
    for (let round = 0; round < 1000; round++) read(1000 + (round % 2 === 0 ? -0.3 : 0), 1000);
    expect(total()).toBe(0);
    expect(read(0, 1000)).toBe('reset');
    expect(read(1000, 1000)).toBe('exchange');
    expect(total()).toBe(0);
  });

  it('ignores what no counter of its size can show', () => {
    const { read, total } = counter(500, 65_536);
    read(65_000, 0);
    for (const nonsense of [-1, 65_536, 1e12, Number.NaN]) expect(read(nonsense, 1000)).toBe('unreadable');
    expect(read(100, 3_600_000 * 2)).toBe('advance');
    expect(total()).toBe(636);
  });

  it('counts pulses that come seldom and close together, as fast as the greatest rate allows', () => {
    const { read, total } = counter(10, Number.POSITIVE_INFINITY);
    read(7, 0);
    for (let second = 1; second <= 7200; second++) read(7 + Math.floor(second / 360), 1000);
    expect(total()).toBe(20);
  });

  it('keeps hundredths exact to 1e-6 over a year of seconds', () => {
    const { read, total } = counter(500, Number.POSITIVE_INFINITY);
    read(0, 0);
    const seconds = 400_000;
    for (let second = 1; second <= seconds; second++) read(second * 0.013, 1000);
    expect(Math.abs(total() - seconds * 0.013)).toBeLessThan(1e-6);
  });
});
