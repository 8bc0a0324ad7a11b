import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { evaluate } from '../../edge/evaluate/evaluate.ts';
import { type Fault, plantRows, tableOf } from './plant.ts';

const trained = 2000;
const rows = 8000;
const plant = { columns: 8, causes: 3, persistence: 0.9 };
const judge = (made: readonly ArrayLike<number>[]) =>
  evaluate(tableOf(made), { train: [0, trained], roles: new Map() });
const alarmShare = (scores: Float64Array) => scores.filter((score) => score >= 0.5).length / scores.length;

/** Every column drifts by its own rate from the end of training on, `deviations` altogether in the mean. */
function drifting(seed: number, deviations: number, faults: readonly Fault[] = []): Float64Array[] {
  const random = seededRandom(seed, 'drift');
  const slopes = Array.from({ length: plant.columns }, () => (random.next() < 0.5 ? -1 : 1) * (0.5 + random.next()));
  const made = plantRows(seed, { rows, ...plant, faults });
  for (const [row, values] of made.entries())
    for (const [at, slope] of slopes.entries())
      values[at]! += (slope * deviations * Math.max(0, row - trained)) / (rows - trained);
  return made;
}

describe('a plant whose signals all drift after training', () => {
  it('is told as out of model and followed, instead of one long alarm', () => {
    const shares = [71, 72, 73].map((seed) => {
      const { verdicts, outOfModelShare, warnings } = judge(drifting(seed, 1));
      expect(outOfModelShare).toBeGreaterThan(0.5);
      expect(warnings.map(({ code }) => code)).toContain('LL-EVALUATE-UNLIKE');
      return alarmShare(verdicts.scores.subarray(trained));
    });
    expect(shares.reduce((sum, share) => sum + share) / shares.length).toBeLessThan(0.25);
  });

  it('still has the sudden fault of one signal alarmed while it lasts', () => {
    for (const seed of [74, 75, 76]) {
      const fault: Fault = { from: 6000, to: 6300, kind: 'step', column: seed % 8, size: 3 };
      const { scores } = judge(drifting(seed, 1, [fault])).verdicts;
      expect(alarmShare(scores.subarray(6020, 6300))).toBeGreaterThan(0.9);
    }
  });
});

describe('the slow fault of one signal', () => {
  it('is never taken for a move of the plant, however far the regressions of others carry it', () => {
    for (let seed = 81; seed < 85; seed++) {
      const fault: Fault = { from: 2500, to: rows, kind: 'drift', column: seed % 8, size: 6 };
      const { outOfModelShare, verdicts } = judge(plantRows(seed, { rows, ...plant, faults: [fault] }));
      expect(outOfModelShare).toBe(0);
      expect(alarmShare(verdicts.scores.subarray(rows - 1000))).toBeGreaterThan(0.99);
    }
  });
});
