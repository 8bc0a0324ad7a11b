import { expect, it } from 'vitest';
import { type SeenOfTag, SeenTag, seenInBoth } from '../../models/training/seen-tag.ts';

const seen = (values: readonly number[]): SeenOfTag => {
  const tag = new SeenTag(60);
  for (const value of values) tag.take(value);
  return tag.found();
};

it('knows how long a value stood at the most, but for nothing at all and for steps without a value', () => {
  expect(seen([3, 4, 4, 4, 3, 0, 0, 0, 0, 0, 5, 5])).toEqual({
    largestStep: 5,
    range: { low: 0, high: 5 },
    standsS: 180,
  });
  expect(seen([3, 4, 4, Number.NaN, 4, 4, 3])).toMatchObject({ largestStep: 1, standsS: 120 });
});

it('says of a total how far it steps alone, for it stands while nothing runs', () => {
  expect(seen([3, 3, 3, 5, 5])).toEqual({ largestStep: 2 });
});

it('takes the widest of two weeks, and knows nothing where one week does not', () => {
  const [one, other] = [seen([3, 4, 4, 3]), seen([9, 9, 9, 7])];
  expect(seenInBoth(one, other)).toEqual({ largestStep: 2, range: { low: 3, high: 9 }, standsS: 180 });
  expect(seenInBoth(one, seen([1, 2]))).toEqual({ largestStep: 1 });
});
