import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ageTicks, contentOf, fits, tickMs } from '../../ops/bench/soak-register.ts';

const place = fc.integer({ min: 0, max: 100_000 });
const moment = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });

it('content of the soak fits its own place and tells its age, past the wrap of its ticks as well', () => {
  fc.assert(
    fc.property(place, moment, fc.integer({ min: -30_000, max: 30_000 }), (own, madeMs, ticks) => {
      const content = contentOf(own, madeMs);
      expect(fits(own, content)).toBe(true);
      expect(ageTicks(content, madeMs + ticks * tickMs)).toBe(ticks);
      expect(Number.isInteger(content) && content >= 0 && content <= 0xffff_ffff).toBe(true);
    }),
  );
});

it('of values from a neighbouring place, or half new and half old, hardly one in ten thousand passes', () => {
  let passed = 0;
  let tried = 0;
  for (let own = 0; own < 400; own++) {
    for (let tick = 0; tick < 50; tick++) {
      const madeMs = 1_800_000_000_000 + tick * tickMs;
      const content = contentOf(own, madeMs);
      const torn =
        contentOf(own, madeMs + tickMs) - (contentOf(own, madeMs + tickMs) % 0x1_0000) + (content % 0x1_0000);
      passed += Number(fits(own + 1, content)) + Number(fits(own + 4000, content)) + Number(fits(own, torn));
      tried += 3;
    }
  }
  expect(passed / tried).toBeLessThan(0.0001);
});
