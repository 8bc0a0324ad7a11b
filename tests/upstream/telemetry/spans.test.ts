import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Spans } from '../../../edge/upstream/telemetry/spans.ts';

const rangeMs = 60;
const step = fc.record({
  taking: fc.boolean(),
  fromMs: fc.integer({ min: 0, max: rangeMs }),
  lengthMs: fc.integer({ min: 0, max: 15 }),
});

describe('spans of source time', () => {
  it('hold exactly the moments added and not taken, as disjoint spans in order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const spans = new Spans();
        const model = new Set<number>();
        for (const { taking, fromMs, lengthMs } of steps) {
          const moments = Array.from({ length: lengthMs }, (_, index) => fromMs + index);
          if (taking) {
            const taken = spans.take(fromMs, fromMs + lengthMs);
            expect(momentsOf(taken)).toEqual(moments.filter((moment) => model.delete(moment)));
          } else {
            spans.add({ fromMs, toMs: fromMs + lengthMs, samples: lengthMs });
            for (const moment of moments) model.add(moment);
          }
          expect(momentsOf(spans.all)).toEqual([...model].sort((a, b) => a - b));
          spans.all.forEach(({ fromMs: next }, index) => {
            expect(next).toBeGreaterThan(spans.all[index - 1]?.toMs ?? -1);
          });
        }
      }),
    );
  });

  it('neither lose nor invent samples, whatever is taken out and put back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.array(step, { maxLength: 30 }), (added, cuts) => {
        const spans = new Spans();
        let expected = 0;
        for (const { fromMs, lengthMs } of added) {
          spans.add({ fromMs, toMs: fromMs + lengthMs, samples: lengthMs * 3 });
          expected += lengthMs * 3;
        }
        expect(spans.samples).toBeCloseTo(expected, 6);
        const taken = cuts.flatMap(({ fromMs, lengthMs }) => spans.take(fromMs, fromMs + lengthMs));
        const out = taken.reduce((sum, { samples }) => sum + samples, 0);
        expect(spans.samples + out).toBeCloseTo(expected, 6);
        for (const span of taken) spans.add(span);
        expect(spans.samples).toBeCloseTo(expected, 6);
      }),
    );
  });

  it('become fewer beyond a thousand by joining the nearest, and still hold every moment', () => {
    const spans = new Spans();
    for (let index = 0; index < 1_500; index++) {
      const fromMs = index * 100 + (index % 7);
      spans.add({ fromMs, toMs: fromMs + 1, samples: 1 });
    }
    expect(spans.all.length).toBe(1_000);
    expect(spans.samples).toBe(1_500);
    for (let index = 0; index < 1_500; index++) {
      const fromMs = index * 100 + (index % 7);
      expect(spans.all.some((span) => span.fromMs <= fromMs && span.toMs > fromMs)).toBe(true);
    }
  });
});

function momentsOf(spans: readonly { fromMs: number; toMs: number }[]): number[] {
  return spans.flatMap(({ fromMs, toMs }) => Array.from({ length: toMs - fromMs }, (_, index) => fromMs + index));
}
