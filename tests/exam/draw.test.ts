import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../../simulator/city/conditions.ts';
import type { HappeningKind } from '../../simulator/city/plant.ts';
import { drawHappenings, utilityOf } from '../../simulator/exam/draw.ts';
import { suites } from '../../simulator/exam/suites.ts';

const kindOf = (kind: string, decoy: boolean, low = 1, high = 9): HappeningKind => ({
  ...{ kind, decoy, title: { zh: kind, en: kind }, magnitude: { unit: '1', low, high } },
  targets: ['a', 'b', 'c'],
});
const kinds = [
  ...['water.burst', 'water.theft', 'gas.leak', 'gas.creep', 'attack.write'].map((kind) => kindOf(kind, false)),
  ...['water.flush', 'gas.cooking'].map((kind) => kindOf(kind, true, -4, 4)),
];
const seeds = fc.nat(2 ** 31 - 1);
const anySuite = fc.constantFrom(...suites);

describe('what a suite plays', () => {
  it('is of the kinds, places and sizes that the city declares, within the exam, one at a time in each utility', () => {
    fc.assert(
      fc.property(anySuite, seeds, (suite, seed) => {
        const drawn = drawHappenings(suite, seed, suite.startMs(seed), kinds);
        const [startMs, endMs] = [suite.startMs(seed), suite.startMs(seed) + suite.hours * 3_600_000];
        const freeFrom = new Map<string, number>();
        for (const { kind, target, magnitude, startMs: at, durationS } of drawn) {
          const declared = kinds.find((one) => one.kind === kind);
          expect(declared && suite.includes(declared)).toBe(true);
          expect(declared?.targets).toContain(target);
          expect(magnitude).toBeGreaterThanOrEqual(declared?.magnitude.low ?? Number.NaN);
          expect(magnitude).toBeLessThanOrEqual(declared?.magnitude.high ?? Number.NaN);
          expect(at).toBeGreaterThanOrEqual(Math.max(startMs, freeFrom.get(utilityOf({ kind })) ?? 0));
          expect(at).toBeLessThan(endMs);
          freeFrom.set(utilityOf({ kind }), at + durationS * 1000);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for a seed, another for another, and does not change with the utilities beside', () => {
    const [smoke] = suites;
    if (!smoke) throw new Error('there is no suite');
    const drawn = (seed: number, from = kinds) =>
      drawHappenings(smoke, seed, smoke.startMs(seed), from).map(({ id, ...rest }) => rest);
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
    const water = kinds.filter(({ kind }) => kind.startsWith('water.'));
    expect(drawn(7).filter(({ kind }) => kind.startsWith('water.'))).toEqual(drawn(7, water));
  });

  it('leaves no kind of a utility out in a week, whatever the seed', () => {
    const week = suites.find(({ name }) => name === 'standard');
    if (!week) throw new Error('there is no standard suite');
    const played = (seed: number) =>
      new Set(drawHappenings(week, seed, week.startMs(seed), kinds).map(({ kind }) => kind));
    for (const seed of [...week.seeds, 977]) {
      expect([...played(seed)].sort()).toEqual(
        kinds
          .filter(week.includes)
          .map(({ kind }) => kind)
          .sort(),
      );
    }
  });

  it('comes to pass when its kind can, and lasts as long as it needs to show', () => {
    const lamp: HappeningKind = { ...kindOf('lighting.lamps', false), when: 'night' };
    const scale: HappeningKind = { ...kindOf('water.scale', false), lastsMin: [90, 600] };
    const frost: HappeningKind = { ...kindOf('water.frost', false), when: 'frost', lastsMin: [120, 600] };
    fc.assert(
      fc.property(
        anySuite.filter(({ name }) => name !== 'attack'),
        seeds,
        (suite, seed) => {
          const holds = conditionsOf(seed);
          const drawn = drawHappenings(suite, seed, suite.startMs(seed), [...kinds, lamp, scale, frost]);
          for (const { kind, startMs, durationS } of drawn) {
            const { when, lastsMin } = [lamp, scale, frost].find((one) => one.kind === kind) ?? {};
            if (when) expect(holds(when, startMs), kind).toBe(true);
            if (!lastsMin) continue;
            expect(durationS).toBeGreaterThanOrEqual(60 * lastsMin[0]);
            expect(startMs + 60_000 * lastsMin[0]).toBeLessThanOrEqual(suite.startMs(seed) + suite.hours * 3_600_000);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is an error when nothing but decoys is left', () => {
    const attack = suites.find(({ name }) => name === 'attack');
    if (!attack) throw new Error('there is no attack suite');
    const harmless = kinds.filter(({ kind }) => !kind.startsWith('attack.'));
    expect(() => drawHappenings(attack, 1, 0, harmless)).toThrow(expect.objectContaining({ code: 'LL-EXAM-NOTHING' }));
  });
});
