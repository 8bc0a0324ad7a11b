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

  it('take a slow meter neither for a frozen regulator nor for a clogged filter, whose losses it only seems to show', async () => {
    const claims = await gas.claims(
      ...([
        2,
        { kind: 'gas.meter-drift', target: 'reg-1', magnitude: 30, afterMinutes: 10 },
        { kind: 'gas.meter-drift', target: 'reg-4', magnitude: 90, afterMinutes: 10 },
      ] as const),
    );
    expect(claims).toEqual(['reg-1/meter-drift', 'reg-4/meter-drift']);
  });

  it('tell a regulator that freezes from a slow meter at any load, for the filter loses no more', async () => {
    const summer = await watch('gas', 913, Date.parse('2026-07-20T08:00:00+08:00'), 3);
    const claims = await summer.claims(2, {
      ...{ kind: 'gas.regulator-freeze', target: 'reg-3', magnitude: 65 },
      afterMinutes: 10,
    });
    expect(claims).toContain('reg-3/regulator-freeze');
  });

  it('find a small leak by what is lost behind the station, and none where the station itself gives less', async () => {
    const claims = await gas.claims(
      ...([
        3,
        { kind: 'gas.joint-leak', target: 'gas-d1', magnitude: 200, afterMinutes: 10 },
        { kind: 'gas.filter-blockage', target: 'reg-3', magnitude: 10, afterMinutes: 10 },
      ] as const),
    );
    expect(claims).toContain('gas-d1/joint-leak');
    expect(claims.filter((claim) => claim.startsWith('gas-d3/'))).toEqual([]);
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
