import { describe, expect, it } from 'vitest';
import { watch } from '../training/pack-claims.ts';

// the wet season, whose storms the calibration has seen
const drainage = await watch('drainage', 931, Date.parse('2026-07-20T16:00:00+08:00'), 7);

describe('the residuals of the drainage pack', () => {
  it('find a blocked sewer at its manhole within the hour, while its water is missing in the next one', async () => {
    const claims = await drainage.claims(2, {
      ...{ kind: 'drainage.blockage', target: 'mh-1', magnitude: 98 },
      afterMinutes: 30,
    });
    expect(claims).toEqual(['mh-1/blockage']);
  });

  it('take no rain, flushing, septic sludge or fouled sensor for a blockage or infiltration', async () => {
    const claims = await drainage.claims(
      ...([
        48,
        { kind: 'drainage.sewer-flushing', target: 'mh-2', magnitude: 60, afterMinutes: 60, lastsMinutes: 60 },
        { kind: 'drainage.level-fouled', target: 'mh-1', magnitude: 1, afterMinutes: 600, lastsMinutes: 120 },
        { kind: 'drainage.sewer-gas', target: 'mh-4', magnitude: 80, afterMinutes: 900, lastsMinutes: 60 },
      ] as const),
    );
    expect(claims).toEqual([]);
  });

  it('find by the balance of the wet well, within half an hour, that far more comes in dry weather', async () => {
    const claims = await drainage.claims(20.5, {
      ...{ kind: 'drainage.infiltration', target: 'mh-3', magnitude: 75 },
      afterMinutes: 1200,
    });
    expect(claims).toEqual(['lift-1/infiltration']);
  });
});
