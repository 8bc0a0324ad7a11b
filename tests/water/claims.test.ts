import { describe, expect, it } from 'vitest';
import { watch } from '../training/pack-claims.ts';

const water = await watch('water', 911, Date.parse('2026-01-20T18:00:00+08:00'), 3);

describe('the residuals of the water pack', () => {
  it('call a valve that was left nearly closed and missing chlorine by their names', async () => {
    const claims = await water.claims(
      ...([
        2,
        { kind: 'water.valve-left-closed', target: 'dma-3', magnitude: 8, afterMinutes: 10 },
        { kind: 'water.chlorine-loss', target: 'ps-1', magnitude: 90, afterMinutes: 10 },
      ] as const),
    );
    expect(claims).toEqual(expect.arrayContaining(['dma-3/valve-left-closed', 'ps-1/chlorine-loss']));
  });

  it('call a pump that wears by its name long before its vibration is too high, and a tank that is filled on a stale level', async () => {
    const claims = await water.claims(
      ...([
        3,
        { kind: 'water.pump-wear', target: 'ps-1', magnitude: 10, afterMinutes: 10, lastsMinutes: 90 },
        { kind: 'water.tank-overflow', target: 'tank-1', magnitude: 0.5, afterMinutes: 120, lastsMinutes: 40 },
      ] as const),
    );
    expect(claims).toEqual(['ps-1/pump-wear', 'tank-1/tank-overflow']);
  });

  it('are silent over a quiet half day with a hydrant that is flushed, a filter that is washed and a pump that trips', async () => {
    const claims = await water.claims(
      ...([
        12,
        { kind: 'water.hydrant-flush', target: 'dma-2', magnitude: 12, afterMinutes: 60, lastsMinutes: 60 },
        { kind: 'water.filter-backwash', target: 'ps-1', magnitude: 150, afterMinutes: 300, lastsMinutes: 30 },
        { kind: 'water.pump-trip', target: 'ps-1', magnitude: 1, afterMinutes: 500, lastsMinutes: 60 },
      ] as const),
    );
    expect(claims).toEqual([]);
  });
});
