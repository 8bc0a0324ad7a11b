import { expect, it } from 'vitest';
import { StepGrid } from '../../models/training/step-grid.ts';

const minuteMs = 60_000;

it('forgets every step that an excluded stretch touches, and no other', () => {
  const grid = new StepGrid(['flow'], { fromMs: 0, toMs: 10 * minuteMs - 1 }, 60);
  for (let step = 0; step < grid.steps; step++) grid.take(0, step * minuteMs, step);
  const spans = [
    { fromMs: 2 * minuteMs, toMs: 4 * minuteMs },
    { fromMs: 6.5 * minuteMs, toMs: 7.1 * minuteMs },
  ];
  expect(grid.exclude(spans)).toBe(4);
  const known = [...(grid.columns[0] ?? [])].flatMap((value, step) => (Number.isNaN(value) ? [] : [step]));
  expect(known).toEqual([0, 1, 4, 5, 8, 9]);
});
