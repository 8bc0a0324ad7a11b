import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { evaluate } from '../../edge/evaluate/evaluate.ts';
import { Modes } from '../../edge/evaluate/modes.ts';
import { tableOf } from './plant.ts';

const trained = 1200;

/** One of three pumps runs, in turn; `strange` says what they do from the trained rows on. */
function pumpRows(rows: number, strange: (row: number) => number[] | undefined): number[][] {
  const random = seededRandom(3, 'pumps');
  let demand = 0;
  return Array.from({ length: rows }, (_, row) => {
    demand = 0.9 * demand + 0.4 * random.normal();
    const turn = Math.floor(row / 40) % 3;
    const pumps = strange(row) ?? [0, 1, 2].map((pump) => (pump === turn ? 1 : 0));
    return [20 + demand, 5 - 0.2 * demand + 0.05 * random.normal(), ...pumps];
  });
}

const judge = (rows: number[][], names: string[]) =>
  evaluate(tableOf(rows, names), { train: [0, trained], roles: new Map() });
const names = ['flow', 'pressure', 'p1', 'p2', 'p3'];

describe('states that stand together as training never showed', () => {
  it('are out of model, and named with their columns and rows', () => {
    const rows = pumpRows(2000, (row) => (row >= 1600 && row < 1700 ? [1, 1, 0] : undefined));
    const { verdicts, warnings, outOfModelShare } = judge(rows, names);
    const told = warnings.find(({ code }) => code === 'LL-EVALUATE-MODE')?.message;
    expect(told).toMatch(/in 1 modes .*"p[12]" 1 \(96 rows, first 1604\)/);
    expect(verdicts.outOfModel.subarray(1604, 1700).every((out) => out === 1)).toBe(true);
    expect(verdicts.outOfModel.subarray(1700).some((out) => out === 1)).toBe(false);
    expect(outOfModelShare).toBeCloseTo(96 / 800, 6);
  });

  it('are told though each pair of them is known: no pump at all', () => {
    const { warnings } = judge(
      pumpRows(2000, (row) => (row >= 1600 && row < 1650 ? [0, 0, 0] : undefined)),
      names,
    );
    expect(warnings.map(({ code }) => code)).toContain('LL-EVALUATE-MODE');
  });

  it('are not told of states that pass, nor where all is as in training', () => {
    for (const strange of [() => undefined, (row: number) => (row % 400 < 3 && row > trained ? [1, 1, 1] : undefined)])
      expect(judge(pumpRows(2400, strange), names).warnings.map(({ code }) => code)).not.toContain('LL-EVALUATE-MODE');
  });

  it('are told by pairs where there are more combinations than training can show', () => {
    const random = seededRandom(4, 'free');
    const states = Array.from({ length: 14 }, () => 0);
    const rows = Array.from({ length: 3000 }, (_, row) => {
      if (row % 5 === 0) states[random.integer(0, 12)]! ^= 1;
      // the last one follows the first, but for the end
      states[13] = row >= 2800 ? 1 - states[0]! : states[0]!;
      return [...states];
    });
    const table = tableOf(rows);
    const kinds = rows[0]!.map(() => 'binary' as const);
    const modes = new Modes(table, kinds, [0, 2000]);
    for (let row = 2000; row < 2800; row++) expect(modes.step(row)).toBe(false);
    for (let row = 2800; row < 3000; row++) modes.step(row);
    expect(modes.unseen.every(({ columns }) => columns.includes(0) && columns.includes(13))).toBe(true);
    expect(modes.unseen.reduce((sum, { rows: count }) => sum + count, 0)).toBeGreaterThan(150);
  });

  it('say nothing while a state is missing', () => {
    const rows = pumpRows(2000, (row) => (row >= 1600 ? [Number.NaN, 1, 1] : undefined));
    const modes = new Modes(tableOf(rows), [undefined, undefined, 'binary', 'binary', 'binary'], [0, trained]);
    expect(Array.from({ length: 400 }, (_, at) => modes.step(1600 + at))).not.toContain(true);
  });
});
