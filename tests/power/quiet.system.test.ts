import { expect, it } from 'vitest';
import { replay } from '../../models/training/replay.ts';
import { createCity } from '../../simulator/city/city.ts';

const parts = { calibrationFile: undefined };

it.each(['2027-01-18T00:00:00+08:00', '2026-07-15T00:00:00+08:00', '2026-10-20T00:00:00+08:00'])(
  'power without happenings raises nothing on %s with three seeds, and keeps every true value inside its instrument',
  async (day) => {
    for (const seed of [1, 2, 3]) {
      const { findings } = await replay({
        ...{ seed, startMs: Date.parse(day), forS: 600, happenings: [], parts },
        utilities: ['power'],
      });
      expect(findings).toEqual([]);
      const city = await createCity({ seed, startMs: Date.parse(day), utilities: ['power'] });
      const points = city.plcs.flatMap((plc) => plc.points);
      const outside = new Set<string>();
      for (let hour = 0; hour < 24 * 7; hour++) {
        city.step(3600);
        for (const { name, low, high, read } of points) if (!(read() >= low && read() <= high)) outside.add(name);
      }
      expect([...outside]).toEqual([]);
      city.dispose();
    }
  },
);
