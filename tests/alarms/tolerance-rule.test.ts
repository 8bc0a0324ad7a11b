import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toleranceBy } from '../../edge/alarms/verdicts/tolerance-rule.ts';
import { Tolerances } from '../../edge/alarms/verdicts/tolerances.ts';
import { verdicts } from '../../edge/core/verdict.ts';

const day = 86_400_000;
const nuisance = (...days: number[]) => days.map((at) => ({ verdict: 'nuisance' as const, at: at * day }));
const useful = (at: number) => ({ verdict: 'useful' as const, at: at * day });
const factorAt = (judgements: Parameters<typeof toleranceBy>[0], days: number) =>
  toleranceBy(judgements, days * day).factor;

const given = fc.array(
  fc.record({ verdict: fc.constantFrom(...verdicts), at: fc.integer({ min: 0, max: 100 * day }) }),
  { maxLength: 40 },
);
const moment = fc.integer({ min: 0, max: 140 * day });

describe('the rule by which verdicts move limits', () => {
  it('wants three of nuisance within 14 days, and three more for each step, up to twice', () => {
    expect(factorAt(nuisance(1, 2), 3)).toBe(1);
    expect(factorAt(nuisance(1, 8, 15), 16)).toBe(1);
    expect(factorAt(nuisance(1, 8, 14.9), 16)).toBe(1.25);
    expect(factorAt(nuisance(1, 2, 3, 4, 5), 6)).toBe(1.25);
    expect(factorAt(nuisance(1, 2, 3, 4, 5, 6), 7)).toBe(1.5625);
    expect(factorAt(nuisance(...Array.from({ length: 30 }, (_, index) => 1 + index / 4)), 9)).toBe(2);
  });

  it('moves nothing within 14 days of a useful one, which takes back what was moved', () => {
    expect(factorAt([useful(0), ...nuisance(1, 2, 3)], 4)).toBe(1);
    expect(factorAt([useful(0), ...nuisance(12, 13, 14.1)], 15)).toBe(1.25);
    const taken = toleranceBy([...nuisance(1, 2, 3), useful(5)], 6 * day);
    expect(taken).toEqual({ factor: 1, since: 5 * day, until: 0, why: 'useful' });
  });

  it('takes everything back 28 days after the last step', () => {
    expect(factorAt(nuisance(1, 2, 3), 30.9)).toBe(1.25);
    expect(toleranceBy(nuisance(1, 2, 3), 31 * day)).toMatchObject({ factor: 1, since: 31 * day, why: 'expired' });
    expect(factorAt(nuisance(1, 2, 3, 20, 21, 22), 32)).toBe(1.5625);
  });

  it('is one of its few steps, never below 1, never above 2, whatever was said in whatever order', () => {
    const steps = [1, 1.25, 1.5625, 1.953125, 2];
    fc.assert(
      fc.property(given, moment, (judgements, now) => {
        const found = toleranceBy(judgements, now);
        expect(steps).toContain(found.factor);
        expect(toleranceBy([...judgements].reverse(), now)).toEqual(found);
        if (found.factor > 1) expect(found.until - now).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('knows nothing of what is said later, and nothing of wrong causes', () => {
    fc.assert(
      fc.property(given, moment, (judgements, now) => {
        const found = toleranceBy(judgements, now);
        expect(
          toleranceBy(
            judgements.filter(({ at }) => at <= now),
            now,
          ),
        ).toEqual(found);
        expect(
          toleranceBy(
            judgements.filter(({ verdict }) => verdict !== 'wrong-cause'),
            now,
          ),
        ).toEqual(found);
      }),
      { numRuns: 500 },
    );
  });

  it('is back at 1 right after a useful one, and 28 days after the last of all', () => {
    fc.assert(
      fc.property(given, moment, (judgements, now) => {
        const said = judgements.filter(({ at }) => at <= now);
        expect(toleranceBy([...said, { verdict: 'useful', at: now }], now).factor).toBe(1);
        const last = Math.max(0, ...said.map(({ at }) => at));
        expect(toleranceBy(said, last + 28 * day).factor).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('tolerances in force', () => {
  it('move for claims of statistical detectors only, and never for what concerns safety', () => {
    const occurrence = fc.record({
      asset: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom('gas-high', 'leak', 'off'),
      detector: fc.constantFrom('limit', 'jump'),
      judgement: fc.option(
        fc.record({
          verdict: fc.constantFrom('nuisance' as const, 'nuisance' as const, 'nuisance' as const, ...verdicts),
          at: fc.integer({ min: 0, max: 20 * day }),
          ...{ note: fc.constant(''), by: fc.constant('op') },
        }),
        { nil: undefined },
      ),
    });
    let moved = 0;
    fc.assert(
      fc.property(
        fc.array(occurrence, { minLength: 30, maxLength: 90 }),
        fc.integer({ min: 15 * day, max: 50 * day }),
        (given, now) => {
          const occurrences = given.map((one) => ({
            ...one,
            ...{ priority: 'high' as const, message: { zh: '', en: '' } },
            safety: one.kind === 'gas-high',
            raisedAt: 0,
            clearedAt: 0,
          }));
          const tolerances = new Tolerances((detector) => detector === 'jump');
          const told = tolerances.review(occurrences, now);
          for (const asset of ['a', 'b'])
            for (const kind of ['gas-high', 'leak', 'off']) {
              const own = occurrences.filter(
                (one) => one.asset === asset && one.kind === kind && one.detector === 'jump',
              );
              const { factor } = toleranceBy(
                own.flatMap(({ judgement }) => judgement ?? []),
                now,
              );
              expect(tolerances.of(`${asset}/${kind}`)).toBe(kind === 'gas-high' ? 1 : factor);
            }
          expect(told).toHaveLength(tolerances.widened().length);
          expect(tolerances.review(occurrences, now)).toEqual([]);
          moved += told.length;
          // what is forgotten is taken back
          expect(tolerances.review([], now)).toHaveLength(told.length);
          expect(tolerances.widened()).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
    expect(moved).toBeGreaterThan(5);
  });
});
