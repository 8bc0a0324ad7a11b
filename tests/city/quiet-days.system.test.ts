import { expect, it } from 'vitest';
import { brokenWhileQuiet, quietDays } from './quiet-days.ts';

const cases = quietDays.flatMap((days) =>
  days.starts.flatMap((start) => days.seeds.map((seed) => ({ days, utility: days.utility, start, seed }))),
);

it.each(cases)(
  '$utility breaks none of its limits from $start on while nothing happens, seed $seed',
  async ({ days, start, seed }) => {
    expect(await brokenWhileQuiet(days, start, seed)).toEqual([]);
  },
);
