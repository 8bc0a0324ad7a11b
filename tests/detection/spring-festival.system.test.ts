import { expect, it } from 'vitest';
import { replay } from '../../models/training/replay.ts';

it.each([1, 2])(
  'the night of the Spring Festival raises no finding, from the great dinner to the morning, seed %i',
  async (seed) => {
    const { findings } = await replay({
      ...{ seed, startMs: Date.parse('2027-02-05T13:00:00+08:00'), forS: 16 * 3600, happenings: [] },
      utilities: ['water', 'gas'],
    });
    expect(findings).toEqual([]);
  },
  300_000,
);
