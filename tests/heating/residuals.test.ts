import { describe, expect, it } from 'vitest';
import { watch } from '../training/pack-claims.ts';

const startMs = Date.parse('2026-01-20T18:00:00+08:00');
const heating = await watch('heating', 907, startMs, 5);

describe('the residuals of the heating pack', () => {
  it('call a fouled exchanger, air, a leak and a make-up valve by their names', async () => {
    const claims = await heating.claims(
      ...([
        4,
        { kind: 'heating.fouling', target: 'sub-3', magnitude: 60, afterMinutes: 10 },
        { kind: 'heating.air-lock', target: 'sub-5', magnitude: 50, afterMinutes: 60, lastsMinutes: 30 },
        { kind: 'heating.secondary-leak', target: 'sub-9', magnitude: 3, afterMinutes: 60, lastsMinutes: 60 },
        { kind: 'heating.makeup-surge', target: 'heat-plant-1', magnitude: 4, afterMinutes: 30, lastsMinutes: 30 },
      ] as const),
    );
    expect(claims).toEqual(
      expect.arrayContaining(['sub-3/fouling', 'sub-5/air-lock', 'sub-9/secondary-leak', 'heat-plant-1/makeup-surge']),
    );
    expect(claims).not.toContain('heat-plant-1/primary-break');
  });

  it('tell a break from a make-up valve that runs open', async () => {
    const claims = await heating.claims(1, {
      ...{ kind: 'heating.primary-break', target: 'sub-2', magnitude: 15, afterMinutes: 20 },
    });
    expect(claims).toContain('heat-plant-1/primary-break');
    expect(claims).not.toContain('heat-plant-1/makeup-surge');
  });

  it('find ice where the passage narrows, and none while stations that stood fetch what they missed', async () => {
    const stood = ['sub-2', 'sub-3', 'sub-8', 'sub-9', 'sub-10', 'sub-11'].map((target) => ({
      ...{ kind: 'heating.pump-trip', target, magnitude: 1, afterMinutes: 10, lastsMinutes: 90 },
    }));
    const freezing = { kind: 'heating.frozen-return', target: 'sub-12', magnitude: 80, afterMinutes: 200 };
    const claims = await heating.claims(5, ...stood, freezing);
    expect(claims.filter((claim) => claim.endsWith('/frozen-return'))).toEqual(['sub-12/frozen-return']);
  });

  it('are silent over a quiet night, a shifted curve and a crew that lets air out', async () => {
    const claims = await heating.claims(
      ...([
        12,
        { kind: 'heating.setpoint-change', target: 'sub-4', magnitude: 3, afterMinutes: 120, lastsMinutes: 120 },
        { kind: 'heating.venting', target: 'sub-7', magnitude: 0.9, afterMinutes: 300, lastsMinutes: 60 },
      ] as const),
    );
    expect(claims).toEqual([]);
  });
});
