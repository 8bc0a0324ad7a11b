import { describe, expect, it } from 'vitest';
import { watch } from '../training/claims.ts';

const gallery = await watch('gallery.compartment', 617, '2026-03-09T00:00:00+08:00', 3);

describe('the residuals of gallery compartments', () => {
  it('claim nothing in a quiet day, at an inspection and at a fire drill', async () => {
    const decoys = [
      { kind: 'gallery.inspection', target: 'zone-5', magnitude: 6, atH: 9, hours: 2 },
      { kind: 'gallery.fire-drill', target: 'zone-2', magnitude: 20, atH: 14, hours: 1 },
    ];
    expect(await gallery.claims(24)).toEqual([]);
    expect(await gallery.claims(20, decoys)).toEqual([]);
  });

  it('name a hot joint and a gas that displaces the oxygen', async () => {
    const happenings = [
      { kind: 'gallery.hot-joint', target: 'zone-7', magnitude: 40, atH: 9, hours: 2 },
      { kind: 'gallery.oxygen-loss', target: 'zone-4', magnitude: 250, atH: 10, hours: 1 },
    ];
    expect(await gallery.claims(14, happenings)).toEqual(['zone-4/oxygen-loss', 'zone-7/hot-joint']);
  });
});
