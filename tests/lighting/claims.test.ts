import { describe, expect, it } from 'vitest';
import { watch } from '../training/claims.ts';

const lighting = await watch('lighting.circuit', 903, '2026-02-03T12:00:00+08:00', 3);
const night = { atH: 7, hours: 2 } as const;

describe('the residuals of lighting circuits', () => {
  it('claim nothing in a quiet day and at a decoy', async () => {
    expect(await lighting.claims(24)).toEqual([]);
    const decoys = [
      { kind: 'lighting.festival', target: 'circuit-7', magnitude: 3500, ...night },
      { kind: 'lighting.maintenance-on', target: 'circuit-12', magnitude: 1, atH: 2.2, hours: 1 },
    ];
    expect(await lighting.claims(12, decoys)).toEqual([]);
  });

  it('tell lamps out, a stolen cable and a tapped one from each other', async () => {
    const happenings = [
      { kind: 'lighting.lamp-failure', target: 'circuit-3', magnitude: 6, ...night },
      { kind: 'lighting.tapping', target: 'circuit-16', magnitude: 2000, ...night },
    ];
    expect(await lighting.claims(12, happenings)).toEqual(['circuit-3/lamp-failure', 'circuit-16/tapping']);
    const theft = [{ kind: 'lighting.cable-theft', target: 'circuit-20', magnitude: 0.5, ...night }];
    expect(await lighting.claims(12, theft)).toContain('circuit-20/cable-theft');
  });

  it('find a photocell under snow by day, and a wrong clock when the others dim their lamps', async () => {
    const happenings = [
      { kind: 'lighting.day-burning', target: 'circuit-2', magnitude: 100, atH: 2.2, hours: 1 },
      { kind: 'lighting.clock-wrong', target: 'circuit-13', magnitude: 30, atH: 3, hours: 20 },
    ];
    expect(await lighting.claims(14, happenings)).toEqual(['circuit-2/day-burning', 'circuit-13/clock-wrong']);
  });
});
