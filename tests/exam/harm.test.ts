import { expect, it } from 'vitest';
import { harmedAtMs } from '../../simulator/exam/harm.ts';

it('people suffer from the first moment below the limit on, but not from what was there before', () => {
  const times = [0, 10, 20, 30];
  const harm = { role: 'room-temperature', below: 18 };
  const of = (...courses: (readonly number[])[]) =>
    harmedAtMs(
      courses.map((values) => ({ times, values })),
      10,
      harm,
    );
  expect(of([20, 19, 17.9, 17])).toBe(20);
  expect(of([20, 19, 18, 17], [20, 17, 17, 17])).toBe(10);
  expect(of([17, 17, 17, 17], [20, 20, 20, 20])).toBeUndefined();
});
