import { describe, expect, it } from 'vitest';
import { watch } from '../training/pack-claims.ts';

const gas = await watch('gas', 912, Date.parse('2026-01-20T08:00:00+08:00'), 3);

describe('the residuals of the gas pack', () => {
  it('call a clogged filter, a slow meter and a broken main by their names', async () => {
    const claims = await gas.claims(
      ...([
        2,
        { kind: 'gas.filter-blockage', target: 'reg-2', magnitude: 20, afterMinutes: 10 },
        { kind: 'gas.meter-drift', target: 'reg-4', magnitude: 40, afterMinutes: 10 },
        { kind: 'gas.third-party-damage', target: 'gas-d1', magnitude: 4000, afterMinutes: 10 },
      ] as const),
    );
    expect(claims).toEqual(
      expect.arrayContaining(['reg-2/filter-blockage', 'reg-4/meter-drift', 'gas-d1/third-party-damage']),
    );
  });

  it('tell a joint that leaks by what is lastingly lost on the way, and do not take it for a broken main', async () => {
    const claims = await gas.claims(2, {
      ...{ kind: 'gas.joint-leak', target: 'gas-d3', magnitude: 400 },
      afterMinutes: 10,
    });
    expect(claims).toEqual(['gas-d3/joint-leak']);
  });

  it('are silent over a quiet half day with a cooking peak and work in a cabinet', async () => {
    const claims = await gas.claims(
      ...([
        12,
        { kind: 'gas.cooking-peak', target: 'gas-d2', magnitude: 25, afterMinutes: 60, lastsMinutes: 60 },
        { kind: 'gas.maintenance', target: 'reg-3', magnitude: 1, afterMinutes: 300, lastsMinutes: 30 },
      ] as const),
    );
    expect(claims).toEqual([]);
  });
});
