import { expect, it } from 'vitest';
import { brokenWhileQuiet, quietDays } from './quiet-days.ts';

it.each(quietDays)('$utility breaks none of its limits on a winter day on which nothing happens', async (days) => {
  expect(await brokenWhileQuiet(days, days.starts[0], 1)).toEqual([]);
});
