import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lanes } from '../../edge/upstream/lanes.ts';

/** Work that goes on until it is told to be done; `begun` has what had its turn, in order. */
function worked(lanes: Lanes) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((resolve) => ends.set(name, resolve));
  };
  return {
    begun,
    event: (name: string) => void lanes.event(1, work(name)),
    value: (name: string, bytes = 100, places: 0 | 1 = 1) => void lanes.value({ places, bytes }, work(name)),
    /** Resolves once what waited for it had its turn. */
    async end(name: string) {
      ends.get(name)?.();
      ends.delete(name);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
    going: () => [...ends.keys()],
  };
}

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('lanes to a far end', () => {
  it('keep a quarter of its places for events, at least one where there are two', () => {
    for (const [places, ofValues] of [
      [1, 1],
      [2, 1],
      [3, 2],
      [20, 15],
      [65_535, 65_485],
    ] as const) {
      const { begun, value } = worked(new Lanes(places));
      for (const name of numbered('v', ofValues + 10)) value(name, 0);
      expect(begun.length, `of ${places}`).toBe(ofValues);
    }
  });

  it('let an event go at once while values have all that is theirs', () => {
    const { begun, value, event } = worked(new Lanes(20));
    for (const name of numbered('v', 1_000)) value(name);
    for (const name of numbered('e', 5)) event(name);
    expect(begun.slice(15)).toEqual(numbered('e', 5));
  });

  it('give the next place to an event where there is one alone: one round trip, however many values wait', async () => {
    const { begun, value, event, end } = worked(new Lanes(1));
    for (const name of numbered('v', 1_000)) value(name);
    event('e0');
    event('e1');
    await end('v0');
    await end('e0');
    await end('e1');
    expect(begun).toEqual(['v0', 'e0', 'e1', 'v1']);
  });

  it('hold values back that the connection has not taken, by bytes; a large one goes alone', async () => {
    const { begun, value, event, end } = worked(new Lanes());
    value('v0', 40_000, 0);
    value('v1', 40_000, 0);
    value('v2', 200_000, 0);
    value('v3', 1, 0);
    expect(begun).toEqual(['v0']);
    await end('v0');
    expect(begun).toEqual(['v0', 'v1']);
    event('e0');
    await end('v1');
    expect(begun).toEqual(['v0', 'v1', 'e0', 'v2']);
    await end('v2');
    expect(begun.at(-1)).toBe('v3');
  });

  it('never exceed the places, keep each lane in order and leave nothing behind, whatever comes when', async () => {
    const step = fc.oneof(
      fc.constant({ kind: 'event' as const }),
      fc.record({ kind: fc.constant('value' as const), bytes: fc.nat(90_000) }),
      fc.record({ kind: fc.constant('end' as const), which: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 80 }), async (places, steps) => {
        const { begun, value, event, end, going } = worked(new Lanes(places));
        const asked: string[] = [];
        for (const [index, one] of steps.entries()) {
          const name = `${one.kind}${index}`;
          if (one.kind === 'end') await end(going()[one.which % Math.max(1, going().length)] ?? '');
          else {
            asked.push(name);
            if (one.kind === 'event') event(name);
            else value(name, one.bytes);
          }
          expect(going().length).toBeLessThanOrEqual(places);
        }
        while (going().length > 0) await end(going()[0]!);
        for (const kind of ['event', 'value']) {
          const of = (names: readonly string[]) => names.filter((name) => name.startsWith(kind));
          expect(of(begun)).toEqual(of(asked));
        }
      }),
    );
  });
});
