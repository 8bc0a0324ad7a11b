import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { defaultBudget, Persistence, scoreOf, surpriseOf } from '../../edge/detection/fusion/alarm-score.ts';
import { conformalLimit } from '../../edge/detection/limits/conformal.ts';
import { chanceOf, fitParetoTail, fitTailScale, paretoSurvival } from '../../edge/detection/limits/tail-scale.ts';

const draws = (seed: number, count: number, of: (uniform: number) => number) => {
  const random = seededRandom(seed, 'draws');
  return Float64Array.from({ length: count }, () => of(1 - random.next()));
};

describe('a Pareto tail', () => {
  it.each([0.05, 0.15, 0.25])('finds shape %f and scale 2 of a known distribution', (shape) => {
    const tail = fitParetoTail(draws(1, 200_000, (u) => (2 * (u ** -shape - 1)) / shape));
    expect(Math.abs(tail.shape - shape)).toBeLessThan(0.04);
    expect(tail.scale / 2).toBeCloseTo(1, 1);
  });

  it('of exponential excesses is exponential, and gives its quantiles', () => {
    const tail = fitParetoTail(draws(2, 100_000, (u) => -3 * Math.log(u)));
    for (const excess of [1, 5, 15]) expect(Math.log(paretoSurvival(tail, excess)) / (-excess / 3)).toBeCloseTo(1, 1);
  });

  it('of a bounded distribution has no end: a larger score than all before is still told apart', () => {
    const tail = fitParetoTail(draws(3, 1000, (u) => u));
    expect(paretoSurvival(tail, 3)).toBeGreaterThan(paretoSurvival(tail, 4));
    expect(paretoSurvival(tail, 4)).toBeGreaterThan(0);
  });
});

describe('a scale of held-out scores', () => {
  it('keeps its word on new scores: realised over nominal in 0.5 to 2 at 1 % and 0.1 %, over many seeds', () => {
    const realised = { one: 0, tenth: 0 };
    const fresh = 20_000;
    const seeds = 30;
    for (let seed = 0; seed < seeds; seed++) {
      const scale = fitTailScale(draws(seed, 1500, (u) => -Math.log(u)));
      for (const score of draws(1000 + seed, fresh, (u) => -Math.log(u))) {
        const chance = chanceOf(scale, score);
        if (chance <= 0.01) realised.one++;
        if (chance <= 0.001) realised.tenth++;
      }
    }
    const share = (count: number) => count / (seeds * fresh);
    expect(share(realised.one) / 0.01).toBeGreaterThan(0.5);
    expect(share(realised.one) / 0.01).toBeLessThan(2);
    expect(share(realised.tenth) / 0.001).toBeGreaterThan(0.5);
    expect(share(realised.tenth) / 0.001).toBeLessThan(2);
  });

  it('never calls a larger score likelier', () => {
    const scale = fitTailScale(draws(5, 300, (u) => -Math.log(u)));
    const chances = Array.from({ length: 400 }, (_, step) => chanceOf(scale, step / 20));
    for (const [step, chance] of chances.entries()) expect(chance).toBeLessThanOrEqual((chances[step - 1] ?? 1) * 1.2);
    expect(chances.at(-1)!).toBeGreaterThan(0);
    expect(Math.max(...chances)).toBeLessThanOrEqual(1);
  });

  it('is wider when its excursions were few, although their rows were many', () => {
    const many = Float64Array.from({ length: 2000 }, (_, row) => (row % 40 === 0 ? 10 + (row % 7) : row % 5));
    const few = Float64Array.from(many).sort();
    expect(chanceOf(fitTailScale(few), 30)).toBeGreaterThan(2 * chanceOf(fitTailScale(many), 30));
  });

  it('and a conformal limit agree', () => {
    const scores = [...draws(6, 999, (u) => u)];
    expect(chanceOf(fitTailScale(scores), conformalLimit(scores, 0.1))).toBeCloseTo(0.1, 2);
  });
});

describe('the scale of scores', () => {
  it('has 0.5 at the alarm budget, 0 at certainty, and grows with rarity below 1', () => {
    expect(scoreOf(surpriseOf(defaultBudget, defaultBudget))).toBeCloseTo(0.5, 12);
    expect(scoreOf(surpriseOf(1, defaultBudget))).toBe(0);
    expect(scoreOf(surpriseOf(0.01, defaultBudget))).toBeCloseTo(0.4, 12);
    expect(scoreOf(surpriseOf(1e-300, defaultBudget))).toBeLessThan(1);
  });

  it('asks for two of three rows', () => {
    const persistence = new Persistence();
    expect([9, 0, 0, 0, 5, 0, 6, 7, 0, 0].map((surprise) => persistence.take(surprise))).toEqual([
      0, 0, 0, 0, 0, 0, 5, 6, 6, 0,
    ]);
  });
});
