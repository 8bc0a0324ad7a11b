import { expect, it } from 'vitest';
import { watch } from '../training/claims.ts';

/** Gas cabins, whose fans never stop in frost. */
const cabins = ['zone-4', 'zone-5', 'zone-6', 'zone-10', 'zone-11', 'zone-12'] as const;
const gallery = await watch('gallery.compartment', 471, '2026-01-05T00:00:00+08:00', 3);

it('an intake shutter that ice closes is told by the next compartment, in every gas cabin and nowhere else', async () => {
  const shutters = [
    { kind: 'gallery.frozen-shutter', target: 'zone-4', magnitude: 62, atH: 3, hours: 0.7 },
    { kind: 'gallery.frozen-shutter', target: 'zone-6', magnitude: 70, atH: 5.6, hours: 1 },
    { kind: 'gallery.frozen-shutter', target: 'zone-11', magnitude: 80, atH: 8.2, hours: 1.2 },
    { kind: 'gallery.frozen-shutter', target: 'zone-10', magnitude: 90, atH: 10.8, hours: 0.8 },
    { kind: 'gallery.frozen-shutter', target: 'zone-5', magnitude: 66, atH: 13.4, hours: 1 },
    { kind: 'gallery.frozen-shutter', target: 'zone-12', magnitude: 75, atH: 16, hours: 1.5 },
  ];
  const claims = new Set(await gallery.claims(20, shutters));
  expect([...claims].sort()).toEqual(cabins.map((cabin) => `${cabin}/frozen-shutter`).sort());
});

it('a crew next door, for whom more cold air is drawn in, is no frozen shutter', async () => {
  const crews = cabins.map((target, index) => {
    return { kind: 'gallery.inspection', target, magnitude: 3, atH: 3 + 2.6 * index, hours: 1.5 };
  });
  expect(await gallery.claims(20, crews)).toEqual([]);
});
