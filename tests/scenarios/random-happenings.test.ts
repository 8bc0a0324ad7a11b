import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conditionsOf } from '../../simulator/city/conditions.ts';
import type { HappeningKind } from '../../simulator/city/happening.ts';
import { drawnKinds } from '../../simulator/scenarios/drawn-kinds.ts';
import { RandomHappenings } from '../../simulator/scenarios/random-happenings.ts';

const kindOf = (kind: string, targets: readonly string[], [low, high]: readonly [number, number]): HappeningKind => ({
  ...{ kind, title: { zh: kind, en: kind }, magnitude: { unit: '', low, high }, decoy: false, targets },
});
const kinds = [
  kindOf('water.burst', ['dma-1', 'dma-2'], [5, 60]),
  kindOf('water.trip', ['ps-1'], [1, 1]),
  kindOf('gas.leak', ['reg-1', 'reg-2'], [50, 500]),
  kindOf('sensor.stuck', ['ps-1/flow', 'ps-1/p-out', 'reg-1/p2'], [1, 1]),
];
const hourMs = 3_600_000;
const touches = (a: string, b: string) => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

it('random happenings repeat by seed, whatever the steps in which they are taken', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0 }),
      fc.array(fc.integer({ min: 1, max: hourMs }), { maxLength: 30 }),
      (seed, steps) => {
        const options = { seed, ratePerHour: 10, startMs: 1000, kinds };
        const [once, bit] = [new RandomHappenings(options), new RandomHappenings(options)];
        const endMs = 1000 + steps.reduce((sum, step) => sum + step, 0);
        let nowMs = 1000;
        const taken = steps.flatMap((step) => {
          nowMs += step;
          return bit.take(nowMs);
        });
        expect(taken).toEqual(once.take(endMs));
      },
    ),
    { numRuns: 40 },
  );
});

it('random happenings never meet at one place, stay within their sizes and times, and grow only where they have a size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0 }), fc.double({ min: 0.5, max: 60, noNaN: true }), (seed, ratePerHour) => {
      const drawn = new RandomHappenings({ seed, ratePerHour, startMs: 0, kinds }).take(24 * hourMs);
      for (const [index, one] of drawn.entries()) {
        const { low, high } = kinds.find(({ kind }) => kind === one.kind)!.magnitude;
        expect(one.magnitude).toBeGreaterThanOrEqual(low);
        expect(one.magnitude).toBeLessThanOrEqual(high);
        expect(one.rampS ?? 0).toBeLessThanOrEqual(low === high ? 0 : one.durationS);
        for (const other of drawn.slice(0, index)) {
          const stillOn = one.startMs < other.startMs + other.durationS * 1000;
          expect(stillOn && touches(one.target, other.target)).toBe(false);
        }
      }
    }),
    { numRuns: 30 },
  );
});

it('random happenings come as often as asked, from every utility alike', () => {
  const days = 40;
  const drawn = new RandomHappenings({ seed: 5, ratePerHour: 1, startMs: 0, kinds }).take(days * 24 * hourMs);
  // a Poisson count of mean 960 strays by more than four deviations once in 16,000 seeds; few draws find no free place
  expect(Math.abs(drawn.length - days * 24)).toBeLessThan(4 * Math.sqrt(days * 24));
  const water = drawn.filter(({ kind }) => kind.startsWith('water.')).length;
  expect(water / drawn.length).toBeCloseTo(1 / 3, 1);
});

it('chance brings attacks only where somebody asks for them, and whoever asks for what nobody plays is told', () => {
  const city = [...kinds, kindOf('attack.scan', ['ps-1'], [2, 50])];
  const names = (...patterns: string[]) => drawnKinds(city, patterns).map(({ kind }) => kind);
  expect(drawnKinds(city)).toEqual(kinds);
  expect(names('attack.*')).toEqual(['attack.scan']);
  expect(names('water.*', 'sensor.stuck')).toEqual(['water.burst', 'water.trip', 'sensor.stuck']);
  expect(names('*')).toHaveLength(city.length);
  expect(() => names('atack.*')).toThrow(/did you mean "attack\.\*"/);
});

it('random happenings wait for the night, the frost or the season that their kinds need', () => {
  const lamps: HappeningKind = {
    ...kindOf('lighting.lamps', ['c-1', 'c-2'], [1, 9]),
    when: 'night',
    lastsMin: [90, 300],
  };
  const startMs = Date.parse('2027-01-12T08:00:00+08:00');
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const holds = conditionsOf(seed);
      const options = { seed, ratePerHour: 6, startMs, kinds: [...kinds, lamps] };
      for (const { kind, startMs: at, durationS } of new RandomHappenings(options).take(startMs + 48 * hourMs)) {
        if (kind !== lamps.kind) continue;
        expect(holds('night', at)).toBe(true);
        expect(durationS).toBeGreaterThanOrEqual(90 * 60);
      }
    }),
    { numRuns: 20 },
  );
});
